import type { BikeId } from '../../contracts/ids.ts'
import type { AlarmKind, AlarmSeverity } from '../../contracts/live/alarm-kinds.ts'
import type { Queryable } from '../platform/database.ts'
import { type AlarmChange, changeOf, openAlarms } from './alarm-store.ts'

/** Which alarms are open, in memory: so that a look at the whole fleet asks the database nothing. */
export interface OpenAlarms {
  /** Kinds that are open on a bike, with how bad they are. */
  of(bikeId: BikeId): ReadonlyMap<AlarmKind, AlarmSeverity>
  /** How many are open of each kind. */
  countByKind(): ReadonlyMap<string, number>
  /** After a commit. */
  changed(change: AlarmChange): void
  /** Reads all of them back: at the start, and against what another process did. */
  readBack(db: Queryable): Promise<void>
}

const none: ReadonlyMap<AlarmKind, AlarmSeverity> = new Map()

export function createOpenAlarms(): OpenAlarms {
  let byBike = new Map<BikeId, Map<AlarmKind, AlarmSeverity>>()
  let writes = 0

  function put(into: typeof byBike, { bikeId, kind, state, severity }: AlarmChange): void {
    // A new map each time: whoever holds the old one sees that something changed.
    const kinds = new Map(into.get(bikeId) ?? none)
    if (state === 'resolved') kinds.delete(kind)
    else kinds.set(kind, severity)
    if (kinds.size === 0) into.delete(bikeId)
    else into.set(bikeId, kinds)
  }

  return {
    of: (bikeId) => byBike.get(bikeId) ?? none,
    countByKind: () => {
      const counts = new Map<string, number>()
      for (const kinds of byBike.values()) {
        for (const kind of kinds.keys()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
      }
      return counts
    },
    changed: (change) => {
      writes += 1
      put(byBike, change)
    },
    readBack: async (db) => {
      const before = writes
      const fresh: typeof byBike = new Map()
      for (const alarm of await openAlarms(db)) put(fresh, changeOf(alarm))
      // What changed while it was read is newer: the next reading tells.
      if (writes === before) byBike = fresh
    },
  }
}
