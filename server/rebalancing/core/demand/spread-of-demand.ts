import { type DayType, type DemandDay, dayTypes } from './demand-history.ts'
import type { DemandSettings } from './demand-settings.ts'
import { slotsPerDay } from './local-half-hour.ts'
import type { Panel } from './panel.ts'

/** By how much a cell's day differs from its forecast beyond the luck of the Poisson law. */
export interface Spread {
  /** Squared coefficient of variation of the day's rate, per cell, the city's level apart. */
  readonly dayVariance: Float64Array
  /** Trips seen in each cell, older days counting less. */
  readonly trips: Float64Array
}

/** Days for which the city's common spread speaks in each cell. */
const commonSpreadDays = 10
const leastVariance = 0.02
const mostVariance = 4

/**
 * Moments of the daily totals: var = m + v·m², so v = Σ((n − m)² − m) / Σ m², shrunk to the same of the whole city.
 * `rates` are those of an ordinary day, `dayLevel` how busy the city was.
 */
export function spreadOfDemand(
  panel: Panel,
  rates: Readonly<Record<DayType, Float64Array>>,
  days: readonly DemandDay[],
  dayLevel: readonly number[],
  settings: DemandSettings,
): Spread {
  const { cellCount } = panel
  const perDay = dayTypes.map((type) => dailySums(rates[type], cellCount))
  const totals = new Float64Array(cellCount * days.length)
  const trips = new Float64Array(cellCount)
  for (let row = 0; row < panel.cell.length; row++) {
    const cell = panel.cell[row] as number
    const day = panel.day[row] as number
    const amount = panel.amount[row] as number
    totals[cell * days.length + day] =
      (totals[cell * days.length + day] as number) + amount / (panel.open[row] as number)
    trips[cell] = (trips[cell] as number) + settings.dayDecay ** (days.length - 1 - day) * amount
  }
  const excess = new Float64Array(cellCount)
  const squares = new Float64Array(cellCount)
  for (let cell = 0; cell < cellCount; cell++) {
    for (const [day, { dayType }] of days.entries()) {
      const mean = (perDay[dayTypes.indexOf(dayType)]?.[cell] as number) * (dayLevel[day] as number)
      const miss = (totals[cell * days.length + day] as number) - mean
      excess[cell] = (excess[cell] as number) + miss * miss - mean
      squares[cell] = (squares[cell] as number) + mean * mean
    }
  }
  const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0)
  const common = within(days.length > 1 ? sum(excess) / Math.max(sum(squares), 1e-9) : leastVariance)
  const dayVariance = Float64Array.from(excess, (value, cell) => {
    const borrowed = days.length === 0 ? 1 : (commonSpreadDays * (squares[cell] as number)) / days.length
    return within((value + common * borrowed) / Math.max((squares[cell] as number) + borrowed, 1e-9))
  })
  return { dayVariance, trips }
}

const within = (variance: number): number => Math.min(mostVariance, Math.max(leastVariance, variance))

function dailySums(rates: Float64Array, cellCount: number): Float64Array {
  return Float64Array.from({ length: cellCount }, (_, cell) => {
    let sum = 0
    for (let i = cell * slotsPerDay; i < (cell + 1) * slotsPerDay; i++) sum += rates[i] as number
    return sum
  })
}
