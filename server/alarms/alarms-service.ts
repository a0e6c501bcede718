import type { BikeId, TripId } from '../../contracts/ids.ts'
import type { AlarmKind, AlarmSeverity } from '../../contracts/live/alarm-kinds.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import {
  changeOf,
  insertAlarm,
  isKnownCause,
  openHeld,
  quietHeld,
  type StoredAlarm,
  saveAlarm,
  toldAgainHeld,
  writeAct,
} from './alarm-store.ts'
import { endByItself, newAlarm, type Telling, tellAgain } from './core/alarm-machine.ts'
import { alarmPolicies } from './core/alarm-policy.ts'
import type { OpenAlarms } from './open-alarms.ts'

export interface RaiseOrder {
  readonly kind: AlarmKind
  readonly bikeId: BikeId
  readonly tripId: TripId | null
  /** One alarm for one cause, however often it is told. */
  readonly causeKey: string
  readonly detail: object
  readonly atMs: EpochMs
  /** Where this one is not as bad as its kind usually is, or worse. */
  readonly severity?: AlarmSeverity
  readonly blocksRental?: boolean
  /** False: says more of what was told before, and is not one time more. */
  readonly counts?: boolean
}

/** Everything happens in the caller's transaction; open desks are told after its commit. */
export interface Alarms {
  /**
   * A new alarm, or one time more of the open one of this kind on the bike. A person who ended it a moment ago is not
   * told again: the answer is until when, city time; null otherwise.
   */
  raise(tx: Queryable, order: RaiseOrder): Promise<EpochMs | null>
  /** What alarms of these kinds told of is over: they are resolved by themselves. */
  clear(tx: Queryable, bikeId: BikeId, kinds: readonly AlarmKind[], atMs: EpochMs): Promise<void>
  /** The same for one kind, but not where the alarm keeps the bike from riders: a person gives it back. */
  clearHarmless(tx: Queryable, bikeId: BikeId, kind: AlarmKind, atMs: EpochMs): Promise<void>
  /** Ends those of a kind that nobody told of since a moment; a bounded number, the oldest first. */
  endQuiet(tx: Queryable, kind: AlarmKind, lastSeenBeforeMs: EpochMs, atMs: EpochMs): Promise<void>
  /** After a change in `tx`: desks are told, and the rules know of it. */
  changed(tx: Queryable, alarm: StoredAlarm): void
}

/** Another transaction may open one between the look and the insert: once, not again and again. */
const insertTries = 3
const endedAtOnce = 100

export function createAlarms(deps: {
  readonly clock: Clock
  readonly ids: Ids
  readonly tellDesk: (event: DeskEvent) => void
  readonly open?: Pick<OpenAlarms, 'changed'>
}): Alarms {
  const { clock, ids } = deps

  function changed(tx: Queryable, alarm: StoredAlarm): void {
    const change = changeOf(alarm)
    afterCommit(tx, () => {
      deps.open?.changed(change)
      const { alarmId, bikeId, state } = change
      deps.tellDesk({ kind: 'alarm', alarmId, bikeId, state })
    })
  }

  const write = (tx: Queryable, alarmId: string, act: string, atMs: EpochMs) =>
    writeAct(tx, { alarmId, act, staffId: null, note: null, detail: {} }, atMs, clock.realNowMs())

  async function raise(tx: Queryable, order: RaiseOrder, triesLeft = insertTries): Promise<EpochMs | null> {
    const { kind, bikeId, atMs, causeKey, tripId, detail } = order
    if (await isKnownCause(tx, causeKey)) return null
    const policy = alarmPolicies[kind]
    const { severity = policy.severity, blocksRental = policy.blocksRental, counts = true } = order
    const telling: Telling = { atMs, severity, blocksRental, counts }
    const cause = { tripId, causeKey, detail }
    const newest = await toldAgainHeld(tx, bikeId, kind)
    const told = tellAgain(newest?.facts ?? null, telling, policy.muteMs)
    if (told.kind === 'muted') return epochMs((newest?.facts.resolvedAt ?? atMs) + policy.muteMs)
    if (told.kind === 'new' || newest === null) {
      const alarm = { alarmId: ids.uuid(), kind, bikeId, facts: newAlarm(telling) }
      // Somebody else opened one at this moment: it is told again.
      if (!(await insertAlarm(tx, alarm, cause))) {
        if (triesLeft <= 1) throw new Error(`an alarm of ${kind} can neither be found nor be opened on ${bikeId}`)
        return raise(tx, order, triesLeft - 1)
      }
      await write(tx, alarm.alarmId, 'raised', atMs)
      changed(tx, alarm)
      return null
    }
    const alarm = { ...newest, facts: told.alarm }
    await saveAlarm(tx, alarm, cause)
    if (told.act !== null) await write(tx, alarm.alarmId, told.act, atMs)
    changed(tx, alarm)
    return null
  }

  async function end(tx: Queryable, known: StoredAlarm, atMs: EpochMs): Promise<void> {
    const alarm = { ...known, facts: endByItself(known.facts, atMs) }
    await saveAlarm(tx, alarm)
    await write(tx, alarm.alarmId, 'ended', atMs)
    changed(tx, alarm)
  }

  return {
    raise: (tx, order) => raise(tx, order),
    clear: async (tx, bikeId, kinds, atMs) => {
      for (const known of await openHeld(tx, bikeId, kinds)) await end(tx, known, atMs)
    },
    clearHarmless: async (tx, bikeId, kind, atMs) => {
      for (const known of await openHeld(tx, bikeId, [kind])) {
        if (!known.facts.blocksRental) await end(tx, known, atMs)
      }
    },
    endQuiet: async (tx, kind, lastSeenBeforeMs, atMs) => {
      for (const known of await quietHeld(tx, kind, lastSeenBeforeMs, endedAtOnce)) await end(tx, known, atMs)
    },
    changed,
  }
}
