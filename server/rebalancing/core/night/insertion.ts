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
  /** Of the position that is tried. */
  kmCost: number
  longerS: number
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
  if (!measureDetour(test, trial)) return 0
  const { longerS, kmCost } = test
  const spareS = (night.endS[van] as number) - (state.endsS[van] as number)
  const laterS = Math.max(0, longerS - spareS) - Math.max(0, -spareS)
  if (test.isStrict && laterS > 0) {
    return night.perBikeS > 0 ? Math.ceil(laterS / night.perBikeS / handlingsOf(kind)) : 0
  }
  const cut = kind === lockSlot ? 0 : moreCut(state, trial)
  if (test.isStrict && cut > 0) return cut
  const worth = kind === lockSlot ? 0 : worthOfBikes(state, place * workKinds + kind, bikes)
  const penalty = cut * state.penaltyPerBike + laterS * state.penaltyPerS
  const gain = worth - kmCost - longerS * night.costPerS - penalty
  if (gain > best.gain) {
    best.gain = gain
    best.van = van
    best.position = position
    best.bikes = bikes
  }
  return cut
}

/** A broken bike is lifted out again while the van is on its way. */
const handlingsOf = (kind: number): number => (kind === brokenWork ? 2 : 1)

/** Sets the cost of the longer way and the later end; false where a window would be missed. */
function measureDetour(test: InsertionTest, trial: Trial): boolean {
  const { state } = test
  const { night } = state
  const { van, position, bikes, place, kind } = trial
  const row = van * state.stride
  const length = state.length[van] as number
  const before =
    position === 0 ? startPoint(night, van) : (state.slotPlace[state.route[row + position - 1] as number] as number)
  const after =
    position === length ? endPoint(night, van) : (state.slotPlace[state.route[row + position] as number] as number)
  const to = before * night.points + place
  const on = place * night.points + after
  test.kmCost = (night.kmCost[to] as number) + (night.kmCost[on] as number)
  test.longerS = (night.arcS[to] as number) + (night.arcS[on] as number) + bikes * handlingsOf(kind) * night.perBikeS
  if (length > 0 || goesOut(state, van)) {
    const direct = before * night.points + after
    test.kmCost -= night.kmCost[direct] as number
    test.longerS -= night.arcS[direct] as number
  }
  return !night.windows || keepsWindows(test, trial, before)
}

/** Adds the wait for the slot's own window, and takes off what later waits take up. */
function keepsWindows(test: InsertionTest, trial: Trial, before: number): boolean {
  const { state } = test
  const { night } = state
  const { van, position, place } = trial
  const at = van * state.stride + position
  if (before !== place) {
    const nowS = (state.timeS[at] as number) + (night.arcS[before * night.points + place] as number)
    if (nowS > (night.closeS[place] as number)) return false
    test.longerS += Math.max(0, (night.openS[place] as number) - nowS)
  }
  const latestS = state.latestS[at] as number
  if (latestS < Number.POSITIVE_INFINITY && arrivesS(state, van, position) + test.longerS > latestS) return false
  if (test.longerS > 0) test.longerS = Math.max(0, test.longerS - (state.waitS[at] as number))
  return true
}

function worthOfBikes(state: SearchState, work: number, bikes: number): number {
  const planned = state.planned[work] as number
  return sumOfWork(state.night, work, planned + bikes) - sumOfWork(state.night, work, planned)
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
