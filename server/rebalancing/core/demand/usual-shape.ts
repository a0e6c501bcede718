import type { DayType } from './demand-history.ts'
import { slotsPerDay } from './local-half-hour.ts'

/**
 * How a day of shared bikes usually runs, per mille of its trips by hour from 00:00, in round numbers: two commuter
 * peaks on working days, one broad afternoon otherwise. A guess for the first days of a city only.
 */
const perMilleByHour: Readonly<Record<DayType, readonly number[]>> = {
  working: [5, 3, 2, 2, 3, 9, 26, 66, 105, 65, 37, 40, 46, 44, 42, 48, 73, 123, 101, 62, 40, 27, 19, 12],
  off: [14, 10, 6, 4, 3, 5, 12, 22, 38, 55, 70, 82, 88, 88, 86, 84, 80, 72, 58, 43, 31, 22, 16, 11],
}

/** Shares of the 48 half hours, summing to 1. */
export function usualShape(type: DayType): Float64Array {
  const hours = perMilleByHour[type]
  const total = hours.reduce((sum, n) => sum + n, 0)
  return Float64Array.from({ length: slotsPerDay }, (_, slot) => (hours[Math.floor(slot / 2)] as number) / total / 2)
}
