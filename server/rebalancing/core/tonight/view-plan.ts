import { present } from '../../../../contracts/assert.ts'
import type {
  LeftOut,
  PlanFigures,
  PlanMove,
  PlanPlace,
  PlanRoute,
  PlanStop,
} from '../../../../contracts/http/nights.ts'
import { epochMs } from '../../../../contracts/units.ts'
import type { NightPlan, PlannedRoute, PlannedStop } from '../night-plan.ts'
import type { NightProblem, Van } from '../night-problem.ts'
import type { NightFacts } from './night-inputs.ts'
import { movesOf } from './plan-moves.ts'

/** What each stop is worth beside the rest, and why places were left out: dearer to find than the rest of the view. */
export interface PlanReasons {
  /** By van and stop; null where it has no meaning (done stops, the way back). */
  readonly stops: readonly (readonly (StopWorth | null)[])[]
  readonly leftOut: readonly LeftOut[]
}

export interface StopWorth {
  readonly worth: number
  readonly detourM: number
  readonly detourMinutes: number
}

/** Of a published route, as the database has it. */
export interface RouteOnStreets {
  readonly vanId: string
  readonly routeId: string
  readonly crewName: string | null
  readonly stops: number
  readonly stopsDone: number
  readonly bikesLoaded: number
  readonly bikesDelivered: number
}

export interface ViewedPlan {
  readonly figures: PlanFigures
  readonly expectedLost: { readonly nothing: number; readonly plan: number }
  readonly places: PlanPlace[]
  readonly routes: PlanRoute[]
  readonly moves: PlanMove[]
  readonly leftOut: LeftOut[]
}

/** A plan as the desk shows it. `problem` has the vans of the plan. */
export function viewPlan(
  problem: NightProblem,
  facts: NightFacts,
  plan: NightPlan,
  known: {
    readonly reasons: PlanReasons
    readonly streets: readonly RouteOnStreets[]
    readonly line: (places: readonly number[]) => [number, number][]
  },
): ViewedPlan {
  const change = stockChanges(plan)
  return {
    figures: figuresOf(plan),
    expectedLost: { nothing: facts.lostWithNothingDone, plan: lostWith(facts, plan) },
    places: problem.places.map((place, i) => {
      const { kind, stock, target, capacity } = present(facts.places[i], 'every place has its facts')
      const planned = stock === null ? null : Math.max(0, stock + (change.all.get(i) ?? 0))
      return {
        placeId: place.placeId,
        kind,
        name: place.name,
        lon: place.lon,
        lat: place.lat,
        stock,
        planned,
        target,
        capacity,
      }
    }),
    routes: plan.routes.map((route, v) =>
      viewRoute(problem, route, present(problem.vans[v], 'a route has a van'), {
        worths: known.reasons.stops[v] ?? [],
        onStreets: known.streets.find(({ vanId }) => vanId === route.vanId) ?? null,
        line: known.line,
      }),
    ),
    moves: movesOf(problem, plan).flatMap(({ bikeId, ...move }): PlanMove[] => {
      const bike = facts.bikes[bikeId]
      if (bike === undefined) return []
      const { number, reasons, idleHours, batteryPercent } = bike
      return [{ bikeId, number, ...move, reasons: [...reasons], idleHours, batteryPercent }]
    }),
    leftOut: [...known.reasons.leftOut],
  }
}

export function figuresOf({ value, cost, objective, bikesMoved, distanceM }: PlanFigures): PlanFigures {
  return { value, cost, objective, bikesMoved, distanceM }
}

/** Rides that tomorrow is expected to miss when the plan is driven. */
export function lostWith(facts: NightFacts, plan: NightPlan): number {
  const change = stockChanges(plan)
  let lost = facts.lostWithNothingDone
  for (const [i, { kind, usable, lossAt }] of facts.places.entries()) {
    if (kind !== 'hotspot' || lossAt.length === 0) continue
    const at = (stock: number) => lossAt[Math.min(lossAt.length - 1, Math.max(0, stock))] ?? 0
    lost += at(usable + (change.usable.get(i) ?? 0)) - at(usable)
  }
  for (const { stops } of plan.routes) {
    for (const stop of stops) {
      if (facts.places[stop.place]?.kind !== 'strays') continue
      for (const bikeId of [...stop.take, ...stop.takeBroken]) lost += facts.bikes[bikeId]?.lost ?? 0
    }
  }
  return Math.max(0, lost)
}

function stockChanges(plan: NightPlan) {
  const usable = new Map<number, number>()
  const all = new Map<number, number>()
  for (const stop of plan.routes.flatMap(({ stops }) => stops)) {
    const moved = stop.give - stop.take.length
    usable.set(stop.place, (usable.get(stop.place) ?? 0) + moved)
    all.set(stop.place, (all.get(stop.place) ?? 0) + moved - stop.takeBroken.length)
  }
  return { usable, all }
}

function viewRoute(
  problem: NightProblem,
  route: PlannedRoute,
  van: Van,
  known: {
    readonly worths: readonly (StopWorth | null)[]
    readonly onStreets: RouteOnStreets | null
    readonly line: (places: readonly number[]) => [number, number][]
  },
): PlanRoute {
  const at = (seconds: number) => epochMs(Math.round(problem.zeroMs + seconds * 1_000))
  const { onStreets } = known
  return {
    vanId: van.vanId,
    vanName: van.name,
    capacity: van.capacity,
    shiftStartAt: at(van.startS),
    shiftEndAt: at(van.endS),
    endsAt: at(route.endS),
    startPlace: van.startPlace,
    distanceM: route.distanceM,
    value: route.value,
    cost: route.cost,
    stops: route.stops.map((stop, s) => viewStop(stop, known.worths[s] ?? null, van, at)),
    line: route.stops.length === 0 ? [] : known.line([van.startPlace, ...route.stops.map(({ place }) => place)]),
    routeId: onStreets?.routeId ?? null,
    crewName: onStreets?.crewName ?? null,
    progress: onStreets && {
      stopsDone: onStreets.stopsDone,
      stops: onStreets.stops,
      bikesLoaded: onStreets.bikesLoaded,
      bikesDelivered: onStreets.bikesDelivered,
    },
  }
}

function viewStop(
  stop: PlannedStop,
  worth: StopWorth | null,
  van: Van,
  at: (seconds: number) => PlanStop['arriveAt'],
): PlanStop {
  return {
    place: stop.place,
    arriveAt: at(stop.arriveS),
    departAt: at(stop.departS),
    legM: stop.legM,
    take: stop.take.length,
    give: stop.give,
    takeBroken: stop.takeBroken.length,
    giveBroken: stop.giveBroken,
    loadAfter: stop.usableAfter,
    brokenAfter: stop.brokenAfter,
    value: stop.value,
    worth: worth?.worth ?? stop.value,
    detourM: worth?.detourM ?? 0,
    detourMinutes: worth?.detourMinutes ?? 0,
    isLocked: van.lockedPlaces.includes(stop.place),
  }
}
