import type { NightPlan, PlannedRoute, PlannedStop } from '../night-plan.ts'
import type { NightProblem, Place, Van } from '../night-problem.ts'
import { type RouteVisits, type Visit, visitAt, visitsOf } from './quantify-routes.ts'

/** How many of a place's bikes and spaces the stops before have used, in the order in which a plan is read. */
type Used = Map<number, { take: number; give: number; broken: number }>

/** Times, legs, loads and values of visits whose quantities are set; a van without visits stays where it may stay. */
export function assemblePlan(problem: NightProblem, routes: readonly RouteVisits[]): NightPlan {
  const used: Used = new Map()
  const planned = problem.vans.map((van, v) => assembleRoute(problem, van, { visits: routes[v] ?? visitsOf([]), used }))
  const value = sumOf(planned, (route) => route.value)
  const cost = sumOf(planned, (route) => route.cost)
  return {
    routes: planned,
    value,
    cost,
    objective: value - cost,
    bikesMoved: sumOf(planned, ({ stops }) => sumOf(stops, (stop) => stop.take.length + stop.takeBroken.length)),
    distanceM: sumOf(planned, (route) => route.distanceM),
  }
}

/** A plan's visits, with their quantities: the way back. */
export function visitsOfPlan(problem: NightProblem, plan: NightPlan): RouteVisits[] {
  return plan.routes.map(({ stops }) => {
    const worked = stops.slice(0, -1)
    return {
      place: worked.map((stop) => stop.place),
      take: worked.map((stop) => stop.take.length),
      give: worked.map((stop) => (problem.places[stop.place]?.kind === 'depot' ? 0 : stop.give)),
      broken: worked.map((stop) => stop.takeBroken.length),
      dump: worked.map((stop) => (problem.places[stop.place]?.kind === 'depot' ? stop.give : 0)),
    }
  })
}

const sumOf = <T>(items: readonly T[], figure: (item: T) => number): number =>
  items.reduce((sum, item) => sum + figure(item), 0)

interface Way {
  place: number
  nowS: number
  usable: number
  broken: number
}

function assembleRoute(problem: NightProblem, van: Van, at: { visits: RouteVisits; used: Used }): PlannedRoute {
  const { visits, used } = at
  const way: Way = { place: van.startPlace, nowS: van.startS, usable: van.usableAtStart, broken: van.brokenAtStart }
  const stops: PlannedStop[] = visits.place.map((_, visit) =>
    assembleStop(problem, way, { visit: visitAt(visits, visit), used }),
  )
  if (stops.length > 0 || mustGo(problem, van)) stops.push(assembleEnd(problem, van, way))
  const distanceM = sumOf(stops, (stop) => stop.legM)
  const endS = stops.at(-1)?.departS ?? van.startS
  const { ridesPerKm, ridesPerHour, ridesPerVan } = problem.costs
  const hours = (endS - van.startS) / 3600
  return {
    vanId: van.vanId,
    stops,
    distanceM,
    driveS: sumOf(stops, (stop) => stop.legS),
    endS,
    value: sumOf(stops, (stop) => stop.value),
    cost: stops.length === 0 ? 0 : (distanceM / 1000) * ridesPerKm + hours * ridesPerHour + ridesPerVan,
  }
}

function mustGo(problem: NightProblem, van: Van): boolean {
  const isUnloaded = van.brokenAtStart === 0 || isWorkshop(problem.places[van.startPlace])
  return van.startPlace !== van.endPlace || van.lockedPlaces.length > 0 || !isUnloaded
}

const isWorkshop = (place: Place | undefined): boolean => place?.kind === 'depot' && place.isWorkshop

function assembleStop(problem: NightProblem, way: Way, at: { visit: Visit; used: Used }): PlannedStop {
  const { visit } = at
  const leg = drive(problem, way, visit.place)
  const place = problem.places[visit.place]
  const opensS = place?.kind === 'stop' ? (place.window?.openS ?? leg.arriveS) : leg.arriveS
  const serviceS = Math.max(leg.arriveS, opensS)
  const giveBroken = isWorkshop(place) ? way.broken : 0
  const handled = visit.take + visit.give + visit.broken + visit.dump + giveBroken
  way.nowS = serviceS + problem.handling.stopS + handled * problem.handling.perBikeS
  way.usable += visit.take - visit.give - visit.dump
  way.broken += visit.broken - giveBroken
  return {
    place: visit.place,
    ...leg,
    serviceS,
    departS: way.nowS,
    ...bikesAt(place, at),
    give: visit.give + visit.dump,
    giveBroken,
    usableAfter: way.usable,
    brokenAfter: way.broken,
  }
}

function bikesAt(place: Place | undefined, at: { visit: Visit; used: Used }) {
  if (place?.kind !== 'stop') return { take: [], takeBroken: [], value: 0 }
  const { take, give, broken } = at.visit
  const before = at.used.get(at.visit.place) ?? { take: 0, give: 0, broken: 0 }
  const after = { take: before.take + take, give: before.give + give, broken: before.broken + broken }
  at.used.set(at.visit.place, after)
  return {
    take: place.takeBikes.slice(before.take, after.take),
    takeBroken: place.brokenBikes.slice(before.broken, after.broken),
    value:
      sumOf(place.takeValues.slice(before.take, after.take), Number) +
      sumOf(place.giveValues.slice(before.give, after.give), Number) +
      sumOf(place.brokenValues.slice(before.broken, after.broken), Number),
  }
}

function assembleEnd(problem: NightProblem, van: Van, way: Way): PlannedStop {
  const leg = drive(problem, way, van.endPlace)
  const giveBroken = isWorkshop(problem.places[van.endPlace]) ? way.broken : 0
  const departS = leg.arriveS + giveBroken * problem.handling.perBikeS
  return {
    place: van.endPlace,
    ...leg,
    serviceS: leg.arriveS,
    departS,
    take: [],
    give: 0,
    takeBroken: [],
    giveBroken,
    usableAfter: way.usable,
    brokenAfter: way.broken - giveBroken,
    value: 0,
  }
}

function drive(problem: NightProblem, way: Way, to: number): { legM: number; legS: number; arriveS: number } {
  const pair = way.place * problem.places.length + to
  const legS = problem.driveS[pair] ?? 0
  way.place = to
  return { legM: problem.distanceM[pair] ?? 0, legS, arriveS: way.nowS + legS }
}
