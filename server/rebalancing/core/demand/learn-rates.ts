import type { Random } from '../../../../contracts/random.ts'
import { type DailyLevel, dailyLevel } from './daily-level.ts'
import { type DayType, type DemandCell, type DemandDay, dayTypes } from './demand-history.ts'
import type { DemandSettings } from './demand-settings.ts'
import { slotsPerDay } from './local-half-hour.ts'
import { mixedProfiles, type Observed } from './mixed-profiles.ts'
import type { Panel } from './panel.ts'
import { type Spread, spreadOfDemand } from './spread-of-demand.ts'
import { usualShape } from './usual-shape.ts'

/** What was learned of one stream (pickups or returns). */
export interface LearnedRates {
  readonly level: DailyLevel
  /** Trips per half hour of an ordinary day, cells × 48 row-major; each adds up to `level.typical`. */
  readonly rates: Readonly<Record<DayType, Float64Array>>
  readonly spread: Spread
}

const points = dayTypes.length * slotsPerDay
/** Trips that the usual shape of a day weighs in the city's own. */
const usualShapeTrips = 10
/** Trips by which a small city's day is kept from looking wildly busy or dead. */
const levelSmoothingTrips = 20
/** Weight of the next and the next but one half hour when a cell's own half hours are judged; validated. */
const neighbourWeights = [0.6, 0.3]

/** Days must have their settled types. `random` only spreads the starts of the profiles. */
export function learnRates(
  panel: Panel,
  cells: readonly DemandCell[],
  days: readonly DemandDay[],
  settings: DemandSettings,
  random: Random,
): LearnedRates {
  const weightSum = cells.reduce((sum, { weight }) => sum + weight, 0)
  const priorTotal = settings.priorRidesPerWeight * weightSum
  const level = dailyLevel(panel.dayTotal, days, priorTotal, settings)
  const dayLevel = days.map(
    ({ dayType }, day) =>
      ((panel.dayTotal[day] as number) + levelSmoothingTrips) / (level.typical[dayType] + levelSmoothingTrips),
  )
  const seen = observe(panel, cells, days, { dayLevel, level, settings })
  const mixed = mixedProfiles(seen, settings, random)
  const fitted = leanOnOwnHalfHours(mixed, seen, settings.slotStrength)
  followCellLevels(fitted, mixed, panel, days, dayLevel, settings)
  const rates = {
    working: new Float64Array(cells.length * slotsPerDay),
    off: new Float64Array(cells.length * slotsPerDay),
  }
  for (const [t, type] of dayTypes.entries()) {
    for (let cell = 0; cell < cells.length; cell++) {
      rates[type].set(
        fitted.subarray(cell * points + t * slotsPerDay, cell * points + (t + 1) * slotsPerDay),
        cell * slotsPerDay,
      )
    }
    scaleTo(rates[type], level.typical[type])
  }
  return { level, rates, spread: spreadOfDemand(panel, rates, days, dayLevel, settings) }
}

interface Levels {
  readonly dayLevel: readonly number[]
  readonly level: DailyLevel
  readonly settings: DemandSettings
}

/** Sums of counts and exposure over the days, older days counting less, and the prior level of each cell. */
function observe(panel: Panel, cells: readonly DemandCell[], days: readonly DemandDay[], levels: Levels): Observed {
  const { settings, dayLevel } = levels
  const weightOf = days.map((_, day) => settings.dayDecay ** (days.length - 1 - day))
  const typeOf = days.map(({ dayType }) => dayTypes.indexOf(dayType))
  const perType = dayTypes.map((_, t) =>
    dayLevel.reduce((sum, l, day) => sum + (typeOf[day] === t ? l * (weightOf[day] as number) : 0), 0),
  )
  const fullExposure = Float64Array.from(
    { length: points },
    (_, point) => perType[Math.floor(point / slotsPerDay)] as number,
  )
  const amount = new Float64Array(cells.length * points)
  const exposure = Float64Array.from(amount, (_, i) => fullExposure[i % points] as number)
  for (let row = 0; row < panel.cell.length; row++) {
    const day = panel.day[row] as number
    const weight = weightOf[day] as number
    const i = (panel.cell[row] as number) * points + (typeOf[day] as number) * slotsPerDay + (panel.slot[row] as number)
    amount[i] = (amount[i] as number) + weight * (panel.amount[row] as number)
    exposure[i] = (exposure[i] as number) - weight * (dayLevel[day] as number) * (1 - (panel.open[row] as number))
  }
  const names = [...new Set(cells.map(({ parent }) => parent))]
  const index = new Map(names.map((name, i) => [name, i]))
  const parent = Int32Array.from(cells, (cell) => index.get(cell.parent) ?? 0)
  const bare = { cells: cells.length, points, amount, exposure, fullExposure, parent, parents: names.length }
  const shape = cityShape(bare, levels.level)
  return { ...bare, shape, level: cellLevels(bare, shape, cells, settings) }
}

type Bare = Omit<Observed, 'shape' | 'level'>

/** Mean 1 over both day types. A type that was never seen has the usual shape. */
function cityShape({ amount, exposure, cells }: Bare, level: DailyLevel): Float64Array {
  const rate = Float64Array.from({ length: points }, (_, point) => {
    const type = dayTypes[Math.floor(point / slotsPerDay)] as DayType
    const usual = usualShape(type)[point % slotsPerDay] as number
    const typical = Math.max(level.typical[type], 1e-6)
    let [trips, days] = [usualShapeTrips * usual, usualShapeTrips / typical]
    for (let cell = 0; cell < cells; cell++) {
      trips += amount[cell * points + point] as number
      days += (exposure[cell * points + point] as number) / cells
    }
    return trips / days
  })
  const mean = rate.reduce((sum, r) => sum + r, 0) / points
  return rate.map((r) => r / mean)
}

/** Gamma-Poisson shrinkage of each cell's mean rate to its parent, and of the parent's to the city's, by weight. */
function cellLevels(
  { amount, exposure, parent, parents }: Bare,
  shape: Float64Array,
  cells: readonly DemandCell[],
  settings: DemandSettings,
): Float64Array {
  const trips = new Float64Array(cells.length)
  const days = new Float64Array(cells.length)
  const parentTrips = new Float64Array(parents)
  const parentDays = new Float64Array(parents)
  let [cityTrips, cityDays] = [0, 0]
  for (const [cell, { weight }] of cells.entries()) {
    for (let point = 0; point < points; point++) {
      const i = cell * points + point
      trips[cell] = (trips[cell] as number) + (amount[i] as number)
      days[cell] = (days[cell] as number) + (exposure[i] as number) * (shape[point] as number)
    }
    const up = parent[cell] as number
    parentTrips[up] = (parentTrips[up] as number) + (trips[cell] as number)
    parentDays[up] = (parentDays[up] as number) + weight * (days[cell] as number)
    cityTrips += trips[cell] as number
    cityDays += weight * (days[cell] as number)
  }
  const guess = Math.max(settings.priorRidesPerWeight, 1e-3) / slotsPerDay
  const city = (cityTrips + settings.priorDays) / (cityDays + settings.priorDays / guess)
  return Float64Array.from(cells, ({ weight }, cell) => {
    const up = parent[cell] as number
    const around =
      ((parentTrips[up] as number) + settings.parentStrength) /
      ((parentDays[up] as number) + settings.parentStrength / city)
    return (
      ((trips[cell] as number) + settings.cellStrength) /
      ((days[cell] as number) + settings.cellStrength / (around * weight))
    )
  })
}

/** A cell's own half hours against its profiles: gamma-Poisson again, neighbouring half hours counting in part. */
function leanOnOwnHalfHours(mixed: Float64Array, { amount, exposure }: Observed, strength: number): Float64Array {
  return mixed.map((rate, i) => {
    let [trips, expected] = [amount[i] as number, (exposure[i] as number) * rate]
    const block = Math.floor(i / slotsPerDay)
    for (const [gap, weight] of neighbourWeights.entries()) {
      for (const other of [i - gap - 1, i + gap + 1]) {
        if (other < 0 || Math.floor(other / slotsPerDay) !== block) continue
        trips += weight * (amount[other] as number)
        expected += weight * (exposure[other] as number) * (mixed[other] as number)
      }
    }
    return (rate * (trips + strength)) / (expected + strength)
  })
}

/** Each cell's level of late against its mean (in place): a new office, a building site. */
function followCellLevels(
  fitted: Float64Array,
  mixed: Float64Array,
  panel: Panel,
  days: readonly DemandDay[],
  dayLevel: readonly number[],
  settings: DemandSettings,
): void {
  const fade = days.map((_, day) => settings.cellLevelDecay ** (days.length - 1 - day))
  const typeOf = days.map(({ dayType }) => dayTypes.indexOf(dayType))
  const trips = new Float64Array(panel.cellCount)
  const hidden = new Float64Array(panel.cellCount)
  for (let row = 0; row < panel.cell.length; row++) {
    const cell = panel.cell[row] as number
    const day = panel.day[row] as number
    const weight = fade[day] as number
    const rate = mixed[cell * points + (typeOf[day] as number) * slotsPerDay + (panel.slot[row] as number)] as number
    trips[cell] = (trips[cell] as number) + weight * (panel.amount[row] as number)
    hidden[cell] =
      (hidden[cell] as number) + weight * (dayLevel[day] as number) * (1 - (panel.open[row] as number)) * rate
  }
  const perType = dayTypes.map((_, t) =>
    fade.reduce((sum, w, day) => sum + (typeOf[day] === t ? w * (dayLevel[day] as number) : 0), 0),
  )
  for (let cell = 0; cell < panel.cellCount; cell++) {
    let expected = -(hidden[cell] as number)
    for (let point = 0; point < points; point++) {
      expected += (perType[Math.floor(point / slotsPerDay)] as number) * (mixed[cell * points + point] as number)
    }
    const factor = ((trips[cell] as number) + settings.cellLevelStrength) / (expected + settings.cellLevelStrength)
    for (let i = cell * points; i < (cell + 1) * points; i++) fitted[i] = (fitted[i] as number) * factor
  }
}

function scaleTo(rates: Float64Array, total: number): void {
  const sum = rates.reduce((all, rate) => all + rate, 0)
  if (sum > 0) for (let i = 0; i < rates.length; i++) rates[i] = ((rates[i] as number) * total) / sum
}
