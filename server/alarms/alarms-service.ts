import type { BikeId, TripId } from '../../contracts/ids.ts'
import type { AlarmKind, AlarmSeverity } from '../../contracts/live/alarm-kinds.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import type { EpochMs } from '../../contracts/units.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { type AlarmChange, endAlarms, upsertAlarm } from './alarm-store.ts'
import { alarmPolicies } from './core/alarm-policy.ts'

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
  /** A new alarm, or one time more of the open one of this kind on the bike. */
  raise(tx: Queryable, order: RaiseOrder): Promise<void>
  /** What alarms of these kinds told of is over: they are resolved by themselves. */
  clear(tx: Queryable, bikeId: BikeId, kinds: readonly AlarmKind[], atMs: EpochMs): Promise<void>
}

export function createAlarms(deps: {
  readonly clock: Clock
  readonly ids: Ids
  readonly tellDesk: (event: DeskEvent) => void
}): Alarms {
  const { clock, ids } = deps

  function tell(tx: Queryable, changes: readonly AlarmChange[]): void {
    for (const change of changes) afterCommit(tx, () => deps.tellDesk({ kind: 'alarm', ...change }))
  }

  return {
    raise: async (tx, order) => {
      const { severity, blocksRental } = alarmPolicies[order.kind]
      const alarm = { alarmId: ids.uuid(), severity, blocksRental, counts: true, ...order }
      const change = await upsertAlarm(tx, alarm, clock.realNowMs())
      if (change !== null) tell(tx, [change])
    },
    clear: async (tx, bikeId, kinds, atMs) => {
      tell(tx, await endAlarms(tx, bikeId, kinds, { atMs, realMs: clock.realNowMs() }))
    },
  }
}
