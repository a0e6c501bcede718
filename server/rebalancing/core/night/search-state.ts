import { type Night, workKinds } from './compile-night.ts'

/** Kinds of slots beyond the three works: a visit that a person has locked, and a visit to a depot. */
export const lockSlot = 3
export const depotSlot = 4

/** Bikes of one work in one slot: so that vans share a place. The exact quantities may be more. */
export const pieceBikes = 6
const spareSlots = 2
const depotSlotsPerVan = 2
const mostStopsPerVan = 500

/**
 * A plan under search. A *slot* is a piece of a work that may stand in one route; its bikes are set where it is put in.
 * A route may be late or lack room: the bikes that do not fit are *cut* and cost a penalty each.
 */
export interface SearchState {
  readonly night: Night
  readonly slots: number
  readonly slotPlace: Int32Array
  readonly slotKind: Uint8Array
  /** The van that a locked visit belongs to. */
  readonly slotVan: Int32Array
  /** -1 where it stands in no route. */
  readonly slotRoute: Int32Array
  readonly slotAt: Int32Array
  readonly slotBikes: Int32Array
  /** A place's slots are [slotsFrom[place], slotsFrom[place + 1]). */
  readonly slotsFrom: Int32Array
  /** Slots of a place that stand in a route. */
  readonly standing: Int32Array
  /** Bikes of each work that are planned. */
  readonly planned: Int32Array
  /** Rides won by all planned bikes. */
  worth: number
  /** Row length of everything by route and position. */
  readonly stride: number
  readonly route: Int32Array
  readonly length: Int32Array
  /** Before the position: time, usable bikes that fit, broken bikes. */
  readonly timeS: Float64Array
  readonly usable: Int32Array
  readonly broken: Int32Array
  /** Most bikes in the van from the position until the next unloading. */
  readonly fullest: Int32Array
  /** From the position on: seconds of waiting; latest arrival that keeps the windows. */
  readonly waitS: Float64Array
  readonly latestS: Float64Array
  /** `[(row + position) * loads + usable]`: bikes cut from the position on, having that many there. */
  readonly cuts: Int32Array
  readonly loads: number
  readonly kmCost: Float64Array
  readonly endsS: Float64Array
  readonly lateS: Float64Array
  readonly cut: Int32Array
  /** Broken bikes picked up before this position come past a workshop later. */
  readonly unloads: Int32Array
  penaltyPerBike: number
  penaltyPerS: number
}

export function openState(night: Night): SearchState {
  const layout = layOutSlots(night)
  const slots = layout.place.length
  const stride = Math.min(slots, mostStopsPerVan) + 2
  const rows = stride * night.vans
  const loads = Math.max(0, ...night.capacity) + 1
  return {
    night,
    slots,
    slotPlace: Int32Array.from(layout.place),
    slotKind: Uint8Array.from(layout.kind),
    slotVan: Int32Array.from(layout.van),
    slotsFrom: Int32Array.from(layout.from),
    slotRoute: new Int32Array(slots).fill(-1),
    slotAt: new Int32Array(slots),
    slotBikes: new Int32Array(slots),
    standing: new Int32Array(night.places),
    planned: new Int32Array(night.stock.length),
    worth: 0,
    stride,
    route: new Int32Array(rows),
    length: new Int32Array(night.vans),
    timeS: new Float64Array(rows),
    usable: new Int32Array(rows),
    broken: new Int32Array(rows),
    fullest: new Int32Array(rows),
    waitS: new Float64Array(rows),
    latestS: new Float64Array(rows),
    cuts: new Int32Array(rows * loads),
    loads,
    kmCost: new Float64Array(night.vans),
    endsS: new Float64Array(night.vans),
    lateS: new Float64Array(night.vans),
    cut: new Int32Array(night.vans),
    unloads: new Int32Array(night.vans),
    penaltyPerBike: 0,
    penaltyPerS: 0,
  }
}

function layOutSlots(night: Night) {
  const place: number[] = []
  const kind: number[] = []
  const van: number[] = []
  const from: number[] = [0]
  const add = (at: number, slotKind: number, count: number, owner = -1): void => {
    for (let i = 0; i < count; i++) {
      place.push(at)
      kind.push(slotKind)
      van.push(owner)
    }
  }
  for (let at = 0; at < night.places; at++) {
    for (let work = 0; work < workKinds; work++) {
      const stock = night.stock[at * workKinds + work] as number
      add(at, work, stock === 0 ? 0 : Math.min(stock, Math.ceil(stock / pieceBikes) + spareSlots))
    }
    if (night.isDepot[at] === 1) add(at, depotSlot, depotSlotsPerVan * night.vans)
    night.problem.vans.forEach(({ lockedPlaces }, owner) => {
      if (lockedPlaces.includes(at)) add(at, lockSlot, 1, owner)
    })
    from.push(place.length)
  }
  return { place, kind, van, from }
}

/** Rides won by the first `bikes` of a work. */
export const sumOfWork = (night: Night, work: number, bikes: number): number =>
  night.sums[(night.sumsFrom[work] as number) + bikes] as number

/** Puts an absent slot into a route; the route's figures are stale until it is reckoned. */
export function putIn(state: SearchState, slot: number, at: { van: number; position: number; bikes: number }): void {
  const row = at.van * state.stride
  const length = state.length[at.van] as number
  state.route.copyWithin(row + at.position + 1, row + at.position, row + length)
  state.route[row + at.position] = slot
  state.length[at.van] = length + 1
  for (let i = at.position; i <= length; i++) state.slotAt[state.route[row + i] as number] = i
  enlist(state, slot, at.van, at.bikes)
}

/** Counts a slot that already stands in a route's list. */
export function enlist(state: SearchState, slot: number, van: number, bikes: number): void {
  const place = state.slotPlace[slot] as number
  state.slotRoute[slot] = van
  state.slotBikes[slot] = bikes
  state.standing[place] = (state.standing[place] as number) + 1
  plan(state, slot, bikes)
}

/** Takes a slot's count back; the caller removes it from the route's list. */
export function strike(state: SearchState, slot: number): void {
  const place = state.slotPlace[slot] as number
  state.slotRoute[slot] = -1
  state.standing[place] = (state.standing[place] as number) - 1
  plan(state, slot, -(state.slotBikes[slot] as number))
}

function plan(state: SearchState, slot: number, bikes: number): void {
  const kind = state.slotKind[slot] as number
  if (kind >= workKinds) return
  const work = (state.slotPlace[slot] as number) * workKinds + kind
  const before = state.planned[work] as number
  state.planned[work] = before + bikes
  state.worth += sumOfWork(state.night, work, before + bikes) - sumOfWork(state.night, work, before)
}

/** Removes struck slots from a route's list. */
export function closeRanks(state: SearchState, van: number): void {
  const row = van * state.stride
  let kept = 0
  for (let i = 0; i < (state.length[van] as number); i++) {
    const slot = state.route[row + i] as number
    if (state.slotRoute[slot] !== van) continue
    state.route[row + kept] = slot
    state.slotAt[slot] = kept
    kept++
  }
  state.length[van] = kept
}

/** An absent slot of a kind at a place, or -1. */
export function absentSlot(state: SearchState, place: number, kind: number): number {
  const to = state.slotsFrom[place + 1] as number
  for (let slot = state.slotsFrom[place] as number; slot < to; slot++) {
    if (state.slotRoute[slot] === -1 && state.slotKind[slot] === kind) return slot
  }
  return -1
}

export const goesOut = (state: SearchState, van: number): boolean =>
  (state.length[van] as number) > 0 || state.night.mustGo[van] === 1

/** Rides won minus what driving, time and the vans cost, minus the penalties: what the search maximises. */
export function objectiveOf(state: SearchState): number {
  let objective = state.worth
  for (let van = 0; van < state.night.vans; van++) objective -= costOf(state, van) + penaltyOf(state, van)
  return objective
}

function costOf(state: SearchState, van: number): number {
  if (!goesOut(state, van)) return 0
  const { night } = state
  const seconds = (state.endsS[van] as number) - (night.startS[van] as number)
  return (state.kmCost[van] as number) + seconds * night.costPerS + night.problem.costs.ridesPerVan
}

const penaltyOf = (state: SearchState, van: number): number =>
  (state.cut[van] as number) * state.penaltyPerBike + (state.lateS[van] as number) * state.penaltyPerS

export function keepsAll(state: SearchState): boolean {
  for (let van = 0; van < state.night.vans; van++) {
    if ((state.cut[van] as number) > 0 || (state.lateS[van] as number) > 0) return false
  }
  return true
}
