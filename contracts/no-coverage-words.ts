import type { Challenge, CodeUse, Grant, LockReceipt, PhoneKey, PhoneOperation } from './no-coverage.ts'

/** Limits and words of lock and phone, apart from their schemas: the rider's page has no use for a validator. */

/** The longest value of a GATT attribute (Core 5.3, Vol 3, Part F, 3.2.9): a frame fits in one. */
export const maxFrameBytes = 512
/** A grant opens the lock within this time after the challenge was made, by the lock's own uptime. */
export const grantTtlMs = 10_000
/** Wrong MACs in a row until the lock's phone radio is deaf for a while, and for how long. */
export const mostBadMacs = 5
export const radioLockOutMs = 60_000
/** A phone that is connected and says nothing makes room for another one after this long. */
export const silentPhoneMs = 30_000
/** And one that talks on, after this long: nobody keeps a lock's riders away by talking to it. */
export const longestTalkMs = 120_000
/** One-time codes of a key: more than anybody pauses, resumes and ends in one ride. */
export const mostCodes = 16
/** Openings by code while the lock does not know the time. */
export const mostGraceUses = 3
/** The next closing pauses, or ends, when the lock was told so at most this long before. */
export const closingWishMs = 180_000

const lines = (...all: readonly (string | number | undefined)[]): string => all.map((line) => line ?? '').join('\n')

/** Under K_ble. The lock's id is under the MAC and not in the frame: a challenge of one lock opens no other. */
export const challengeToSign = (lockId: string, { id, b, u, n, s, soc, bolt, kv }: Omit<Challenge, 'm'>): string =>
  lines('bss1/ble/challenge', lockId, id, b, u, n, s, soc, bolt, kv)

/** Under K_ble. */
export const grantToSign = (lockId: string, { id, b, n, op, s, ttl }: Omit<Grant, 'm'>): string =>
  lines('bss1/ble/grant', lockId, id, b, n, op, s, ttl)

/** Under K_ble. */
export const keyToSign = (lockId: string, { id, s, nbf, exp, c, ops }: Omit<PhoneKey, 'm'>): string =>
  lines('bss1/ble/key', lockId, id, s, nbf, exp, c, ops.join('+'))

/** Under K_code; its first 8 bytes are code `i`. */
export const codeToDerive = (lockId: string, { id, s }: Pick<PhoneKey, 'id' | 's'>, i: number): string =>
  lines('bss1/ble/code', lockId, id, s, i)

/** Under the 8 bytes of the code. */
export const proofToSign = ({ key, op, i }: Pick<CodeUse, 'key' | 'op' | 'i'>, nonce: string): string =>
  lines('bss1/ble/proof', key.id, i, op, nonce)

/** Under K_evt. Numbers as JSON writes them. */
export const receiptToSign = (lockId: string, { e, x }: Pick<LockReceipt, 'e' | 'x'>): string =>
  lines('bss1/ble/receipt', lockId, e.b, e.q, e.u, e.t, e.tq, e.from, e.to, e.by, e.cid, e.tok, x)

/**
 * Under K_evt, its 32 bytes: block `n` of what a receipt's place is XORed with. A record (b, q) has one place for ever,
 * so no block hides two texts.
 */
export const placeBlock = (lockId: string, { b, q }: { readonly b: number; readonly q: number }, n: number): string =>
  lines('bss1/ble/place', lockId, b, q, n)

/** Under K_ble; the first 6 bytes in hex. `day`: of unix time; 0 while the lock does not know the time. */
export const advertisementToDerive = (lockId: string, day: number): string => lines('bss1/ble/id', lockId, day)

/** How an event names what opened it, or what its closing means: `BoltEvent.tok`. */
export type PhoneToken =
  | { readonly kind: 'grant'; readonly id: string }
  | { readonly kind: 'code'; readonly id: string; readonly op: PhoneOperation; readonly i: number }

const letterOf = { pause: 'p', resume: 'r', end: 'e' } as const
const tokenPattern = /^(g|p|r|e)-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})(?:-(\d{1,2}))?$/

export function tokenText(token: PhoneToken): string {
  const id = token.id.replaceAll('-', '')
  return token.kind === 'grant' ? `g-${id}` : `${letterOf[token.op]}-${id}-${token.i}`
}

/** Null for a text that is no token: a lock may say anything. */
export function readToken(text: string): PhoneToken | null {
  const found = tokenPattern.exec(text)
  if (found === null) return null
  const [, letter, ...parts] = found
  const id = parts.slice(0, 5).join('-')
  const i = parts[5]
  if (letter === 'g') return i === undefined ? { kind: 'grant', id } : null
  const op = (['pause', 'resume', 'end'] as const).find((one) => letterOf[one] === letter)
  return op === undefined || i === undefined ? null : { kind: 'code', id, op, i: Number(i) }
}
