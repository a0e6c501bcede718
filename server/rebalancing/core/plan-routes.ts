import { seededRandom } from '../../../contracts/random.ts'
import { assemblePlan, visitsOfPlan } from './night/assemble-plan.ts'
import { compileNight } from './night/compile-night.ts'
import type { InsertionTest } from './night/insertion.ts'
import {
  exactVisits,
  type KeptRoutes,
  keepRoutes,
  loadVisits,
  openKept,
  restoreRoutes,
  visitsOfState,
} from './night/keep-routes.ts'
import {
  mergedVisits,
  type RoutesQuantifier,
  type RouteVisits,
  routesQuantifier,
  smallNightPlaces,
  visitAt,
  visitsOf,
} from './night/quantify-routes.ts'
import { type Candidates, insertLock, openCandidates, recreate } from './night/recreate.ts'
import { openRuin, type Ruin, ruinStrings } from './night/ruin.ts'
import { keepsAll, lockSlot, objectiveOf, openState, type SearchState } from './night/search-state.ts'
import type { NightPlan } from './night-plan.ts'
import type { NightProblem } from './night-problem.ts'

/** A search that can be stopped, asked and continued at any moment. */
export interface NightSearch {
  improve(iterations: number): void
  /** The best so far; at worst the plan in which every van that may stays at home. */
  best(): NightPlan
  objective(): number
  /** False as long as no plan was found that keeps every rule: a van or a locked place that nothing makes possible. */
  keeps(): boolean
  iterations(): number
  /** Goes on from another search's plan of the same problem, if it is better. */
  adopt(plan: NightPlan): void
}

export interface SearchOptions {
  readonly seed: number
  /** Visiting orders to start from, one list of places per van; stops that can't be reached in time are left out. */
  readonly from?: readonly (readonly number[])[]
}

/** First cooling in iterations; each later one is twice as long, up to the longest. */
const firstCycle = 8_000
const longestCycle = 128_000
/** Temperatures, as shares of what a bike wins on average. */
const hottest = 0.4
const reheated = 0.3
const coldest = 0.01
/** Share of iterations that allow lateness and missing room for a penalty. */
const penalisedShare = 0.85
const blinks = 0.01
/** Iterations between adjustments of the penalties, and between exact quantities for the routes at hand. */
const adjustEvery = 100
const exactEvery = 200
/** Penalties follow the share of plans that keep everything. */
const fewestKept = 0.3
const mostKept = 0.6
const penaltyStep = 1.15

/**
 * The night planner: slack induction by string removals (Christiaens & Vanden Berghe 2020) with optional pieces of work,
 * concave profits and penalised room and time, under annealing that starts anew in ever longer cycles; exact quantities
 * for every new best. The same seed and number of iterations give the same plan. Values in rides.
 */
export function planRoutes(problem: NightProblem, options: SearchOptions): NightSearch {
  const search = openSearch(problem, options)
  return {
    improve(iterations) {
      for (let i = 0; i < iterations; i++) step(search)
    },
    best: () => exactBest(search),
    objective: () => exactBest(search).objective,
    keeps: () => search.bestObjective > Number.NEGATIVE_INFINITY,
    iterations: () => search.iterations,
    adopt(plan) {
      if (plan.objective > search.bestObjective + 1e-9) startFrom(search, visitsOfPlan(problem, plan))
    },
  }
}

interface Search {
  readonly state: SearchState
  readonly test: InsertionTest
  readonly ruin: Ruin
  readonly candidates: Candidates
  readonly kept: KeptRoutes
  readonly quantifier: RoutesQuantifier
  /** For plans that are asked for: being asked does not change the search. */
  readonly asker: RoutesQuantifier
  /** Rides that a bike wins on average: the measure of temperature and penalties. */
  readonly scale: number
  objective: number
  best: readonly RouteVisits[]
  bestObjective: number
  /** The best visits with exact quantities, made when they are asked for. */
  exact: { readonly of: readonly RouteVisits[]; readonly plan: NightPlan } | null
  iterations: number
  cycleFrom: number
  cycleLength: number
  hotness: number
  keptAll: number
}

function openSearch(problem: NightProblem, options: SearchOptions): Search {
  const night = compileNight(problem)
  const state = openState(night)
  const scale = averageRides(problem)
  state.penaltyPerBike = scale
  state.penaltyPerS = Math.max(night.costPerS, scale / 300)
  const search: Search = {
    state,
    test: {
      state,
      random: seededRandom(options.seed, 'night'),
      isStrict: false,
      blinks,
      best: { gain: 0, van: -1, position: 0, bikes: 0 },
      kmCost: 0,
      longerS: 0,
    },
    ruin: openRuin(state),
    candidates: openCandidates(state),
    kept: openKept(state),
    quantifier: routesQuantifier(night),
    asker: routesQuantifier(night),
    scale,
    objective: 0,
    best: [],
    bestObjective: Number.NEGATIVE_INFINITY,
    exact: null,
    iterations: 0,
    cycleFrom: 0,
    cycleLength: firstCycle,
    hotness: hottest,
    keptAll: 0,
  }
  startFrom(search, possibleVisits(search, options.from ?? []))
  return search
}

function averageRides(problem: NightProblem): number {
  let sum = 0
  let bikes = 0
  for (const place of problem.places) {
    if (place.kind === 'depot') continue
    for (const value of [...place.takeValues, ...place.giveValues, ...place.brokenValues]) {
      if (value <= 0) continue
      sum += value
      bikes++
    }
  }
  return bikes === 0 ? 1 : sum / bikes
}

/** Given orders with their best quantities; a route that can't be kept loses stops from its end until it can. */
function possibleVisits(search: Search, from: readonly (readonly number[])[]): readonly RouteVisits[] {
  const { vans } = search.state.night.problem
  const orders = vans.map((_, van) => [...(from[van] ?? [])])
  for (;;) {
    const routes = orders.map(visitsOf)
    const failing = search.quantifier.quantify(routes, true)
    if (failing === -1) return routes
    if ((orders[failing]?.length ?? 0) === 0) return vans.map(() => visitsOf([]))
    orders[failing]?.pop()
  }
}

/** Takes visits as the plan at hand, with the best quantities, and as the best plan where they are. */
function startFrom(search: Search, routes: readonly RouteVisits[]): void {
  const { state, test, ruin } = search
  loadVisits(state, routes)
  for (let slot = 0; slot < state.slots; slot++) {
    if (state.slotKind[slot] === lockSlot && state.slotRoute[slot] === -1) insertLock(test, ruin, slot)
  }
  if (!makeExact(search)) {
    search.objective = objectiveOf(state)
    if (search.best.length === 0) search.best = visitsOfState(state)
  }
  keepRoutes(state, search.kept, everyVan(state))
}

function exactBest(search: Search): NightPlan {
  if (search.exact?.of === search.best) return search.exact.plan
  const { problem } = search.state.night
  const quick = assemblePlan(problem, search.best)
  const visits = search.best.map((route) => mergedVisits(route.place.map((_, at) => visitAt(route, at))))
  const holds = search.asker.quantify(visits, true) === -1
  const exact = holds ? assemblePlan(problem, visits) : quick
  const plan = exact.objective > quick.objective ? exact : quick
  search.exact = { of: search.best, plan }
  return plan
}

const everyVan = (state: SearchState): Uint8Array => new Uint8Array(state.night.vans).fill(1)

/** Exact quantities for the routes at hand. False where the routes can't be kept: they are then as they were. */
function makeExact(search: Search): boolean {
  const { state } = search
  const routes = exactVisits(state, search.quantifier, state.night.places <= smallNightPlaces)
  if (routes === null) return false
  loadVisits(state, routes)
  search.objective = objectiveOf(state)
  if (keepsAll(state) && search.objective > search.bestObjective + 1e-9) {
    search.best = routes
    search.bestObjective = search.objective
  }
  return true
}

function step(search: Search): void {
  const { state, test, ruin, kept } = search
  search.iterations++
  test.isStrict = !test.random.chance(penalisedShare)
  ruinStrings(state, test.random, ruin)
  recreate(test, ruin, search.candidates)
  const made = objectiveOf(state)
  const threshold = search.objective + temperature(search) * Math.log(test.random.next() || 1e-12)
  if (made > threshold) {
    search.objective = made
    keepRoutes(state, kept, ruin.touched)
    if (made > search.bestObjective + 1e-9) challenge(search)
  } else restoreRoutes(state, kept, ruin.touched)
  if (keepsAll(state)) search.keptAll++
  if (search.iterations % exactEvery === 0) challenge(search)
  if (search.iterations % adjustEvery === 0) adjustPenalties(search)
  if (search.iterations - search.cycleFrom >= search.cycleLength) startCycle(search)
}

/** A plan that looks better than the best is made exact, which shows whether it is. */
function challenge(search: Search): void {
  const { state, kept } = search
  const before = search.objective
  if (!makeExact(search)) return
  if (search.objective < before) {
    restoreRoutes(state, kept, everyVan(state))
    search.objective = objectiveOf(state)
  } else keepRoutes(state, kept, everyVan(state))
}

function temperature(search: Search): number {
  const done = (search.iterations - search.cycleFrom) / search.cycleLength
  return search.scale * search.hotness * (coldest / search.hotness) ** done
}

function adjustPenalties(search: Search): void {
  const { state, scale } = search
  const share = search.keptAll / adjustEvery
  search.keptAll = 0
  const factor = share < fewestKept ? penaltyStep : share > mostKept ? 1 / penaltyStep : 1
  state.penaltyPerBike = Math.min(scale * 10, Math.max(scale / 20, state.penaltyPerBike * factor))
  state.penaltyPerS = Math.min(scale, Math.max(scale / 6000, state.penaltyPerS * factor))
  search.objective = objectiveOf(state)
}

/** Warm again, from the best plan. */
function startCycle(search: Search): void {
  search.cycleFrom = search.iterations
  search.cycleLength = Math.min(longestCycle, search.cycleLength * 2)
  search.hotness = reheated
  if (search.bestObjective === Number.NEGATIVE_INFINITY) return
  loadVisits(search.state, search.best)
  search.objective = objectiveOf(search.state)
  keepRoutes(search.state, search.kept, everyVan(search.state))
}
