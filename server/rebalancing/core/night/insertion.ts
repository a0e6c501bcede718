import type { Random } from '../../../../contracts/random.ts'
import { brokenWork, endPoint, startPoint, takeWork, workKinds } from './compile-night.ts'
import { goesOut, lockSlot, pieceBikes, type SearchState, sumOfWork } from './search-state.ts'

/** A place in a route for a slot, and what it wins; the best so far is kept in it. */
export interface Insertion {
  gain: number
  van: number
  position: number
  bikes: number
}

export interface InsertionTest {
  readonly state: SearchState
  readonly random: Random
  /** Strict: nothing may be cut or late that was not before. */
  isStrict: boolean
  /** Positions that are passed over, so that the greedy choice varies. */
  readonly blinks: number
  readonly best: Insertion
}

/** Looks for the best place of a slot next to its neighbours and at both ends of every route. `best.van` is -1 without. */
export function findInsertion(test: InsertionTest, slot: number): void {
  const { state, best } = test
  const { night } = state
  best.gain = Number.NEGATIVE_INFINITY
  best.van = -1
  const place = state.slotPlace[slot] as number
  const owner = state.slotVan[slot] as number
  if (owner >= 0) {
    for (let i = 0; i <= (state.length[owner] as number); i++) tryAt(test, slot, owner, i)
    return
  }
  const from = place * night.nearCount
  for (let k = 0; k < night.nearCount; k++) {
    const near = night.near[from + k] as number
    if (state.standing[near] === 0) continue
    const to = state.slotsFrom[near + 1] as number
    for (let other = state.slotsFrom[near] as number; other < to; other++) {
      const van = state.slotRoute[other] as number
      if (van < 0) continue
      const at = state.slotAt[other] as number
      tryAt(test, slot, van, at)
      tryAt(test, slot, van, at + 1)
    }
  }
  for (let van = 0; van < night.vans; van++) {
    tryAt(test, slot, van, 0)
    tryAt(test, slot, van, state.length[van] as number)
  }
}

function tryAt(test: InsertionTest, slot: number, van: number, position: number): void {
  const { state } = test
  if (test.blinks > 0 && test.random.next() < test.blinks) return
  if ((state.length[van] as number) >= state.stride - 2) return
  const kind = state.slotKind[slot] as number
  const place = state.slotPlace[slot] as number
  if (kind === lockSlot) {
    tryBikes(test, { van, position, bikes: 0, place, kind })
    return
  }
  if (kind === brokenWork && position >= (state.unloads[van] as number)) return
  const work = place * workKinds + kind
  const left = (state.night.stock[work] as number) - (state.planned[work] as number)
  if (left <= 0) return
  const bikes = Math.min(left, pieceBikes)
  const extra = tryBikes(test, { van, position, bikes, place, kind })
  if (extra > 0 && extra < bikes) tryBikes(test, { van, position, bikes: bikes - extra, place, kind })
}

interface Trial {
  readonly van: number
  readonly position: number
  readonly bikes: number
  readonly place: number
  readonly kind: number
}

/** Returns how many bikes too many it is: with so many fewer it may fit. */
function tryBikes(test: InsertionTest, trial: Trial): number {
  const { state, best } = test
  const { night } = state
  const { van, position, bikes, place, kind } = trial
  const row = van * state.stride
  const length = state.length[van] as number
  const before =
    position === 0 ? startPoint(night, van) : (state.slotPlace[state.route[row + position - 1] as number] as number)
  const after =
    position === length ? endPoint(night, van) : (state.slotPlace[state.route[row + position] as number] as number)
  const { points } = night
  const isFirst = length === 0 && !goesOut(state, van)
  let km = (night.kmCost[before * points + place] as number) + (night.kmCost[place * points + after] as number)
  let longerS = (night.arcS[before * points + place] as number) + (night.arcS[place * points + after] as number)
  if (!isFirst) {
    km -= night.kmCost[before * points + after] as number
    longerS -= night.arcS[before * points + after] as number
  }
  const handlings = kind === brokenWork ? bikes * 2 : bikes
  if (night.windows) {
    longerS = delayByWindow(state, trial, { before, after, longerS })
    if (longerS === Number.POSITIVE_INFINITY) return 0
  }
  longerS += handlings * night.perBikeS
  if (night.windows) {
    const latestS = state.latestS[row + position] as number
    if (latestS < Number.POSITIVE_INFINITY && arrivesS(state, van, position) + longerS > latestS) return 0
    if (longerS > 0) longerS = Math.max(0, longerS - (state.waitS[row + position] as number))
  }
  const spareS = (night.endS[van] as number) - (state.endsS[van] as number)
  const laterS = Math.max(0, longerS - spareS) - Math.max(0, -spareS)
  if (test.isStrict && laterS > 0)
    return night.perBikeS > 0 ? Math.ceil(laterS / night.perBikeS / (handlings / bikes)) : 0
  const cut = kind === lockSlot ? 0 : moreCut(state, trial)
  const work = place * workKinds + kind
  const worth = kind === lockSlot ? 0 : worthOfBikes(state, work, bikes)
  if (!(test.isStrict && cut > 0)) {
    const penalty = cut * state.penaltyPerBike + laterS * state.penaltyPerS
    const gain = worth - km - longerS * night.costPerS - penalty
    if (gain > best.gain) {
      best.gain = gain
      best.van = van
      best.position = position
      best.bikes = bikes
    }
  }
  return cut
}

function worthOfBikes(state: SearchState, work: number, bikes: number): number {
  const planned = state.planned[work] as number
  return sumOfWork(state.night, work, planned + bikes) - sumOfWork(state.night, work, planned)
}

/** The longer way with the wait for the slot's own window; infinite when it would be too late for it. */
function delayByWindow(
  state: SearchState,
  trial: Trial,
  at: { before: number; after: number; longerS: number },
): number {
  const { night } = state
  if (at.before === trial.place) return at.longerS
  const row = trial.van * state.stride
  const nowS =
    (state.timeS[row + trial.position] as number) + (night.arcS[at.before * night.points + trial.place] as number)
  if (nowS > (night.closeS[trial.place] as number)) return Number.POSITIVE_INFINITY
  return at.longerS + Math.max(0, (night.openS[trial.place] as number) - nowS)
}

/** When the slot at a position is reached now. */
function arrivesS(state: SearchState, van: number, position: number): number {
  const { night } = state
  const row = van * state.stride
  const place = state.slotPlace[state.route[row + position] as number] as number
  const before =
    position === 0 ? startPoint(night, van) : (state.slotPlace[state.route[row + position - 1] as number] as number)
  return (state.timeS[row + position] as number) + (night.arcS[before * night.points + place] as number)
}

/** Bikes that would be cut in the rest of the route, more than now. */
function moreCut(state: SearchState, { van, position, bikes, kind }: Trial): number {
  const at = van * state.stride + position
  const capacity = state.night.capacity[van] as number
  const usable = state.usable[at] as number
  const room = capacity - (state.broken[at] as number)
  if (kind === brokenWork) return Math.max(0, (state.fullest[at] as number) + bikes - capacity)
  const wanted = kind === takeWork ? usable + bikes : usable - bikes
  const fits = wanted < 0 ? 0 : wanted > room ? Math.max(0, room) : wanted
  const base = at * state.loads
  return Math.abs(wanted - fits) + (state.cuts[base + fits] as number) - (state.cuts[base + usable] as number)
}
