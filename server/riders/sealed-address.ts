import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { assert } from '../../contracts/assert.ts'

/** A rider's phone number or e-mail address: found by a keyed hash, readable only with the key. */
export interface AddressBook {
  /** Blind index: the same for the same address, useless without the key. */
  index(address: string): Buffer
  /** AES-256-GCM: nonce (12) ‖ ciphertext ‖ tag (16). */
  seal(address: string, nonce: Uint8Array): Buffer
  open(sealed: Uint8Array): string
}

const nonceBytes = 12
const tagBytes = 16

export function addressBookFrom(masterKey: Uint8Array): AddressBook {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', purpose, 32))
  const indexKey = derive('address index')
  const sealKey = derive('address seal')
  return {
    index: (address) => createHmac('sha256', indexKey).update(canonical(address)).digest(),
    seal: (address, nonce) => {
      assert(nonce.length === nonceBytes, 'an AES-GCM nonce has 12 bytes')
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce)
      return Buffer.concat([nonce, cipher.update(canonical(address), 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, nonceBytes))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

const canonical = (address: string) => address.trim().toLowerCase()
