import { bikeStates } from '../../../contracts/live/bike-states.ts'
import { headingByte, mercatorX, mercatorY, stateByte } from '../../../contracts/live/fleet-frame.ts'
import { agedBit, noBike, noCharge } from '../../../contracts/live/live-frame.ts'
import type { EpochMs } from '../../../contracts/units.ts'
import { isAged } from './bike-age.ts'
import { type BikeFacts, bikeState } from './bike-state.ts'

/** The fleet as desks see it, by slot. What changed in the last look is in `moved` and `changed`. */
export interface LiveColumns {
  /** Slots in use are below it; not every one below it need be. */
  readonly slots: number
  readonly bikes: number
  /** Web Mercator × 2³² */
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly headings: Uint8Array
  /** 1 where the place is known */
  readonly placed: Uint8Array
  /** `noBike` where there is none; the highest bit for one not heard for too long */
  readonly states: Uint8Array
  /** Percent; `noCharge` when it is not known */
  readonly charges: Uint8Array
  /** City time of the last word; 0 when there was none */
  readonly heardAtMs: Float64Array
  /** Slots whose place or heading changed, and where they were before; those are the same for a bike without a before. */
  readonly moved: Uint32Array
  readonly oldX: Uint32Array
  readonly oldY: Uint32Array
  /** Slots whose state changed. */
  readonly changed: Uint32Array
}

export interface LiveBike extends BikeFacts {
  readonly slot: number
}

export interface LiveLook {
  readonly columns: () => LiveColumns
  /** Takes in what is known now; tells by `columns` what changed since the last time. */
  readonly look: (bikes: readonly LiveBike[], nowMs: EpochMs) => LiveColumns
}

const firstCapacity = 1_024

/** Columns that are written in place: nothing is allocated while no bike is added. */
export function createLiveLook(): LiveLook {
  let store = storeOf(firstCapacity)
  /** Shadows keep the position that did not change: the same object is the same place. */
  const seen: (LiveBike['shadow']['position'] | undefined)[] = []
  let slots = 0
  let count = 0
  let now = cut(store, 0, 0, 0, 0)

  function place(bike: LiveBike, moves: number): number {
    const { slot } = bike
    const { position } = bike.shadow
    if (position === null || seen[slot] === position) return moves
    seen[slot] = position
    const x = mercatorX(position.lon)
    const y = mercatorY(position.lat)
    const heading = headingByte(position.headingDeg ?? 0)
    const isKnown = store.placed[slot] === 1
    if (isKnown && x === store.x[slot] && y === store.y[slot] && heading === store.headings[slot]) return moves
    store.moved[moves] = slot
    store.oldX[moves] = isKnown ? (store.x[slot] as number) : x
    store.oldY[moves] = isKnown ? (store.y[slot] as number) : y
    store.x[slot] = x
    store.y[slot] = y
    store.headings[slot] = heading
    store.placed[slot] = 1
    return moves + 1
  }

  return {
    columns: () => now,
    look: (bikes, nowMs) => {
      let moves = 0
      let changes = 0
      for (let index = 0; index < bikes.length; index++) {
        const bike = bikes[index] as LiveBike
        const { slot, shadow } = bike
        if (slot >= store.x.length) store = grown(store, slot + 1)
        if (slot >= slots) slots = slot + 1
        moves = place(bike, moves)
        const name = bikeState(bike, nowMs)
        const state = stateByte(name) | (isAged(name, shadow.lastHeardAtMs, nowMs) ? agedBit : 0)
        store.charges[slot] = shadow.soc ?? noCharge
        store.heardAtMs[slot] = shadow.lastHeardAtMs ?? 0
        if (state === store.states[slot]) continue
        if (store.states[slot] === noBike) count += 1
        store.states[slot] = state
        store.changed[changes] = slot
        changes += 1
      }
      now = cut(store, slots, count, moves, changes)
      return now
    },
  }
}

type Store = Omit<LiveColumns, 'slots' | 'bikes'>

function storeOf(capacity: number): Store {
  return {
    x: new Uint32Array(capacity),
    y: new Uint32Array(capacity),
    headings: new Uint8Array(capacity),
    placed: new Uint8Array(capacity),
    states: new Uint8Array(capacity).fill(noBike),
    charges: new Uint8Array(capacity).fill(noCharge),
    heardAtMs: new Float64Array(capacity),
    moved: new Uint32Array(capacity),
    oldX: new Uint32Array(capacity),
    oldY: new Uint32Array(capacity),
    changed: new Uint32Array(capacity),
  }
}

function grown(store: Store, needed: number): Store {
  const next = storeOf(Math.max(needed, store.x.length * 2))
  for (const name of Object.keys(store) as (keyof Store)[]) next[name].set(store[name] as never)
  return next
}

const cut = (store: Store, slots: number, bikes: number, moves: number, changes: number): LiveColumns => ({
  ...{ slots, bikes },
  x: store.x.subarray(0, slots),
  y: store.y.subarray(0, slots),
  headings: store.headings.subarray(0, slots),
  placed: store.placed.subarray(0, slots),
  states: store.states.subarray(0, slots),
  charges: store.charges.subarray(0, slots),
  heardAtMs: store.heardAtMs.subarray(0, slots),
  moved: store.moved.subarray(0, moves),
  oldX: store.oldX.subarray(0, moves),
  oldY: store.oldY.subarray(0, moves),
  changed: store.changed.subarray(0, changes),
})

/** Bikes of each state, aged or not, in the order of bike-states.ts. */
export function totalsOf({ states }: Pick<LiveColumns, 'states'>): Uint32Array {
  const totals = new Uint32Array(bikeStates.length)
  for (let slot = 0; slot < states.length; slot++) {
    const state = states[slot] as number
    if (state !== noBike) totals[state & ~agedBit] = (totals[state & ~agedBit] ?? 0) + 1
  }
  return totals
}
