import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { LockId } from '../../contracts/ids.ts'
import {
  type BoltPlace,
  type Challenge,
  type Grant,
  type LockReceipt,
  type PhoneKey,
  readPlace,
} from '../../contracts/no-coverage.ts'
import {
  advertisementToDerive,
  challengeToSign,
  codeToDerive,
  grantToSign,
  keyToSign,
  placeBlock,
  receiptToSign,
} from '../../contracts/no-coverage-words.ts'
import type { LockKeys } from '../unlocking/lock-keys.ts'

/** One lock's secrets for phones, in one version. */
export interface PhoneMacs {
  isChallenge(challenge: Challenge): boolean
  isReceipt(receipt: LockReceipt): boolean
  /** Where it happened, by a receipt of this lock; null for one that cannot be read. */
  placeOf(receipt: LockReceipt): BoltPlace | null
  grant(grant: Omit<Grant, 'm'>): Grant
  key(key: Omit<PhoneKey, 'm'>): PhoneKey
  /** Codes 1 to `key.c`, base64url. */
  codes(key: PhoneKey): string[]
  /** What the lock may call itself at `unixMs`, on the days around it, and while it does not know the time. */
  advertisedAs(unixMs: number): string[]
}

const keyBytes = 32
const macBytes = 16
const codeBytes = 8
const blockBytes = 32
const advertisedBytes = 6
const dayMs = 86_400_000

export function phoneMacs(
  keys: Pick<LockKeys, 'phoneKey'>,
  lock: { readonly lockId: LockId; readonly keyEpoch: number },
  keyVersion: number,
): PhoneMacs {
  const { lockId, keyEpoch } = lock
  const phoneKey = keys.phoneKey(lockId, keyEpoch, keyVersion)
  const derived = (name: string) => new Uint8Array(hkdfSync('sha256', phoneKey, '', name, keyBytes))
  const [ble, evt, code] = [derived('ble'), derived('evt'), derived('code')]
  const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest()
  const macOf = (key: Uint8Array, text: string) => hmac(key, text).subarray(0, macBytes)
  const isMac = (given: string, key: Uint8Array, text: string) => {
    const bytes = Buffer.from(given, 'base64url')
    return bytes.length === macBytes && timingSafeEqual(bytes, macOf(key, text))
  }
  const advertised = (day: number) =>
    hmac(ble, advertisementToDerive(lockId, day)).subarray(0, advertisedBytes).toString('hex')
  return {
    isChallenge: (challenge) => isMac(challenge.m, ble, challengeToSign(lockId, challenge)),
    isReceipt: (receipt) => isMac(receipt.m, evt, receiptToSign(lockId, receipt)),
    placeOf: ({ e, x }) => {
      if (x === undefined) return {}
      const bytes = Buffer.from(x, 'base64url')
      for (let at = 0; at < bytes.length; at += blockBytes) {
        const block = hmac(evt, placeBlock(lockId, e, at / blockBytes))
        for (let i = at; i < Math.min(bytes.length, at + blockBytes); i++) {
          bytes[i] = (bytes[i] ?? 0) ^ (block[i - at] ?? 0)
        }
      }
      return readPlace(bytes)
    },
    grant: (grant) => ({ ...grant, m: macOf(ble, grantToSign(lockId, grant)).toString('base64url') }),
    key: (key) => ({ ...key, m: macOf(ble, keyToSign(lockId, key)).toString('base64url') }),
    codes: (key) =>
      Array.from({ length: key.c }, (_, at) =>
        hmac(code, codeToDerive(lockId, key, at + 1))
          .subarray(0, codeBytes)
          .toString('base64url'),
      ),
    advertisedAs: (unixMs) => {
      const today = Math.floor(unixMs / dayMs)
      return [advertised(today), advertised(today + 1), advertised(today - 1), advertised(0)]
    },
  }
}

/** Of the key version that is in use; null for another one. */
export const macsInUse =
  (keys: Pick<LockKeys, 'phoneKey'>) =>
  (
    lockId: LockId,
    lock: { readonly keyEpoch: number; readonly keyVersion: number },
    version: number,
  ): PhoneMacs | null =>
    version === lock.keyVersion ? phoneMacs(keys, { lockId, keyEpoch: lock.keyEpoch }, version) : null
