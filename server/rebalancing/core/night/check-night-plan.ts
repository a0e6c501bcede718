import type { NightPlan, PlanFault, PlannedRoute, PlannedStop } from '../night-plan.ts'
import type { NightProblem, Place, Stop, Van } from '../night-problem.ts'

/** Sums of rides and metres may differ by rounding; times are compared as closely. */
const rounding = 1e-6

/**
 * What a plan breaks, with everything reckoned again from the problem alone; empty where it holds. Rules beyond the
 * types' own words: a van unloads at a place before it loads, so it puts down only what it came with; bikes are counted
 * at a place in the order in which the plan is read; a van may stay where it is only if that is its end.
 */
export function checkNightPlan(problem: NightProblem, plan: NightPlan): readonly PlanFault[] {
  const check: Check = { problem, faults: [], taken: new Set(), used: problem.places.map(() => [0, 0, 0]) }
  expectFigure(check, 'routes', plan.routes.length, problem.vans.length)
  const routes = problem.vans.flatMap((van, v) => {
    const route = plan.routes[v]
    return route === undefined ? [] : [checkRoute(check, van, route)]
  })
  problem.places.forEach((place, at) => {
    const given = check.used[at]?.[1] ?? 0
    const over = place.kind === 'stop' ? given - place.giveValues.length : 0
    if (over > 0) check.faults.push({ kind: 'too_many_given', placeId: place.placeId, bikes: over })
  })
  const total = (figure: (route: Reckoned) => number): number => routes.reduce((sum, route) => sum + figure(route), 0)
  expectFigure(
    check,
    'value',
    plan.value,
    total((route) => route.value),
  )
  expectFigure(
    check,
    'cost',
    plan.cost,
    total((route) => route.cost),
  )
  expectFigure(
    check,
    'objective',
    plan.objective,
    total((route) => route.value - route.cost),
  )
  expectFigure(check, 'bikesMoved', plan.bikesMoved, check.taken.size)
  expectFigure(
    check,
    'distanceM',
    plan.distanceM,
    total((route) => route.distanceM),
  )
  return check.faults
}

interface Check {
  readonly problem: NightProblem
  readonly faults: PlanFault[]
  readonly taken: Set<string>
  /** Bikes taken, given and taken broken so far, by place. */
  readonly used: [number, number, number][]
}

interface Reckoned {
  readonly value: number
  readonly cost: number
  readonly distanceM: number
}

function expectFigure(check: Check, what: string, said: number, is: number): void {
  if (Math.abs(said - is) <= rounding * Math.max(1, Math.abs(is))) return
  check.faults.push({ kind: 'wrong_figure', what, said, is })
}

/** What the van has with it, where and when. */
interface Underway {
  readonly check: Check
  readonly van: Van
  place: number
  nowS: number
  usable: number
  broken: number
  distanceM: number
  driveS: number
  value: number
}

function checkRoute(check: Check, van: Van, route: PlannedRoute): Reckoned {
  const { problem, faults } = check
  const { vanId } = van
  const name = (figure: string): string => `${vanId} ${figure}`
  const underway: Underway = {
    check,
    van,
    place: van.startPlace,
    nowS: van.startS,
    usable: van.usableAtStart,
    broken: van.brokenAtStart,
    distanceM: 0,
    driveS: 0,
    value: 0,
  }
  if (route.vanId !== vanId) faults.push({ kind: 'wrong_place', vanId, stop: 0 })
  const over = van.usableAtStart + van.brokenAtStart - van.capacity
  if (over > 0 && route.stops.length > 0) faults.push({ kind: 'over_capacity', vanId, stop: 0, bikes: over })
  route.stops.forEach((stop, at) => {
    checkStop(underway, stop, { at, isEnd: at === route.stops.length - 1 })
  })
  checkEnd(underway, route)
  const { ridesPerKm, ridesPerHour, ridesPerVan } = problem.costs
  const goes = route.stops.length > 0
  const driving = (underway.distanceM / 1000) * ridesPerKm + ((underway.nowS - van.startS) / 3600) * ridesPerHour
  const cost = goes ? driving + ridesPerVan : 0
  expectFigure(check, name('distanceM'), route.distanceM, underway.distanceM)
  expectFigure(check, name('driveS'), route.driveS, underway.driveS)
  expectFigure(check, name('endS'), route.endS, underway.nowS)
  expectFigure(check, name('value'), route.value, underway.value)
  expectFigure(check, name('cost'), route.cost, cost)
  return { value: underway.value, cost, distanceM: underway.distanceM }
}

function checkEnd(underway: Underway, route: PlannedRoute): void {
  const { check, van } = underway
  const { vanId } = van
  const last = route.stops.length - 1
  if (underway.place !== van.endPlace) check.faults.push({ kind: 'wrong_place', vanId, stop: Math.max(0, last) })
  if (route.stops.length > 0 && underway.nowS > van.endS + rounding) {
    check.faults.push({ kind: 'late', vanId, byS: underway.nowS - van.endS })
  }
  const isUnloaded = last < 0 && isWorkshop(check.problem.places[van.startPlace])
  if (underway.broken > 0 && !isUnloaded) {
    check.faults.push({ kind: 'broken_left_in_van', vanId, bikes: underway.broken })
  }
  for (const place of van.lockedPlaces) {
    if (route.stops.slice(0, -1).some((stop) => stop.place === place)) continue
    check.faults.push({ kind: 'locked_place_missing', vanId, place })
  }
}

const isWorkshop = (place: Place | undefined): boolean => place?.kind === 'depot' && place.isWorkshop

function checkStop(underway: Underway, stop: PlannedStop, where: { at: number; isEnd: boolean }): void {
  const { check, van } = underway
  const { vanId } = van
  const place = check.problem.places[stop.place]
  if (place === undefined) {
    check.faults.push({ kind: 'wrong_place', vanId, stop: where.at })
    return
  }
  checkTimes(underway, stop, { ...where, place })
  checkLoads(underway, stop, { ...where, place })
  if (place.kind === 'depot') {
    if (stop.take.length + stop.takeBroken.length > 0) {
      check.faults.push({ kind: 'wrong_place', vanId, stop: where.at })
    }
    expectFigure(check, `${vanId} ${where.at} value`, stop.value, 0)
    return
  }
  checkBikes(check, stop, { ...where, vanId, place })
  const value = countAndValue(check, stop, place)
  expectFigure(check, `${vanId} ${where.at} value`, stop.value, value)
  underway.value += value
}

interface At {
  readonly at: number
  readonly isEnd: boolean
  readonly place: Place
}

function checkTimes(underway: Underway, stop: PlannedStop, { at, isEnd, place }: At): void {
  const { check, van } = underway
  const { problem } = check
  const name = (figure: string): string => `${van.vanId} ${at} ${figure}`
  const pair = underway.place * problem.places.length + stop.place
  const legM = problem.distanceM[pair] ?? Number.NaN
  const legS = problem.driveS[pair] ?? Number.NaN
  const arriveS = underway.nowS + legS
  const window = place.kind === 'stop' && !isEnd ? place.window : null
  const serviceS = Math.max(arriveS, window?.openS ?? arriveS)
  if (window !== null && serviceS > window.closeS + rounding) {
    check.faults.push({ kind: 'outside_window', vanId: van.vanId, stop: at, byS: serviceS - window.closeS })
  }
  const handled = stop.take.length + stop.give + stop.takeBroken.length + stop.giveBroken
  const parkS = isEnd ? 0 : problem.handling.stopS
  const departS = serviceS + parkS + handled * problem.handling.perBikeS
  expectFigure(check, name('legM'), stop.legM, legM)
  expectFigure(check, name('legS'), stop.legS, legS)
  expectFigure(check, name('arriveS'), stop.arriveS, arriveS)
  expectFigure(check, name('serviceS'), stop.serviceS, serviceS)
  expectFigure(check, name('departS'), stop.departS, departS)
  underway.place = stop.place
  underway.nowS = departS
  underway.distanceM += legM
  underway.driveS += legS
}

function checkLoads(underway: Underway, stop: PlannedStop, { at, place }: At): void {
  const { check, van } = underway
  const { vanId } = van
  const isCount = (bikes: number): boolean => Number.isInteger(bikes) && bikes >= 0
  if (!isCount(stop.give) || stop.give > underway.usable) {
    check.faults.push({ kind: 'nothing_to_give', vanId, stop: at })
  }
  if (!isCount(stop.giveBroken) || (stop.giveBroken > 0 && !isWorkshop(place)) || stop.giveBroken > underway.broken) {
    check.faults.push({ kind: 'broken_not_at_workshop', vanId, stop: at })
  }
  underway.usable += stop.take.length - stop.give
  underway.broken += stop.takeBroken.length - stop.giveBroken
  const over = underway.usable + underway.broken - van.capacity
  if (over > 0) check.faults.push({ kind: 'over_capacity', vanId, stop: at, bikes: over })
  expectFigure(check, `${vanId} ${at} usableAfter`, stop.usableAfter, underway.usable)
  expectFigure(check, `${vanId} ${at} brokenAfter`, stop.brokenAfter, underway.broken)
}

function checkBikes(check: Check, stop: PlannedStop, at: { at: number; vanId: string; place: Stop }): void {
  const { place, vanId } = at
  const lists = [
    { bikes: stop.take, standing: place.takeBikes },
    { bikes: stop.takeBroken, standing: place.brokenBikes },
  ]
  for (const { bikes, standing } of lists) {
    for (const bikeId of bikes) {
      if (!standing.includes(bikeId)) check.faults.push({ kind: 'unknown_bike', vanId, stop: at.at, bikeId })
      if (check.taken.has(bikeId)) check.faults.push({ kind: 'bike_taken_twice', bikeId })
      check.taken.add(bikeId)
    }
  }
}

/** A place's values follow from how many bikes it has lost and won in all, whoever moved them. */
function countAndValue(check: Check, stop: PlannedStop, place: Stop): number {
  const used = check.used[stop.place] ?? [0, 0, 0]
  const before = worthOf(place, used)
  used[0] += stop.take.length
  used[1] += stop.give
  used[2] += stop.takeBroken.length
  return worthOf(place, used) - before
}

function worthOf(place: Stop, [take, give, broken]: readonly [number, number, number]): number {
  const first = (values: readonly number[], count: number): number =>
    values.slice(0, count).reduce((sum, value) => sum + value, 0)
  return first(place.takeValues, take) + first(place.giveValues, give) + first(place.brokenValues, broken)
}
