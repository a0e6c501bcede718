import { latLngToCell } from 'h3-js'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { type BikeFacts, bikeState } from '../fleet/core/bike-state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { cellResolution } from '../rebalancing/core/demand/count-demand.ts'
import type { DemandCounter } from './demand-counter.ts'
import { busyCells } from './demand-store.ts'
import type { LocalTime } from './local-time.ts'
import { hotspotsAt } from './zones-at.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const lookEveryMs = 5 * minuteMs
/** What lies further back than this was not watched: the process slept, or city time was moved. */
const longestGapMs = 15 * minuteMs
/** Which cells are watched is asked so often, city time. */
const cellsEveryMs = 60 * minuteMs
const busyForMs = 28 * dayMs
const mostCells = 20_000

export interface EmptyCells {
  /** Call often: it looks once in five minutes of city time. */
  look(): Promise<void>
}

/** Where people want bikes and there is none: cells in which anything happened in four weeks, and hotspots. */
export function createEmptyCells(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly localTime: LocalTime
  readonly counter: Pick<DemandCounter, 'wasEmpty'>
  readonly bikes: () => readonly BikeFacts[]
}): EmptyCells {
  const { db, clock, localTime, counter } = deps
  let lookedAtMs: EpochMs | null = null
  let watched: { readonly cells: readonly string[]; readonly askedAtMs: EpochMs } | null = null

  async function cellsAt(nowMs: EpochMs): Promise<readonly string[]> {
    if (watched !== null && nowMs - watched.askedAtMs < cellsEveryMs) return watched.cells
    const busy = await busyCells(db, localTime.dateAt(nowMs - busyForMs), mostCells)
    const hotspots = await hotspotsAt(db, nowMs)
    const own = hotspots.map(({ lon, lat }) => latLngToCell(lat, lon, cellResolution))
    watched = { cells: [...new Set([...own, ...busy])], askedAtMs: nowMs }
    return watched.cells
  }

  return {
    look: async () => {
      const nowMs = clock.nowMs()
      if (lookedAtMs !== null && nowMs - lookedAtMs < lookEveryMs) return
      const cells = await cellsAt(nowMs)
      const fromMs = lookedAtMs
      lookedAtMs = nowMs
      // The first look only begins the watch.
      if (fromMs === null) return
      const withBikes = new Set(
        deps.bikes().flatMap((bike) => {
          const { position } = bike.shadow
          if (position === null || bikeState(bike, nowMs) !== 'available') return []
          return [latLngToCell(position.lat, position.lon, cellResolution)]
        }),
      )
      const sinceMs = epochMs(Math.max(fromMs, nowMs - longestGapMs))
      for (const cell of cells) if (!withBikes.has(cell)) counter.wasEmpty(cell, sinceMs, nowMs)
    },
  }
}
