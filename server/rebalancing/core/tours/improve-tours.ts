import { type FastRandom, fastRandom, fraction } from './fast-random.ts'
import type { TourInstance, Tours } from './instance.ts'
import { meanDistance } from './mean-distance.ts'
import { nearStops } from './near-stops.ts'
import { orderTaken } from './order-taken.ts'
import { createInsertion, type Insertion, putBack } from './put-back.ts'
import { closeGaps, createTaken, type StringRule, type Taken, takeOut } from './take-out.ts'
import { createTables, getTours, refreshTour, setTours, type TourTables } from './tour-tables.ts'

/** Rounds between two corrections of the price of overload. */
const roundsPerPrice = 100
/** Share of the rounds that should leave tours that can be driven: at the border is where good plans lie. */
const drivableShare = 0.4
const priceStep = 1.1

/** One annealing search by slack induction through string removals (Christiaens and Vanden Berghe 2020). */
export interface TourSearch {
  readonly tables: TourTables
  readonly near: Int32Array
  readonly rule: StringRule
  readonly random: FastRandom
  readonly taken: Taken
  readonly insertion: Insertion
  readonly keys: Float64Array
  /** The plan as it was before a round, to go back to. */
  readonly keptStops: Int32Array
  readonly keptLength: Int32Array
  readonly changed: Uint8Array
  readonly changedTours: Int32Array
  changedCount: number
  cost: number
  overload: number
  /** Price of one unit of overload; moves by itself. */
  price: number
  drivable: number
  rounds: number
  /** The cheapest plan that can be driven; null while there is none. */
  best: Tours | null
  bestCost: number
  /** Mean length of one leg of the first plan: temperatures are shares of it. */
  scale: number
}

export interface SearchChoice {
  readonly rule: StringRule
  /** Overload by the sum over the stops instead of the range of loads. */
  readonly bySum: boolean
  readonly seed: number
}

/** A search that begins with one greedy plan. */
export function createSearch(instance: TourInstance, choice: SearchChoice): TourSearch {
  const tables = createTables(instance, choice.bySum)
  const search: TourSearch = {
    tables,
    near: nearStops(instance),
    rule: choice.rule,
    random: fastRandom(choice.seed, `tours/${choice.rule}`),
    taken: createTaken(instance),
    insertion: createInsertion(),
    keys: new Float64Array(instance.nodeCount),
    keptStops: new Int32Array(tables.stops.length),
    keptLength: new Int32Array(tables.length.length),
    changed: new Uint8Array(tables.length.length),
    changedTours: new Int32Array(tables.length.length),
    changedCount: 0,
    cost: 0,
    overload: 0,
    price: meanDistance(instance),
    drivable: 0,
    rounds: 0,
    best: null,
    bestCost: Number.POSITIVE_INFINITY,
    scale: 1,
  }
  buildGreedily(search)
  search.scale = Math.max(1e-9, search.cost / instance.nodeCount)
  return search
}

/** Goes on from `tours`, which must visit every stop once. */
export function adoptTours(search: TourSearch, tours: Tours): void {
  setTours(search.tables, tours)
  settle(search)
}

/** `iterations` rounds at an even temperature, `warmth` times the mean leg. */
export function improve(search: TourSearch, iterations: number, warmth: number): void {
  const temperature = search.scale * warmth
  for (let i = 0; i < iterations; i++) playRound(search, temperature)
}

function playRound(search: TourSearch, temperature: number): void {
  const { tables, taken, insertion, random } = search
  takeOut(tables, search.near, search.rule, taken, random)
  for (let i = 0; i < taken.tourCount; i++) {
    const tour = taken.tours[i] as number
    touch(search, tour)
    closeGaps(tables, tour)
    refreshTour(tables, tour)
  }
  orderTaken(tables, taken, search.keys, random)
  insertion.price = search.price
  insertion.strict = fraction(random) < 0.5
  for (let i = 0; i < taken.count; i++) {
    putBack(tables, taken.nodes[i] as number, insertion, random)
    touch(search, insertion.tour)
  }
  judge(search, temperature)
}

function touch(search: TourSearch, tour: number): void {
  if (search.changed[tour] === 1) return
  search.changed[tour] = 1
  search.changedTours[search.changedCount++] = tour
}

function judge(search: TourSearch, temperature: number): void {
  const { tables } = search
  let cost = 0
  let overload = 0
  for (let tour = 0; tour < tables.length.length; tour++) {
    cost += tables.cost[tour] as number
    overload += tables.overload[tour] as number
  }
  const before = search.cost + search.price * search.overload
  const after = cost + search.price * overload
  if (after < before - temperature * Math.log(1 - fraction(search.random))) {
    search.cost = cost
    search.overload = overload
    keepChanged(search)
    if (overload === 0 && cost < search.bestCost - 1e-7) {
      search.bestCost = cost
      search.best = getTours(tables)
    }
  } else undoChanged(search)
  if (search.overload === 0) search.drivable++
  if (++search.rounds % roundsPerPrice === 0) {
    search.price *= search.drivable > drivableShare * roundsPerPrice ? 1 / priceStep : priceStep
    search.drivable = 0
  }
}

function keepChanged(search: TourSearch): void {
  const { tables, keptStops, keptLength, changed, changedTours } = search
  for (let i = 0; i < search.changedCount; i++) {
    const tour = changedTours[i] as number
    const first = tour * tables.stride
    const count = tables.length[tour] as number
    for (let at = first + 1; at <= first + count; at++) keptStops[at] = tables.stops[at] as number
    keptLength[tour] = count
    changed[tour] = 0
  }
  search.changedCount = 0
}

function undoChanged(search: TourSearch): void {
  const { tables, keptStops, keptLength, changed, changedTours } = search
  for (let i = 0; i < search.changedCount; i++) {
    const tour = changedTours[i] as number
    const first = tour * tables.stride
    const count = keptLength[tour] as number
    for (let at = first + 1; at <= first + count; at++) tables.stops[at] = keptStops[at] as number
    tables.length[tour] = count
    refreshTour(tables, tour)
    changed[tour] = 0
  }
  search.changedCount = 0
}

function buildGreedily(search: TourSearch): void {
  const { tables, taken, insertion, random } = search
  taken.count = tables.nodeCount - 1
  for (let i = 0; i < taken.count; i++) taken.nodes[i] = i + 1
  setTours(tables, [])
  orderTaken(tables, taken, search.keys, random)
  insertion.price = search.price
  insertion.strict = true
  for (let i = 0; i < taken.count; i++) putBack(tables, taken.nodes[i] as number, insertion, random)
  settle(search)
}

/** Takes the plan in the tables for the one to go on from. */
function settle(search: TourSearch): void {
  const { tables } = search
  search.changedCount = 0
  for (let tour = 0; tour < tables.length.length; tour++) touch(search, tour)
  keepChanged(search)
  search.cost = tables.cost.reduce((sum, cost) => sum + cost, 0)
  search.overload = tables.overload.reduce((sum, bikes) => sum + bikes, 0)
  if (search.overload === 0 && search.cost < search.bestCost - 1e-7) {
    search.bestCost = search.cost
    search.best = getTours(tables)
  }
}
