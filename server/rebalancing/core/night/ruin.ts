import type { Random } from '../../../../contracts/random.ts'
import { closeRanks, type SearchState, strike } from './search-state.ts'

/** Stops removed per iteration, on average, and the longest string (Christiaens & Vanden Berghe 2020, section 5). */
const averageRemoved = 8
const longestString = 10
/** Share of strings that keep a piece in their middle, and how often that piece grows by one. */
const splitShare = 0.5
const splitGrowth = 0.5
/** One in so many iterations removes one van's whole route. */
const wholeRouteShare = 0.002

export interface Ruin {
  /** The place around which was removed. */
  seedPlace: number
  readonly touched: Uint8Array
  /** Slots that were removed. */
  readonly removed: Int32Array
  count: number
}

export const openRuin = (state: SearchState): Ruin => ({
  seedPlace: 0,
  touched: new Uint8Array(state.night.vans),
  removed: new Int32Array(state.slots),
  count: 0,
})

/** Removes strings of stops that are near each other from the routes near a place. Their figures are stale afterwards. */
export function ruinStrings(state: SearchState, random: Random, ruin: Ruin): void {
  const { night } = state
  ruin.count = 0
  ruin.touched.fill(0)
  let stops = 0
  let busy = 0
  for (let van = 0; van < night.vans; van++) {
    stops += state.length[van] as number
    if ((state.length[van] as number) > 0) busy++
  }
  ruin.seedPlace = night.near[random.integer(0, night.places - 1) * night.nearCount] as number
  if (busy === 0) return
  if (random.chance(wholeRouteShare)) removeWholeRoute(state, random, ruin)
  else {
    const longest = Math.min(longestString, Math.max(1, stops / busy))
    const strings = Math.floor(1 + random.next() * ((4 * averageRemoved) / (1 + longest) - 1))
    removeNear(state, random, ruin, { strings, longest })
  }
  for (let van = 0; van < night.vans; van++) if (ruin.touched[van] === 1) closeRanks(state, van)
}

function removeWholeRoute(state: SearchState, random: Random, ruin: Ruin): void {
  const van = random.integer(0, state.night.vans - 1)
  for (let i = (state.length[van] as number) - 1; i >= 0; i--) remove(state, ruin, van, i)
}

function removeNear(
  state: SearchState,
  random: Random,
  ruin: Ruin,
  limits: { strings: number; longest: number },
): void {
  const { night } = state
  let strings = 0
  for (let k = 0; k < night.nearCount && strings < limits.strings; k++) {
    const place = night.near[ruin.seedPlace * night.nearCount + k] as number
    if (state.standing[place] === 0) continue
    const to = state.slotsFrom[place + 1] as number
    for (let slot = state.slotsFrom[place] as number; slot < to && strings < limits.strings; slot++) {
      const van = state.slotRoute[slot] as number
      if (van < 0) continue
      const length = state.length[van] as number
      const most = Math.min(limits.longest, length)
      removeString(state, random, ruin, {
        van,
        around: state.slotAt[slot] as number,
        size: Math.floor(1 + random.next() * most),
      })
      strings++
    }
  }
}

function removeString(
  state: SearchState,
  random: Random,
  ruin: Ruin,
  string: { van: number; around: number; size: number },
): void {
  const { van, around } = string
  const length = state.length[van] as number
  const size = Math.min(string.size, length)
  let kept = 0
  if (size > 2 && random.chance(splitShare)) {
    kept = 1
    while (size + kept < length && random.chance(splitGrowth)) kept++
  }
  const span = Math.min(length, size + kept)
  const lowest = Math.max(0, around - span + 1)
  const first = random.integer(lowest, Math.max(lowest, Math.min(around, length - span)))
  const keepFrom = first + random.integer(0, size)
  for (let i = first; i < first + span; i++) {
    if (i >= keepFrom && i < keepFrom + kept) continue
    remove(state, ruin, van, i)
  }
}

function remove(state: SearchState, ruin: Ruin, van: number, position: number): void {
  const slot = state.route[van * state.stride + position] as number
  if (state.slotRoute[slot] !== van) return
  strike(state, slot)
  ruin.removed[ruin.count++] = slot
  ruin.touched[van] = 1
}
