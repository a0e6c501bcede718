import { createECDH, createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto'
import type { LockId } from '../../contracts/ids.ts'

/** The order of the curve P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
/** 128 bits more than the order has: what is left of a remainder's bias cannot be seen (FIPS 186-5, A.2.1). */
const wideBytes = 48
const coordinateBytes = 32

/** A key pair of P-256. */
export interface LockKeyPair {
  readonly privateKeyPem: string
  /** SPKI, DER. */
  readonly publicKey: Uint8Array
}

/** The key of a lock's certificate, derived from the master key like all of its secrets: nothing secret is stored. */
export function lockKeyPair(masterKey: Uint8Array, lockId: LockId, epoch: number): LockKeyPair {
  const wide = Buffer.from(hkdfSync('sha256', masterKey, '', `tls|${lockId}|${epoch}`, wideBytes))
  const scalar = (BigInt(`0x${wide.toString('hex')}`) % (order - 1n)) + 1n
  const d = Buffer.from(scalar.toString(16).padStart(2 * coordinateBytes, '0'), 'hex')
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(d)
  const point = curve.getPublicKey()
  const part = (from: number) => point.subarray(from, from + coordinateBytes).toString('base64url')
  const jwk = { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x: part(1), y: part(1 + coordinateBytes) }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return {
    privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }),
  }
}
