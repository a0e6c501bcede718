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
      return load(route, act.bike, act.actId)
    case 'unload':
      return unload(route, act.bike, act.stopId)
    case 'not_found':
    case 'blocked': {
      const state = act.act
      return changeBike(route, act.bike, (bike) => (bike.state === 'planned' ? { ...bike, state } : bike))
    }
    case 'broken':
      return changeBike(route, act.bike, (bike) => ({ ...bike, isBroken: true }))
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

function load(route: CrewRoute, numberOrCode: string, actId: string): CrewRoute {
  if (route.load.some((bike) => isBike(bike, numberOrCode))) return route
  const listed = route.stops.flatMap((stop) => stop.take).find((bike) => isBike(bike, numberOrCode))
  const loaded: CrewBike = { ...(listed ?? unlisted(numberOrCode, actId)), state: 'loaded' }
  return { ...changeBike(route, numberOrCode, () => loaded), load: [...route.load, loaded] }
}

function unload(route: CrewRoute, numberOrCode: string, stopId: string | null): CrewRoute {
  const inVan = route.load.find((bike) => isBike(bike, numberOrCode))
  if (inVan === undefined) return route
  const put = changeBike(route, inVan.number || inVan.code, (bike) => ({ ...bike, state: 'left' }))
  return {
    ...put,
    load: put.load.filter((bike) => bike.bikeId !== inVan.bikeId),
    stops: put.stops.map((stop) => (stop.stopId === stopId ? { ...stop, given: stop.given + 1 } : stop)),
  }
}

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
