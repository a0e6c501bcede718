import { type DayType, dayTypes } from './demand-history.ts'
import { slotsPerDay } from './local-half-hour.ts'
import type { Panel } from './panel.ts'

/** A day with fewer trips has no shape to judge by. */
const leastTrips = 200
/** Mean log-likelihood per trip by which the other type must fit better: a tenth of what parts the two types. */
const clearlyBetterNats = 0.05
/** Trips spread over the day that smooth a profile. */
const smoothingTrips = 48

/**
 * The type that each past day really had. A public holiday that the calendar did not know has the shape of a weekend;
 * a working Saturday that of a weekday. Both types need a day whose type stays as the calendar has it.
 */
export function settleDayTypes(panel: Panel, calendar: readonly DayType[]): DayType[] {
  const shapes = calendar.map(() => new Float64Array(slotsPerDay))
  for (let row = 0; row < panel.cell.length; row++) {
    const shape = shapes[panel.day[row] as number]
    const slot = panel.slot[row] as number
    if (shape) shape[slot] = (shape[slot] as number) + (panel.amount[row] as number)
  }
  return calendar.map((type, day) => {
    const own = shapes[day] as Float64Array
    const trips = own.reduce((sum, n) => sum + n, 0)
    const others = dayTypes.map((one) => shapes.filter((_, other) => other !== day && calendar[other] === one))
    if (trips < leastTrips || others.some((list) => list.length === 0)) return type
    const [working = 0, off = 0] = others.map((list) => likelihood(own, list) / trips)
    if (type === 'working') return off - working > clearlyBetterNats ? 'off' : 'working'
    return working - off > clearlyBetterNats ? 'working' : 'off'
  })
}

/** Multinomial log-likelihood of a day's shape under the mean shape of other days. */
function likelihood(own: Float64Array, others: readonly Float64Array[]): number {
  const sum = new Float64Array(slotsPerDay).fill(smoothingTrips / slotsPerDay)
  for (const other of others)
    for (let slot = 0; slot < slotsPerDay; slot++) sum[slot] = (sum[slot] as number) + (other[slot] as number)
  const total = sum.reduce((all, n) => all + n, 0)
  return own.reduce((ll, n, slot) => ll + n * Math.log((sum[slot] as number) / total), 0)
}
