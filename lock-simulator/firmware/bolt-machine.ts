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

type Phase =
  | { readonly kind: 'locked' | 'unlocked' | 'jam_open' | 'jam_close' | 'unknown' }
  | { readonly kind: 'unlocking'; readonly attempt: number; readonly isMotorOn: boolean; readonly untilMs: number }
  | { readonly kind: 'locking'; readonly untilMs: number }

export interface Bolt {
  readonly phase: Phase
  /** The last resting state that was reported; survives a power loss in the journal. */
  readonly reported: BoltState
  readonly raw: Reading | null
  readonly settleAtMs: number | null
}

export type BoltInput =
  | { readonly kind: 'switches'; readonly switches: Switches }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'tick' }

export type BoltOutput =
  | { readonly kind: 'motor'; readonly drive: 'open'; readonly attempt: number }
  | { readonly kind: 'motor'; readonly drive: 'stop' }
  | {
      readonly kind: 'bolt-changed'
      readonly from: BoltState
      readonly to: BoltState
      readonly by: 'cmd' | 'hand' | 'force'
    }
  | { readonly kind: 'forced' }
  | { readonly kind: 'unlock-ended'; readonly isOpen: boolean }

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
      return startUnlocking(bolt, uptimeMs)
    case 'tick':
      return onTick(bolt, uptimeMs)
  }
}

/** When the machine next wants a `tick`, or null. */
export function boltWakeAtMs({ phase, settleAtMs }: Bolt): number | null {
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

function startUnlocking(bolt: Bolt, uptimeMs: number): Step<Bolt, BoltOutput> {
  if (bolt.phase.kind === 'unlocking') return { state: bolt, effects: [] }
  if (bolt.phase.kind === 'unlocked') return rest(bolt, 'unlocked', 'cmd', [], true)
  const phase: Phase = { kind: 'unlocking', attempt: 1, isMotorOn: true, untilMs: uptimeMs + motorAttemptMs }
  return { state: { ...bolt, phase }, effects: [{ kind: 'motor', drive: 'open', attempt: 1 }] }
}

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
  if (phase.kind === 'locking' && uptimeMs >= phase.untilMs) return rest(bolt, 'jam_close', 'hand')
  if (phase.kind !== 'unlocking' || uptimeMs < phase.untilMs) return { state: bolt, effects: [] }
  if (!phase.isMotorOn) {
    const next = { ...phase, attempt: phase.attempt + 1, isMotorOn: true, untilMs: uptimeMs + motorAttemptMs }
    return { state: { ...bolt, phase: next }, effects: [{ kind: 'motor', drive: 'open', attempt: next.attempt }] }
  }
  const stop: BoltOutput = { kind: 'motor', drive: 'stop' }
  if (phase.attempt >= maxMotorAttempts) {
    return rest(bolt, 'jam_open', 'cmd', [stop], true)
  }
  const pause = { ...phase, isMotorOn: false, untilMs: uptimeMs + motorPauseMs }
  return { state: { ...bolt, phase: pause }, effects: [stop] }
}

function onSettled(bolt: Bolt, reading: Reading, uptimeMs: number): Step<Bolt, BoltOutput> {
  switch (bolt.phase.kind) {
    case 'unlocking':
      if (reading !== 'open') return { state: bolt, effects: [] }
      return rest(bolt, 'unlocked', 'cmd', [{ kind: 'motor', drive: 'stop' }], true)
    case 'locked':
      if (reading === 'closed') return { state: bolt, effects: [] }
      return rest(bolt, reading === 'open' ? 'unlocked' : 'unknown', 'force')
    case 'unlocked':
      if (reading === 'between') {
        return { state: { ...bolt, phase: { kind: 'locking', untilMs: uptimeMs + leverTravelMs } }, effects: [] }
      }
      return settledByHand(bolt, reading)
    case 'locking':
      return reading === 'between' ? { state: bolt, effects: [] } : settledByHand(bolt, reading)
    case 'jam_close':
      return settledByHand(bolt, reading)
    case 'jam_open':
    case 'unknown':
      if (reading === 'open') return rest(bolt, 'unlocked', 'force')
      return settledByHand(bolt, reading)
  }
}

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

/**
 * Comes to rest in `to`; says so when it is news, and always when a command asked for it. The command ends last: power
 * that fails in between leaves it unfinished, never finished with its event unsaid.
 */
function rest(
  bolt: Bolt,
  to: Rest,
  by: 'cmd' | 'hand' | 'force',
  first: readonly BoltOutput[] = [],
  endsUnlock = false,
): Step<Bolt, BoltOutput> {
  const isNews = to !== bolt.reported || by === 'cmd'
  const effects: BoltOutput[] = [...first]
  if (isNews) effects.push({ kind: 'bolt-changed', from: bolt.reported, to, by })
  if (isNews && by === 'force') effects.push({ kind: 'forced' })
  if (endsUnlock) effects.push({ kind: 'unlock-ended', isOpen: to === 'unlocked' })
  return { state: { ...bolt, phase: { kind: to }, reported: to }, effects }
}
