import { cellToLatLng } from 'h3-js'
import type { Position } from '../contracts/units.ts'
import type { LocalTime } from '../server/city/local-time.ts'
import { cellOf, countDemand, type DemandEvent, demandCells } from '../server/rebalancing/core/demand/count-demand.ts'
import type { DemandDay, HalfHourCount } from '../server/rebalancing/core/demand/demand-history.ts'
import { forecastDay, learnDemand } from '../server/rebalancing/core/demand/forecast.ts'
import { dateOfDay, dayOfDate, slotsPerDay, weekdayOf } from '../server/rebalancing/core/demand/local-half-hour.ts'
import type { NightDemand, NightHotspot } from '../server/rebalancing/core/tonight/night-inputs.ts'

/** What the platform's counters see of one run: rides, searches in vain and cells without a bike. */
export interface Watch {
  saw(kind: 'pickup' | 'return' | 'unmet', place: Position, atMs: number): void
  /** Call every `emptyLookMs`: which watched cells have no bike now. */
  looked(standing: readonly Position[], atMs: number): void
  /** Tomorrow, from whole days before the night's date; on the first evening from the day so far. */
  forecast(night: string, hotspots: readonly NightHotspot[], bikes: readonly Position[]): NightDemand
}

export const emptyLookMs = 300_000
/** As the platform weighs cells: see `demandOf` in server/rebalancing/night-inputs.ts. */
const loneCellWeight = 0.5
const firstSlot = 12

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
      const weights = new Map<string, number>()
      for (const { cell } of counts) weights.set(cell, loneCellWeight)
      for (const { lon, lat } of bikes) weights.set(cellOf(lon, lat), loneCellWeight)
      for (const { lon, lat } of spots) weights.set(cellOf(lon, lat), 0)
      for (const { lon, lat, capacity } of spots) {
        const cell = cellOf(lon, lat)
        weights.set(cell, (weights.get(cell) ?? 0) + Math.max(1, capacity))
      }
      const model = learnDemand({ cells: demandCells(weights.keys(), weights), days, counts })
      const tomorrow = forecastDay(model, { dayType: dayTypeOf(dateOfDay(dayOfDate(night) + 1)) })
      const fromSix = (values: Float64Array, cell: number) =>
        Array.from({ length: slotsPerDay }, (_, i) => values[cell * slotsPerDay + ((firstSlot + i) % slotsPerDay)] ?? 0)
      const cells = tomorrow.cells.map((cell, i) => {
        const [lat, lon] = cellToLatLng(cell)
        const [pickups, returns] = [fromSix(tomorrow.pickups, i), fromSix(tomorrow.returns, i)]
        return { cell, lon, lat, pickups, returns, dispersion: tomorrow.dispersion[i] ?? null }
      })
      return { cells, sureness: tomorrow.sureness, evidenceDays: tomorrow.evidenceDays }
    },
  }
}

const dayTypeOf = (date: string): DemandDay['dayType'] => (weekdayOf(date) >= 5 ? 'off' : 'working')
