import type { CrewBike, CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { isBike } from './apply-acts.ts'

/**
 * The stop that the crew is at or on its way to: the one that the screen showed last for as long as it is to be done,
 * so that a new plan never moves them silently; else the first that is to be done. Null: nothing is left.
 */
export function stopAtHand(route: CrewRoute, shownStopId: string | null): CrewStop | null {
  const open = route.stops.filter((stop) => stop.state === 'planned')
  return open.find((stop) => stop.stopId === shownStopId) ?? open[0] ?? null
}

/** The route while its shift lasts. One that has ended stays only until its van is empty. */
export const onShiftOf = (route: CrewRoute | null): CrewRoute | null => (route?.state === 'done' ? null : route)

/** Bikes still to take at a stop. */
export const openTakes = (stop: CrewStop): readonly CrewBike[] => stop.take.filter((bike) => bike.state === 'planned')

/** How many bikes are to be put down at a stop in all; at the depot and the workshop everything that is left. */
export const giveTarget = (route: CrewRoute, stop: CrewStop): number =>
  stop.kind === 'depot' ? stop.given + route.load.length : stop.give

/** Whether nothing is left to do at the stop. */
export const isWorkedOff = (route: CrewRoute, stop: CrewStop): boolean =>
  openTakes(stop).length === 0 && stop.given >= giveTarget(route, stop)

/** Where a bike in the van was planned to be taken; null for one that was on no list. */
export const stopOfBike = (route: CrewRoute, bike: CrewBike): CrewStop | null =>
  route.stops.find((stop) => stop.take.some((one) => one.bikeId === bike.bikeId)) ?? null

export type ScanMeaning =
  | { readonly kind: 'load' | 'unload'; readonly bike: CrewBike }
  | ScanQuestion
  | { readonly kind: 'van_full' }

/** To be asked once: a bike that is planned at another stop or nowhere (a swap), or one that is in the van already. */
export type ScanQuestion =
  | { readonly kind: 'ask_load'; readonly bike: CrewBike | null; readonly plannedAt: CrewStop | null }
  | { readonly kind: 'ask_unload'; readonly bike: CrewBike }

/** What a scan or a typed number means at this stop: bikes of the van are put down, others are loaded. */
export function meaningOfScan(route: CrewRoute, stop: CrewStop | null, numberOrCode: string): ScanMeaning {
  const inVan = route.load.find((bike) => isBike(bike, numberOrCode))
  if (inVan !== undefined) {
    const takenHere = stop?.take.some((bike) => bike.bikeId === inVan.bikeId) ?? false
    const isForWorkshop = inVan.isBroken && stop?.kind !== 'depot'
    const wanted = stop !== null && !takenHere && !isForWorkshop && stop.given < giveTarget(route, stop)
    return { kind: wanted ? 'unload' : 'ask_unload', bike: inVan }
  }
  if (route.load.length >= route.capacity) return { kind: 'van_full' }
  const listedHere = stop?.take.find((bike) => isBike(bike, numberOrCode))
  if (listedHere !== undefined && listedHere.state !== 'left') return { kind: 'load', bike: listedHere }
  const plannedAt = route.stops.find((one) => one.take.some((bike) => isBike(bike, numberOrCode))) ?? null
  const bike = plannedAt?.take.find((one) => isBike(one, numberOrCode)) ?? null
  return { kind: 'ask_load', bike, plannedAt }
}

/** What a night came to. Counts of bikes and stops, metres of the legs driven. */
export interface NightSum {
  readonly loaded: number
  readonly putDown: number
  readonly notFound: number
  readonly blocked: number
  readonly broken: number
  readonly stopsDone: number
  readonly stopsSkipped: number
  readonly stopsLeft: number
  readonly drivenM: number
  readonly inVan: number
}

export function sumOfNight(route: CrewRoute): NightSum {
  const listed = route.stops.flatMap((stop) => stop.take)
  const listedIds = new Set(listed.map((bike) => bike.bikeId))
  const bikes = [...listed, ...route.load.filter((bike) => !listedIds.has(bike.bikeId))]
  const inState = (state: CrewBike['state']) => bikes.filter((bike) => bike.state === state).length
  const stops = (state: CrewStop['state']) => route.stops.filter((stop) => stop.state === state).length
  const wasTaken = (bike: CrewBike) => bike.state === 'loaded' || bike.state === 'left'
  return {
    loaded: inState('loaded') + inState('left'),
    putDown: inState('left'),
    notFound: inState('not_found'),
    blocked: inState('blocked'),
    broken: bikes.filter((bike) => bike.isBroken && wasTaken(bike)).length,
    stopsDone: stops('done'),
    stopsSkipped: stops('skipped'),
    stopsLeft: stops('planned'),
    drivenM: route.stops.filter((stop) => stop.state === 'done').reduce((sum, stop) => sum + stop.legM, 0),
    inVan: route.load.length,
  }
}
