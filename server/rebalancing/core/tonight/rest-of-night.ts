import { present } from '../../../../contracts/assert.ts'
import type { NightPlan, PlannedRoute, PlannedStop } from '../night-plan.ts'
import type { NightProblem, Place, Van } from '../night-problem.ts'

/** How far a van is. Vans that have not touched anything need not be named. */
export interface VanProgress {
  readonly vanId: string
  /** Which stops of its route (from 0) are done, skipped or begun: they stay as they are. */
  readonly touched: readonly number[]
  /** In the van when the stops that have begun are over. */
  readonly usable: number
  readonly broken: number
  /** Bikes of this route that cannot be planned any more: taken, not found, out of reach. */
  readonly gone: readonly string[]
  /** It is back and goes out no more: nothing can be given to it. */
  readonly isHome?: true
}

/** What is still open of a night, as a problem of its own over the same places. */
export interface RestOfNight {
  readonly problem: NightProblem
  /** Places still to be visited by each van of the problem, in their order, without the way back. */
  readonly sequences: readonly (readonly number[])[]
  /** The stops that stay, by van; vans that have touched nothing are not in it. */
  readonly prefixes: ReadonlyMap<string, readonly PlannedStop[]>
}

/** A van that is late still drives home: so long after now, when its shift is over. */
const leastRestS = 3_600

/**
 * The problem from `nowS` on: vans on their way start at their last touched place with what they carry; bikes that are
 * taken and room that is filled are gone, and so are vans that are home. Without progress it is the problem itself.
 */
export function restOfNight(
  problem: NightProblem,
  plan: NightPlan,
  progress: readonly VanProgress[],
  nowS: number,
): RestOfNight {
  const progressOf = new Map(progress.map((one) => [one.vanId, one]))
  const touchedBy = (vanId: string) => progressOf.get(vanId)?.touched ?? []
  const prefixes = new Map(
    plan.routes.flatMap(({ vanId, stops }) => {
      const touched = stops.filter((_, i) => touchedBy(vanId).includes(i))
      return touched.length === 0 ? [] : [[vanId, touched] as const]
    }),
  )
  const gone = new Set(progress.flatMap((one) => one.gone))
  const given = new Map<number, number>()
  for (const stop of [...prefixes.values()].flat()) {
    for (const bikeId of [...stop.take, ...stop.takeBroken]) gone.add(bikeId)
    given.set(stop.place, (given.get(stop.place) ?? 0) + stop.give)
  }
  const isTouched = gone.size > 0 || prefixes.size > 0
  const isOut = ({ vanId }: { readonly vanId: string }) => progressOf.get(vanId)?.isHome !== true
  return {
    problem: {
      ...problem,
      places: isTouched ? problem.places.map((place, i) => openPart(place, gone, given.get(i) ?? 0)) : problem.places,
      vans: problem.vans
        .filter(isOut)
        .map((van) => vanNow(van, progressOf.get(van.vanId), prefixes.get(van.vanId) ?? [], nowS)),
    },
    sequences: plan.routes
      .filter(isOut)
      .map(({ vanId, stops }) => placesOf(stops).filter((_, i) => !touchedBy(vanId).includes(i))),
    prefixes,
  }
}

/** Places that a route visits, without the way back. */
export const placesOf = (stops: readonly PlannedStop[]): number[] => stops.slice(0, -1).map(({ place }) => place)

function openPart(place: Place, gone: ReadonlySet<string>, given: number): Place {
  if (place.kind === 'depot') return place
  const left = (bikes: readonly string[], values: readonly number[]) =>
    bikes.flatMap((bikeId, i) => (gone.has(bikeId) ? [] : [{ bikeId, value: values[i] ?? 0 }]))
  const takes = left(place.takeBikes, place.takeValues)
  const broken = left(place.brokenBikes, place.brokenValues)
  return {
    ...place,
    takeBikes: takes.map(({ bikeId }) => bikeId),
    takeValues: takes.map(({ value }) => value),
    giveValues: place.giveValues.slice(given),
    brokenBikes: broken.map(({ bikeId }) => bikeId),
    brokenValues: broken.map(({ value }) => value),
  }
}

function vanNow(van: Van, progress: VanProgress | undefined, prefix: readonly PlannedStop[], nowS: number): Van {
  if (progress === undefined) return van
  const startS = Math.max(van.startS, nowS)
  const visited = new Set(prefix.map(({ place }) => place))
  return {
    ...van,
    startPlace: prefix.at(-1)?.place ?? van.startPlace,
    startS,
    endS: Math.max(van.endS, startS + leastRestS),
    usableAtStart: Math.min(progress.usable, van.capacity),
    brokenAtStart: Math.min(progress.broken, van.capacity - Math.min(progress.usable, van.capacity)),
    lockedPlaces: van.lockedPlaces.filter((place) => !visited.has(place)),
  }
}

/** Where a stop of the whole route is in what is still open of it; null for one that stays as it is. */
export function openStop({ touched }: Pick<VanProgress, 'touched'>, stop: number): number | null {
  return touched.includes(stop) ? null : stop - touched.filter((one) => one < stop).length
}

/**
 * The whole night again: stops that stay, then the rest as it is planned now. Figures are sums of what the stops say.
 * `vans` are those of the whole night, in the order of the plan's routes.
 */
export function joinedPlan(
  { costs, vans }: Pick<NightProblem, 'costs' | 'vans'>,
  prefixes: RestOfNight['prefixes'],
  restPlan: NightPlan,
): NightPlan {
  const routes = restPlan.routes.map((route, v): PlannedRoute => {
    const prefix = prefixes.get(route.vanId) ?? []
    if (prefix.length === 0) return route
    const stops = [...prefix, ...route.stops]
    const distanceM = sum(stops, ({ legM }) => legM)
    const van = present(vans[v], 'a route has a van')
    const { ridesPerKm, ridesPerHour, ridesPerVan } = costs
    return {
      vanId: route.vanId,
      stops,
      distanceM,
      driveS: sum(stops, ({ legS }) => legS),
      endS: route.endS,
      value: sum(stops, ({ value }) => value),
      cost: (distanceM / 1_000) * ridesPerKm + ((route.endS - van.startS) / 3_600) * ridesPerHour + ridesPerVan,
    }
  })
  return planOf(routes)
}

export function planOf(routes: readonly PlannedRoute[]): NightPlan {
  const value = sum(routes, (route) => route.value)
  const cost = sum(routes, (route) => route.cost)
  return {
    routes,
    value,
    cost,
    objective: value - cost,
    bikesMoved: sum(routes, ({ stops }) => sum(stops, ({ take, takeBroken }) => take.length + takeBroken.length)),
    distanceM: sum(routes, (route) => route.distanceM),
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((all, item) => all + of(item), 0)
