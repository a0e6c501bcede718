import { endPoint, startPoint } from './compile-night.ts'
import { reckonRoute } from './reckon-route.ts'
import { absentSlot, closeRanks, depotSlot, putIn, type SearchState, strike } from './search-state.ts'

/** Removes visits to depots at which nothing is left. */
export function dropIdleDepots(state: SearchState, van: number): void {
  const row = van * state.stride
  let dropped = false
  for (let i = 0; i < (state.length[van] as number); i++) {
    const slot = state.route[row + i] as number
    if (state.slotKind[slot] !== depotSlot || (state.slotBikes[slot] as number) > 0) continue
    if ((state.broken[row + i] as number) > 0 && state.night.isWorkshop[state.slotPlace[slot] as number] === 1) continue
    strike(state, slot)
    dropped = true
  }
  if (!dropped) return
  closeRanks(state, van)
  reckonRoute(state, van)
}

/** Puts in a visit to a workshop where broken bikes would be left in the van. */
export function unloadAtLast(state: SearchState, van: number): void {
  const { night } = state
  const length = state.length[van] as number
  if (night.endIsWorkshop[van] === 1 || state.broken[van * state.stride + length] === 0) return
  addWorkshop(state, van, lastBrokenAt(state, van))
}

function lastBrokenAt(state: SearchState, van: number): number {
  const row = van * state.stride
  let last = 0
  for (let i = 0; i < (state.length[van] as number); i++) {
    if ((state.broken[row + i + 1] as number) > (state.broken[row + i] as number)) last = i + 1
  }
  return last
}

/** Puts a workshop where its detour is least, at or after a position. False where there is none to be had. */
export function addWorkshop(state: SearchState, van: number, from: number): boolean {
  const { night } = state
  let best = Number.POSITIVE_INFINITY
  let slot = -1
  let position = 0
  for (let place = 0; place < night.places; place++) {
    if (night.isWorkshop[place] === 0) continue
    const absent = absentSlot(state, place, depotSlot)
    if (absent === -1) continue
    for (let i = from; i <= (state.length[van] as number); i++) {
      const detour = detourCost(state, { van, position: i, place })
      if (detour >= best) continue
      best = detour
      slot = absent
      position = i
    }
  }
  if (slot === -1 || (state.length[van] as number) >= state.stride - 2) return false
  putIn(state, slot, { van, position, bikes: 0 })
  reckonRoute(state, van)
  return true
}

export function detourCost(state: SearchState, at: { van: number; position: number; place: number }): number {
  const { night } = state
  const { van, position, place } = at
  const row = van * state.stride
  const placeAt = (i: number): number => state.slotPlace[state.route[row + i] as number] as number
  const before = position === 0 ? startPoint(night, van) : placeAt(position - 1)
  const after = position === state.length[van] ? endPoint(night, van) : placeAt(position)
  const cost = (from: number, to: number): number => {
    const arc = from * night.points + to
    return (night.kmCost[arc] as number) + (night.arcS[arc] as number) * night.costPerS
  }
  return cost(before, place) + cost(place, after) - cost(before, after)
}
