import { encodeFrame } from '../../contracts/no-coverage.ts'
import { advertisedId } from './ble-keys.ts'
import { type BleInput, type BleSurroundings, stepBle } from './ble-machine.ts'
import { tellPhone } from './ble-told.ts'
import { stampRecord } from './lock-clock.ts'
import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { persist, record } from './speak.ts'
import { positionFields } from './telemetry.ts'
import { turnBolt } from './turn-bolt.ts'
import { recentSpeedMps } from './wheel.ts'

/** What a phone does at the lock. A lock without keys for phones hears none. */
export function onPhone(state: LockState, input: BleInput, uptimeMs: number, out: LockEffect[]): void {
  const around = surroundingsOf(state, uptimeMs)
  if (around === null) {
    if (input.kind === 'connected') out.push({ kind: 'ble-close' })
    return
  }
  const { state: ble, effects } = stepBle(state.ble, input, around, uptimeMs)
  state.ble = ble
  for (const effect of effects) {
    switch (effect.kind) {
      case 'send':
        out.push({ kind: 'ble-send', bytes: encodeFrame(effect.frame) })
        break
      case 'hang-up':
        out.push({ kind: 'ble-close' })
        break
      case 'tamper':
        record(state, uptimeMs, out, (header) => ({
          ...header,
          k: 'alarm',
          a: 'tamper',
          ...positionFields(state.fix, uptimeMs),
        }))
        break
      case 'persist':
        if (effect.counter !== null) state.gate = { ...state.gate, counter: effect.counter }
        persist(state, out)
        break
      case 'open':
        turnBolt(state, { kind: 'unlock', by: 'ble' }, uptimeMs, out)
        break
      case 'end-here':
        endHere(state, effect.tok, uptimeMs, out)
        break
    }
  }
}

/** What the lock calls itself on the air now; null: it does not speak to phones. */
export function advertisedNow(state: LockState, uptimeMs: number): string | null {
  const { deafUntilMs } = state.ble
  if (deafUntilMs !== null && uptimeMs < deafUntilMs) return null
  return surroundingsOf(state, uptimeMs)?.advertisedAs() ?? null
}

function surroundingsOf(state: LockState, uptimeMs: number): BleSurroundings | null {
  const { identity, gate, bolt, battery, clock } = state
  const keys = identity.phoneKeys
  if (!keys) return null
  const { t, tq } = stampRecord(clock, 0, uptimeMs)
  const unixMs = tq === 0 ? null : t
  const phase = bolt.phase.kind
  return {
    ...{ lockId: identity.lockId, keys, keyVersion: identity.keyVersion, unixMs },
    ...{ bootId: gate.bootId, counter: gate.counter, bolt: phase, percent: battery.percent },
    advertisedAs: () => advertisedId(keys.ble, identity.lockId, unixMs),
    speedMps: recentSpeedMps(state, uptimeMs),
    isBusy: gate.pending !== null || phase === 'unlocking' || phase === 'locking',
    ...(state.options.grantsForEver ? { grantsForEver: true } : {}),
    ...(state.options.withoutGrantLife ? { withoutGrantLife: true } : {}),
  }
}

function endHere(state: LockState, tok: string, uptimeMs: number, out: LockEffect[]): void {
  const event = record(state, uptimeMs, out, (header) => ({
    ...header,
    ...{ k: 'bolt', from: 'locked', to: 'locked', by: 'ble', tok },
    ...positionFields(state.fix, uptimeMs),
  }))
  tellPhone(state, event, out)
}
