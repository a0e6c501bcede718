import { asId, type LockId } from '../../../contracts/ids.ts'
import { decodeEvent } from '../../../contracts/mqtt/codec.ts'
import type { Random } from '../../../contracts/random.ts'
import type { Lock } from '../../../lock-simulator/body/lock.ts'
import { createLock } from '../../../lock-simulator/body/lock-body.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { GateOptions } from '../../../lock-simulator/firmware/command-gate.ts'
import type { Air } from '../../../lock-simulator/radio/air.ts'
import type { Swarm } from '../swarm.ts'
import type { CommandLog } from './command-log.ts'
import { type Notes, nameOf } from './notes.ts'

export const lockIdAt = (index: number): LockId => asId<LockId>(`lock-sim-${index + 1}`)
export const cornerAt = (index: number) => ({ lon: 104.06 + index * 0.001, lat: 30.65 })

/** A wheel that turns faster is ridden: nobody pushes a lever through its spokes. */
export const standingMps = 1
const ridingMps = 4

/** A rider sets off; with a bolt between the spokes, or on its way there, the bike stays where it is. */
export function rideTo(
  lock: Pick<Lock, 'boltPosition' | 'setPosition'>,
  there: { readonly lon: number; readonly lat: number; readonly headingDeg: number },
): void {
  if (lock.boltPosition() === 'open') lock.setPosition({ ...there, speedMps: ridingMps })
}

/** A lock with power, whose every deed is noted. */
export function putOnStreet(settings: {
  readonly index: number
  readonly clock: VirtualClock
  readonly random: Random
  readonly air: Air
  readonly notes: Notes
  readonly commands: CommandLog
  readonly cityAheadMs: () => number
  readonly commandKey: Uint8Array
  readonly phoneKey: Uint8Array
  readonly parts: Swarm['parts']
  readonly gateOptions: GateOptions
}): Lock {
  const { index, clock, air, notes } = settings
  const lockId = lockIdAt(index)
  const lock = createLock({
    lockId,
    keys: { keyVersion: 1, commandKey: settings.commandKey, phoneKey: settings.phoneKey },
    ...settings.parts,
    random: settings.random.split(lockId),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    radio: air.radio(lockId),
    position: cornerAt(index),
    gateOptions: settings.gateOptions,
  })
  lock.onActuation((actuation) => {
    notes.actuations.push({ ...actuation, lockId })
    settings.commands.moved(lockId, actuation)
    notes.count(actuation.drive === 'open' ? 'motor' : 'motor closing')
    notes.trace(`${actuation.atMs} motor ${lockId} ${actuation.commandId} ${actuation.attempt}`)
  })
  lock.onBoltPosition((to) => {
    const { speedMps } = lock.whereabouts()
    if (to === 'closed' && speedMps > standingMps) {
      notes.found.push({ invariant: 'no-wheel-locked-in-motion', detail: `${lockId} at ${speedMps} m/s` })
    }
    notes.boltMoves.push({ lockId, to, atMs: clock.nowMs(), cityMs: clock.nowMs() + settings.cityAheadMs() })
    notes.trace(`${clock.nowMs()} bolt ${lockId} ${to}`)
  })
  lock.onMessage(({ direction, channel, payload }) => {
    if (direction !== 'up' || channel !== 'evt') return
    const event = decodeEvent(Buffer.from(payload))
    if (!event.ok) return
    const { b, q } = event.value
    const name = { lockId, kind: 'evt' as const, b, q }
    if (!notes.published.has(nameOf(name))) notes.published.set(nameOf(name), { ...name, madeAtMs: clock.nowMs() })
  })
  return lock
}
