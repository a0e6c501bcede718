import { settingsOf } from './config-store.ts'
import { type GuardInput, type GuardOutput, guardWakeAtMs, type Post, stepGuard } from './guard-machine.ts'
import { isKeptAlike } from './guard-state.ts'
import type { LockEffect, LockInput } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { persist, record, report } from './speak.ts'
import { type KnownFix, positionFields } from './telemetry.ts'
import { onMoved } from './wheel.ts'

/** A fix older than this, when the bolt closes, is of another place. */
const ownFixAgeMs = 60_000
/** What battery and electronics are made for, °C. */
const coldestCelsius = -20
const hottestCelsius = 60
/** After each input of the lock: what the guard makes of it, carried out. An alarm is in flash before it is said. */
export function guardBike(state: LockState, input: LockInput, uptimeMs: number, out: LockEffect[]): void {
  const sensed = guardInputOf(state, input, uptimeMs)
  const post = postOf(state)
  const wakeAtMs = guardWakeAtMs(state.guard)
  const isRelieved =
    post.isWatched !== (state.guard.phase !== 'off') || (post.isOpen && state.guard.interrupted !== null)
  const isDue = wakeAtMs !== null && uptimeMs >= wakeAtMs
  if (sensed === null && !isRelieved && !isDue) return
  const before = state.guard
  const outputs = step(state, sensed ?? { kind: 'tick' }, post, uptimeMs)
  const { fix } = state
  const isFresh = fix !== null && uptimeMs - fix.atMs <= ownFixAgeMs
  if (before.phase === 'off' && post.isWatched && isFresh) outputs.push(...step(state, placeIn(fix), post, uptimeMs))
  for (const output of outputs) carryOut(state, output, uptimeMs, out)
  if (!isKeptAlike(before, state.guard)) persist(state, out)
}

function step(state: LockState, input: GuardInput, post: Post, uptimeMs: number): GuardOutput[] {
  const { state: guard, effects } = stepGuard(state.guard, input, post, uptimeMs)
  state.guard = guard
  return [...effects]
}

/** What of it the guard has to know; null: nothing. */
function guardInputOf(state: LockState, input: LockInput, uptimeMs: number): GuardInput | null {
  switch (input.kind) {
    case 'motion':
      onMoved(state, uptimeMs)
      return input
    case 'shell':
      return { kind: 'reading', of: 'tamper', isOn: input.isOpen }
    case 'cable':
      return { kind: 'reading', of: 'cable', isOn: !input.isConnected }
    case 'registration':
      return { kind: 'reading', of: 'sim', isOn: input.isRefused }
    case 'fix':
      return fixOf(state, input)
    case 'battery': {
      const { celsius } = input.battery
      const isOn = celsius !== undefined && (celsius < coldestCelsius || celsius > hottestCelsius)
      return isOn === (state.guard.conditions.temp?.isOn ?? false) ? null : { kind: 'reading', of: 'temp', isOn }
    }
    case 'connected':
      // Whoever is connected has been taken: also after a reset that fell into a refusal.
      return state.guard.conditions.sim?.isOn ? { kind: 'reading', of: 'sim', isOn: false } : null
    case 'power-on':
    case 'disconnected':
    case 'message':
    case 'puback':
    case 'switches':
    case 'charge':
    case 'puback-timeout':
    case 'wheel':
    case 'parts':
    case 'ble-link':
    case 'ble':
    case 'network':
    case 'tick':
      return null
  }
}

/** Noise where there were satellites before is a jammer; in a cellar there is neither. */
function fixOf(state: LockState, { fix, isJammed = false }: Extract<LockInput, { kind: 'fix' }>): GuardInput | null {
  const isOn = fix === null && isJammed && state.fix !== null
  if (isOn !== (state.guard.conditions.gnss_jam?.isOn ?? false)) return { kind: 'reading', of: 'gnss_jam', isOn }
  return fix === null || state.guard.phase === 'off' ? null : placeIn({ fix })
}

const placeIn = ({ fix }: Pick<KnownFix, 'fix'>): GuardInput => ({
  kind: 'fix',
  place: { lat: fix.lat, lon: fix.lon, accuracyM: fix.accuracyM },
  speedMps: fix.speedMps,
})

function postOf(state: LockState): Post {
  const { kind } = state.bolt.phase
  const { guard, wake_mg, chase_m, beep } = settingsOf(state)
  // An unlock that jammed leaves the bolt through the wheel.
  const isWatched = guard === 1 && !state.power.isShipped && (kind === 'locked' || kind === 'jam_open')
  return { isWatched, isOpen: kind === 'unlocked', wakeMg: wake_mg, chaseM: chase_m, mayBeep: beep === 1 }
}

function carryOut(state: LockState, output: GuardOutput, uptimeMs: number, out: LockEffect[]): void {
  switch (output.kind) {
    case 'alarm': {
      const { kind: _, ...alarm } = output
      record(state, uptimeMs, out, (header) => ({
        ...header,
        k: 'alarm',
        ...alarm,
        ...positionFields(state.fix, uptimeMs),
      }))
      break
    }
    case 'beep':
      out.push({ kind: 'beep', pattern: 'warn' })
      break
    case 'look':
      out.push({ kind: 'locate' })
      break
    case 'report':
      report(state, uptimeMs, true)
  }
}
