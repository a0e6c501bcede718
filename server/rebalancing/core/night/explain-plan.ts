import type { NightPlan } from '../night-plan.ts'
import type { NightProblem, Stop } from '../night-problem.ts'
import { assemblePlan, visitsOfPlan } from './assemble-plan.ts'
import { compileNight, endPoint, type Night, startPoint } from './compile-night.ts'
import {
  blankVisit,
  mergedVisits,
  type RouteVisits,
  routesQuantifier,
  smallNightPlaces,
  visitAt,
} from './quantify-routes.ts'

export interface PlanExplanation {
  readonly stops: readonly ExplainedStop[]
  readonly leftOut: readonly LeftOutPlace[]
}

/** What a stop is worth to the plan, by what its being left out would change. */
export interface ExplainedStop {
  readonly vanId: string
  /** Its index in the van's route. */
  readonly stop: number
  readonly place: number
  /** Objective without the stop, all other quantities of the van set anew, minus with it; in rides. */
  readonly changeWithout: number
  readonly detourM: number
  readonly detourS: number
  readonly handlingS: number
}

export type LeftOutReason =
  /** No bike taken or brought there wins a ride. */
  | 'nothing_to_gain'
  /** With two hours more the van would come. */
  | 'no_time_left'
  /** Bikes would be worth bringing, but the van comes past with none to spare. */
  | 'no_bikes_to_bring'
  /** Bikes would be worth taking, but the van has no room for them. */
  | 'vans_full'
  | 'not_worth_the_way'

export interface LeftOutPlace {
  readonly place: number
  readonly placeId: string
  readonly reason: LeftOutReason
  /** Rides that all worthwhile bikes there would win. */
  readonly value: number
  /** Rides won on the best way past it, alone: its value as far as a van's capacity goes, minus way and handling. */
  readonly valueOnTheWay: number
  readonly insertion: BestInsertion | null
}

/** Where in the plan the place costs the least way. */
export interface BestInsertion {
  readonly vanId: string
  readonly atStop: number
  readonly detourM: number
  /** Driving and parking. */
  readonly detourS: number
  /** What the visit would change, the van's quantities set anew; and with two hours more for the van. */
  readonly change: number
  readonly changeWithTime: number
}

const moreTimeS = 7_200
const worthwhile = 1e-6

/**
 * Why each stop is in the plan and why each other place is not. In a large night figures are by the quick
 * quantities: a drop or an insertion done as an edit may come out some tenths of a ride better.
 */
export function explainPlan(problem: NightProblem, plan: NightPlan): PlanExplanation {
  const night = compileNight(problem)
  const relaxed = { ...night, endS: night.endS.map((endS) => endS + moreTimeS) }
  const visits = visitsOfPlan(problem, plan)
  const scene: Scene = { night, visits, now: trials(night, visits), later: trials(relaxed, visits) }
  const visited = new Set(visits.flatMap(({ place }) => place))
  return {
    stops: visits.flatMap(({ place }, van) => place.map((_, stop) => explainStop(scene, plan, { van, stop }))),
    leftOut: problem.places.flatMap((place, at) =>
      place.kind === 'stop' && !visited.has(at) ? [explainLeftOut(scene, at, place)] : [],
    ),
  }
}

interface Scene {
  readonly night: Night
  readonly visits: readonly RouteVisits[]
  readonly now: Trials
  readonly later: Trials
}

interface Trials {
  /** Objective with one van's route replaced, minus the objective as it is; -Infinity where it can't be kept. */
  change(van: number, route: RouteVisits): number
}

function trials(night: Night, visits: readonly RouteVisits[]): Trials {
  const quantifier = routesQuantifier(night)
  const objectiveWith = (van: number, route: RouteVisits): number => {
    const routes = visits.map((old, v) => (v === van ? route : old))
    return quantifier.quantifyOne(routes, van, night.places <= smallNightPlaces)
      ? assemblePlan(night.problem, routes).objective
      : Number.NEGATIVE_INFINITY
  }
  const asItIs = visits.map((route, van) => objectiveWith(van, copyOf(route)))
  return { change: (van, route) => objectiveWith(van, route) - (asItIs[van] ?? 0) }
}

const visitList = (route: RouteVisits) => route.place.map((_, at) => visitAt(route, at))
const copyOf = (route: RouteVisits): RouteVisits => mergedVisits(visitList(route))

function explainStop(scene: Scene, plan: NightPlan, at: { van: number; stop: number }): ExplainedStop {
  const { night, visits, now } = scene
  const { problem } = night
  const route = visits[at.van] as RouteVisits
  const planned = plan.routes[at.van]?.stops[at.stop]
  const without = mergedVisits(visitList(route).filter((_, i) => i !== at.stop))
  const around = {
    before: pointBefore(night, at.van, route, at.stop),
    after: pointAt(night, at.van, route, at.stop + 1),
  }
  const place = route.place[at.stop] as number
  const { detourM, detourS } = detour(night, { ...around, place })
  return {
    vanId: problem.vans[at.van]?.vanId ?? '',
    stop: at.stop,
    place,
    changeWithout: now.change(at.van, without),
    detourM,
    detourS: detourS - problem.handling.stopS,
    handlingS: planned === undefined ? 0 : planned.departS - planned.serviceS,
  }
}

const pointBefore = (night: Night, van: number, route: RouteVisits, at: number): number =>
  at === 0 ? startPoint(night, van) : (route.place[at - 1] as number)

const pointAt = (night: Night, van: number, route: RouteVisits, at: number): number =>
  route.place[at] ?? endPoint(night, van)

interface Between {
  readonly before: number
  readonly after: number
  readonly place: number
}

function detour(night: Night, { before, after, place }: Between): { detourM: number; detourS: number } {
  const { problem, points, arcS } = night
  const n = problem.places.length
  const placeOf = (point: number): number => {
    if (point < n) return point
    const van = problem.vans[(point - n) >> 1]
    return ((point - n) % 2 === 0 ? van?.startPlace : van?.endPlace) ?? 0
  }
  const metres = (from: number, to: number): number => problem.distanceM[placeOf(from) * n + placeOf(to)] ?? 0
  const seconds = (from: number, to: number): number => arcS[from * points + to] ?? 0
  return {
    detourM: metres(before, place) + metres(place, after) - metres(before, after),
    detourS: seconds(before, place) + seconds(place, after) - seconds(before, after),
  }
}

function explainLeftOut(scene: Scene, at: number, stop: Stop): LeftOutPlace {
  const { night } = scene
  const gains = [stop.takeValues, stop.giveValues, stop.brokenValues].map(gainsOf)
  const value = gains.flat().reduce((sum, gain) => sum + gain, 0)
  const nearest = value <= worthwhile ? null : nearestInsertion(night, scene.visits, at)
  if (nearest === null) {
    return {
      place: at,
      placeId: stop.placeId,
      reason: value <= worthwhile ? 'nothing_to_gain' : 'not_worth_the_way',
      value,
      valueOnTheWay: 0,
      insertion: null,
    }
  }
  const { van, position } = nearest
  const route = (): RouteVisits =>
    mergedVisits(visitList(scene.visits[van] as RouteVisits).toSpliced(position, 0, blankVisit(at)))
  const change = scene.now.change(van, route())
  const changeWithTime = scene.later.change(van, route())
  const valueOnTheWay = worthOnTheWay(night, gains, nearest)
  const isBringing = sumOf(gains[1]) > sumOf(gains[0]) + sumOf(gains[2])
  return {
    place: at,
    placeId: stop.placeId,
    reason: reasonOf({ changeWithTime, valueOnTheWay, isBringing }),
    value,
    valueOnTheWay,
    insertion: {
      vanId: night.problem.vans[van]?.vanId ?? '',
      atStop: position,
      detourM: nearest.detourM,
      detourS: nearest.detourS,
      change,
      changeWithTime,
    },
  }
}

const gainsOf = (values: readonly number[]): readonly number[] => values.filter((value) => value > 0)
const sumOf = (values: readonly number[] | undefined): number => (values ?? []).reduce((sum, one) => sum + one, 0)

function reasonOf(of: { changeWithTime: number; valueOnTheWay: number; isBringing: boolean }): LeftOutReason {
  if (of.changeWithTime > worthwhile) return 'no_time_left'
  if (of.valueOnTheWay <= worthwhile) return 'not_worth_the_way'
  return of.isBringing ? 'no_bikes_to_bring' : 'vans_full'
}

interface Nearest {
  readonly van: number
  readonly position: number
  readonly detourM: number
  readonly detourS: number
  readonly cost: number
}

/** The position of the least detour among the vans that go out, or among all if none does. */
function nearestInsertion(night: Night, visits: readonly RouteVisits[], place: number): Nearest | null {
  let best: Nearest | null = null
  const someGoes = visits.some((route) => route.place.length > 0)
  for (let van = 0; van < visits.length; van++) {
    const route = visits[van] as RouteVisits
    if (someGoes && route.place.length === 0) continue
    for (let position = 0; position <= route.place.length; position++) {
      const before = pointBefore(night, van, route, position)
      const way = detour(night, { before, after: pointAt(night, van, route, position), place })
      const cost = (way.detourM / 1_000) * night.problem.costs.ridesPerKm + way.detourS * night.costPerS
      if (best === null || cost < best.cost) best = { van, position, ...way, cost }
    }
  }
  return best
}

function worthOnTheWay(night: Night, gains: readonly (readonly number[])[], nearest: Nearest): number {
  const price = night.perBikeS * night.costPerS
  const bikes = gains
    .flat()
    .map((gain) => gain - price)
    .filter((gain) => gain > 0)
    .sort((a, b) => b - a)
  return sumOf(bikes.slice(0, night.capacity[nearest.van])) - nearest.cost
}
