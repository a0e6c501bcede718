import { cosineOf } from './exact-sine.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const yearDays = 365.2425
/** The warmest day of the year and hour of the sun's day, north of the equator. */
const warmestDay = 205
const warmestHour = 15
/** °C: at the equator, less for each degree of latitude; swings of the year (per degree), the day, and from day to day. */
const warmth = { equator: 30, perDegree: 0.39, yearPerDegree: 0.17, day: 4, dayToDay: 5 }
/** Clouds gather and go within hours, and some days are grey. */
const cloudKnotMs = 6 * hourMs

export interface Weather {
  /** 0 clear, 1 overcast. */
  readonly cloud: number
  readonly celsius: number
}

/** The same for a whole city, and the same on every machine: noise over time, and no state. */
export function weatherAt({ lon, lat }: { readonly lon: number; readonly lat: number }, atMs: number): Weather {
  const city = Math.imul(Math.floor(lat), 73_856_093) ^ Math.imul(Math.floor(lon), 19_349_663)
  const days = atMs / dayMs
  const greyDay = noise(city, atMs / dayMs)
  const cloud = 0.5 * greyDay + 0.5 * noise(city + 1, atMs / cloudKnotMs)
  const fromEquator = Math.abs(lat)
  const season = cosineOf((360 / yearDays) * (days - Math.floor(days / yearDays) * yearDays - warmestDay))
  const sunHours = (days - Math.floor(days)) * 24 + lon / 15
  const celsius =
    warmth.equator -
    warmth.perDegree * fromEquator +
    warmth.yearPerDegree * fromEquator * (lat < 0 ? -season : season) +
    warmth.day * cosineOf(15 * (sunHours - warmestHour)) +
    warmth.dayToDay * (2 * noise(city + 2, days) - 1)
  return { cloud, celsius }
}

/** 0 to 1, straight lines between knots that are hashed from their number. */
function noise(seed: number, at: number): number {
  const knot = Math.floor(at)
  const share = at - knot
  return hashed(seed, knot) * (1 - share) + hashed(seed, knot + 1) * share
}

function hashed(seed: number, knot: number): number {
  let h = Math.imul(knot ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  h ^= h >>> 16
  return (h >>> 0) / 4_294_967_296
}
