import type { CityMood } from '../../../contracts/http/demo.ts'

/** How much more or less than usual happens on the street: factors, 1 is usual. */
export interface MoodFactors {
  readonly departures: number
  readonly wear: number
  readonly deadSpots: number
  readonly jams: number
}

export const usualMood: CityMood = { weather: 'fair', faultRate: 'usual', rushTillMs: null }

/** Trips of a bike-share scheme fall by about half on a rainy day, and to a fifth in a storm. */
const weathers: Readonly<Record<CityMood['weather'], MoodFactors>> = {
  fair: { departures: 1, wear: 1, deadSpots: 1, jams: 1 },
  rain: { departures: 0.5, wear: 1, deadSpots: 1.5, jams: 1 },
  storm: { departures: 0.2, wear: 1, deadSpots: 3, jams: 1.5 },
  frost: { departures: 0.6, wear: 3, deadSpots: 1, jams: 2 },
}
const faultFactors: Readonly<Record<CityMood['faultRate'], number>> = { none: 0, usual: 1, many: 10 }
const rushFactor = 3

export function factorsOf(mood: CityMood, nowMs: number): MoodFactors {
  const weather = weathers[mood.weather]
  const faults = faultFactors[mood.faultRate]
  return {
    departures: weather.departures * (isRush(mood, nowMs) ? rushFactor : 1),
    wear: weather.wear,
    deadSpots: weather.deadSpots * faults,
    jams: weather.jams * faults,
  }
}

export const isRush = ({ rushTillMs }: CityMood, nowMs: number): boolean => rushTillMs !== null && nowMs < rushTillMs
