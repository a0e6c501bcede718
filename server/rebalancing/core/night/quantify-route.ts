import type { Night } from './compile-night.ts'
import { boundedLabels } from './quantify-labels.ts'
import {
  brokenStep,
  emptySteps,
  emptyTable,
  mostSteps,
  passStep,
  type Steps,
  stateAfter,
  type Table,
  takeStep,
  unloadStep,
  worthOf,
} from './route-steps.ts'

export interface RouteQuantifier {
  readonly steps: Steps
  /**
   * Best quantities of `steps` for a van over (step, usable load, broken load) with the shift and the windows: exact, or
   * quick, which may miss the last bike or two that a shift has time for. Returns rides won minus the price of time, or
   * -Infinity where no quantities keep the route; `chosen` is then unset.
   */
  quantify(van: number, isExact: boolean): number
}

const exactShrinkings = 16
const quickShrinkings = 5
/** How far around the price of the last time the quick way looks first. */
const nearPrice = 1.2
const enough = 1e-9

/**
 * For a price λ of time over its cost, the best quantities follow from a table over (step, loads), which also bounds
 * what any continuation can win. The least λ that keeps the shift is found by halving; where a gap stays between bound
 * and best, labels (time, value) that the bound cannot rule out are followed to the end.
 */
export function routeQuantifier(night: Night): RouteQuantifier {
  const steps = emptySteps()
  const table = emptyTable()
  const trial = new Int32Array(mostSteps)
  const labels = boundedLabels()
  const lastPrice = new Float64Array(night.vans)
  const horizon: Horizon = { best: 0, bound: 0, lambda: 0 }

  return { steps, quantify }

  function quantify(van: number, isExact: boolean): number {
    const load = (night.usableAtStart[van] as number) + (night.brokenAtStart[van] as number)
    if (load > (night.capacity[van] as number)) return Number.NEGATIVE_INFINITY
    layOut(night, van, steps, table)
    horizon.best = Number.NEGATIVE_INFINITY
    horizon.bound = Number.POSITIVE_INFINITY
    const freeHolds = tryPrice(van, 0)
    if (horizon.bound === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY
    if (!freeHolds) halve(van, isExact)
    if (!isExact || horizon.bound - horizon.best <= enough) return horizon.best
    fill(night, steps, table, night.costPerS + horizon.lambda)
    return labels.improve({ night, van, steps, table, lambda: horizon.lambda, best: horizon.best })
  }

  /** True when the quantities that are best at this price keep the shift. */
  function tryPrice(van: number, lambda: number): boolean {
    fill(night, steps, table, night.costPerS + lambda)
    const bound = (table.value[table.startState] as number) + lambda * table.spanS
    if (bound < horizon.bound) {
      horizon.bound = bound
      horizon.lambda = lambda
    }
    if (bound === Number.NEGATIVE_INFINITY) return false
    const won = follow(night, van, { steps, table, trial })
    if (won > horizon.best) {
      horizon.best = won
      for (let s = 0; s < steps.count; s++) steps.chosen[s] = trial[s] as number
    }
    return won > Number.NEGATIVE_INFINITY
  }

  function halve(van: number, isExact: boolean): void {
    const stopsAll = (table.dearest + enough) / (night.perBikeS || 1) + enough
    const around = { low: 0, high: stopsAll }
    if (!isExact) lookAround(van, around)
    const shrinkings = isExact ? exactShrinkings : quickShrinkings
    for (let i = 0; i < shrinkings && horizon.bound - horizon.best > enough; i++) {
      const middle = (around.low + around.high) / 2
      if (tryPrice(van, middle)) around.high = middle
      else around.low = middle
    }
    if (horizon.best === Number.NEGATIVE_INFINITY) tryPrice(van, stopsAll)
    lastPrice[van] = around.high
  }

  /** The price of the last time is near the price of this time. */
  function lookAround(van: number, around: { low: number; high: number }): void {
    const last = lastPrice[van] as number
    if (last <= 0 || last >= around.high) return
    if (tryPrice(van, last)) {
      around.high = last
      if (tryPrice(van, last / nearPrice)) around.high = last / nearPrice
      else around.low = last / nearPrice
      return
    }
    around.low = last
    if (last * nearPrice < around.high && tryPrice(van, last * nearPrice)) around.high = last * nearPrice
  }
}

interface Horizon {
  best: number
  bound: number
  lambda: number
}

function layOut(night: Night, van: number, steps: Steps, table: Table): void {
  const capacity = night.capacity[van] as number
  let broken = night.brokenAtStart[van] as number
  let leastBroken = broken
  let mostBroken = broken
  table.dearest = 0
  for (let s = 0; s < steps.count; s++) {
    steps.brokenFrom[s] = leastBroken
    steps.brokenTo[s] = broken
    if (steps.kind[s] === unloadStep) {
      broken = 0
      leastBroken = 0
    } else if (steps.kind[s] === brokenStep) {
      broken = Math.min(capacity, broken + (steps.most[s] as number))
      leastBroken += steps.least[s] as number
    }
    mostBroken = Math.max(mostBroken, broken)
    table.dearest = Math.max(table.dearest, dearestBike(night, steps, s))
  }
  table.capacity = capacity
  table.mostBroken = Math.min(capacity, mostBroken)
  table.width = capacity + 1
  table.states = (table.mostBroken + 1) * table.width
  table.startState = (night.brokenAtStart[van] as number) * table.width + (night.usableAtStart[van] as number)
  table.spanS = usableSpanS(night, van, steps)
  const cells = (steps.count + 1) * table.states
  if (table.value.length < cells) {
    table.value = new Float64Array(cells * 2)
    table.choice = new Uint8Array(cells * 2)
  }
}

/** The shift, less what is too short for another bike, where no wait can come between: it makes the bound tight. */
function usableSpanS(night: Night, van: number, steps: Steps): number {
  const startS = night.startS[van] as number
  const shiftS = (night.endS[van] as number) - startS
  let arcsS = 0
  for (let s = 0; s < steps.count; s++) {
    arcsS += steps.arcS[s] as number
    if (startS + arcsS < (steps.openS[s] as number)) return shiftS
  }
  if (night.perBikeS === 0 || shiftS < arcsS) return shiftS
  return arcsS + night.perBikeS * Math.floor((shiftS - arcsS) / night.perBikeS)
}

function dearestBike(night: Night, steps: Steps, s: number): number {
  const from = steps.valueFrom[s] as number
  if (from < 0) return 0
  let dearest = 0
  for (let q = 0; q < (steps.most[s] as number); q++) {
    dearest = Math.max(dearest, (night.sums[from + q + 1] as number) - (night.sums[from + q] as number))
  }
  return dearest
}

/** Fills the table backwards for a price of a second. */
function fill(night: Night, steps: Steps, table: Table, pricePerS: number): void {
  const { states } = table
  table.value.fill(Number.NEGATIVE_INFINITY, steps.count * states, (steps.count + 1) * states)
  table.value.fill(0, steps.count * states, steps.count * states + table.width)
  for (let s = steps.count - 1; s >= 0; s--) fillStep(night, steps, table, { s, pricePerS })
}

function fillStep(night: Night, steps: Steps, table: Table, at: { s: number; pricePerS: number }): void {
  const { s, pricePerS } = at
  const { width, states, capacity, value, choice } = table
  const isUnload = steps.kind[s] === unloadStep
  const isChoice = !isUnload && steps.kind[s] !== passStep
  const base = s * states
  const next = base + states
  const arcPrice = (steps.arcS[s] as number) * pricePerS
  const bikePrice = night.perBikeS * pricePerS
  const brokenTo = steps.brokenTo[s] as number
  for (let broken = steps.brokenFrom[s] as number; broken <= brokenTo; broken++) {
    const row = broken * width
    if (isChoice) {
      chooseRow(night, steps, table, { s, broken, bikePrice, arcPrice })
      continue
    }
    const unloadPrice = isUnload ? broken * bikePrice : 0
    const after = isUnload ? next : next + row
    for (let usable = 0; usable + broken <= capacity; usable++) {
      value[base + row + usable] = (value[after + usable] as number) - arcPrice - unloadPrice
      choice[base + row + usable] = isUnload ? broken : 0
    }
  }
}

interface ChoiceRow {
  readonly s: number
  readonly broken: number
  readonly bikePrice: number
  readonly arcPrice: number
}

/** The best quantity of a step for every usable load that goes with a broken load. */
function chooseRow(night: Night, steps: Steps, table: Table, row: ChoiceRow): void {
  const { s, broken, bikePrice, arcPrice } = row
  const { width, states, mostBroken, capacity, value, choice } = table
  const { sums } = night
  const kind = steps.kind[s] as number
  const least = steps.least[s] as number
  const stepMost = Math.min(steps.most[s] as number, kind === brokenStep ? mostBroken - broken : capacity)
  const from = steps.valueFrom[s] as number
  const zero = from < 0 ? 0 : (sums[from] as number)
  const grows = kind === takeStep || kind === brokenStep
  const shift = kind === takeStep ? 1 : kind === brokenStep ? width : -1
  for (let usable = 0; usable + broken <= capacity; usable++) {
    const here = s * states + broken * width + usable
    const most = Math.min(stepMost, grows ? capacity - usable - broken : usable)
    let best = Number.NEGATIVE_INFINITY
    let bestQ = 0
    for (let q = least; q <= most; q++) {
      const worth = from < 0 ? 0 : (sums[from + q] as number) - zero
      const won = (value[here + states + shift * q] as number) + worth - bikePrice * q
      if (won > best) {
        best = won
        bestQ = q
      }
    }
    value[here] = best - arcPrice
    choice[here] = bestQ
  }
}

/** Follows the table's choices with real times. Returns the rides won at the real price of time, or -Infinity if late. */
function follow(night: Night, van: number, buffers: { steps: Steps; table: Table; trial: Int32Array }): number {
  const { steps, table, trial } = buffers
  let state = table.startState
  let nowS = night.startS[van] as number
  let value = 0
  for (let s = 0; s < steps.count; s++) {
    const q = table.choice[s * table.states + state] as number
    nowS = Math.max(nowS + (steps.arcS[s] as number), steps.openS[s] as number)
    if (nowS > (steps.closeS[s] as number)) return Number.NEGATIVE_INFINITY
    nowS += q * night.perBikeS
    trial[s] = q
    value += worthOf(night, steps, s, q)
    state = stateAfter(steps, table, { s, state, q })
  }
  if (nowS > (night.endS[van] as number)) return Number.NEGATIVE_INFINITY
  return value - (nowS - (night.startS[van] as number)) * night.costPerS
}
