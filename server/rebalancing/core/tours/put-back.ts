import { type FastRandom, fraction } from './fast-random.ts'
import { insertStop, type OverloadSums, type TourTables } from './tour-tables.ts'

/** Share of the places that an insertion does not see, so that the greedy choice varies (Christiaens, Vanden Berghe). */
const blinkShare = 0.01
const logSeen = Math.log(1 - blinkShare)

/** The cheapest place found so far. One object for a whole search, so that the inner loop makes none. */
export interface Insertion {
  /** Price of one unit of overload. */
  price: number
  /** True: only where the overload of the tour does not grow. */
  strict: boolean
  cost: number
  tour: number
  place: number
  /** Stop under test, and the tour for which its shifted sums are ready. */
  node: number
  shiftedTour: number
  /** Places left until the next one that is not seen. */
  untilBlink: number
}

export function createInsertion(): Insertion {
  return { price: 1, strict: false, cost: 0, tour: -1, place: 0, node: 0, shiftedTour: -1, untilBlink: 0 }
}

/** Puts `node` at its cheapest place under `insertion.price` and `insertion.strict`; a new tour is always a choice while one is left. */
export function putBack(tables: TourTables, node: number, insertion: Insertion, random: FastRandom): void {
  const strict = insertion.strict
  findPlace(tables, node, insertion, random)
  if (insertion.tour < 0 && strict) {
    insertion.strict = false
    findPlace(tables, node, insertion, random)
    insertion.strict = strict
  }
  if (insertion.tour < 0) {
    // Every place blinked: any will do.
    insertion.tour = 0
    insertion.place = 0
  }
  insertStop(tables, node, insertion.tour, insertion.place)
}

function findPlace(tables: TourTables, node: number, insertion: Insertion, random: FastRandom): void {
  insertion.cost = Number.POSITIVE_INFINITY
  insertion.tour = -1
  insertion.node = node
  insertion.shiftedTour = -1
  let emptySeen = false
  for (let tour = 0; tour < tables.length.length; tour++) {
    if (tables.length[tour] === 0) {
      if (emptySeen) continue
      emptySeen = true
    }
    scanTour(tables, node, tour, insertion, random)
  }
}

function scanTour(tables: TourTables, node: number, tour: number, insertion: Insertion, random: FastRandom): void {
  const { stops, leg, lowBefore, highBefore, lowAfter, highAfter, capacity, distance, distanceInto, sums } = tables
  const row = node * tables.nodeCount
  const bikes = tables.demand[node] as number
  const first = tour * tables.stride
  const last = first + (tables.length[tour] as number)
  const before = tables.overload[tour] as number
  const price = insertion.price
  const strict = insertion.strict
  // What the insertion could save at most by taking the whole overload away.
  const relief = before * price
  let best = insertion.cost
  let untilBlink = insertion.untilBlink
  let here = 0
  for (let at = first; at <= last; at++) {
    const next = at === last ? 0 : (stops[at + 1] as number)
    const detour = (distanceInto[row + here] as number) + (distance[row + next] as number) - (leg[at] as number)
    here = next
    if (detour - relief >= best) continue
    if (untilBlink-- <= 0) {
      untilBlink = blinkGap(random)
      continue
    }
    const low = Math.min(lowBefore[at] as number, (lowAfter[at] as number) + bikes)
    const high = Math.max(highBefore[at] as number, (highAfter[at] as number) + bikes)
    let after = high - low - capacity
    if (after <= 0) after = 0
    else if (sums !== null && !(strict && before === 0)) after = sumWithStop(tables, sums, insertion, tour, at)
    if (strict && after > before) continue
    const cost = detour + (after - before) * price
    if (cost < best) {
      best = cost
      insertion.cost = cost
      insertion.tour = tour
      insertion.place = at - first
    }
  }
  insertion.untilBlink = untilBlink
}

/**
 * Overloads of `tour` with the bikes of the stop handled behind the place at index `at`: either the rest of the tour carries them, or
 * the van starts without them. Start loads in between are left to `refreshTour`.
 */
function sumWithStop(tables: TourTables, sums: OverloadSums, insertion: Insertion, tour: number, at: number): number {
  const bikes = tables.demand[insertion.node] as number
  if (insertion.shiftedTour !== tour) {
    shiftSums(tables, sums, tour, bikes)
    insertion.shiftedTour = tour
  }
  const { capacity } = tables
  const place = at - tour * tables.stride
  const before = sums.before[at] as number
  const here = (sums.start[tour] as number) + (tables.load[at] as number)
  const restCarries = before + (sums.restShifted[place] as number) + excessOf(here + bikes, capacity)
  const rest = (tables.overload[tour] as number) - before
  const startLacks = (sums.headShifted[place] as number) + rest + excessOf(here, capacity)
  return restCarries < startLacks ? restCarries : startLacks
}

function shiftSums(tables: TourTables, sums: OverloadSums, tour: number, bikes: number): void {
  const { load, capacity } = tables
  const { headShifted, restShifted } = sums
  const first = tour * tables.stride
  const start = sums.start[tour] as number
  const count = tables.length[tour] as number
  let sum = 0
  for (let place = 0; place <= count; place++) {
    sum += excessOf(start + (load[first + place] as number) - bikes, capacity)
    headShifted[place] = sum
  }
  sum = 0
  for (let place = count; place >= 0; place--) {
    restShifted[place] = sum
    sum += excessOf(start + (load[first + place] as number) + bikes, capacity)
  }
}

function excessOf(load: number, capacity: number): number {
  return load < 0 ? -load : load > capacity ? load - capacity : 0
}

function blinkGap(random: FastRandom): number {
  return (Math.log(1 - fraction(random)) / logSeen) | 0
}
