import type { Logger } from 'pino'
import type { BikeId, LockId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import type { LocalTime } from '../city/local-time.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { type AlarmDesk, createAlarmDesk } from './alarm-desk.ts'
import { type AlarmReport, createAlarmListener } from './alarm-listener.ts'
import { type AlarmSettingsStore, createAlarmSettings } from './alarm-settings-store.ts'
import { type AlarmWatch, openAlarmWatch } from './alarm-watch.ts'
import { type Alarms, createAlarms } from './alarms-service.ts'
import type { Hands } from './core/heard-alarms.ts'
import { createOpenAlarms } from './open-alarms.ts'

export interface AlarmsRoom {
  /** For the other rooms. */
  readonly alarms: Alarms
  readonly desk: AlarmDesk
  readonly settings: AlarmSettingsStore
  readonly watch: AlarmWatch
  /** What locks say, in the transaction that marks the report as applied. */
  onReport(tx: Queryable, report: AlarmReport): Promise<void>
  countByKind(): ReadonlyMap<string, number>
}

/** Reads back what is open. */
export async function openAlarmsRoom(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly localTime: LocalTime
  readonly tellDesk: (event: DeskEvent) => void
  readonly fleet: {
    bikes(): readonly FleetBike[]
    bikeOfLock(lockId: LockId): BikeId | null
    bikeOf(bikeId: BikeId): FleetBike | null
  }
}): Promise<AlarmsRoom> {
  const { db, clock, ids, logger, localTime, fleet } = deps
  const open = createOpenAlarms()
  const alarms = createAlarms({ clock, ids, open, tellDesk: deps.tellDesk })
  const settings = createAlarmSettings({ db, clock })
  const watch = await openAlarmWatch({ db, clock, logger, alarms, open, settings, bikes: () => fleet.bikes() })
  return {
    alarms,
    settings,
    watch,
    desk: createAlarmDesk({
      ...{ db, clock, alarms, localTime },
      placeSeen: (bikeId) => watch.placeSeen(bikeId),
      placeUnseen: (bikeId) => watch.placeUnseen(bikeId),
    }),
    onReport: createAlarmListener({
      ...{ alarms, open, clock },
      bikeOfLock: (lockId) => fleet.bikeOfLock(lockId),
      handsOn: (bikeId) => handsOn(fleet.bikeOf(bikeId)),
      hadAt: (bikeId) => watch.hadAt(bikeId),
      settings: () => settings.now(),
    }),
    countByKind: () => open.countByKind(),
  }
}

/** Who has it: it shakes and tilts then. A claimed bike still stands where it was. */
function handsOn(bike: FleetBike | null): Hands {
  if (bike === null) return 'nobody'
  if (bike.custody === 'in_van') return 'crew'
  if (bike.trip === null) return 'nobody'
  return bike.trip === 'paused' ? 'pausing' : 'rider'
}
