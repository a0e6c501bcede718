import type { NightPlan } from '../../server/rebalancing/core/night-plan.ts'
import type { NightProblem, Stop, Van } from '../../server/rebalancing/core/night-problem.ts'
import type { Standing } from './replay.ts'
import type { WantedPlace } from './wanted-places.ts'

/** A street is so much longer than the straight line, and a van so fast in town (planner.md, section 6). */
const detour = 1.33
const vanMps = 7
/** Bikes so close together are taken at one stop. */
const clusterM = 120
/** A bike that is ridden on more of the likely days than this stays where it is. */
const mostRidden = 0.15
/** Riding a bike elsewhere is partly made up for by its neighbours. */
const missedShare = 0.5
/** Places that the planner looks at: it is measured up to about this size. */
const mostPlaces = 600
const mostWanted = 280
/** Lifting one bike, stopping the van. */
const handling = { stopS: 90, perBikeS: 60 }
/** Prices that keep a van from crossing the island for one ride. */
const costs = { ridesPerKm: 0.05, ridesPerHour: 0.5, ridesPerVan: 1 }
const hourS = 3_600

export interface NightOrder {
  readonly vans: number
  readonly hours: number
  readonly capacity: number
  /** Rides that moving one bike costs before any driving. */
  readonly ridesPerBike: number
}

interface Cluster {
  readonly x: number
  readonly y: number
  readonly bikes: readonly number[]
}

export interface StrayNight {
  readonly problem: NightProblem
  /** Where a bike that is put down at this place stands; null at the depot and where bikes are only taken. */
  goalOf(place: number): { readonly x: number; readonly y: number } | null
}

/** Tonight's problem: clusters of bikes that hardly anybody will miss, and the places where one more wins rides. */
export function strayNight(
  standing: Standing,
  ridden: Float64Array,
  wanted: readonly WantedPlace[],
  order: NightOrder,
): StrayNight {
  const goals = [...wanted].sort((a, b) => sum(b.gains) - sum(a.gains)).slice(0, mostWanted)
  const clusters = idleClusters(standing, ridden)
    .map((cluster) => ({ cluster, score: Math.min(6, cluster.bikes.length) / (1 + nearestM(cluster, goals) / 500) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, mostPlaces - goals.length - 1)
    .map(({ cluster }) => cluster)
  const centre = { x: mean(goals.map(({ x }) => x)), y: mean(goals.map(({ y }) => y)) }
  const spots = [centre, ...goals, ...clusters]
  const distanceM = spots.flatMap((a) => spots.map((b) => Math.round(detour * Math.hypot(a.x - b.x, a.y - b.y))))
  const problem: NightProblem = {
    zeroMs: 0,
    places: [
      { kind: 'depot', placeId: 'depot', name: 'depot', lon: 0, lat: 0, isWorkshop: true },
      ...goals.map(({ gains }, i) =>
        stop(
          `wanted-${i}`,
          [],
          [],
          gains.map((gain) => gain - order.ridesPerBike),
        ),
      ),
      ...clusters.map(({ bikes }, i) =>
        stop(
          `idle-${i}`,
          bikes,
          bikes.map((bike) => -missedShare * (ridden[bike] as number)),
          [],
        ),
      ),
    ],
    distanceM,
    driveS: distanceM.map((metres) => Math.round(metres / vanMps)),
    vans: Array.from({ length: order.vans }, (_, i) => van(i, order)),
    costs,
    handling,
  }
  return { problem, goalOf: (place) => goals[place - 1] ?? null }
}

const stop = (
  placeId: string,
  bikes: readonly number[],
  takeValues: readonly number[],
  giveValues: readonly number[],
): Stop => ({
  kind: 'stop',
  placeId,
  name: placeId,
  lon: 0,
  lat: 0,
  window: null,
  takeBikes: bikes.map(String),
  takeValues,
  giveValues,
  brokenBikes: [],
  brokenValues: [],
})

const van = (index: number, { hours, capacity }: NightOrder): Van => ({
  vanId: `van-${index + 1}`,
  name: `Van ${index + 1}`,
  capacity,
  startPlace: 0,
  endPlace: 0,
  startS: 0,
  endS: hours * hourS,
  usableAtStart: 0,
  brokenAtStart: 0,
  lockedPlaces: [],
})

/** Bikes in one cell of a grid, those first that are ridden least. */
function idleClusters({ x, y }: Standing, ridden: Float64Array): Cluster[] {
  const cells = new Map<string, number[]>()
  for (let bike = 0; bike < x.length; bike++) {
    if ((ridden[bike] as number) > mostRidden) continue
    const key = `${Math.floor((x[bike] as number) / clusterM)},${Math.floor((y[bike] as number) / clusterM)}`
    const cell = cells.get(key)
    if (cell) cell.push(bike)
    else cells.set(key, [bike])
  }
  return [...cells.values()].map((bikes) => ({
    x: mean(bikes.map((bike) => x[bike] as number)),
    y: mean(bikes.map((bike) => y[bike] as number)),
    bikes: bikes.sort((a, b) => (ridden[a] as number) - (ridden[b] as number)),
  }))
}

/** Where the bikes stand when the vans are back. */
export function afterTheNight(standing: Standing, { goalOf }: StrayNight, plan: NightPlan): Standing {
  const after = { x: standing.x.slice(), y: standing.y.slice() }
  for (const { stops } of plan.routes) {
    const load: number[] = []
    for (const { place, take, give } of stops) {
      load.push(...take.map(Number))
      const goal = goalOf(place)
      for (const bike of load.splice(0, give)) {
        if (goal === null) continue
        after.x[bike] = goal.x
        after.y[bike] = goal.y
      }
    }
  }
  return after
}

const nearestM = (cluster: Cluster, goals: readonly WantedPlace[]): number =>
  goals.reduce(
    (least, goal) => Math.min(least, Math.hypot(goal.x - cluster.x, goal.y - cluster.y)),
    Number.POSITIVE_INFINITY,
  )
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length)
