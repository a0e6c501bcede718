import { brokenWork, giveWork, takeWork, workKinds } from './compile-night.ts'
import { findInsertion, type InsertionTest } from './insertion.ts'
import { reckonRoute } from './reckon-route.ts'
import type { Ruin } from './ruin.ts'
import { absentSlot, closeRanks, lockSlot, putIn, type SearchState, strike, sumOfWork } from './search-state.ts'
import { addWorkshop, dropIdleDepots, unloadAtLast } from './workshop-visits.ts'

/** Places around the ruin, and places anywhere, whose works are tried besides what was removed. */
const nearTried = 24
const anywhereTried = 6
/** Pieces of one work that are put in at once. */
const mostPieces = 4
/** One in so many iterations puts a workshop into a route: room for more when broken bikes fill the van. */
const workshopShare = 0.02

/** Works to be tried, once each, in an order drawn anew each time. */
export interface Candidates {
  readonly work: Int32Array
  readonly key: Float64Array
  readonly listed: Uint8Array
  count: number
}

export const openCandidates = (state: SearchState): Candidates => ({
  work: new Int32Array(state.planned.length),
  key: new Float64Array(state.planned.length),
  listed: new Uint8Array(state.planned.length),
  count: 0,
})

/** Greedy best insertion of what was removed and what stands around it; whatever wins nothing stays out. */
export function recreate(test: InsertionTest, ruin: Ruin, candidates: Candidates): void {
  const { state, random } = test
  const { night } = state
  for (let van = 0; van < night.vans; van++) {
    if (ruin.touched[van] === 0) continue
    reckonRoute(state, van)
    dropIdleDepots(state, van)
    unloadAtLast(state, van)
  }
  putLocksBack(test, ruin)
  if (random.chance(workshopShare)) addWorkshopSomewhere(test, ruin)
  list(test, ruin, candidates)
  order(test, ruin, candidates)
  for (let c = 0; c < candidates.count; c++) tryWork(test, ruin, candidates.work[c] as number)
  for (let van = 0; van < night.vans; van++) if (ruin.touched[van] === 1) dropIdleDepots(state, van)
}

function putLocksBack(test: InsertionTest, ruin: Ruin): void {
  const { state } = test
  for (let r = 0; r < ruin.count; r++) {
    const slot = ruin.removed[r] as number
    if (state.slotKind[slot] === lockSlot) insertLock(test, ruin, slot)
  }
}

/** A locked visit is put in whatever it costs: what it breaks is penalised until the search has made room. */
export function insertLock(test: InsertionTest, ruin: Ruin, slot: number): void {
  const { state, best } = test
  const { isStrict } = test
  test.isStrict = false
  findInsertion(test, slot)
  test.isStrict = isStrict
  const van = state.slotVan[slot] as number
  const position = best.van === van ? best.position : (state.length[van] as number)
  putIn(state, slot, { van, position, bikes: 0 })
  ruin.touched[van] = 1
  reckonRoute(state, van)
}

function addWorkshopSomewhere(test: InsertionTest, ruin: Ruin): void {
  const { state, random } = test
  const van = random.integer(0, state.night.vans - 1)
  const length = state.length[van] as number
  if (length === 0 || !addWorkshop(state, van, random.integer(0, length - 1))) return
  ruin.touched[van] = 1
}

function list(test: InsertionTest, ruin: Ruin, candidates: Candidates): void {
  const { state, random } = test
  const { night } = state
  candidates.count = 0
  candidates.listed.fill(0)
  for (let r = 0; r < ruin.count; r++) {
    const slot = ruin.removed[r] as number
    const kind = state.slotKind[slot] as number
    if (kind < workKinds) listWork(state, candidates, (state.slotPlace[slot] as number) * workKinds + kind)
  }
  const near = Math.min(nearTried, night.nearCount)
  for (let k = 0; k < near; k++)
    listPlace(state, candidates, night.near[ruin.seedPlace * night.nearCount + k] as number)
  for (let k = 0; k < anywhereTried; k++) listPlace(state, candidates, random.integer(0, night.places - 1))
}

function listPlace(state: SearchState, candidates: Candidates, place: number): void {
  for (let kind = 0; kind < workKinds; kind++) listWork(state, candidates, place * workKinds + kind)
}

function listWork(state: SearchState, candidates: Candidates, work: number): void {
  if (candidates.listed[work] === 1) return
  if ((state.planned[work] as number) >= (state.night.stock[work] as number)) return
  candidates.listed[work] = 1
  candidates.work[candidates.count++] = work
}

function order(test: InsertionTest, ruin: Ruin, candidates: Candidates): void {
  const { state, random } = test
  const { night } = state
  const way = random.integer(0, 9)
  for (let c = 0; c < candidates.count; c++) {
    const work = candidates.work[c] as number
    const kind = work % workKinds
    const chance = random.next()
    let key = chance
    if (way >= 4 && way < 7) {
      const planned = state.planned[work] as number
      key = -(sumOfWork(night, work, planned + 1) - sumOfWork(night, work, planned)) * (0.5 + chance)
    } else if (way === 7) key = (kind === giveWork ? 0 : 1) + chance
    else if (way === 8) key = (kind === takeWork ? 0 : 1) + chance
    else if (way === 9) {
      const place = (work - kind) / workKinds
      key = night.arcS[ruin.seedPlace * night.points + place] as number
    }
    candidates.key[c] = key
  }
  sortByKey(candidates)
}

/** Insertion sort: the list is short, and nothing is allocated. */
function sortByKey({ work, key, count }: Candidates): void {
  for (let i = 1; i < count; i++) {
    const movedKey = key[i] as number
    const movedWork = work[i] as number
    let at = i - 1
    while (at >= 0 && (key[at] as number) > movedKey) {
      key[at + 1] = key[at] as number
      work[at + 1] = work[at] as number
      at--
    }
    key[at + 1] = movedKey
    work[at + 1] = movedWork
  }
}

function tryWork(test: InsertionTest, ruin: Ruin, work: number): void {
  const { state, best } = test
  const kind = work % workKinds
  const place = (work - kind) / workKinds
  for (let piece = 0; piece < mostPieces; piece++) {
    const slot = absentSlot(state, place, kind)
    if (slot === -1) return
    findInsertion(test, slot)
    if (best.van === -1 && kind === brokenWork) tryWithWorkshop(test, ruin, slot)
    if (best.van === -1 || best.gain <= 0) return
    const { van, position, bikes } = best
    putIn(state, slot, { van, position, bikes })
    ruin.touched[van] = 1
    reckonRoute(state, van)
  }
}

/** Broken bikes in a route that comes past no workshop: both visits at once, when they win together. */
function tryWithWorkshop(test: InsertionTest, ruin: Ruin, slot: number): void {
  const { state, best, random } = test
  const van = random.integer(0, state.night.vans - 1)
  if (state.night.endIsWorkshop[van] === 1 || (state.unloads[van] as number) > 0) return
  const wasCost = (state.kmCost[van] as number) + (state.endsS[van] as number) * state.night.costPerS
  if (!addWorkshop(state, van, 0)) return
  ruin.touched[van] = 1
  const cost = (state.kmCost[van] as number) + (state.endsS[van] as number) * state.night.costPerS - wasCost
  findInsertion(test, slot)
  if (best.van === van && best.gain > cost) return
  best.van = -1
  strike(state, state.route[van * state.stride + (state.unloads[van] as number) - 1] as number)
  closeRanks(state, van)
  reckonRoute(state, van)
}
