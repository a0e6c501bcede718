import type { CrewAct, CrewBike, CrewRoute, CrewStop } from '../../contracts/http/crews.ts'

/**
 * The route as the crew sees it: the server's last word with the crew's own unsent acts on top, in their order. An act
 * that the server has already counted in changes nothing any more.
 */
export function applyActs(route: CrewRoute, acts: readonly CrewAct[]): CrewRoute {
  return acts.filter((act) => act.routeId === route.routeId).reduce(applyAct, route)
}

function applyAct(route: CrewRoute, act: CrewAct): CrewRoute {
  switch (act.act) {
    case 'load':
      return load(route, act, false)
    case 'unload':
      return unload(route, act.bike, act.stopId)
    case 'not_found':
    case 'blocked':
      return miss(route, act.bike, act.act)
    case 'broken':
      return isInVan(route, act.bike)
        ? changeBike(route, act.bike, (bike) => ({ ...bike, isBroken: true }))
        : load(route, act, true)
    case 'finish_stop':
      return endStop(route, act.stopId, 'done')
    case 'skip_stop':
      return endStop(route, act.stopId, 'skipped')
    case 'hand_over':
      return { ...route, state: 'open', crewName: null, isMine: false }
    case 'end_shift':
      return { ...route, state: 'done' }
  }
}

/** Whether a typed number or a sticker's code means this bike. */
export const isBike = (bike: CrewBike, numberOrCode: string): boolean =>
  bike.number === numberOrCode || bike.code === numberOrCode

const isInVan = (route: CrewRoute, numberOrCode: string): boolean =>
  route.load.some((bike) => isBike(bike, numberOrCode))

type BikeAct = Extract<CrewAct, { readonly bike: string }>

/** Into the van. A bike that no list has is listed at the stop where it was taken, as the server does. */
function load(route: CrewRoute, { bike: said, stopId, actId }: BikeAct, isBroken: boolean): CrewRoute {
  if (isInVan(route, said)) return route
  const listed = route.stops.flatMap((stop) => stop.take).find((bike) => isBike(bike, said))
  const taken = listed ?? unlisted(said, actId)
  const loaded: CrewBike = { ...taken, state: 'loaded', isBroken: taken.isBroken || isBroken }
  const withBike = listed === undefined ? listAt(route, stopId, loaded) : changeBike(route, said, () => loaded)
  return { ...withBike, load: [...route.load, loaded] }
}

/** Out of the van. Broken ones go to the workshop and do not count as put down for riders. */
function unload(route: CrewRoute, said: string, stopId: string | null): CrewRoute {
  const inVan = route.load.find((bike) => isBike(bike, said))
  if (inVan === undefined) return route
  const put = changeBike(route, inVan.number || inVan.code, (bike) => ({ ...bike, state: 'left' }))
  const counts = inVan.isBroken ? 0 : 1
  return {
    ...put,
    load: put.load.filter((bike) => bike.bikeId !== inVan.bikeId),
    stops: put.stops.map((stop) => (stop.stopId === stopId ? { ...stop, given: stop.given + counts } : stop)),
  }
}

function miss(route: CrewRoute, said: string, state: 'not_found' | 'blocked'): CrewRoute {
  if (isInVan(route, said)) return route
  return changeBike(route, said, (bike) => (bike.state === 'left' ? bike : { ...bike, state }))
}

const listAt = (route: CrewRoute, stopId: string | null, bike: CrewBike): CrewRoute => ({
  ...route,
  stops: route.stops.map((stop) => (stop.stopId === stopId ? { ...stop, take: [...stop.take, bike] } : stop)),
})

function endStop(route: CrewRoute, stopId: string, state: 'done' | 'skipped'): CrewRoute {
  return {
    ...route,
    stops: route.stops.map((stop) => (stop.stopId === stopId && stop.state === 'planned' ? { ...stop, state } : stop)),
  }
}

/** Changes a bike wherever it is listed, at a stop and in the van. */
function changeBike(route: CrewRoute, numberOrCode: string, change: (bike: CrewBike) => CrewBike): CrewRoute {
  const changed = (bike: CrewBike) => (isBike(bike, numberOrCode) ? change(bike) : bike)
  const ofStop = (stop: CrewStop): CrewStop =>
    stop.take.some((bike) => isBike(bike, numberOrCode)) ? { ...stop, take: stop.take.map(changed) } : stop
  return { ...route, stops: route.stops.map(ofStop), load: route.load.map(changed) }
}

/** A bike that no list has: all we know is what was scanned or typed. The server will know the rest. */
const unlisted = (numberOrCode: string, actId: string): CrewBike => ({
  bikeId: actId,
  number: /^[0-9]{4,8}$/.test(numberOrCode) ? numberOrCode : '',
  code: numberOrCode,
  batteryPercent: null,
  lon: null,
  lat: null,
  lastHeardAt: null,
  reasons: [],
  isBroken: false,
  state: 'planned',
})
