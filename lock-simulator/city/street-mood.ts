import type { CityMood, DemoMood } from '../../contracts/http/demo.ts'
import { epochMs } from '../../contracts/units.ts'
import { factorsOf, isRush, type MoodFactors, usualMood } from './core/city-mood.ts'

/** The mood that holds now; one for the whole city. A restart brings the usual one back. */
export interface StreetMood {
  view(): CityMood
  factors(): MoodFactors
  change(wanted: DemoMood): void
}

const minuteMs = 60_000

export function createStreetMood(nowMs: () => number): StreetMood {
  let mood = usualMood
  const rushTill = (minutes: number) => (minutes === 0 ? null : epochMs(Math.round(nowMs() + minutes * minuteMs)))
  return {
    view: () => (isRush(mood, nowMs()) ? mood : { ...mood, rushTillMs: null }),
    factors: () => factorsOf(mood, nowMs()),
    change: ({ weather = mood.weather, faultRate = mood.faultRate, rushMinutes }) => {
      mood = { weather, faultRate, rushTillMs: rushMinutes === undefined ? mood.rushTillMs : rushTill(rushMinutes) }
    },
  }
}
