import type { AlarmSettings } from '../../contracts/http/alarms.ts'
import type { BikeId, LockId } from '../../contracts/ids.ts'
import type { LockEvent } from '../../contracts/mqtt/reports.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import type { Alarms } from './alarms-service.ts'
import { lastBoots } from './boots-store.ts'
import { bootTrouble } from './core/boot-trouble.ts'
import { type Hands, type HeardAlarm, heardAlarms } from './core/heard-alarms.ts'
import type { OpenAlarms } from './open-alarms.ts'

export interface AlarmReport {
  readonly lockId: LockId
  readonly kind: 'hello' | 'evt' | 'ack'
  readonly madeAtMs: EpochMs
  readonly body: unknown
}

/** The lock's own words, turned into alarms, in the transaction that marks the report as applied. */
export function createAlarmListener(deps: {
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>
  readonly open: Pick<OpenAlarms, 'of'>
  readonly bikeOfLock: (lockId: LockId) => BikeId | null
  readonly handsOn: (bikeId: BikeId) => Hands
  /** When a rider or a crew last had it; null: that is not known. */
  readonly hadAt: (bikeId: BikeId) => EpochMs | null
  readonly settings: () => AlarmSettings
  readonly clock: Clock
}) {
  const { alarms, open, clock } = deps

  return async (tx: Queryable, report: AlarmReport): Promise<void> => {
    if (report.kind !== 'evt') return
    const bikeId = deps.bikeOfLock(report.lockId)
    if (bikeId === null) return
    const event = report.body as LockEvent
    const { madeAtMs } = report
    const hearing = {
      ...{ madeAtMs, nowMs: clock.nowMs(), settings: deps.settings() },
      ...{ hands: deps.handsOn(bikeId), hadAtMs: deps.hadAt(bikeId) },
      boots: event.k === 'boot' ? bootTrouble(await lastBoots(tx, report.lockId, event.b)) : null,
    }
    for (const heard of heardAlarms(event, hearing)) await say(tx, heard)

    async function say(tx: Queryable, heard: HeardAlarm): Promise<void> {
      if (bikeId === null) return
      switch (heard.say) {
        case 'raise': {
          const { say: _, ...order } = heard
          const causeKey = `${heard.kind}:${report.lockId}:${event.b}:${event.q}`
          await alarms.raise(tx, { ...order, bikeId, tripId: null, causeKey, atMs: madeAtMs })
          return
        }
        case 'clear':
          // Every opening comes by here: the database is asked only where there is something to end.
          if (open.of(bikeId).has(heard.kind)) await alarms.clear(tx, bikeId, [heard.kind], madeAtMs)
      }
    }
  }
}
