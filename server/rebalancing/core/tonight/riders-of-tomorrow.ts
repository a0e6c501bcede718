import { cellToLatLng } from 'h3-js'
import { cellOf, demandCells } from '../demand/count-demand.ts'
import type { DayType, DemandHistory } from '../demand/demand-history.ts'
import { type DemandForecast, forecastDay, learnDemand } from '../demand/forecast.ts'
import { dateOfDay, dayOfDate, slotsPerDay, weekdayOf } from '../demand/local-half-hour.ts'
import type { CellRates, NightDemand, NightHotspot } from './night-inputs.ts'

/** The days that are known, and what was counted on them. */
export type Watched = Pick<DemandHistory, 'days' | 'counts'>

/** Where nobody has set a hotspot, a lone cell is expected to see about so many rides a day before it has shown any. */
const loneCellWeight = 0.3
/** The morning after a night begins at six. */
const firstSlot = 12

/**
 * Tomorrow's riders by cell, half hours from 06:00 on; with an empty history every hotspot is expected to turn over its
 * bikes once.
 *
 * @param night the date of its evening, `YYYY-MM-DD`
 * @param bikes where they stand, as far as that is known
 */
export function ridersOfTomorrow(
  history: Watched,
  night: string,
  hotspots: readonly NightHotspot[],
  bikes: readonly { readonly lon: number | null; readonly lat: number | null }[],
): NightDemand {
  const weights = new Map<string, number>()
  for (const { cell } of history.counts) weights.set(cell, loneCellWeight)
  for (const { lon, lat } of bikes) if (lon !== null && lat !== null) weights.set(cellOf(lon, lat), loneCellWeight)
  for (const { lon, lat } of hotspots) weights.set(cellOf(lon, lat), 0)
  for (const { lon, lat, capacity } of hotspots) {
    const cell = cellOf(lon, lat)
    weights.set(cell, (weights.get(cell) ?? 0) + Math.max(1, capacity))
  }
  const model = learnDemand({ ...history, cells: demandCells(weights.keys(), weights) })
  const forecast = forecastDay(model, { dayType: dayTypeOf(dateOfDay(dayOfDate(night) + 1)) })
  return {
    cells: forecast.cells.map((cell, i) => cellRates(forecast, cell, i)),
    sureness: forecast.sureness,
    evidenceDays: forecast.evidenceDays,
  }
}

export const dayTypeOf = (date: string): DayType => (weekdayOf(date) >= 5 ? 'off' : 'working')

function cellRates(forecast: DemandForecast, cell: string, index: number): CellRates {
  const [lat, lon] = cellToLatLng(cell)
  const fromSix = (values: Float64Array) =>
    Array.from({ length: slotsPerDay }, (_, i) => values[index * slotsPerDay + ((firstSlot + i) % slotsPerDay)] ?? 0)
  return {
    cell,
    lon,
    lat,
    pickups: fromSix(forecast.pickups),
    returns: fromSix(forecast.returns),
    dispersion: forecast.dispersion[index] ?? null,
  }
}
