import type { DayType, DemandDay, Weather } from './demand-history.ts'
import { dayTypes } from './demand-history.ts'
import type { DemandSettings } from './demand-settings.ts'

/** How busy the whole city is. */
export interface DailyLevel {
  /** Trips of an ordinary day of each type. */
  readonly typical: Readonly<Record<DayType, number>>
  /** What the last days say, as a factor; 1 is ordinary. */
  readonly recent: number
  readonly weather: WeatherEffect
  /** Variance of the log of (what came / what was foretold the day before). */
  readonly errorVariance: number
}

/** Log-linear: per 10 °C above the mean, and per unit of ln(1 + mm of rain) above the mean. */
export interface WeatherEffect {
  readonly perTenDegrees: number
  readonly perRain: number
  readonly meanTemperatureC: number
  readonly meanRain: number
}

const noWeather: WeatherEffect = { perTenDegrees: 0, perRain: 0, meanTemperatureC: 0, meanRain: 0 }
const settlingRounds = 10
/** Standard deviation 0.25: what a city's day usually misses by, until this city has shown its own. */
const priorErrorVariance = 0.06
const priorErrorDays = 5
/** Days needed before the first look back. */
const leastDays = 5
/** One look back may count as a miss of at most so much (log): a day without service is no forecast error. */
const worstMiss = 1.5

/**
 * The city's level one day after the last of `days`. `totals` are trips per day, `priorTotal` the guess before the
 * first trip. A day far from the others (rain, a strike) counts less (Student weights), so that it does not pull
 * tomorrow down with it.
 */
export function dailyLevel(
  totals: ArrayLike<number>,
  days: readonly DemandDay[],
  priorTotal: number,
  settings: DemandSettings,
): DailyLevel {
  const level = levelAfter(days.length, totals, days, priorTotal, settings)
  let misses = priorErrorVariance * priorErrorDays
  let looks = priorErrorDays
  for (let day = leastDays; day < days.length; day++) {
    const then = levelAfter(day, totals, days, priorTotal, settings)
    const { dayType, weather } = days[day] as DemandDay
    const foretold = then.typical[dayType] * then.recent * weatherFactor(then.weather, weather)
    misses += Math.min(worstMiss, Math.abs(Math.log(((totals[day] as number) + 1) / (foretold + 1)))) ** 2
    looks++
  }
  return { ...level, errorVariance: misses / looks }
}

/** 1 when nothing is known of the weather. */
export function weatherFactor(effect: WeatherEffect, weather: Weather | undefined): number {
  return weather === undefined ? 1 : Math.exp(weatherLog(effect, weather))
}

const weatherLog = (effect: WeatherEffect, { temperatureC, rainMm }: Weather): number =>
  effect.perTenDegrees * ((temperatureC - effect.meanTemperatureC) / 10) +
  effect.perRain * (Math.log1p(rainMm) - effect.meanRain)

function levelAfter(
  count: number,
  totals: ArrayLike<number>,
  days: readonly DemandDay[],
  priorTotal: number,
  settings: DemandSettings,
): Omit<DailyLevel, 'errorVariance'> {
  const logs = Array.from({ length: count }, (_, day) => Math.log((totals[day] as number) + 1))
  const age = (day: number) => count - 1 - day
  const typicalOf = (values: readonly number[]) => {
    const of = (type: DayType) => {
      const chosen = values.flatMap((_, day) => (days[day]?.dayType === type ? [day] : []))
      if (chosen.length === 0) return undefined
      return robustMean(
        chosen.map((day) => values[day] as number),
        chosen.map((day) => settings.typicalDecay ** age(day)),
        { start: Math.log(priorTotal + 1), weight: settings.priorDays, scale: settings.oddDayScale },
      )
    }
    const [working, off] = dayTypes.map(of)
    const known = working ?? off ?? Math.log(priorTotal + 1)
    return { working: working ?? known, off: off ?? known }
  }
  const rough = typicalOf(logs)
  const over = (typical: Record<DayType, number>) =>
    logs.map((value, day) => value - typical[(days[day] as DemandDay).dayType])
  const weather = weatherEffect(over(rough), days, settings.weatherStrength)
  const dry = logs.map((value, day) => {
    const seen = days[day]?.weather
    return seen === undefined ? value : value - weatherLog(weather, seen)
  })
  const typical = typicalOf(dry)
  const rest = dry.map((value, day) => value - typical[(days[day] as DemandDay).dayType])
  const recent = robustMean(
    rest,
    rest.map((_, day) => settings.recentDecay ** age(day)),
    { start: 0, weight: settings.recentStrength, scale: settings.oddDayScale },
  )
  const trips = (log: number) => Math.max(0, Math.exp(log) - 1)
  return { typical: { working: trips(typical.working), off: trips(typical.off) }, recent: Math.exp(recent), weather }
}

/** Weighted mean in which a value that lies `scale` away counts half; `start` is a value of the given weight. */
function robustMean(
  values: readonly number[],
  weights: readonly number[],
  prior: { readonly start: number; readonly weight: number; readonly scale: number },
): number {
  const plain = weights.reduce((sum, w) => sum + w, 0)
  let mean = plain === 0 ? prior.start : values.reduce((sum, v, i) => sum + v * (weights[i] as number), 0) / plain
  for (let round = 0; round < settlingRounds; round++) {
    let sum = prior.weight * prior.start
    let total = prior.weight
    for (const [i, value] of values.entries()) {
      const weight = (weights[i] as number) / (1 + ((value - mean) / prior.scale) ** 2)
      sum += weight * value
      total += weight
    }
    if (total === 0) return mean
    mean = sum / total
  }
  return mean
}

/** Ridge regression of the log level on temperature and rain, over the days of which the weather is known. */
function weatherEffect(over: readonly number[], days: readonly DemandDay[], strength: number): WeatherEffect {
  const seen = over.flatMap((value, day) => {
    const weather = days[day]?.weather
    return weather === undefined ? [] : [{ value, warm: weather.temperatureC / 10, rain: Math.log1p(weather.rainMm) }]
  })
  if (seen.length === 0) return noWeather
  const mean = (pick: (one: (typeof seen)[number]) => number) =>
    seen.reduce((sum, one) => sum + pick(one), 0) / seen.length
  const [value, warm, rain] = [mean((one) => one.value), mean((one) => one.warm), mean((one) => one.rain)]
  let [ww, rr, wr, wv, rv] = [strength, strength, 0, 0, 0]
  for (const one of seen) {
    ww += (one.warm - warm) ** 2
    rr += (one.rain - rain) ** 2
    wr += (one.warm - warm) * (one.rain - rain)
    wv += (one.warm - warm) * (one.value - value)
    rv += (one.rain - rain) * (one.value - value)
  }
  const det = ww * rr - wr * wr
  return {
    perTenDegrees: (wv * rr - rv * wr) / det,
    perRain: (rv * ww - wv * wr) / det,
    meanTemperatureC: warm * 10,
    meanRain: rain,
  }
}
