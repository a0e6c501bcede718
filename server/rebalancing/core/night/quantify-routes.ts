import { brokenWork, endPoint, giveWork, type Night, startPoint, takeWork, workKinds } from './compile-night.ts'
import { type RouteQuantifier, routeQuantifier } from './quantify-route.ts'
import { brokenStep, dumpStep, giveStep, passStep, type Steps, takeStep, unloadStep, worthOf } from './route-steps.ts'

/** A van's visits in driving order, without start and end; no two after each other at one place. */
export interface RouteVisits {
  readonly place: number[]
  readonly take: number[]
  readonly give: number[]
  readonly broken: number[]
  /** Usable bikes left at a depot. */
  readonly dump: number[]
}

export interface RoutesQuantifier {
  /**
   * Sets the quantities of all visits to the best for their order. Where a place is visited twice the quantities that
   * came in are the starting point, and one visit after the other is set until none gets better. The quick way leaves
   * broken bikes as they came in, and may miss the last bike that a shift has time for. Returns the index of
   * the first route that no quantities keep (too late, outside a window, broken bikes without a workshop), or -1.
   */
  quantify(routes: readonly RouteVisits[], isExact: boolean): number
  /** The same for one van's route beside the others as they are. False where no quantities keep it. */
  quantifyOne(routes: readonly RouteVisits[], van: number, isExact: boolean): boolean
}

/** With no more places than these, exact quantities are quick enough for every try. */
export const smallNightPlaces = 40
const mostRounds = 4
const quickRounds = 2
/** Rides: less than this is not worth another round. */
const enough = 1e-4

const workLists = ['take', 'give', 'broken'] as const
const quantityLists = ['take', 'give', 'broken', 'dump'] as const

export const emptyVisits = (): RouteVisits => ({ place: [], take: [], give: [], broken: [], dump: [] })

/** One visit, with the quantities that are planned so far. */
export interface Visit {
  readonly place: number
  readonly take: number
  readonly give: number
  readonly broken: number
  readonly dump: number
}

export const blankVisit = (place: number): Visit => ({ place, take: 0, give: 0, broken: 0, dump: 0 })

/** Visits that follow each other at one place become one. */
export function mergedVisits(visits: readonly Visit[]): RouteVisits {
  const merged = emptyVisits()
  for (const visit of visits) {
    if (merged.place.at(-1) !== visit.place) addVisit(merged, visit.place)
    for (const list of quantityLists) merged[list][merged[list].length - 1] = (merged[list].at(-1) ?? 0) + visit[list]
  }
  return merged
}

/** Visits of a van without quantities. */
export const visitsOf = (sequence: readonly number[]): RouteVisits => mergedVisits(sequence.map(blankVisit))

/** One visit of a van. */
export const visitAt = (visits: RouteVisits, at: number): Visit => ({
  place: visits.place[at] as number,
  take: visits.take[at] as number,
  give: visits.give[at] as number,
  broken: visits.broken[at] as number,
  dump: visits.dump[at] as number,
})

export function addVisit(visits: RouteVisits, place: number): void {
  visits.place.push(place)
  for (const list of quantityLists) visits[list].push(0)
}

export const staysHome = (night: Night, van: number, visits: RouteVisits): boolean =>
  visits.place.length === 0 && night.mustGo[van] === 0

export function routesQuantifier(night: Night): RoutesQuantifier {
  const one = routeQuantifier(night)
  const used = new Int32Array(night.stock.length)
  const seen = new Int32Array(night.places)

  return {
    quantify,
    quantifyOne(routes, van, isExact) {
      countUsed(routes, used)
      const visits = routes[van] as RouteVisits
      const rounds = mostVisitsOfOne(visits) > 1 ? (isExact ? mostRounds : quickRounds) : 1
      for (let round = 0; round < rounds; round++) {
        if (quantifyRoute(van, visits, isExact) === Number.POSITIVE_INFINITY) return false
      }
      return true
    },
  }

  function quantify(routes: readonly RouteVisits[], isExact: boolean): number {
    countUsed(routes, used)
    const shared = countVisits(routes, seen)
    let before = Number.NEGATIVE_INFINITY
    for (let round = 0; round < (shared ? (isExact ? mostRounds : quickRounds) : 1); round++) {
      let total = 0
      for (let van = 0; van < routes.length; van++) {
        const timeCost = quantifyRoute(van, routes[van] as RouteVisits, isExact)
        if (timeCost === Number.POSITIVE_INFINITY) return van
        total += timeCost
      }
      const worth = worthOfAll(night, used) - total
      if (worth <= before + enough) break
      before = worth
    }
    return -1
  }

  /** Rides that the route's time costs; infinite where no quantities keep it. */
  function quantifyRoute(van: number, visits: RouteVisits, isExact: boolean): number {
    if (staysHome(night, van, visits)) return 0
    const turns = mostVisitsOfOne(visits)
    let timeCost = Number.POSITIVE_INFINITY
    for (let turn = 0; turn < turns; turn++) {
      timeCost = quantifyTurn(van, visits, { turn, isExact })
      if (timeCost < Number.POSITIVE_INFINITY) continue
      if (turn > 0) return timeCost
      clear(visits, used)
      timeCost = quantifyTurn(van, visits, { turn, isExact })
      if (timeCost === Number.POSITIVE_INFINITY) return timeCost
    }
    return timeCost
  }

  function quantifyTurn(van: number, visits: RouteVisits, at: { turn: number; isExact: boolean }): number {
    layOutSteps({ night, one, used }, { van, visits, ...at })
    const won = one.quantify(van, at.isExact)
    if (won === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY
    takeChosen(one.steps, visits, used)
    return worthOfSteps(night, one.steps) - won
  }
}

function worthOfSteps(night: Night, steps: Steps): number {
  let worth = 0
  for (let s = 0; s < steps.count; s++) worth += worthOf(night, steps, s, steps.chosen[s] as number)
  return worth
}

/** The rides that all used bikes win: a route's own figures are marginal where routes share a place. */
function worthOfAll(night: Night, used: Int32Array): number {
  let worth = 0
  for (let work = 0; work < used.length; work++) {
    worth += night.sums[(night.sumsFrom[work] as number) + (used[work] as number)] as number
  }
  return worth
}

function countUsed(routes: readonly RouteVisits[], used: Int32Array): void {
  used.fill(0)
  for (const visits of routes) addUsed(visits, used, 1)
}

function addUsed(visits: RouteVisits, used: Int32Array, sign: number): void {
  visits.place.forEach((place, at) => {
    workLists.forEach((list, kind) => {
      const work = place * workKinds + kind
      used[work] = (used[work] as number) + sign * (visits[list][at] as number)
    })
  })
}

function clear(visits: RouteVisits, used: Int32Array): void {
  addUsed(visits, used, -1)
  for (const list of quantityLists) visits[list].fill(0)
}

/** True when a place is visited more than once. */
function countVisits(routes: readonly RouteVisits[], seen: Int32Array): boolean {
  seen.fill(0)
  let shared = false
  for (const { place } of routes) {
    for (const one of place) {
      seen[one] = (seen[one] as number) + 1
      shared ||= (seen[one] as number) > 1
    }
  }
  return shared
}

function mostVisitsOfOne({ place }: RouteVisits): number {
  const count = new Map<number, number>()
  for (const one of place) count.set(one, (count.get(one) ?? 0) + 1)
  return Math.max(1, ...count.values())
}

interface Tools {
  readonly night: Night
  readonly one: RouteQuantifier
  readonly used: Int32Array
}

/** Visits and works in the steps' order, so that `takeChosen` finds them again: a step per work with stock. */
function layOutSteps(tools: Tools, at: { van: number; visits: RouteVisits; turn: number; isExact: boolean }): void {
  const { night, one } = tools
  const { van, visits, turn, isExact } = at
  const { steps } = one
  const nth = new Map<number, number>()
  const last = visits.place.length - 1
  steps.count = 0
  let from = startPoint(night, van)
  visits.place.forEach((place, visit) => {
    const occurrence = nth.get(place) ?? 0
    nth.set(place, occurrence + 1)
    const first = steps.count
    if (night.isDepot[place] === 1) {
      if (night.isWorkshop[place] === 1) addStep(steps, unloadStep, 0, 0)
      addStep(steps, dumpStep, 0, night.capacity[van] as number)
    } else addStopSteps(tools, { visits, visit, isFree: isTurn(visits, { place, occurrence, turn }), isExact })
    if (steps.count === first) addStep(steps, passStep, 0, 0)
    steps.arrives[first] = 1
    steps.arcS[first] = night.arcS[from * night.points + place] as number
    steps.openS[first] = night.openS[place] as number
    steps.closeS[first] = night.closeS[place] as number
    from = place
  })
  addStep(steps, night.endIsWorkshop[van] === 1 ? unloadStep : passStep, 0, 0)
  const before = last < 0 ? startPoint(night, van) : (visits.place[last] as number)
  steps.arcS[steps.count - 1] = night.arcS[before * night.points + endPoint(night, van)] as number
}

/** A place's visits are free one after the other. */
function isTurn(visits: RouteVisits, at: { place: number; occurrence: number; turn: number }): boolean {
  let count = 0
  for (const place of visits.place) if (place === at.place) count++
  return at.turn % count === at.occurrence
}

const stepOfWork = { [giveWork]: giveStep, [brokenWork]: brokenStep, [takeWork]: takeStep }

function addStopSteps(
  tools: Tools,
  at: { visits: RouteVisits; visit: number; isFree: boolean; isExact: boolean },
): void {
  const { night, one, used } = tools
  const place = at.visits.place[at.visit] as number
  for (const kind of [giveWork, brokenWork, takeWork] as const) {
    const work = place * workKinds + kind
    const stock = night.stock[work] as number
    if (stock === 0) continue
    const own = at.visits[workLists[kind]][at.visit] as number
    const others = (used[work] as number) - own
    const isFree = at.isFree && (at.isExact || kind !== brokenWork)
    const most = isFree ? stock - others : own
    addStep(one.steps, stepOfWork[kind], isFree ? 0 : own, most)
    if (isFree) one.steps.valueFrom[one.steps.count - 1] = (night.sumsFrom[work] as number) + others
  }
}

function addStep(steps: Steps, kind: number, least: number, most: number): void {
  const s = steps.count++
  steps.kind[s] = kind
  steps.least[s] = least
  steps.most[s] = most
  steps.valueFrom[s] = -1
  steps.arrives[s] = 0
  steps.arcS[s] = 0
  steps.openS[s] = Number.NEGATIVE_INFINITY
  steps.closeS[s] = Number.POSITIVE_INFINITY
}

function takeChosen(steps: Steps, visits: RouteVisits, used: Int32Array): void {
  addUsed(visits, used, -1)
  let visit = -1
  for (let s = 0; s < steps.count - 1; s++) {
    if (steps.arrives[s] === 1) visit++
    const chosen = steps.chosen[s] as number
    if (steps.kind[s] === takeStep) visits.take[visit] = chosen
    else if (steps.kind[s] === giveStep) visits.give[visit] = chosen
    else if (steps.kind[s] === brokenStep) visits.broken[visit] = chosen
    else if (steps.kind[s] === dumpStep) visits.dump[visit] = chosen
  }
  addUsed(visits, used, 1)
}
