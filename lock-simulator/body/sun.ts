import { cosineOf, sineOf } from './exact-sine.ts'

const dayMs = 86_400_000
const yearDays = 365.2425
/** 2000-01-01 00:00 UTC. */
const epochDays = 10_957
const tiltDeg = 23.44
/** The winter solstice lies so many days before the new year. */
const solsticeDays = 10

/**
 * Sine of the sun's height over the horizon, which is also its share on a flat panel; negative at night. By mean solar
 * time: the clock of the sun may be a quarter of an hour off, which no battery notices.
 */
export function sunHeight(place: { readonly lon: number; readonly lat: number }, atMs: number): number {
  const days = atMs / dayMs - epochDays
  const dayOfYear = days - yearDays * Math.floor(days / yearDays)
  const declination = -tiltDeg * cosineOf((360 / yearDays) * (dayOfYear + solsticeDays))
  const hourAngle = (days - Math.floor(days)) * 360 - 180 + place.lon
  return sineOf(place.lat) * sineOf(declination) + cosineOf(place.lat) * cosineOf(declination) * cosineOf(hourAngle)
}
