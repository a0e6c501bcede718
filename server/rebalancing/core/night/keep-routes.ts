import { brokenWork, giveWork, takeWork } from './compile-night.ts'
import {
  addVisit,
  emptyVisits,
  mergedVisits,
  type RoutesQuantifier,
  type RouteVisits,
  visitAt,
} from './quantify-routes.ts'
import { reckonRoute } from './reckon-route.ts'
import { absentSlot, depotSlot, enlist, lockSlot, putIn, type SearchState, strike } from './search-state.ts'

/** The routes as they were at the last `keepRoutes`. */
export interface KeptRoutes {
  readonly route: Int32Array
  readonly bikes: Int32Array
  readonly length: Int32Array
}

export const openKept = (state: SearchState): KeptRoutes => ({
  route: new Int32Array(state.route.length),
  bikes: new Int32Array(state.route.length),
  length: new Int32Array(state.length.length),
})

export function keepRoutes(state: SearchState, kept: KeptRoutes, touched: Uint8Array): void {
  for (let van = 0; van < state.night.vans; van++) {
    if (touched[van] === 0) continue
    const row = van * state.stride
    const length = state.length[van] as number
    kept.length[van] = length
    for (let i = row; i < row + length; i++) {
      const slot = state.route[i] as number
      kept.route[i] = slot
      kept.bikes[i] = state.slotBikes[slot] as number
    }
  }
}

export function restoreRoutes(state: SearchState, kept: KeptRoutes, touched: Uint8Array): void {
  for (let van = 0; van < state.night.vans; van++) if (touched[van] === 1) strikeRoute(state, van)
  for (let van = 0; van < state.night.vans; van++) {
    if (touched[van] === 0) continue
    const row = van * state.stride
    const length = kept.length[van] as number
    state.length[van] = length
    for (let i = 0; i < length; i++) {
      const slot = kept.route[row + i] as number
      state.route[row + i] = slot
      state.slotAt[slot] = i
      enlist(state, slot, van, kept.bikes[row + i] as number)
    }
    reckonRoute(state, van)
  }
}

function strikeRoute(state: SearchState, van: number): void {
  const row = van * state.stride
  for (let i = 0; i < (state.length[van] as number); i++) strike(state, state.route[row + i] as number)
  state.length[van] = 0
}

const listOfKind = { [takeWork]: 'take', [giveWork]: 'give', [brokenWork]: 'broken', [depotSlot]: 'dump' } as const

/** The state's routes as visits: slots that follow each other at one place are one visit. */
export function visitsOfState(state: SearchState): RouteVisits[] {
  return Array.from({ length: state.night.vans }, (_, van) => {
    const visits = emptyVisits()
    const row = van * state.stride
    for (let i = 0; i < (state.length[van] as number); i++) {
      const slot = state.route[row + i] as number
      const place = state.slotPlace[slot] as number
      if (visits.place.at(-1) !== place) addVisit(visits, place)
      const kind = state.slotKind[slot] as number
      if (kind === lockSlot) continue
      const list = visits[listOfKind[kind as keyof typeof listOfKind]]
      list[list.length - 1] = (list.at(-1) ?? 0) + (state.slotBikes[slot] as number)
    }
    return visits
  })
}

/** The other way: replaces all routes. Visits at which nothing is done are left out, except those that are locked. */
export function loadVisits(state: SearchState, routes: readonly RouteVisits[]): void {
  for (let van = 0; van < state.night.vans; van++) strikeRoute(state, van)
  routes.forEach((visits, van) => {
    visits.place.forEach((place, at) => {
      loadVisit(state, { van, visits, place, at })
    })
  })
  for (let van = 0; van < state.night.vans; van++) reckonRoute(state, van)
}

function loadVisit(state: SearchState, visit: { van: number; visits: RouteVisits; place: number; at: number }): void {
  const { van, visits, place, at } = visit
  const put = (slot: number, bikes: number): void => {
    const position = state.length[van] as number
    if (slot !== -1 && position < state.stride - 2) putIn(state, slot, { van, position, bikes })
  }
  put(absentLock(state, place, van), 0)
  for (const kind of [giveWork, brokenWork, takeWork] as const) {
    const bikes = visits[listOfKind[kind]][at] ?? 0
    if (bikes > 0) put(absentSlot(state, place, kind), bikes)
  }
  if (state.night.isDepot[place] === 1) put(absentSlot(state, place, depotSlot), visits.dump[at] ?? 0)
}

function absentLock(state: SearchState, place: number, van: number): number {
  const to = state.slotsFrom[place + 1] as number
  for (let slot = state.slotsFrom[place] as number; slot < to; slot++) {
    if (state.slotKind[slot] === lockSlot && state.slotVan[slot] === van && state.slotRoute[slot] === -1) return slot
  }
  return -1
}

/**
 * The best quantities for the present routes, visits at which nothing is done dropped, until none is left to drop.
 * Null where some route cannot be kept.
 */
export function exactVisits(state: SearchState, quantifier: RoutesQuantifier, isExact: boolean): RouteVisits[] | null {
  let routes = visitsOfState(state)
  for (;;) {
    if (quantifier.quantify(routes, isExact) >= 0) return null
    const kept = routes.map((visits, van) => dropIdle(state, visits, van))
    if (kept.every((visits, van) => visits.place.length === routes[van]?.place.length)) return routes
    routes = kept
  }
}

function dropIdle(state: SearchState, visits: RouteVisits, van: number): RouteVisits {
  const locked = state.night.problem.vans[van]?.lockedPlaces ?? []
  let broken = state.night.brokenAtStart[van] as number
  const kept = visits.place.flatMap((place, at) => {
    const visit = visitAt(visits, at)
    const isDone = visit.take + visit.give + visit.broken + visit.dump > 0
    const unloads = state.night.isWorkshop[place] === 1 && broken > 0
    broken = unloads ? 0 : broken + visit.broken
    return isDone || unloads || locked.includes(place) ? [visit] : []
  })
  return mergedVisits(kept)
}
