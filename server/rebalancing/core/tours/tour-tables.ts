import type { TourInstance, Tours } from './instance.ts'

/**
 * Tours as the search holds them, in flat arrays so that a test of one insertion reads a few numbers and allocates
 * nothing. Tour `t` owns the places `t * stride …`: place 0 is the depot, places 1 … `length[t]` the stops, the next
 * one the depot again. `load` is the sum of the demands up to a place when the van starts with nothing; the start load
 * is free, so only the differences matter.
 */
export interface TourTables {
  readonly instance: TourInstance
  readonly nodeCount: number
  readonly capacity: number
  readonly stride: number
  readonly demand: Int32Array
  readonly distance: Float64Array
  /** `distance` mirrored: the ways into one node lie side by side. */
  readonly distanceInto: Float64Array
  readonly stops: Int32Array
  readonly length: Int32Array
  /** Tour and place of each node; -1 while it waits to be put back. */
  readonly tourOf: Int32Array
  readonly placeOf: Int32Array
  readonly load: Int32Array
  /** Way from a place to the next. */
  readonly leg: Float64Array
  /** Lowest and highest load from the start to a place, and from a place to the end. */
  readonly lowBefore: Int32Array
  readonly highBefore: Int32Array
  readonly lowAfter: Int32Array
  readonly highAfter: Int32Array
  /** Length of each tour. */
  readonly cost: Float64Array
  /** Bikes too many or too few, by the measure of `overloads`; 0 when the tour can be driven. */
  readonly overload: Int32Array
  /** The sums of overloads per place, or null when the excess of the load range is the measure. */
  readonly sums: OverloadSums | null
}

/**
 * For tight vans: the sum over the places of what is too much or too little there, for the best start load. With the
 * range alone one bad stop hides all the others, and a single long tour has no slope to follow down.
 */
export interface OverloadSums {
  /** Best start load of each tour. */
  readonly start: Int32Array
  /** Overloads up to a place, itself counted, with that start load. */
  readonly before: Int32Array
  /** For the tour and the stop under test: overloads up to a place with its bikes gone before the start. */
  readonly headShifted: Int32Array
  /** And behind a place with its bikes on board. */
  readonly restShifted: Int32Array
}

/** Empty tours over `instance`; `bySum` asks for the finer measure of overload. */
export function createTables(instance: TourInstance, bySum: boolean): TourTables {
  const { nodeCount, capacity, demand, distance, tourLimit } = instance
  const stride = nodeCount + 1
  const places = tourLimit * stride
  return {
    instance,
    nodeCount,
    capacity,
    stride,
    demand,
    distance,
    distanceInto: mirrored(distance, nodeCount),
    stops: new Int32Array(places),
    length: new Int32Array(tourLimit),
    tourOf: new Int32Array(nodeCount).fill(-1),
    placeOf: new Int32Array(nodeCount),
    load: new Int32Array(places),
    leg: new Float64Array(places),
    lowBefore: new Int32Array(places),
    highBefore: new Int32Array(places),
    lowAfter: new Int32Array(places),
    highAfter: new Int32Array(places),
    cost: new Float64Array(tourLimit),
    overload: new Int32Array(tourLimit),
    sums: bySum ? createSums(places, stride, tourLimit) : null,
  }
}

function createSums(places: number, stride: number, tourLimit: number): OverloadSums {
  return {
    start: new Int32Array(tourLimit),
    before: new Int32Array(places),
    headShifted: new Int32Array(stride),
    restShifted: new Int32Array(stride),
  }
}

function mirrored(distance: Float64Array, nodeCount: number): Float64Array {
  const into = new Float64Array(distance.length)
  for (let from = 0; from < nodeCount; from++)
    for (let to = 0; to < nodeCount; to++) into[to * nodeCount + from] = distance[from * nodeCount + to] as number
  return into
}

/** Replaces all tours. */
export function setTours(tables: TourTables, tours: Tours): void {
  tables.length.fill(0)
  tables.tourOf.fill(-1)
  for (let tour = 0; tour < tables.length.length; tour++) {
    const stops = tours[tour] ?? []
    tables.length[tour] = stops.length
    tables.stops.set(stops, tour * tables.stride + 1)
    refreshTour(tables, tour)
  }
}

/** The tours that have stops, as plain lists. */
export function getTours(tables: TourTables): number[][] {
  const tours: number[][] = []
  for (let tour = 0; tour < tables.length.length; tour++) {
    const first = tour * tables.stride + 1
    const count = tables.length[tour] as number
    if (count > 0) tours.push(Array.from(tables.stops.subarray(first, first + count)))
  }
  return tours
}

/** Puts `node` behind `place` of `tour`. */
export function insertStop(tables: TourTables, node: number, tour: number, place: number): void {
  const { stops } = tables
  const first = tour * tables.stride
  const count = (tables.length[tour] as number) + 1
  for (let at = first + count; at > first + place + 1; at--) stops[at] = stops[at - 1] as number
  stops[first + place + 1] = node
  tables.length[tour] = count
  refreshTour(tables, tour)
}

/** Brings everything that follows from the stops of `tour` up to date. */
export function refreshTour(tables: TourTables, tour: number): void {
  const { stops, load, leg, lowBefore, highBefore, lowAfter, highAfter, demand, distance, nodeCount } = tables
  const first = tour * tables.stride
  const last = first + (tables.length[tour] as number)
  stops[first] = 0
  let sum = 0
  let low = 0
  let high = 0
  let cost = 0
  let here = 0
  load[first] = 0
  lowBefore[first] = 0
  highBefore[first] = 0
  for (let at = first + 1; at <= last; at++) {
    const next = stops[at] as number
    const way = distance[here * nodeCount + next] as number
    leg[at - 1] = way
    cost += way
    here = next
    tables.tourOf[here] = tour
    tables.placeOf[here] = at - first
    sum += demand[here] as number
    if (sum < low) low = sum
    if (sum > high) high = sum
    load[at] = sum
    lowBefore[at] = low
    highBefore[at] = high
  }
  leg[last] = here === 0 ? 0 : (distance[here * nodeCount] as number)
  tables.cost[tour] = here === 0 ? 0 : cost + (leg[last] as number)
  tables.tourOf[0] = -1
  let lowest = sum
  let highest = sum
  for (let at = last; at >= first; at--) {
    const here = load[at] as number
    if (here < lowest) lowest = here
    if (here > highest) highest = here
    lowAfter[at] = lowest
    highAfter[at] = highest
  }
  const excess = high - low - tables.capacity
  if (tables.sums === null) tables.overload[tour] = excess > 0 ? excess : 0
  else if (excess <= 0) {
    tables.sums.start[tour] = (tables.capacity - high - low) >> 1
    tables.sums.before.fill(0, first, last + 1)
    tables.overload[tour] = 0
  } else refreshSums(tables, tables.sums, tour)
}

/** Finds the best start load by walking down from the last one: the sum is convex in it. */
function refreshSums(tables: TourTables, sums: OverloadSums, tour: number): void {
  const { load, capacity } = tables
  const first = tour * tables.stride
  const last = first + (tables.length[tour] as number)
  let start = sums.start[tour] as number
  let best = sumOfOverloads(load, first, last, start, capacity)
  for (let step = 1; step >= -1; step -= 2) {
    while (start + step >= 0 && start + step <= capacity) {
      const sum = sumOfOverloads(load, first, last, start + step, capacity)
      if (sum >= best) break
      best = sum
      start += step
    }
  }
  let sum = 0
  for (let at = first; at <= last; at++) {
    const here = start + (load[at] as number)
    sum += here < 0 ? -here : here > capacity ? here - capacity : 0
    sums.before[at] = sum
  }
  sums.start[tour] = start
  tables.overload[tour] = best
}

function sumOfOverloads(load: Int32Array, first: number, last: number, start: number, capacity: number): number {
  let sum = 0
  for (let at = first; at <= last; at++) {
    const here = start + (load[at] as number)
    if (here < 0) sum -= here
    else if (here > capacity) sum += here - capacity
  }
  return sum
}
