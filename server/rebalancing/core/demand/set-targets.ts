import { type MinHeap, minHeap, popLowest, push } from '../streets/min-heap.ts'

/** A hotspot, a cell, one stray, the depot's pool: whatever holds bikes. */
export interface TargetPlace {
  readonly placeId: string
  /** Usable bikes now. */
  readonly stock: number
  /**
   * Rides lost with 0, 1, 2 … bikes, convex (`expectedLoss`). A stray that ought to go is `[0, value]`; a pool in which
   * bikes are worth nothing is `[0]`. Beyond its end the curve is level, or goes on rising.
   */
  readonly loss: ArrayLike<number>
  /** Bikes that fit; null where there is always room. */
  readonly capacity: number | null
  /** What the operator wants to stand here at least and at most; at most is held to the capacity. */
  readonly least: number
  readonly most: number | null
}

export interface TargetOptions {
  /** What moving one bike costs, in rides; 0 to 10. Driving and handling of an ordinary move. */
  readonly ridesPerBike?: number
  /** What one bike below the least or above the most is worth, in rides; 0 to 100. */
  readonly limitRides?: number
  /** How many gains and losses are listed for each place; 1 to 500. */
  readonly listedBikes?: number
}

export const targetDefaults = {
  /** A third of a ride: 3 km by van for six bikes at about 0.5 rides a kilometre, and a minute each of lifting. */
  ridesPerBike: 0.3,
  /** More than any forecast gains from one bike (1 ride at most), so that the operator’s word goes first. */
  limitRides: 5,
  /** More than a van carries. */
  listedBikes: 60,
} as const

export interface Target {
  readonly placeId: string
  readonly stock: number
  readonly target: number
  /** Rides won by the first, second … extra bike; never rising; as long as the free room (or as listed). */
  readonly gains: readonly number[]
  /** Rides lost by taking the first, second … bike away; never falling; below 0 where that is a gain. */
  readonly losses: readonly number[]
  /** Rides lost with today's stock, and with the target. */
  readonly lossNow: number
  readonly lossAtTarget: number
}

/**
 * Moves one bike at a time from where it is worth least to where it is worth most, while that wins more than it costs.
 * With convex curves no other split of the same bikes is worth more (greedy on a separable convex sum). Bikes are
 * neither made nor lost: give strays and the depot's pool as places. Nothing goes above capacity or the most, nor does
 * a move go below the least; a place that starts outside of its limits is brought back first, as far as bikes allow.
 */
export function setTargets(places: readonly TargetPlace[], options: TargetOptions = {}): Target[] {
  const { ridesPerBike, limitRides, listedBikes } = { ...targetDefaults, ...options }
  const curves = places.map((place) => curveOf(place, limitRides))
  const stocks = Int32Array.from(places, ({ stock }) => stock)
  const givers = minHeap(places.length)
  const takers = minHeap(places.length)
  for (let place = 0; place < places.length; place++) {
    offerGiver(givers, curves, stocks, place)
    offerTaker(takers, curves, stocks, place)
  }
  // A giver never takes later, nor a taker gives: by convexity its old key in the other heap can no longer win.
  while (givers.size > 0 && takers.size > 0) {
    const [giver, taker] = [givers.items[0] as number, takers.items[0] as number]
    const won = -(takers.keys[taker] as number) - (givers.keys[giver] as number)
    if (won <= ridesPerBike || giver === taker) break
    stocks[giver] = (stocks[giver] as number) - 1
    stocks[taker] = (stocks[taker] as number) + 1
    popLowest(givers)
    popLowest(takers)
    offerGiver(givers, curves, stocks, giver)
    offerTaker(takers, curves, stocks, taker)
  }
  return places.map((place, i) => listed(place, curves[i] as Curve, stocks[i] as number, listedBikes))
}

interface Curve {
  readonly floor: number
  readonly ceiling: number
  /** Rides lost by going from `stock` to one less. */
  costOfTaking(stock: number): number
}

function curveOf({ stock, loss, capacity, least, most }: TargetPlace, limitRides: number): Curve {
  const room = Math.min(capacity ?? Number.POSITIVE_INFINITY, most ?? Number.POSITIVE_INFINITY)
  const wanted = Math.min(least, room)
  const end = loss.length - 1
  const slopeAtEnd = end > 0 ? Math.max(0, (loss[end] as number) - (loss[end - 1] as number)) : 0
  const lossOf = (n: number) => (n <= end ? (loss[n] as number) : (loss[end] as number) + (n - end) * slopeAtEnd)
  return {
    floor: Math.min(stock, wanted),
    ceiling: Math.max(stock, room),
    costOfTaking: (n) => lossOf(n - 1) - lossOf(n) + (n <= wanted ? limitRides : 0) - (n > room ? limitRides : 0),
  }
}

function offerGiver(heap: MinHeap, curves: readonly Curve[], stocks: Int32Array, place: number): void {
  const [curve, stock] = [curves[place] as Curve, stocks[place] as number]
  if (stock > curve.floor) push(heap, place, curve.costOfTaking(stock))
}

/** Keys are gains with the sign turned: the heap keeps the lowest on top. */
function offerTaker(heap: MinHeap, curves: readonly Curve[], stocks: Int32Array, place: number): void {
  const [curve, stock] = [curves[place] as Curve, stocks[place] as number]
  if (stock < curve.ceiling) push(heap, place, -curve.costOfTaking(stock + 1))
}

function listed({ placeId, stock, loss }: TargetPlace, curve: Curve, target: number, most: number): Target {
  const gains: number[] = []
  for (let n = stock + 1; n <= curve.ceiling && gains.length < most; n++) {
    gains.push(Math.min(curve.costOfTaking(n), gains.at(-1) ?? Number.POSITIVE_INFINITY))
  }
  const losses: number[] = []
  for (let n = stock; n > curve.floor && losses.length < most; n--) {
    losses.push(Math.max(curve.costOfTaking(n), losses.at(-1) ?? Number.NEGATIVE_INFINITY))
  }
  const lossOf = (n: number) => loss[Math.min(n, loss.length - 1)] as number
  return { placeId, stock, target, gains, losses, lossNow: lossOf(stock), lossAtTarget: lossOf(target) }
}
