import { type Random, seededRandom } from '../contracts/random.ts'
import type { Depot, NightProblem, Stop } from '../server/rebalancing/core/night-problem.ts'

const metresPerDegree = 111_320
const originLon = 10.75
const originLat = 59.91
const cityRadiusM = 6_000
/** Median of real ways over straight lines, and its spread: see the planner's notes on road distances. */
const wayFactor = 1.33
const waySpread = 0.12
const metresPerS = 7

export interface NightSize {
  readonly stops: number
  readonly hotspots: number
  readonly vans: number
  readonly capacity: number
  readonly hours: number
}

/** A night in a made-up city: strays in clusters, hotspots near its quarters, some broken bikes, some windows. */
export function makeNight(seed: number, size: NightSize): NightProblem {
  const random = seededRandom(seed, 'bench night')
  const quarters = Array.from({ length: 12 }, () => ({
    x: random.normal(0, cityRadiusM / 2),
    y: random.normal(0, cityRadiusM / 2),
    spreadM: 300 + random.next() * 900,
  }))
  const depots = [depot('depot-0', 0, 0, true), depot('depot-1', cityRadiusM * 0.7, cityRadiusM * 0.5, false)]
  const stops = Array.from({ length: size.stops }, (_, at) => {
    const quarter = random.pick(quarters)
    const where = positionAt(random.normal(quarter.x, quarter.spreadM), random.normal(quarter.y, quarter.spreadM))
    return at < size.hotspots ? makeHotspot(random, at, where) : makeStrays(random, at, where)
  })
  const places = [...depots, ...stops]
  const { distanceM, driveS } = makeWays(random, places)
  return {
    zeroMs: Date.UTC(2026, 4, 11, 21),
    places,
    distanceM,
    driveS,
    vans: Array.from({ length: size.vans }, (_, at) => {
      const base = at % 3 === 2 ? 1 : 0
      return {
        vanId: `van-${at}`,
        name: `Van ${at + 1}`,
        capacity: size.capacity,
        startPlace: base,
        endPlace: base,
        startS: 0,
        endS: size.hours * 3_600,
        usableAtStart: 0,
        brokenAtStart: 0,
        lockedPlaces: [],
      }
    }),
    costs: { ridesPerKm: 0.15, ridesPerHour: 4, ridesPerVan: 5 },
    handling: { stopS: 90, perBikeS: 60 },
  }
}

const positionAt = (x: number, y: number) => ({
  lon: originLon + x / (metresPerDegree * Math.cos((originLat * Math.PI) / 180)),
  lat: originLat + y / metresPerDegree,
})

const depot = (placeId: string, x: number, y: number, isWorkshop: boolean): Depot => ({
  kind: 'depot',
  placeId,
  name: placeId,
  ...positionAt(x, y),
  isWorkshop,
})

/** Values fall from bike to bike. */
const falling = (first: number, factor: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => first * factor ** at)

function makeHotspot(random: Random, at: number, where: { lon: number; lat: number }): Stop {
  const need = random.integer(3, 14)
  return {
    kind: 'stop',
    placeId: `hotspot-${at}`,
    name: `Hotspot ${at}`,
    ...where,
    window: random.chance(0.1) ? { openS: 0, closeS: random.integer(3, 6) * 3_600 } : null,
    takeBikes: [],
    takeValues: [],
    giveValues: falling(0.8 + random.next() * 1.6, 0.84 + random.next() * 0.1, need),
    brokenBikes: [],
    brokenValues: [],
  }
}

function makeStrays(random: Random, at: number, where: { lon: number; lat: number }): Stop {
  const isSurplus = random.chance(0.15)
  const bikes = isSurplus ? random.integer(3, 12) : 1 + Math.floor(random.next() ** 2 * 5)
  const broken = random.chance(0.12) ? random.integer(1, 2) : 0
  const first = isSurplus ? 0.05 : 0.1 + random.next() * 0.5
  return {
    kind: 'stop',
    placeId: `stray-${at}`,
    name: `Strays ${at}`,
    ...where,
    window: random.chance(0.05) ? { openS: random.integer(1, 3) * 3_600, closeS: 8 * 3_600 } : null,
    takeBikes: Array.from({ length: bikes }, (_, bike) => `bike-${at}-${bike}`),
    takeValues: isSurplus
      ? Array.from({ length: bikes }, (_, bike) => first - 0.06 * bike)
      : falling(first, 0.9, bikes),
    giveValues: [],
    brokenBikes: Array.from({ length: broken }, (_, bike) => `broken-${at}-${bike}`),
    brokenValues: falling(0.9, 0.9, broken),
  }
}

function makeWays(random: Random, places: readonly { lon: number; lat: number }[]) {
  const distanceM: number[] = []
  const driveS: number[] = []
  const mPerLon = metresPerDegree * Math.cos((originLat * Math.PI) / 180)
  for (const from of places) {
    for (const to of places) {
      const straightM = Math.hypot((to.lon - from.lon) * mPerLon, (to.lat - from.lat) * metresPerDegree)
      const factor = Math.max(1, random.normal(wayFactor, waySpread))
      const metres = from === to ? 0 : Math.round(straightM * factor)
      distanceM.push(metres)
      driveS.push(from === to ? 0 : Math.round(metres / metresPerS + 20))
    }
  }
  return { distanceM, driveS }
}
