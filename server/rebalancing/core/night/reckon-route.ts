import { brokenWork, endPoint, giveWork, startPoint, takeWork } from './compile-night.ts'
import { depotSlot, goesOut, type SearchState } from './search-state.ts'

/** Sums of seconds in another order may differ by so much. */
const roundingS = 1e-6

/** Reckons all figures of a route anew from its list of slots. */
export function reckonRoute(state: SearchState, van: number): void {
  goForward(state, van)
  goBackward(state, van)
}

function goForward(state: SearchState, van: number): void {
  const { night, stride } = state
  const row = van * stride
  const length = state.length[van] as number
  const capacity = night.capacity[van] as number
  let from = startPoint(night, van)
  let nowS = night.startS[van] as number
  let usable = night.usableAtStart[van] as number
  let broken = night.brokenAtStart[van] as number
  let kmCost = 0
  let lateS = 0
  let cut = 0
  for (let i = 0; i < length; i++) {
    state.timeS[row + i] = nowS
    state.usable[row + i] = usable
    state.broken[row + i] = broken
    const slot = state.route[row + i] as number
    const place = state.slotPlace[slot] as number
    const kind = state.slotKind[slot] as number
    const bikes = state.slotBikes[slot] as number
    if (place !== from) {
      kmCost += night.kmCost[from * night.points + place] as number
      nowS += night.arcS[from * night.points + place] as number
      lateS += Math.max(0, nowS - (night.closeS[place] as number) - roundingS)
      const waitS = Math.max(0, (night.openS[place] as number) - nowS)
      state.waitS[row + i] = waitS
      nowS += waitS
    } else state.waitS[row + i] = 0
    let handled = bikes
    if (kind === takeWork) usable += bikes
    else if (kind === giveWork) usable -= bikes
    else if (kind === brokenWork) broken += bikes
    else if (kind === depotSlot) {
      usable -= bikes
      if (night.isWorkshop[place] === 1) {
        handled += broken
        broken = 0
      }
    }
    nowS += handled * night.perBikeS
    const fits = Math.max(0, Math.min(usable, capacity - broken))
    cut += Math.abs(usable - fits) + Math.max(0, broken - capacity)
    usable = fits
    from = place
  }
  state.timeS[row + length] = nowS
  state.usable[row + length] = usable
  state.broken[row + length] = broken
  state.waitS[row + length] = 0
  const end = endPoint(night, van)
  const goes = goesOut(state, van)
  if (goes) {
    kmCost += night.kmCost[from * night.points + end] as number
    nowS += night.arcS[from * night.points + end] as number
    if (night.endIsWorkshop[van] === 1) nowS += broken * night.perBikeS
    else cut += broken
  }
  state.kmCost[van] = kmCost
  state.endsS[van] = nowS
  state.lateS[van] = lateS + (goes ? Math.max(0, nowS - (night.endS[van] as number) - roundingS) : 0)
  state.cut[van] = cut
}

function goBackward(state: SearchState, van: number): void {
  const { night, stride, loads, cuts } = state
  const row = van * stride
  const length = state.length[van] as number
  const capacity = night.capacity[van] as number
  state.latestS[row + length] = Number.POSITIVE_INFINITY
  state.fullest[row + length] = (state.usable[row + length] as number) + (state.broken[row + length] as number)
  cuts.fill(0, (row + length) * loads, (row + length + 1) * loads)
  let unloadsBefore = night.endIsWorkshop[van] === 1 ? length + 1 : 0
  for (let i = length - 1; i >= 0; i--) {
    const slot = state.route[row + i] as number
    const place = state.slotPlace[slot] as number
    const isUnloading = state.slotKind[slot] === depotSlot && night.isWorkshop[place] === 1
    if (isUnloading && unloadsBefore === 0) unloadsBefore = i + 1
    const here = (state.usable[row + i] as number) + (state.broken[row + i] as number)
    state.fullest[row + i] = isUnloading ? here : Math.max(here, state.fullest[row + i + 1] as number)
    state.waitS[row + i] = (state.waitS[row + i] as number) + (state.waitS[row + i + 1] as number)
    setLatest(state, van, i)
    const base = (row + i) * loads
    const after = base + loads
    const room = Math.max(0, capacity - (state.broken[row + i + 1] as number))
    const shift = shiftOf(state, slot)
    for (let x = 0; x <= capacity; x++) {
      const wanted = x + shift
      const fits = wanted < 0 ? 0 : wanted > room ? room : wanted
      const cut = wanted < fits ? fits - wanted : wanted - fits
      cuts[base + x] = cut + (cuts[after + fits] as number)
    }
  }
  state.unloads[van] = unloadsBefore
}

function shiftOf(state: SearchState, slot: number): number {
  const kind = state.slotKind[slot] as number
  const bikes = state.slotBikes[slot] as number
  if (kind === takeWork) return bikes
  return kind === giveWork || kind === depotSlot ? -bikes : 0
}

/** Latest time at the position, its arc driven, that keeps its window and those after it. */
function setLatest(state: SearchState, van: number, i: number): void {
  const { night } = state
  if (!night.windows) return
  const row = van * state.stride
  const slot = state.route[row + i] as number
  const place = state.slotPlace[slot] as number
  const before = i === 0 ? -1 : (state.slotPlace[state.route[row + i - 1] as number] as number)
  const own = place === before ? Number.POSITIVE_INFINITY : (night.closeS[place] as number)
  const length = state.length[van] as number
  if (i === length - 1) {
    state.latestS[row + i] = own
    return
  }
  const next = state.slotPlace[state.route[row + i + 1] as number] as number
  const handlingS = (state.timeS[row + i + 1] as number) - serviceStartS(state, van, i)
  const arcS = night.arcS[place * night.points + next] as number
  state.latestS[row + i] = Math.min(own, (state.latestS[row + i + 1] as number) - arcS - handlingS)
}

function serviceStartS(state: SearchState, van: number, i: number): number {
  const { night } = state
  const row = van * state.stride
  const place = state.slotPlace[state.route[row + i] as number] as number
  const before = i === 0 ? startPoint(night, van) : (state.slotPlace[state.route[row + i - 1] as number] as number)
  const nowS = state.timeS[row + i] as number
  if (place === before) return nowS
  return Math.max(nowS + (night.arcS[before * night.points + place] as number), night.openS[place] as number)
}
