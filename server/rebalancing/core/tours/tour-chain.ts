import { type FastRandom, fastRandom } from './fast-random.ts'
import type { TourInstance, Tours } from './instance.ts'
import { meanDistance } from './mean-distance.ts'

/** Stops tried as a new neighbour of a place: the nearest ones by the way there and back. */
const nearCount = 12

/**
 * All tours as one chain of places, for many small moves per second. Node numbers from `stopIds` on are further copies
 * of the depot: each begins a tour with a start load of its own. Place 0 is always the depot.
 */
export interface TourChain {
  readonly instance: TourInstance
  /** Nodes of the instance; ids from here to `size` are copies of the depot. */
  readonly stopIds: number
  /** Places of the chain, which are all ids. */
  readonly size: number
  readonly capacity: number
  readonly demand: Int32Array
  /** By ids: `distance[from * size + to]`. */
  readonly distance: Float64Array
  /** `nearCount` neighbours per node. */
  readonly near: Int32Array
  readonly nearCount: number
  readonly order: Int32Array
  readonly placeOf: Int32Array
  /** Load of the van when it leaves a place. */
  readonly load: Int32Array
  /** Start load per copy of the depot, and its limits. */
  readonly start: Int32Array
  readonly leastStart: number
  readonly mostStart: number
  /** Length of the chain up to a place, driven forwards and backwards. */
  readonly ahead: Float64Array
  readonly back: Float64Array
  /** Bikes too many or too few, summed up to a place. */
  readonly over: Int32Array
  readonly random: FastRandom
  readonly move: ChainMove
  /** The order of the changed part while it is written. */
  readonly scratch: Int32Array
  cost: number
  overload: number
  /** Price of one bike too many or too few at one stop; moves by itself. */
  price: number
  /** Mean leg of the first plan: temperatures are shares of it. */
  readonly scale: number
  rounds: number
  /** Rounds at which the price was corrected last and will be next. */
  lastPriceRound: number
  nextPriceRound: number
  /** Rounds since the last correction of the price that stood at a plan that can be driven. */
  drivable: number
  best: Tours | null
  bestCost: number
}

/** Places `low` … `high` are put into the order of up to three pieces; a piece whose `from` is behind `to` is turned. */
export interface ChainMove {
  low: number
  high: number
  pieces: number
  readonly from: Int32Array
  readonly to: Int32Array
}

/** A chain of `tours` and `spareTours` empty ones. `price` begins the search for the right price of overload. */
export function createChain(instance: TourInstance, tours: Tours, spareTours: number, seed: number): TourChain {
  const tourCount = Math.max(1, Math.min(instance.tourLimit, tours.length + spareTours))
  const size = instance.nodeCount + tourCount - 1
  const demand = new Int32Array(size)
  demand.set(instance.demand)
  const chain: TourChain = {
    instance,
    stopIds: instance.nodeCount,
    size,
    capacity: instance.capacity,
    demand,
    distance: withDepotCopies(instance, size),
    near: nearNodes(instance, tourCount > 1),
    nearCount,
    order: new Int32Array(size + 1),
    placeOf: new Int32Array(size),
    load: new Int32Array(size),
    start: new Int32Array(size),
    ...startLimits(instance, tourCount),
    ahead: new Float64Array(size),
    back: new Float64Array(size),
    over: new Int32Array(size),
    random: fastRandom(seed, 'tours/chain'),
    move: { low: 0, high: 0, pieces: 0, from: new Int32Array(3), to: new Int32Array(3) },
    scratch: new Int32Array(size),
    cost: 0,
    overload: 0,
    price: meanDistance(instance),
    scale: chainScale(instance, tours),
    rounds: 0,
    lastPriceRound: 0,
    nextPriceRound: 0,
    drivable: 0,
    best: null,
    bestCost: Number.POSITIVE_INFINITY,
  }
  setChain(chain, tours)
  return chain
}

/** Replaces the order; there must be no more tours than the chain has copies of the depot. */
export function setChain(chain: TourChain, tours: Tours): void {
  const { order, stopIds, size } = chain
  let place = 0
  for (let tour = 0; tour <= size - stopIds; tour++) {
    const stops = tours[tour] ?? []
    const depot = tour === 0 ? 0 : stopIds + tour - 1
    order[place++] = depot
    chain.start[depot] = bestStart(chain, stops)
    for (const stop of stops) order[place++] = stop
  }
  refreshChain(chain, 0)
  noteBest(chain)
}

/** Brings everything that follows from the order up to date from `low` on. */
export function refreshChain(chain: TourChain, low: number): void {
  const { order, placeOf, load, ahead, back, over, distance, size, stopIds, demand, capacity, start } = chain
  let before = low > 0 ? (order[low - 1] as number) : 0
  let here = low > 0 ? (load[low - 1] as number) : 0
  let length = low > 0 ? (ahead[low - 1] as number) : 0
  let lengthBack = low > 0 ? (back[low - 1] as number) : 0
  let sum = low > 0 ? (over[low - 1] as number) : 0
  for (let place = low; place < size; place++) {
    const id = order[place] as number
    placeOf[id] = place
    here = id === 0 || id >= stopIds ? (start[id] as number) : here + (demand[id] as number)
    load[place] = here
    if (here < 0) sum -= here
    else if (here > capacity) sum += here - capacity
    over[place] = sum
    length += distance[before * size + id] as number
    lengthBack += distance[id * size + before] as number
    ahead[place] = length
    back[place] = lengthBack
    before = id
  }
  chain.cost = length + (distance[before * size] as number)
  chain.overload = sum
}

/** Keeps the order if it can be driven and is the cheapest so far. */
export function noteBest(chain: TourChain): void {
  if (chain.overload > 0 || chain.cost >= chain.bestCost - 1e-7) return
  chain.bestCost = chain.cost
  chain.best = chainTours(chain)
}

/** The tours that have stops, as plain lists. */
export function chainTours({ order, size, stopIds }: TourChain): number[][] {
  const tours: number[][] = [[]]
  for (let place = 1; place < size; place++) {
    const id = order[place] as number
    if (id >= stopIds) tours.push([])
    else tours.at(-1)?.push(id)
  }
  return tours.filter((tour) => tour.length > 0)
}

/** The start load with the fewest bikes too many or too few, summed over the stops. */
function bestStart({ demand, capacity, leastStart, mostStart }: TourChain, stops: readonly number[]): number {
  let low = 0
  let high = 0
  let taken = 0
  for (const stop of stops) {
    taken += demand[stop] as number
    low = Math.min(low, taken)
    high = Math.max(high, taken)
  }
  // In the middle of what is possible, or of what hurts least: moves of the start load do the rest.
  return Math.max(leastStart, Math.min(mostStart, Math.round((capacity - high - low) / 2)))
}

/** A single tour ends with its start load and all demand: any other start is wrong whatever the order. */
function startLimits({ capacity, demand }: TourInstance, tourCount: number) {
  const all = tourCount === 1 ? demand.reduce((sum, bikes, node) => (node === 0 ? sum : sum + bikes), 0) : 0
  if (Math.abs(all) > capacity) return { leastStart: 0, mostStart: capacity }
  return { leastStart: Math.max(0, -all), mostStart: Math.min(capacity, capacity - all) }
}

function withDepotCopies({ nodeCount, distance }: TourInstance, size: number): Float64Array {
  const all = new Float64Array(size * size)
  for (let from = 0; from < size; from++) {
    const row = (from < nodeCount ? from : 0) * nodeCount
    for (let to = 0; to < size; to++) {
      const node = to < nodeCount ? to : 0
      all[from * size + to] = row + node === 0 ? 0 : (distance[row + node] as number)
    }
  }
  return all
}

function nearNodes({ nodeCount, distance }: TourInstance, withDepot: boolean): Int32Array {
  const near = new Int32Array(nodeCount * nearCount)
  for (let node = 0; node < nodeCount; node++) {
    const both = (other: number) =>
      (distance[node * nodeCount + other] as number) + (distance[other * nodeCount + node] as number)
    const others = Array.from({ length: nodeCount }, (_, other) => other)
      .filter((other) => other !== node && (other > 0 || withDepot))
      .sort((a, b) => both(a) - both(b) || a - b)
    for (let i = 0; i < nearCount; i++) near[node * nearCount + i] = others[i % others.length] ?? node
  }
  return near
}

function chainScale({ nodeCount, distance }: TourInstance, tours: Tours): number {
  let length = 0
  for (const tour of tours) {
    let here = 0
    for (const stop of [...tour, 0]) {
      length += distance[here * nodeCount + stop] as number
      here = stop
    }
  }
  return Math.max(1e-9, length / nodeCount)
}
