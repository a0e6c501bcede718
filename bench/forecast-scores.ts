import type { DayType } from '../server/rebalancing/core/demand/demand-history.ts'

/** Stations × days × hours, row-major: trips that began, or were foretold. */
export interface HourlyTrips {
  readonly stations: number
  readonly days: number
  readonly values: Float64Array
}

export interface Scores {
  readonly poisson_deviance: number
  readonly mae: number
  readonly rmse: number
  /** Mean absolute error of one station's sum from 06:00 to 11:00 on one day. */
  readonly morning_mae: number
}

const morningHours = [6, 7, 8, 9, 10]
/** A rate of 0 would make any trip impossible. */
const leastRate = 1e-3

export function scoresOf(seen: HourlyTrips, foretold: HourlyTrips): Scores {
  let [deviance, absolute, square, morning] = [0, 0, 0, 0]
  for (let start = 0; start < seen.values.length; start += 24) {
    let miss = 0
    for (let hour = 0; hour < 24; hour++) {
      const y = seen.values[start + hour] as number
      const m = Math.max(leastRate, foretold.values[start + hour] as number)
      deviance += 2 * ((y > 0 ? y * Math.log(y / m) : 0) - (y - m))
      absolute += Math.abs(y - m)
      square += (y - m) ** 2
      if (morningHours.includes(hour)) miss += y - m
    }
    morning += Math.abs(miss)
  }
  const n = seen.values.length
  return {
    poisson_deviance: round(deviance / n),
    mae: round(absolute / n),
    rmse: round(Math.sqrt(square / n)),
    morning_mae: round((morning * 24) / n),
  }
}

const round = (value: number): number => Number(value.toFixed(4))

/** Days of `all` from `first`, `count` of them. */
export function slice(all: HourlyTrips, first: number, count: number): HourlyTrips {
  const values = new Float64Array(all.stations * count * 24)
  for (let station = 0; station < all.stations; station++) {
    const from = (station * all.days + first) * 24
    values.set(all.values.subarray(from, from + count * 24), station * count * 24)
  }
  return { stations: all.stations, days: count, values }
}

/** The simple forecasts that are to be beaten; each foretells `count` days from `first`. */
export const baselines = { stationMean, sameHourLastWeek, typeHourMean, shrunk, shrunkWithLevel }

type Baseline = (all: HourlyTrips, types: readonly DayType[], first: number, count: number) => HourlyTrips

function foretell(
  all: HourlyTrips,
  first: number,
  count: number,
  rate: (station: number, day: number, hour: number) => number,
) {
  const values = new Float64Array(all.stations * count * 24)
  for (let i = 0; i < values.length; i++) {
    const station = Math.floor(i / (count * 24))
    values[i] = rate(station, first + (Math.floor(i / 24) % count), i % 24)
  }
  return { stations: all.stations, days: count, values }
}

const at = (all: HourlyTrips, station: number, day: number, hour: number) =>
  all.values[(station * all.days + day) * 24 + hour] as number

function stationMean(all: HourlyTrips, _types: readonly DayType[], first: number, count: number): HourlyTrips {
  const means = Array.from({ length: all.stations }, (_, station) => {
    const from = station * all.days * 24
    return all.values.subarray(from, from + first * 24).reduce((sum, n) => sum + n, 0) / (first * 24)
  })
  return foretell(all, first, count, (station) => means[station] as number)
}

/** The same weekday of the last week that was known when the test began. */
function sameHourLastWeek(all: HourlyTrips, _types: readonly DayType[], first: number, count: number): HourlyTrips {
  return foretell(all, first, count, (station, day, hour) => {
    const back = 7 * Math.ceil((day - first + 1) / 7)
    return at(all, station, Math.max(0, day - back), hour)
  })
}

/** Means per type of day, over the days before `first`: stations × hours. */
function meansOf(all: HourlyTrips, types: readonly DayType[], first: number, type: DayType) {
  const same = types.slice(0, first).flatMap((one, day) => (one === type ? [day] : []))
  const days = same.length > 0 ? same : types.slice(0, first).map((_, day) => day)
  const mean = new Float64Array(all.stations * 24)
  for (let i = 0; i < mean.length; i++) {
    for (const day of days) mean[i] = (mean[i] as number) + at(all, Math.floor(i / 24), day, i % 24) / days.length
  }
  return { mean, days: days.length }
}

function perType<T>(make: (type: DayType) => T): Record<DayType, T> {
  return { working: make('working'), off: make('off') }
}

function typeHourMean(all: HourlyTrips, types: readonly DayType[], first: number, count: number): HourlyTrips {
  const means = perType((type) => meansOf(all, types, first, type).mean)
  return foretell(all, first, count, (s, day, hour) => means[types[day] as DayType][s * 24 + hour] as number)
}

const pseudoDays = 5

/** Shrunk to the station's share of the city's profile. */
function shrunk(all: HourlyTrips, types: readonly DayType[], first: number, count: number): HourlyTrips {
  const whole = stationMean(all, types, first, 1).values
  const sum = (values: Float64Array) => values.reduce((total, n) => total + n, 0)
  const total = sum(whole)
  const rates = perType((type) => {
    const { mean, days } = meansOf(all, types, first, type)
    const city = Float64Array.from({ length: 24 }, (_, hour) => sum(mean.filter((__, i) => i % 24 === hour)))
    return mean.map((rate, i) => {
      const share = ((whole[i] as number) * 24) / total
      return (days * rate + pseudoDays * share * (city[i % 24] as number)) / (days + pseudoDays)
    })
  })
  return foretell(all, first, count, (s, day, hour) => rates[types[day] as DayType][s * 24 + hour] as number)
}

const levelDays = 3
const levelExponent = 0.7

/** The last row of the published table: the level of the last three days on top, one day ahead. */
function shrunkWithLevel(all: HourlyTrips, types: readonly DayType[], first: number, count: number): HourlyTrips {
  const plain = shrunk(all, types, first, count)
  const sum = (values: Float64Array) => values.reduce((total, n) => total + n, 0)
  const usual = perType((type) => sum(meansOf(all, types, first, type).mean))
  const totals = Array.from({ length: all.days }, (_, day) => sum(slice(all, day, 1).values))
  const level = Array.from({ length: count }, (_, i) => {
    const days = Array.from({ length: levelDays }, (__, back) => first + i - 1 - back)
    const seen = days.reduce((all3, day) => all3 + (totals[day] as number), 0)
    return (seen / days.reduce((all3, day) => all3 + usual[types[day] as DayType], 0)) ** levelExponent
  })
  const scaled = plain.values.map((rate, i) => rate * (level[Math.floor(i / 24) % count] as number))
  return { ...plain, values: scaled }
}

export type { Baseline }
