import type { BoltState } from '../../contracts/mqtt/reports.ts'
import type { Step } from '../../contracts/step.ts'

/** A reading must hold this long before it is believed: microswitches bounce for tens of ms. */
export const debounceMs = 300
/** One attempt of the motor. A free bolt takes about 600 ms, a debounced reading 300 ms more. */
export const motorAttemptMs = 1_500
/** The motor rests between attempts, so that the rider can free the lever. */
export const motorPauseMs = 400
export const maxMotorAttempts = 3
/** A lever that has left the open position reaches the closed one in this time, or it is stuck. */
export const leverTravelMs = 3_000

/** `a` is pressed when the bolt is fully through the wheel, `b` when it is fully back. */
export interface Switches {
  readonly a: boolean
  readonly b: boolean
}

type Reading = 'closed' | 'open' | 'between' | 'fault'

/** Whose word moves the bolt: a command's, or a grant that came by a phone. */
export type Asker = 'cmd' | 'ble'

/** The motor at work. Between two attempts it rests. */
interface MotorRun {
  readonly attempt: number
  readonly isMotorOn: boolean
  readonly untilMs: number
  readonly by: Asker
}

type Phase =
  | { readonly kind: 'locked' | 'unlocked' | 'jam_open' | 'jam_close' | 'unknown' }
  /** `isBackOff`: the wheel began to turn while the bolt was on its way home. */
  | ({ readonly kind: 'unlocking'; readonly isBackOff: boolean } & MotorRun)
  /** A person's lever. */
  | { readonly kind: 'locking'; readonly isByMotor: false; readonly untilMs: number }
  | ({ readonly kind: 'locking'; readonly isByMotor: true } & MotorRun)

export interface Bolt {
  readonly phase: Phase
  /** The last resting state that was reported; survives a power loss in the journal. */
  readonly reported: BoltState
  readonly raw: Reading | null
  readonly settleAtMs: number | null
}

export type BoltInput =
  | { readonly kind: 'switches'; readonly switches: Switches }
  | { readonly kind: 'unlock'; readonly by: Asker }
  /** Drive it closed. The caller knows that the wheel stands still. */
  | { readonly kind: 'lock'; readonly by: Asker }
  /** The wheel turns: a bolt that the motor drives home goes back. */
  | { readonly kind: 'wheel-turns' }
  | { readonly kind: 'tick' }

export type BoltOutput =
  | { readonly kind: 'motor'; readonly drive: 'open' | 'close'; readonly attempt: number }
  | { readonly kind: 'motor'; readonly drive: 'stop' }
  | {
      readonly kind: 'bolt-changed'
      readonly from: BoltState
      readonly to: BoltState
      readonly by: Asker | 'hand' | 'force'
    }
  | { readonly kind: 'forced' }
  | { readonly kind: 'unlock-ended'; readonly isOpen: boolean }
  | { readonly kind: 'lock-ended'; readonly rc: 'ok' | 'jam' | 'moving' }

/** After a power loss nobody knows where the bolt is until the switches have settled. */
export const boltAfterPowerLoss = (reported: BoltState): Bolt => ({
  phase: { kind: 'unknown' },
  reported,
  raw: null,
  settleAtMs: null,
})

/** Bolt, switches and motor: total, never throws. A timeout is a `tick` at `boltWakeAtMs`. */
export function stepBolt(bolt: Bolt, input: BoltInput, uptimeMs: number): Step<Bolt, BoltOutput> {
  switch (input.kind) {
    case 'switches':
      return { state: noticed(bolt, readingOf(input.switches), uptimeMs), effects: [] }
    case 'unlock':
      return startUnlocking(bolt, input.by, uptimeMs)
    case 'lock':
      return startLocking(bolt, input.by, uptimeMs)
    case 'wheel-turns':
      return backOff(bolt, uptimeMs)
    case 'tick':
      return onTick(bolt, uptimeMs)
  }
}

/** When the machine next wants a `tick`, or null. */
export function boltWakeAtMs({ phase, raw, settleAtMs: lookAtMs }: Bolt): number | null {
  // Switches that have never been read do not settle by waiting.
  const settleAtMs = raw === null ? null : lookAtMs
  const untilMs = phase.kind === 'unlocking' || phase.kind === 'locking' ? phase.untilMs : null
  if (settleAtMs === null || untilMs === null) return settleAtMs ?? untilMs
  return Math.min(settleAtMs, untilMs)
}

function readingOf({ a, b }: Switches): Reading {
  if (a) return b ? 'fault' : 'closed'
  return b ? 'open' : 'between'
}

const noticed = (bolt: Bolt, raw: Reading, uptimeMs: number): Bolt =>
  raw === bolt.raw ? bolt : { ...bolt, raw, settleAtMs: uptimeMs + debounceMs }

function startUnlocking(bolt: Bolt, by: Asker, uptimeMs: number): Step<Bolt, BoltOutput> {
  if (isMotorAtWork(bolt)) return { state: bolt, effects: [] }
  if (bolt.phase.kind === 'unlocked') return rest(bolt, 'unlocked', by, { ends: 'unlock' })
  const run = { attempt: 1, isMotorOn: true, untilMs: uptimeMs + motorAttemptMs, by }
  const phase: Phase = { kind: 'unlocking', isBackOff: false, ...run }
  return { state: { ...bolt, phase }, effects: [{ kind: 'motor', drive: 'open', attempt: 1 }] }
}

function startLocking(bolt: Bolt, by: Asker, uptimeMs: number): Step<Bolt, BoltOutput> {
  if (isMotorAtWork(bolt)) return { state: bolt, effects: [] }
  // It is home already and everybody knows: that is no news for a ride to end by.
  if (bolt.phase.kind === 'locked') return { state: bolt, effects: [{ kind: 'lock-ended', rc: 'ok' }] }
  const run = { attempt: 1, isMotorOn: true, untilMs: uptimeMs + motorAttemptMs, by }
  const phase: Phase = { kind: 'locking', isByMotor: true, ...run }
  // A bolt that is home already, after a jam for instance, moves no switch: its reading is looked at again.
  const settleAtMs = bolt.settleAtMs ?? uptimeMs + debounceMs
  return { state: { ...bolt, phase, settleAtMs }, effects: [{ kind: 'motor', drive: 'close', attempt: 1 }] }
}

/** Out of the spokes, at once. Its number goes on counting: it is the same actuation. */
function backOff(bolt: Bolt, uptimeMs: number): Step<Bolt, BoltOutput> {
  const { phase } = bolt
  if (phase.kind !== 'locking' || !phase.isByMotor) return { state: bolt, effects: [] }
  const run = { attempt: phase.attempt + 1, isMotorOn: true, untilMs: uptimeMs + motorAttemptMs, by: phase.by }
  const stop: readonly BoltOutput[] = phase.isMotorOn ? [{ kind: 'motor', drive: 'stop' }] : []
  return {
    // A reading that was settling on "closed" is of before: only what the switches say from now on counts.
    state: { ...bolt, phase: { kind: 'unlocking', isBackOff: true, ...run }, settleAtMs: uptimeMs + debounceMs },
    effects: [...stop, { kind: 'motor', drive: 'open', attempt: run.attempt }],
  }
}

const isMotorAtWork = ({ phase }: Bolt): boolean =>
  phase.kind === 'unlocking' || (phase.kind === 'locking' && phase.isByMotor)

function onTick(bolt: Bolt, uptimeMs: number): Step<Bolt, BoltOutput> {
  // A settled switch goes before a deadline that falls on the same tick: the bolt did arrive.
  if (bolt.settleAtMs !== null && bolt.raw !== null && uptimeMs >= bolt.settleAtMs) {
    const settled = onSettled({ ...bolt, settleAtMs: null }, bolt.raw, uptimeMs)
    const late = onDeadline(settled.state, uptimeMs)
    return { state: late.state, effects: [...settled.effects, ...late.effects] }
  }
  return onDeadline(bolt, uptimeMs)
}

function onDeadline(bolt: Bolt, uptimeMs: number): Step<Bolt, BoltOutput> {
  const { phase } = bolt
  if (phase.kind !== 'unlocking' && phase.kind !== 'locking') return { state: bolt, effects: [] }
  if (uptimeMs < phase.untilMs) return { state: bolt, effects: [] }
  if (phase.kind === 'locking' && !phase.isByMotor) return rest(bolt, 'jam_close', 'hand')
  if (!phase.isMotorOn) {
    const next = { ...phase, attempt: phase.attempt + 1, isMotorOn: true, untilMs: uptimeMs + motorAttemptMs }
    const drive = phase.kind === 'unlocking' ? 'open' : 'close'
    return { state: { ...bolt, phase: next }, effects: [{ kind: 'motor', drive, attempt: next.attempt }] }
  }
  const stop: BoltOutput = { kind: 'motor', drive: 'stop' }
  if (phase.kind === 'locking' && phase.attempt >= maxMotorAttempts) {
    return rest(bolt, 'jam_close', phase.by, { first: [stop], ends: 'lock', rc: 'jam' })
  }
  if (phase.kind === 'unlocking' && phase.isBackOff && phase.attempt >= 2 * maxMotorAttempts) {
    return rest(bolt, 'jam_close', phase.by, { first: [stop], ends: 'lock', rc: 'moving' })
  }
  if (phase.kind === 'unlocking' && !phase.isBackOff && phase.attempt >= maxMotorAttempts) {
    return rest(bolt, 'jam_open', phase.by, { first: [stop], ends: 'unlock' })
  }
  const pause = { ...phase, isMotorOn: false, untilMs: uptimeMs + motorPauseMs }
  return { state: { ...bolt, phase: pause }, effects: [stop] }
}

function onSettled(bolt: Bolt, reading: Reading, uptimeMs: number): Step<Bolt, BoltOutput> {
  const { phase } = bolt
  const first: readonly BoltOutput[] = [{ kind: 'motor', drive: 'stop' }]
  switch (phase.kind) {
    case 'unlocking':
      if (reading !== 'open') return { state: bolt, effects: [] }
      return rest(
        bolt,
        'unlocked',
        phase.by,
        phase.isBackOff ? { first, ends: 'lock', rc: 'moving' } : { first, ends: 'unlock' },
      )
    case 'locked':
      if (reading === 'closed') return { state: bolt, effects: [] }
      return rest(bolt, reading === 'open' ? 'unlocked' : 'unknown', 'force')
    case 'unlocked':
      if (reading === 'between') {
        const untilMs = uptimeMs + leverTravelMs
        return { state: { ...bolt, phase: { kind: 'locking', isByMotor: false, untilMs } }, effects: [] }
      }
      return settledByHand(bolt, reading)
    case 'locking':
      if (!phase.isByMotor) return reading === 'between' ? { state: bolt, effects: [] } : settledByHand(bolt, reading)
      if (reading !== 'closed') return { state: bolt, effects: [] }
      return rest(bolt, 'locked', phase.by, { first, ends: 'lock', rc: 'ok' })
    case 'jam_close':
      return settledByHand(bolt, reading)
    case 'jam_open':
    case 'unknown':
      return reading === 'open' ? rest(bolt, 'unlocked', byWhom(bolt)) : settledByHand(bolt, reading)
  }
}

/** Found open: a lever that stuck on its way home was not through the wheel, and pulling it back forces nothing. */
const byWhom = ({ reported }: Bolt): 'hand' | 'force' => (reported === 'jam_close' ? 'hand' : 'force')

function settledByHand(bolt: Bolt, reading: Reading): Step<Bolt, BoltOutput> {
  switch (reading) {
    case 'closed':
      return rest(bolt, 'locked', 'hand')
    case 'open':
      return rest(bolt, 'unlocked', 'hand')
    case 'fault':
      return rest(bolt, 'unknown', 'hand')
    case 'between':
      return { state: bolt, effects: [] }
  }
}

type Rest = 'locked' | 'unlocked' | 'jam_open' | 'jam_close' | 'unknown'

interface Ending {
  readonly first?: readonly BoltOutput[]
  readonly ends?: 'unlock' | 'lock'
  readonly rc?: 'ok' | 'jam' | 'moving'
}

/**
 * Comes to rest in `to`; says so when it is news, and always when a command asked for it. The command ends last: power
 * that fails in between leaves it unfinished, never finished with its event unsaid.
 */
function rest(bolt: Bolt, to: Rest, by: Asker | 'hand' | 'force', ending: Ending = {}): Step<Bolt, BoltOutput> {
  const { first = [], ends, rc = 'ok' } = ending
  const isNews = to !== bolt.reported || by === 'cmd' || by === 'ble'
  const effects: BoltOutput[] = [...first]
  if (isNews) effects.push({ kind: 'bolt-changed', from: bolt.reported, to, by })
  if (isNews && by === 'force') effects.push({ kind: 'forced' })
  if (ends === 'unlock') effects.push({ kind: 'unlock-ended', isOpen: to === 'unlocked' })
  if (ends === 'lock') effects.push({ kind: 'lock-ended', rc })
  return { state: { ...bolt, phase: { kind: to }, reported: to }, effects }
}
