import type { CrewBike, CrewRoute, CrewStop, RouteSummary } from '../../../contracts/http/crews.ts'
import { asId, type BikeCode, type BikeNumber } from '../../../contracts/ids.ts'
import { epochMs } from '../../../contracts/units.ts'

/** A night's route for tests: bikes 1000, 1001 … taken at two places, put down at a hotspot, the rest to the depot. */
export const nightBeginsMs = 1_790_110_800_000

export const uuidOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

export function bikeOf(n: number, change: Partial<CrewBike> = {}): CrewBike {
  return {
    bikeId: uuidOf(n),
    number: asId<BikeNumber>(String(1_000 + n)),
    code: asId<BikeCode>(`code${1_000 + n}`),
    batteryPercent: 80,
    lon: 4.7,
    lat: 52.3,
    lastHeardAt: null,
    reasons: ['idle'],
    isBroken: false,
    state: 'planned',
    ...change,
  }
}

export function stopOfRoute(n: number, kind: CrewStop['kind'], change: Partial<CrewStop> = {}): CrewStop {
  return {
    stopId: uuidOf(100 + n),
    kind,
    name: `stop ${n}`,
    lon: 4.7 + n / 1_000,
    lat: 52.3,
    arriveAt: epochMs(nightBeginsMs + n * 600_000),
    legM: 500,
    state: 'planned',
    take: [],
    give: 0,
    given: 0,
    giveBroken: 0,
    ...change,
  }
}

export function routeOf(change: Partial<CrewRoute> = {}): CrewRoute {
  return {
    routeId: uuidOf(900),
    night: '2026-09-22',
    vanName: 'Van 1',
    capacity: 3,
    state: 'claimed',
    crewName: 'Night crew 1',
    isMine: true,
    revision: 1,
    startsAt: epochMs(nightBeginsMs),
    endsAt: epochMs(nightBeginsMs + 8 * 3_600_000),
    depot: { name: 'Depot', lon: 4.7, lat: 52.3 },
    stops: [
      stopOfRoute(1, 'strays', { take: [bikeOf(0), bikeOf(1)] }),
      stopOfRoute(2, 'hotspot', { give: 1, take: [bikeOf(2, { isBroken: true })] }),
      stopOfRoute(3, 'depot', { giveBroken: 1 }),
    ],
    load: [],
    ...change,
  }
}

export function summaryOf(route: CrewRoute, change: Partial<RouteSummary> = {}): RouteSummary {
  const { routeId, night, vanName, capacity, state, crewName, isMine, startsAt, endsAt, stops } = route
  const bikes = stops.reduce((sum, { take }) => sum + take.length, 0)
  const counts = { stops: stops.length, bikes, distanceM: 2_000 }
  return { routeId, night, vanName, capacity, state, crewName, isMine, startsAt, endsAt, ...counts, ...change }
}
