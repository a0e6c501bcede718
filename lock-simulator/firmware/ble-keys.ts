import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { advertisementToDerive, placeBlock } from '../../contracts/no-coverage-words.ts'
import { base64Url } from './command-mac.ts'

/** What a lock says to phones with: made once from the one secret that the factory writes. */
export interface PhoneKeys {
  /** Challenges, grants, keys of rides, and what it is called on the air. */
  readonly ble: Uint8Array
  /** Receipts. */
  readonly evt: Uint8Array
  /** One-time codes. */
  readonly code: Uint8Array
}

const keyBytes = 32
const codeBytes = 8
const blockBytes = 32
const advertisedBytes = 6
const dayMs = 86_400_000

export function phoneKeysFrom(phoneKey: Uint8Array): PhoneKeys {
  const derived = (name: string) => hkdf(sha256, phoneKey, undefined, utf8ToBytes(name), keyBytes)
  return { ble: derived('ble'), evt: derived('evt'), code: derived('code') }
}

/** A one-time code: key of the proof that a phone gives. */
export const codeOf = (key: Uint8Array, text: string): Uint8Array =>
  hmac(sha256, key, utf8ToBytes(text)).subarray(0, codeBytes)

/** A record's place, as only our server can read it. */
export function sealPlace(key: Uint8Array, lockId: string, record: { b: number; q: number }, text: string): string {
  const bytes = utf8ToBytes(text)
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const block = hmac(sha256, key, utf8ToBytes(placeBlock(lockId, record, at / blockBytes)))
    for (let i = at; i < Math.min(bytes.length, at + blockBytes); i++) bytes[i] = (bytes[i] ?? 0) ^ (block[i - at] ?? 0)
  }
  return base64Url(bytes)
}

/** @param unixMs null while the lock does not know the time */
export const advertisedId = (key: Uint8Array, lockId: string, unixMs: number | null): string => {
  const day = unixMs === null ? 0 : Math.floor(unixMs / dayMs)
  return bytesToHex(hmac(sha256, key, utf8ToBytes(advertisementToDerive(lockId, day))).subarray(0, advertisedBytes))
}
