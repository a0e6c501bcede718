import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { commandToSign, type UnsignedCommand } from '../../contracts/mqtt/commands.ts'

const macBytes = 16

/** The field `m` of a command: first 16 bytes of HMAC-SHA256 over `commandToSign`, base64url without padding. */
export function commandMac(key: Uint8Array, lockId: string, command: UnsignedCommand): string {
  return macOf(key, commandToSign(lockId, command))
}

/** First 16 bytes of HMAC-SHA256 over a text, base64url without padding. */
export function macOf(key: Uint8Array, text: string): string {
  const full = hmac(sha256, key, utf8ToBytes(text))
  return base64Url(full.subarray(0, macBytes))
}

export function base64Url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Takes the same time wherever the first difference is, so that an attacker cannot guess byte by byte. */
export function isSameMac(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length))
  return difference === 0
}
