import { assert } from '../../../../contracts/assert.ts'
import { type GammaFactors, gammaFactors, poisson } from './gamma-factors.ts'

/** What is expected at one place, half hour by half hour, from the moment that the stock is set. */
export interface PlaceRates {
  /** Riders who want a bike, per half hour. */
  readonly pickups: ArrayLike<number>
  /** Bikes that come, per half hour; as long as `pickups`. */
  readonly returns: ArrayLike<number>
}

export interface LossOptions {
  /** Stocks 0 … this are wanted. 0 to 2,000. */
  readonly mostStock: number
  /** Room for bikes; a bike that comes to a full place is a lost return. Null where there is always room. */
  readonly capacity?: number | null
  /** What a lost return costs, in lost rides; 1 by default, as in Raviv & Kolka 2013. */
  readonly lostReturnWeight?: number
  /** k of the negative binomial of the place's demand; Poisson when left out. */
  readonly dispersion?: number
}

/** Probability that may be cut off a half hour's number of events. */
const tail = 1e-9
/** Where there is always room, bikes above the highest wanted stock are followed up to so many deviations. */
const headroomDeviations = 3
const mostHeadroom = 60

/**
 * Expected rides lost (riders who find no bike, and bikes that find no room) for every stock 0 … `mostStock` at the
 * start: the user dissatisfaction function of Raviv & Kolka 2013, by uniformisation of the birth-and-death chain and
 * one backward pass for all stocks. Convex. With `dispersion`, both streams of the day share a gamma factor.
 */
export function expectedLoss(rates: PlaceRates, options: LossOptions): Float64Array {
  const { mostStock, capacity = null, lostReturnWeight = 1 } = options
  assert(rates.pickups.length === rates.returns.length, 'pickups and returns are of the same half hours')
  const { factors, weights }: GammaFactors =
    options.dispersion === undefined ? poisson : gammaFactors(options.dispersion)
  const loss = new Float64Array(mostStock + 1)
  for (const [i, factor] of factors.entries()) {
    const top = capacity === null ? mostStock + headroom(rates, factor) : capacity
    const values = lossFor(rates, factor, top, capacity === null ? 0 : lostReturnWeight)
    for (let stock = 0; stock <= mostStock; stock++) {
      const beyond = Math.max(0, stock - top) * (capacity === null ? 0 : lostReturnWeight)
      loss[stock] =
        (loss[stock] as number) + (weights[i] as number) * ((values[Math.min(stock, top)] as number) + beyond)
    }
  }
  return loss
}

/** Rides won by one more bike where `stock` stand; never rising with the stock. */
export function marginalGain(loss: ArrayLike<number>, stock: number): number {
  return (loss[stock] as number) - (loss[stock + 1] as number)
}

function headroom({ pickups, returns }: PlaceRates, factor: number): number {
  const events = sumOf(pickups) + sumOf(returns)
  return Math.min(mostHeadroom, 2 + Math.ceil(headroomDeviations * Math.sqrt(factor * events)))
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}

/**
 * One half hour: V ← Σ_j P^j (p_j V + …), where P is the chain's step at an event and p_j the chance of j events, done
 * from the last event to the first. Losing a ride at 0, or a return at the top, costs at the event itself.
 */
function lossFor({ pickups, returns }: PlaceRates, factor: number, top: number, returnLoss: number): Float64Array {
  if (top === 0) return Float64Array.of(factor * (sumOf(pickups) + returnLoss * sumOf(returns)))
  let value = new Float64Array(top + 1)
  let next = new Float64Array(top + 1)
  const after = new Float64Array(top + 1)
  for (let slot = pickups.length - 1; slot >= 0; slot--) {
    const out = factor * (pickups[slot] as number)
    const back = factor * (returns[slot] as number)
    const events = out + back
    if (events <= 0) continue
    const down = out / events
    const up = back / events
    after.set(value)
    const chances = eventChances(events)
    // From the end: with `left` the chance that more events than j come, `value` is their mean rest, not yet divided.
    let left = 0
    value.fill(0)
    for (let j = chances.length - 1; j >= 0; j--) {
      const chance = chances[j] as number
      next[0] =
        down * ((value[0] as number) + left) + up * (value[Math.min(1, top)] as number) + chance * (after[0] as number)
      for (let n = 1; n < top; n++) {
        next[n] = down * (value[n - 1] as number) + up * (value[n + 1] as number) + chance * (after[n] as number)
      }
      next[top] =
        down * (value[top - 1] as number) +
        up * ((value[top] as number) + returnLoss * left) +
        chance * (after[top] as number)
      left += chance
      const swap = value
      value = next
      next = swap
    }
  }
  return value
}

/** Chances of 0, 1, 2 … events of a Poisson law of that mean, until what is left is negligible; they sum to 1. */
function eventChances(mean: number): number[] {
  const chances: number[] = []
  const most = Math.ceil(mean + 8 * Math.sqrt(mean) + 12)
  let log = -mean
  let sum = 0
  for (let j = 0; j <= most && (j <= mean || 1 - sum > tail); j++) {
    const chance = Math.exp(log)
    chances.push(chance)
    sum += chance
    log += Math.log(mean / (j + 1))
  }
  return chances.map((chance) => chance / sum)
}
