import { applyMove, drawMove } from './chain-move.ts'
import { below, fraction } from './fast-random.ts'
import { noteBest, refreshChain, type TourChain } from './tour-chain.ts'

/**
 * Rounds between two corrections of the price of overload: few to begin with, then a share of the rounds so far. A slow
 * price lets the search settle on both sides of the border (measured: single tight tours end 0.5 % shorter).
 */
const fewestRoundsPerPrice = 8_192
const mostRoundsPerPrice = 131_072
const correctionsPerDoubling = 64
/** Share of the rounds that should stand at a plan that can be driven: good plans lie at the border. */
const drivableShare = 0.4
const priceStep = 1.05
/** The price stays above this share of the mean leg. */
const leastPriceFactor = 0.001
/** A price above this many mean legs only holds the search fast where it is: it begins again at one. */
const mostPriceFactor = 20
/** One round in so many moves a start load instead of stops. */
const roundsPerStart = 16

/**
 * `rounds` trials of one small move each at an even temperature, `warmth` times the mean leg. The overload counts at its
 * price, so that the search may cross plans that cannot be driven.
 */
export function annealChain(chain: TourChain, rounds: number, warmth: number): void {
  const temperature = chain.scale * warmth
  for (let i = 0; i < rounds; i++) {
    if (chain.overload === 0) chain.drivable++
    if (++chain.rounds >= chain.nextPriceRound) correctPrice(chain)
    // What this round may lose at most: drawn first, so that a hopeless move is left early.
    const allowance = -temperature * Math.log(1 - fraction(chain.random))
    if (below(chain.random, roundsPerStart) === 0) tryStart(chain, allowance)
    else if (drawMove(chain) && isWorth(chain, allowance)) {
      applyMove(chain)
      noteBest(chain)
    }
  }
}

function correctPrice(chain: TourChain): void {
  const { rounds, lastPriceRound, scale } = chain
  const isDrivable = chain.drivable > drivableShare * (rounds - lastPriceRound)
  const wanted = chain.price * (isDrivable ? 1 / priceStep : priceStep)
  chain.price = wanted > scale * mostPriceFactor ? scale : Math.max(scale * leastPriceFactor, wanted)
  chain.drivable = 0
  chain.lastPriceRound = rounds
  const share = Math.floor(rounds / correctionsPerDoubling)
  chain.nextPriceRound = rounds + Math.max(fewestRoundsPerPrice, Math.min(mostRoundsPerPrice, share))
}

function isWorth(chain: TourChain, allowance: number): boolean {
  const { price, over, move } = chain
  const longer = lengthening(chain)
  const before = (over[move.high] as number) - (over[move.low - 1] as number)
  // A tour that goes on behind the part could lose overload there too.
  const relief = chain.size === chain.stopIds ? before : chain.overload
  // Even without that overload it would be too long.
  if (longer - price * relief > allowance) return false
  const most = (allowance - longer) / price + relief
  return longer + price * (overloadAfter(chain, most) - before) <= allowance
}

function lengthening({ move, order, distance, ahead, back, size }: TourChain): number {
  const { low, high, pieces } = move
  let previous = order[low - 1] as number
  let length = 0
  for (let i = 0; i < pieces; i++) {
    const from = move.from[i] as number
    const to = move.to[i] as number
    length += distance[previous * size + (order[from] as number)] as number
    length +=
      from <= to ? (ahead[to] as number) - (ahead[from] as number) : (back[from] as number) - (back[to] as number)
    previous = order[to] as number
  }
  const next = high + 1 < size ? (order[high + 1] as number) : 0
  const last = order[high] as number
  const old = (ahead[high] as number) - (ahead[low - 1] as number) + (distance[last * size + next] as number)
  return length + (distance[previous * size + next] as number) - old
}

/**
 * Overload of the changed part after the move, with what it changes in the rest of the tour that it ends in; infinite as
 * soon as it is above `most`.
 */
function overloadAfter(chain: TourChain, most: number): number {
  const { move, order, load, start, demand, capacity, stopIds } = chain
  let here = load[move.low - 1] as number
  let sum = 0
  for (let i = 0; i < move.pieces; i++) {
    const from = move.from[i] as number
    const to = move.to[i] as number
    const step = from <= to ? 1 : -1
    const end = to + step
    for (let at = from; at !== end; at += step) {
      const id = order[at] as number
      here = id >= stopIds ? (start[id] as number) : here + (demand[id] as number)
      if (here < 0) sum -= here
      else if (here > capacity) sum += here - capacity
      if (sum > most) return Number.POSITIVE_INFINITY
    }
  }
  const more = here - (load[move.high] as number)
  return more === 0 ? sum : sum + overloadOfRest(move.high, more, chain)
}

/** Change of the overload behind `place` to the end of its tour when the van carries `more` bikes there. */
function overloadOfRest(place: number, more: number, chain: TourChain): number {
  const { order, load, over, capacity, size, stopIds } = chain
  let sum = 0
  let at = place + 1
  for (; at < size && (order[at] as number) < stopIds; at++) {
    const here = (load[at] as number) + more
    if (here < 0) sum -= here
    else if (here > capacity) sum += here - capacity
  }
  return sum - ((over[at - 1] as number) - (over[place] as number))
}

/** Tries to let one van start with one bike more or less, or with any load. */
function tryStart(chain: TourChain, allowance: number): void {
  const { random, size, stopIds, start, placeOf } = chain
  const copy = below(random, size - stopIds + 1)
  const depot = copy === 0 ? 0 : stopIds + copy - 1
  const old = start[depot] as number
  const kind = below(random, 4)
  const bikes = kind === 0 ? old - 1 : kind === 1 ? old + 1 : below(random, chain.capacity + 1)
  const more = bikes - old
  if (bikes < chain.leastStart || bikes > chain.mostStart) return
  const place = placeOf[depot] as number
  if (chain.price * overloadOfRest(place, more, chain) > allowance) return
  start[depot] = bikes
  refreshChain(chain, place)
  noteBest(chain)
}
