import { type BoltEvent, type BoltState, type LockEvent, protocolVersion } from '../../contracts/mqtt/reports.ts'
import {
  type CodeUse,
  decodePhoneFrame,
  type Grant,
  type LockFrame,
  type NoReason,
  type PhoneOperation,
  withoutPlace,
} from '../../contracts/no-coverage.ts'
import {
  challengeToSign,
  closingWishMs,
  codeToDerive,
  grantToSign,
  keyToSign,
  longestTalkMs,
  mostBadMacs,
  mostCodes,
  mostGraceUses,
  proofToSign,
  radioLockOutMs,
  readToken,
  receiptToSign,
  silentPhoneMs,
  tokenText,
} from '../../contracts/no-coverage-words.ts'
import { type Step, unchanged } from '../../contracts/step.ts'
import { codeOf, type PhoneKeys, sealPlace } from './ble-keys.ts'
import { freshMemory, type PhoneMemory } from './ble-memory.ts'
import { maxStandingMps, minMotorPercent } from './bolt-limits.ts'
import { isSameMac, macOf } from './command-mac.ts'

/** The phone's part of a lock. One connection at a time, one challenge for each connection. */
export interface Ble {
  readonly memory: PhoneMemory
  readonly link: Link | null
  readonly badMacs: number
  /** Deaf to phones until then. */
  readonly deafUntilMs: number | null
  /** What the next closing means. */
  readonly wish: { readonly tok: string; readonly untilMs: number } | null
  /** The newest word of the bolt, for who asks. */
  readonly last: BoltWord | null
}

/** An event of the bolt without what every event has. */
export type BoltWord = Omit<BoltEvent, 'v' | 'k' | 'bf'>

interface Link {
  /** Null once it was used, or something else has moved the bolt since. */
  readonly nonce: string | null
  readonly challengedAtMs: number
  readonly heardAtMs: number
}

/** The lock around it, at this moment. */
export interface BleSurroundings {
  readonly lockId: string
  readonly keys: PhoneKeys
  readonly keyVersion: number
  readonly advertisedAs: () => string
  readonly bootId: number
  /** Last counter that was accepted, of a command or of a grant. */
  readonly counter: number
  readonly bolt: BoltState
  readonly percent: number
  readonly speedMps: number
  /** A command is being carried out, or the bolt is on its way. */
  readonly isBusy: boolean
  /** Unix ms; null while the lock does not know the time. */
  readonly unixMs: number | null
  /** A planted bug: a grant is good for ever. */
  readonly grantsForEver?: boolean
  /** A planted bug: a grant has no end. */
  readonly withoutGrantLife?: boolean
}

export type BleInput =
  | { readonly kind: 'connected'; readonly nonce: string }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** A command was accepted; `opens`: an unlock, with its counter. */
  | { readonly kind: 'commanded'; readonly opens: number | null }
  | { readonly kind: 'tick' }

export type BleEffect =
  | { readonly kind: 'send'; readonly frame: LockFrame }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'tamper' }
  /** Memory has changed: into flash, before anything that follows. */
  | { readonly kind: 'persist'; readonly counter: number | null }
  | { readonly kind: 'open' }
  /** A ride ends at a bolt that is closed already. */
  | { readonly kind: 'end-here'; readonly tok: string }

type BleStep = Step<Ble, BleEffect>

/** A lock whose clock is a little slow is not an hour early. */
const earlyToleranceS = 300

/** Nobody was ever there. One object for all locks that no phone speaks to. */
export const quietBle: Ble = {
  ...{ memory: freshMemory, link: null, badMacs: 0 },
  ...{ deafUntilMs: null, wish: null, last: null },
}

/** After a reset; what the bolt did and nobody has acknowledged can be told to a phone again. */
export function phonesAtBoot(memory: PhoneMemory, events: readonly (LockEvent | null)[]): Ble {
  const last = events.findLast((event): event is BoltEvent => event?.k === 'bolt')
  if (memory === freshMemory && last === undefined) return quietBle
  return { ...quietBle, memory, last: last === undefined ? null : wordOf(last) }
}

export const wordOf = ({ v: _v, k: _k, bf: _bf, ...word }: BoltEvent): BoltWord => word

/**
 * Phones at the lock: total, never throws. Nothing opens but by a grant for the challenge of this connection, or by a
 * code of a ride's key that was never used and is proven over this challenge; what is used up is in flash first.
 */
export function stepBle(ble: Ble, input: BleInput, around: BleSurroundings, uptimeMs: number): BleStep {
  switch (input.kind) {
    case 'connected':
      return onConnected(ble, input.nonce, around, uptimeMs)
    case 'disconnected':
      return unchanged({ ...ble, link: null })
    case 'frame':
      return onFrame(ble, input.bytes, around, uptimeMs)
    case 'commanded': {
      const memory = input.opens === null ? ble.memory : { ...ble.memory, openedAt: input.opens }
      return unchanged({ ...ble, memory, link: ble.link && { ...ble.link, nonce: null } })
    }
    case 'tick':
      return onTick(ble, uptimeMs)
  }
}

/**
 * The bolt came to rest, or ended a ride, and this was recorded: a phone that waits gets it. A challenge of before is
 * over: the same grant cannot open a bike that was closed since.
 */
export function boltMoved(
  ble: Ble,
  word: BoltWord,
  around: Pick<BleSurroundings, 'lockId' | 'keys'>,
): Step<Ble, ReturnType<typeof receipt>> {
  const link = ble.link && { ...ble.link, nonce: null }
  const isClosed = word.to === 'locked'
  const memory = isClosed && endsRide(word) ? { ...ble.memory, lastCode: mostCodes } : ble.memory
  const state: Ble = { ...ble, memory, link, last: word, wish: isClosed ? null : ble.wish }
  return { state, effects: link === null ? [] : [receipt(word, around)] }
}

/** The rider said by a code that the ride is over here: what is left of its codes opens nothing any more. */
function endsRide({ tok }: BoltWord): boolean {
  const token = tok === undefined ? null : readToken(tok)
  return token?.kind === 'code' && token.op === 'end'
}

/** When the machine next wants a `tick`, or null. */
export const bleWakeAtMs = ({ link, deafUntilMs }: Ble): number | null =>
  link === null ? deafUntilMs : hangUpAtMs(link)

const hangUpAtMs = ({ heardAtMs, challengedAtMs }: Link): number =>
  Math.min(heardAtMs + silentPhoneMs, challengedAtMs + longestTalkMs)

function onConnected(ble: Ble, nonce: string, around: BleSurroundings, uptimeMs: number): BleStep {
  if (ble.deafUntilMs !== null && uptimeMs < ble.deafUntilMs) {
    return { state: { ...ble, link: null }, effects: [{ kind: 'hang-up' }] }
  }
  const { lockId, keys, keyVersion, bootId, counter, percent, bolt, advertisedAs } = around
  const unsigned = {
    ...({ v: protocolVersion, k: 'ch', id: advertisedAs(), b: bootId, u: uptimeMs } as const),
    ...{ n: nonce, s: counter, soc: percent, bolt, kv: keyVersion },
  }
  const frame = { ...unsigned, m: macOf(keys.ble, challengeToSign(lockId, unsigned)) }
  const link = { nonce, challengedAtMs: uptimeMs, heardAtMs: uptimeMs }
  return { state: { ...ble, deafUntilMs: null, link }, effects: [{ kind: 'send', frame }] }
}

function onFrame(ble: Ble, bytes: Uint8Array, around: BleSurroundings, uptimeMs: number): BleStep {
  if (ble.link === null) return unchanged(ble)
  const heard: Ble = { ...ble, link: { ...ble.link, heardAtMs: uptimeMs } }
  const frame = decodePhoneFrame(bytes)
  if (frame === null) return no(heard, 'form')
  switch (frame.k) {
    case 'g':
      return onGrant(heard, frame, around, uptimeMs)
    case 'c':
      return onCode(heard, frame, around, uptimeMs)
    case 't':
      return heard.last === null ? no(heard, 'nothing') : { state: heard, effects: [receipt(heard.last, around)] }
  }
}

function onGrant(ble: Ble, grant: Grant, around: BleSurroundings, uptimeMs: number): BleStep {
  const { lockId, keys, bootId, counter } = around
  if (!isSameMac(grant.m, macOf(keys.ble, grantToSign(lockId, grant)))) return badMac(ble, uptimeMs)
  const { link } = ble
  if (link === null) return no(ble, 'nonce')
  const isOfThisTalk = link.nonce !== null && grant.n === link.nonce && grant.b === bootId
  if (!isOfThisTalk && !around.grantsForEver) return no(ble, 'nonce')
  // Used up from here on, whatever the answer is.
  const spent: Ble = { ...ble, badMacs: 0, link: { ...link, nonce: null } }
  if (uptimeMs - link.challengedAtMs > grant.ttl && !around.withoutGrantLife) return no(spent, 'late')
  if (grant.s <= counter && !around.grantsForEver) return no(spent, 'seq')
  const hindrance = hindranceOf(around)
  if (hindrance !== null) return no(spent, hindrance)
  const memory = { ...spent.memory, openedAt: grant.s, opening: tokenText({ kind: 'grant', id: grant.id }) }
  return { state: { ...spent, memory }, effects: [{ kind: 'persist', counter: grant.s }, { kind: 'open' }] }
}

function onCode(ble: Ble, use: CodeUse, around: BleSurroundings, uptimeMs: number): BleStep {
  const { key, op, i } = use
  const { lockId, keys } = around
  const { link } = ble
  if (!isSameMac(key.m, macOf(keys.ble, keyToSign(lockId, key)))) return badMac(ble, uptimeMs)
  if (link === null || link.nonce === null) return no(ble, 'nonce')
  const code = codeOf(keys.code, codeToDerive(lockId, key, i))
  if (!isSameMac(use.p, macOf(code, proofToSign(use, link.nonce)))) return badMac(ble, uptimeMs)
  const spent: Ble = { ...ble, badMacs: 0, link: { ...link, nonce: null } }
  const { memory } = ble
  if (key.s < memory.keySeq || key.s < memory.openedAt) return no(spent, 'revoked')
  const isNewKey = key.s > memory.keySeq
  if (i > key.c || i <= (isNewKey ? 0 : memory.lastCode)) return no(spent, 'used')
  if (!key.ops.includes(op)) return no(spent, 'op')
  const graceUses = isNewKey ? 0 : memory.graceUses
  const used: PhoneMemory = { ...memory, keySeq: key.s, lastCode: i, graceUses }
  const tok = tokenText({ kind: 'code', id: key.id, op, i })
  return op === 'resume'
    ? resume(spent, use, used, around)
    : closeWith(spent, op, { tok, memory: used }, around, uptimeMs)
}

/** Opening needs a lock that knows the time, but for the first few times. */
function resume(spent: Ble, { key, op, i }: CodeUse, used: PhoneMemory, around: BleSurroundings): BleStep {
  const { unixMs } = around
  if (unixMs !== null && (unixMs / 1_000 < key.nbf - earlyToleranceS || unixMs / 1_000 > key.exp)) {
    return no(spent, 'expired')
  }
  if (unixMs === null && used.graceUses >= mostGraceUses) return no(spent, 'clock')
  const hindrance = hindranceOf(around)
  if (hindrance !== null) return no(spent, hindrance)
  const opening = tokenText({ kind: 'code', id: key.id, op, i })
  const memory = { ...used, graceUses: used.graceUses + (unixMs === null ? 1 : 0), opening }
  return { state: { ...spent, memory }, effects: [{ kind: 'persist', counter: null }, { kind: 'open' }] }
}

/** Closing is always allowed: the rider pushes the lever, and the lock says what it means. */
function closeWith(
  spent: Ble,
  op: Exclude<PhoneOperation, 'resume'>,
  { tok, memory }: { readonly tok: string; readonly memory: PhoneMemory },
  { bolt }: BleSurroundings,
  uptimeMs: number,
): BleStep {
  if (bolt === 'locked' && op === 'pause') return no(spent, 'op')
  const persist: BleEffect = { kind: 'persist', counter: null }
  if (bolt === 'locked') return { state: { ...spent, memory }, effects: [persist, { kind: 'end-here', tok }] }
  const wish = { tok, untilMs: uptimeMs + closingWishMs }
  const noted: BleEffect = { kind: 'send', frame: { v: protocolVersion, k: 'ok', op } }
  return { state: { ...spent, memory, wish }, effects: [persist, noted] }
}

function onTick(ble: Ble, uptimeMs: number): BleStep {
  const isDeaf = ble.deafUntilMs !== null && uptimeMs < ble.deafUntilMs
  const state = isDeaf || ble.deafUntilMs === null ? ble : { ...ble, deafUntilMs: null }
  if (state.link === null || uptimeMs < hangUpAtMs(state.link)) return unchanged(state)
  return { state: { ...state, link: null }, effects: [{ kind: 'hang-up' }] }
}

function hindranceOf({ isBusy, percent, speedMps }: BleSurroundings): NoReason | null {
  if (isBusy) return 'busy'
  if (percent < minMotorPercent) return 'batt'
  return speedMps > maxStandingMps ? 'moving' : null
}

/** Guessing is hopeless against 128 bits; that somebody guesses is worth an alarm. */
function badMac(ble: Ble, uptimeMs: number): BleStep {
  const badMacs = ble.badMacs + 1
  if (badMacs < mostBadMacs) return no({ ...ble, badMacs }, 'mac')
  const state: Ble = { ...ble, badMacs: 0, link: null, deafUntilMs: uptimeMs + radioLockOutMs }
  return { state, effects: [{ kind: 'tamper' }, { kind: 'hang-up' }] }
}

const no = (state: Ble, why: NoReason): BleStep => ({
  state,
  effects: [{ kind: 'send', frame: { v: protocolVersion, k: 'no', why } }],
})

/** Anybody may stand beside the lock: what its bolt did is told, where that was only our server can read. */
function receipt(word: BoltWord, { lockId, keys }: Pick<BleSurroundings, 'lockId' | 'keys'>) {
  const [e, place] = withoutPlace(word)
  const x = Object.keys(place).length === 0 ? {} : { x: sealPlace(keys.evt, lockId, e, JSON.stringify(place)) }
  const m = macOf(keys.evt, receiptToSign(lockId, { e, ...x }))
  const frame: LockFrame = { v: protocolVersion, k: 'r', e, ...x, m }
  return { kind: 'send', frame } as const
}
