import { seededRandom } from '../../../../contracts/random.ts'
import { weatherFactor } from './daily-level.ts'
import type { DayType, DemandHistory, Weather } from './demand-history.ts'
import { type DemandSettings, demandSettings } from './demand-settings.ts'
import { type LearnedRates, learnRates } from './learn-rates.ts'
import { slotsPerDay } from './local-half-hour.ts'
import { panelOf } from './panel.ts'
import { settleDayTypes } from './settle-day-types.ts'

/** What a city's history taught. Not stored: a night's job learns it anew within seconds. */
export interface DemandModel {
  readonly cells: readonly string[]
  readonly settings: DemandSettings
  readonly pickups: LearnedRates
  readonly returns: LearnedRates
  /** The type that each day of the history turned out to have. */
  readonly dayTypes: readonly DayType[]
  /** Days of each type, older ones counting less. */
  readonly watchedDays: Readonly<Record<DayType, number>>
}

export interface ForecastDay {
  readonly dayType: DayType
  readonly weather?: Weather
  /** A factor for what the history cannot know (a fair, a new fleet); 1 by default. */
  readonly level?: number
}

export interface DemandForecast {
  readonly cells: readonly string[]
  /** Expected pickups (all that riders would take, served or not), cells × 48 row-major. */
  readonly pickups: Float64Array
  readonly returns: Float64Array
  /** k of the negative binomial of a cell's day: variance = mean + mean² / k. */
  readonly dispersion: Float64Array
  /** How many days like this one speak in it, older ones and those of the other type counting less. */
  readonly evidenceDays: number
  /** 0 (a guess) to 1. */
  readonly sureness: number
  readonly surenessCode: SurenessCode
}

/** For the sentence that people read: nothing yet; days, not weeks; a few weeks; enough. */
export type SurenessCode = 'no_history' | 'first_days' | 'learning' | 'settled'

/** A day of the other type says this much of one of this type. */
const otherTypeSays = 0.3
/** Days at which the forecast is half sure. */
const halfSureDays = 4
const firstDays = 4
const settledDays = 12

/**
 * Learns from all that was watched; with an empty history the forecast is `priorRidesPerWeight` spread over the usual
 * day. Only days before the one that is forecast may be in it. The same history, settings and seed teach the same.
 */
export function learnDemand(
  history: DemandHistory,
  settings: DemandSettings = demandSettings(),
  seed = 0,
): DemandModel {
  const pickups = panelOf(history, 'pickups', settings)
  const returns = panelOf(history, 'returns', settings)
  const types = settleDayTypes(
    pickups,
    history.days.map(({ dayType }) => dayType),
  )
  const days = history.days.map((day, i) => ({ ...day, dayType: types[i] as DayType }))
  const watched = (type: DayType) =>
    types.reduce((sum, one, i) => sum + (one === type ? settings.dayDecay ** (types.length - 1 - i) : 0), 0)
  return {
    cells: history.cells.map(({ key }) => key),
    settings,
    pickups: learnRates(pickups, history.cells, days, settings, seededRandom(seed, 'pickups')),
    returns: learnRates(returns, history.cells, days, settings, seededRandom(seed, 'returns')),
    dayTypes: types,
    watchedDays: { working: watched('working'), off: watched('off') },
  }
}

/** The day after the history's last; sums to its foretold level. */
export function forecastDay(model: DemandModel, day: ForecastDay): DemandForecast {
  const other: DayType = day.dayType === 'working' ? 'off' : 'working'
  const evidenceDays = model.watchedDays[day.dayType] + otherTypeSays * model.watchedDays[other]
  const { spread, level } = model.pickups
  return {
    cells: model.cells,
    pickups: ratesOf(model.pickups, day),
    returns: ratesOf(model.returns, day),
    dispersion: Float64Array.from(spread.dayVariance, (variance, cell) => {
      const ownMean = 1 / ((spread.trips[cell] as number) + model.settings.cellStrength)
      return 1 / (variance + level.errorVariance + ownMean)
    }),
    evidenceDays,
    sureness: evidenceDays / (evidenceDays + halfSureDays),
    surenessCode: surenessCode(evidenceDays),
  }
}

/** The span that holds a cell's pickups of the day's half hours `fromSlot` … `toSlot` − 1 with 80 % (of its rate). */
export function likelyRate(
  forecast: DemandForecast,
  cell: number,
  fromSlot = 0,
  toSlot = slotsPerDay,
): [number, number] {
  let mean = 0
  for (let slot = fromSlot; slot < toSlot; slot++) mean += forecast.pickups[cell * slotsPerDay + slot] as number
  const k = forecast.dispersion[cell] as number
  return [mean * gammaQuantile(k, -normalTenth), mean * gammaQuantile(k, normalTenth)]
}

/** Standard normal quantile of 0.9. */
const normalTenth = 1.2816

/** Quantile of a gamma of mean 1 and shape k (Wilson & Hilferty 1931). */
const gammaQuantile = (k: number, z: number): number => Math.max(0, 1 - 1 / (9 * k) + z / (3 * Math.sqrt(k))) ** 3

function ratesOf({ rates, level }: LearnedRates, day: ForecastDay): Float64Array {
  const factor = level.recent * weatherFactor(level.weather, day.weather) * (day.level ?? 1)
  return rates[day.dayType].map((rate) => rate * factor)
}

function surenessCode(evidenceDays: number): SurenessCode {
  if (evidenceDays === 0) return 'no_history'
  if (evidenceDays < firstDays) return 'first_days'
  return evidenceDays < settledDays ? 'learning' : 'settled'
}
