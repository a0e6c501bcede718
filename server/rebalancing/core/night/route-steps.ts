import type { Night } from './compile-night.ts'

/** What a step of a route does with the two loads. */
export const takeStep = 0
export const giveStep = 1
export const brokenStep = 2
/** Usable bikes left at a depot: worth nothing, but room in the van. */
export const dumpStep = 3
/** All broken bikes leave the van. */
export const unloadStep = 4
/** Nothing but its time. */
export const passStep = 5

/** A route as steps, each with one quantity to be chosen in [least, most]. Buffers, filled by the caller. */
export interface Steps {
  count: number
  readonly kind: Uint8Array
  readonly least: Int32Array
  readonly most: Int32Array
  /** `sums[valueFrom + q] - sums[valueFrom]` are the rides won by q bikes; -1 where they are worth nothing. */
  readonly valueFrom: Int32Array
  /** 1 at the first step of a visit. */
  readonly arrives: Uint8Array
  /** Driving and parking before the step; 0 where it is at the same place as the one before. */
  readonly arcS: Float64Array
  /** Earliest and latest time of the step after its arc; infinite where it is free. */
  readonly openS: Float64Array
  readonly closeS: Float64Array
  /** Fewest and most broken bikes in the van before the step. */
  readonly brokenFrom: Int32Array
  readonly brokenTo: Int32Array
  /** The answer. */
  readonly chosen: Int32Array
}

/** Far more than a night has room for. */
export const mostSteps = 4096

/** Best value to go by (step, state), state = broken × (capacity + 1) + usable. */
export interface Table {
  value: Float64Array
  choice: Uint8Array
  width: number
  states: number
  mostBroken: number
  capacity: number
  startState: number
  /** Seconds of the shift that driving and whole bikes can fill. */
  spanS: number
  /** Highest rides that one bike can win: a price of time above it stops all work. */
  dearest: number
}

export const emptyTable = (): Table => ({
  value: new Float64Array(0),
  choice: new Uint8Array(0),
  width: 0,
  states: 0,
  mostBroken: 0,
  capacity: 0,
  startState: 0,
  spanS: 0,
  dearest: 0,
})

export function emptySteps(): Steps {
  return {
    count: 0,
    kind: new Uint8Array(mostSteps),
    least: new Int32Array(mostSteps),
    most: new Int32Array(mostSteps),
    valueFrom: new Int32Array(mostSteps),
    arrives: new Uint8Array(mostSteps),
    arcS: new Float64Array(mostSteps),
    openS: new Float64Array(mostSteps),
    closeS: new Float64Array(mostSteps),
    brokenFrom: new Int32Array(mostSteps),
    brokenTo: new Int32Array(mostSteps),
    chosen: new Int32Array(mostSteps),
  }
}

/** Rides won by q bikes of a step. */
export function worthOf(night: Night, steps: Steps, s: number, q: number): number {
  const from = steps.valueFrom[s] as number
  return from < 0 ? 0 : (night.sums[from + q] as number) - (night.sums[from] as number)
}

/** The loads after q bikes of a step. */
export function stateAfter(steps: Steps, table: Table, at: { s: number; state: number; q: number }): number {
  const kind = steps.kind[at.s] as number
  if (kind === takeStep) return at.state + at.q
  if (kind === giveStep || kind === dumpStep) return at.state - at.q
  if (kind === brokenStep) return at.state + at.q * table.width
  return kind === unloadStep ? at.state % table.width : at.state
}
