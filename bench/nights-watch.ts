import type { Position } from '../contracts/units.ts'
import type { LocalTime } from '../server/city/local-time.ts'
import { cellOf, countDemand, type DemandEvent } from '../server/rebalancing/core/demand/count-demand.ts'
import type { DemandDay, HalfHourCount } from '../server/rebalancing/core/demand/demand-history.ts'
import type { NightDemand, NightHotspot } from '../server/rebalancing/core/tonight/night-inputs.ts'
import { dayTypeOf, ridersOfTomorrow } from '../server/rebalancing/core/tonight/riders-of-tomorrow.ts'

/** What the platform's counters see of one run: rides, searches in vain and cells without a bike. */
export interface Watch {
  saw(kind: 'pickup' | 'return' | 'unmet', place: Position, atMs: number): void
  /** Call every `emptyLookMs`: which watched cells have no bike now. */
  looked(standing: readonly Position[], atMs: number): void
  /** Tomorrow, from whole days before the night's date; on the first evening from the day so far. */
  forecast(night: string, hotspots: readonly NightHotspot[], bikes: readonly Position[]): NightDemand
}

export const emptyLookMs = 300_000

export function openWatch(localTime: LocalTime, hotspots: readonly Position[]): Watch {
  const events = new Map<string, DemandEvent[]>()
  const counted = new Map<string, readonly HalfHourCount[]>()
  const watched = new Set(hotspots.map(({ lon, lat }) => cellOf(lon, lat)))
  const note = (atMs: number, event: DemandEvent) => {
    const date = localTime.dateAt(atMs)
    const day = events.get(date) ?? []
    day.push(event)
    events.set(date, day)
  }

  function countsOf(date: string, isWhole: boolean): readonly HalfHourCount[] {
    const known = counted.get(date)
    if (known) return known
    const counts = countDemand(events.get(date) ?? [], localTime.offsetMinutes)
    if (isWhole) counted.set(date, counts)
    return counts
  }

  return {
    saw: (kind, { lon, lat }, atMs) => {
      watched.add(cellOf(lon, lat))
      note(atMs, { kind, lon, lat, atMs })
    },
    looked: (standing, atMs) => {
      const withBikes = new Set(standing.map(({ lon, lat }) => cellOf(lon, lat)))
      for (const cell of watched) {
        if (!withBikes.has(cell)) note(atMs - 1, { kind: 'empty', cell, fromMs: atMs - emptyLookMs, toMs: atMs })
      }
    },
    forecast: (night, spots, bikes) => {
      const before = [...events.keys()].filter((date) => date < night).sort()
      const dates = before.length > 0 ? before : [night]
      const counts = dates.flatMap((date) => countsOf(date, before.length > 0))
      const days = dates.map((date): DemandDay => ({ date, dayType: dayTypeOf(date) }))
      return ridersOfTomorrow({ days, counts }, night, spots, bikes)
    },
  }
}
