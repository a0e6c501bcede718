import { below, type FastRandom, fraction } from './fast-random.ts'
import type { TourInstance } from './instance.ts'
import type { TourTables } from './tour-tables.ts'

/** Stops taken out per round on average; the method's authors use 10. */
const averageTaken = 10
/** Longest string taken out of one tour at once. */
const longestString = 10
/** A string that keeps some of its inner stops instead of going as a whole. */
const splitShare = 0.5
const keepOneMoreShare = 0.01

/** How strings are chosen: one per tour suits many short tours, several per tour suits few long ones. */
export type StringRule = 'one-per-tour' | 'several-per-tour'

/** Stops that wait to be put back, and the room to find them. */
export interface Taken {
  /** The first `count` entries. */
  readonly nodes: Int32Array
  count: number
  /** Tours that lost stops in this round, each once: the first `tourCount`. */
  readonly tours: Int32Array
  tourCount: number
}

export function createTaken(instance: TourInstance): Taken {
  const { nodeCount, tourLimit } = instance
  return { nodes: new Int32Array(nodeCount), count: 0, tours: new Int32Array(tourLimit), tourCount: 0 }
}

/**
 * Marks strings of neighbouring stops as taken: their `tourOf` becomes -1. The tours keep them until `closeGaps`.
 * `near` lists for each node all stops by distance, itself first.
 */
export function takeOut(
  tables: TourTables,
  near: Int32Array,
  rule: StringRule,
  taken: Taken,
  random: FastRandom,
): void {
  taken.count = 0
  taken.tourCount = 0
  const stopCount = tables.nodeCount - 1
  let tourCount = 0
  for (let tour = 0; tour < tables.length.length; tour++) if ((tables.length[tour] as number) > 0) tourCount++
  const longest = Math.min(longestString, stopCount / tourCount)
  const mostStrings = (4 * averageTaken) / (1 + longest) - 1
  const strings = Math.floor(1 + fraction(random) * mostStrings)
  const row = (1 + below(random, stopCount)) * tables.nodeCount
  let done = 0
  for (let i = 0; i < stopCount && done < strings; i++) {
    const node = near[row + i] as number
    const tour = tables.tourOf[node] as number
    if (tour < 0) continue
    const known = knows(taken, tour)
    if (known && rule === 'one-per-tour') continue
    if (!known) taken.tours[taken.tourCount++] = tour
    takeString(tables, node, tour, longest, taken, random)
    done++
  }
}

function knows(taken: Taken, tour: number): boolean {
  for (let i = 0; i < taken.tourCount; i++) if (taken.tours[i] === tour) return true
  return false
}

function takeString(
  tables: TourTables,
  node: number,
  tour: number,
  longest: number,
  taken: Taken,
  random: FastRandom,
): void {
  const count = tables.length[tour] as number
  const length = Math.floor(1 + fraction(random) * Math.min(count, longest))
  let kept = 0
  if (length > 1 && length < count && fraction(random) < splitShare) {
    kept = 1
    while (length + kept < count && fraction(random) < keepOneMoreShare) kept++
  }
  const span = length + kept
  const place = tables.placeOf[node] as number
  const earliest = Math.max(1, place - span + 1)
  const latest = Math.min(place, count - span + 1)
  const from = earliest + below(random, latest - earliest + 1)
  // The kept ones lie together somewhere inside, but the chosen node itself always goes.
  const keepFrom = kept === 0 ? 0 : from + 1 + below(random, length - 1)
  const base = tour * tables.stride
  for (let at = from; at < from + span; at++) {
    if (kept > 0 && at >= keepFrom && at < keepFrom + kept && at !== place) continue
    const stop = tables.stops[base + at] as number
    if ((tables.tourOf[stop] as number) < 0) continue
    tables.tourOf[stop] = -1
    taken.nodes[taken.count++] = stop
  }
}

/** Moves the stops that stay in `tour` together. */
export function closeGaps(tables: TourTables, tour: number): void {
  const { stops, tourOf } = tables
  const first = tour * tables.stride
  const last = first + (tables.length[tour] as number)
  let to = first
  for (let at = first + 1; at <= last; at++) {
    const stop = stops[at] as number
    if ((tourOf[stop] as number) < 0) continue
    to++
    stops[to] = stop
  }
  tables.length[tour] = to - first
}
