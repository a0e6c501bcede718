import { assert } from '../../../../contracts/assert.ts'
import type { NightProblem, Stop, Van } from '../night-problem.ts'

/** The three kinds of work at a stop; `place * workKinds + kind` is the row of a work in the tables below. */
export const takeWork = 0
export const giveWork = 1
export const brokenWork = 2
export const workKinds = 3

/** Places that count as near; more of them made no better plans, only slower ones. */
const nearPlaces = 48

/**
 * A night's problem as typed arrays. A *point* is a place, or (after the places) the start and the end of a van: way and
 * time between points include parking at the point driven to, so that two works at one place pay for it once.
 */
export interface Night {
  readonly problem: NightProblem
  readonly places: number
  readonly points: number
  readonly vans: number
  /** Rides that the kilometres cost, points × points. */
  readonly kmCost: Float64Array
  /** Seconds of driving and, except to a van's end, of parking, points × points. */
  readonly arcS: Float64Array
  readonly costPerS: number
  readonly perBikeS: number
  /** Bikes there are (or room there is) for each work. */
  readonly stock: Int32Array
  /** Where a work's sums begin in `sums`. */
  readonly sumsFrom: Int32Array
  /** `sums[sumsFrom[work] + q]`: rides won by the first q bikes of a work. */
  readonly sums: Float64Array
  /** True where any stop has a window. */
  readonly windows: boolean
  /** Seconds after arrival and parking between which a place's window holds. */
  readonly openS: Float64Array
  readonly closeS: Float64Array
  readonly isDepot: Uint8Array
  readonly isWorkshop: Uint8Array
  /** `near[place * nearCount + k]`: the stops around a place, nearest first, itself the first. */
  readonly near: Int32Array
  readonly nearCount: number
  readonly capacity: Int32Array
  readonly startS: Float64Array
  readonly endS: Float64Array
  readonly usableAtStart: Int32Array
  readonly brokenAtStart: Int32Array
  readonly endIsWorkshop: Uint8Array
  /** 1 where a van can't stay where it is: its end is elsewhere, or it has broken bikes and is at no workshop. */
  readonly mustGo: Uint8Array
}

export const startPoint = (night: Night, van: number): number => night.places + 2 * van
export const endPoint = (night: Night, van: number): number => night.places + 2 * van + 1

/** Throws `BrokenInvariant` where the matrices or the lists of values do not fit the places. */
export function compileNight(problem: NightProblem): Night {
  const { places, vans, handling, costs } = problem
  const size = places.length * places.length
  assert(problem.distanceM.length === size && problem.driveS.length === size, 'the matrices are places × places')
  const works = compileWorks(problem)
  const nearCount = Math.min(nearPlaces, places.filter((place) => place.kind === 'stop').length)
  return {
    problem,
    places: places.length,
    points: places.length + 2 * vans.length,
    vans: vans.length,
    ...compileArcs(problem),
    costPerS: costs.ridesPerHour / 3600,
    perBikeS: handling.perBikeS,
    ...works,
    windows: places.some((place) => windowOf(place) !== null),
    openS: Float64Array.from(places, (p) => (windowOf(p)?.openS ?? Number.NEGATIVE_INFINITY) + handling.stopS),
    closeS: Float64Array.from(places, (p) => (windowOf(p)?.closeS ?? Number.POSITIVE_INFINITY) + handling.stopS),
    isDepot: Uint8Array.from(places, (place) => (place.kind === 'depot' ? 1 : 0)),
    isWorkshop: Uint8Array.from(places, (place) => (place.kind === 'depot' && place.isWorkshop ? 1 : 0)),
    near: compileNear(problem, nearCount),
    nearCount,
    capacity: Int32Array.from(vans, (van) => van.capacity),
    startS: Float64Array.from(vans, (van) => van.startS),
    endS: Float64Array.from(vans, (van) => van.endS),
    usableAtStart: Int32Array.from(vans, (van) => van.usableAtStart),
    brokenAtStart: Int32Array.from(vans, (van) => van.brokenAtStart),
    endIsWorkshop: Uint8Array.from(vans, (van) => (workshopAt(problem, van.endPlace) ? 1 : 0)),
    mustGo: Uint8Array.from(vans, (van) => (mustGo(problem, van) ? 1 : 0)),
  }
}

function mustGo(problem: NightProblem, van: Van): boolean {
  if (van.startPlace !== van.endPlace || van.lockedPlaces.length > 0) return true
  return van.brokenAtStart > 0 && !workshopAt(problem, van.startPlace)
}

function workshopAt(problem: NightProblem, at: number): boolean {
  const place = problem.places[at]
  return place?.kind === 'depot' && place.isWorkshop
}

const windowOf = (place: NightProblem['places'][number]) => (place.kind === 'stop' ? place.window : null)

function compileWorks(problem: NightProblem): Pick<Night, 'stock' | 'sums' | 'sumsFrom'> {
  const none: readonly number[] = []
  const lists = problem.places.flatMap((place) => {
    if (place.kind === 'depot') return [none, none, none]
    assertListsFit(place)
    return [place.takeValues, place.giveValues, place.brokenValues]
  })
  const sums: number[] = []
  const sumsFrom = new Int32Array(lists.length)
  lists.forEach((values, work) => {
    sumsFrom[work] = sums.length
    let sum = 0
    sums.push(sum)
    for (const value of values) {
      sum += value
      sums.push(sum)
    }
  })
  return { stock: Int32Array.from(lists, (values) => values.length), sumsFrom, sums: Float64Array.from(sums) }
}

function assertListsFit(stop: Stop): void {
  assert(stop.takeBikes.length === stop.takeValues.length, `each bike to take at ${stop.placeId} has a value`)
  assert(stop.brokenBikes.length === stop.brokenValues.length, `each broken bike at ${stop.placeId} has a value`)
}

function compileArcs(problem: NightProblem): Pick<Night, 'kmCost' | 'arcS'> {
  const { places, vans, handling, costs } = problem
  const points = places.length + 2 * vans.length
  const kmCost = new Float64Array(points * points)
  const arcS = new Float64Array(points * points)
  const set = (from: number, to: number, pair: number, parkS: number): void => {
    kmCost[from * points + to] = ((problem.distanceM[pair] as number) / 1000) * costs.ridesPerKm
    arcS[from * points + to] = (problem.driveS[pair] as number) + parkS
  }
  for (let from = 0; from < places.length; from++) {
    for (let to = 0; to < places.length; to++) {
      if (from !== to) set(from, to, from * places.length + to, handling.stopS)
    }
  }
  vans.forEach((van, v) => {
    const start = places.length + 2 * v
    const end = start + 1
    for (let place = 0; place < places.length; place++) {
      set(start, place, van.startPlace * places.length + place, handling.stopS)
      set(place, end, place * places.length + van.endPlace, 0)
    }
    set(start, end, van.startPlace * places.length + van.endPlace, 0)
  })
  return { kmCost, arcS }
}

function compileNear(problem: NightProblem, nearCount: number): Int32Array {
  const n = problem.places.length
  const stops = problem.places.flatMap((place, at) => (place.kind === 'stop' ? [at] : []))
  const near = new Int32Array(n * nearCount)
  const way = new Float64Array(n)
  for (let place = 0; place < n; place++) {
    for (const other of stops) {
      const both = (problem.driveS[place * n + other] as number) + (problem.driveS[other * n + place] as number)
      way[other] = other === place ? -1 : both
    }
    const order = [...stops].sort((a, b) => (way[a] as number) - (way[b] as number) || a - b)
    near.set(order.slice(0, nearCount), place * nearCount)
  }
  return near
}
