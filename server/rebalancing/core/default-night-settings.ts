import type { NightSettings } from '../../../contracts/http/nights.ts'

export interface DepotPlace {
  readonly name: string
  readonly lon: number
  readonly lat: number
}

/**
 * What a night is like until staff say otherwise: three vans of 20 bikes from one depot with a workshop, ten to six.
 * Where a ride brings 7 units of money, a kilometre costs a third of one and an hour of a van with its driver 28.
 */
export function defaultNightSettings(depot: DepotPlace): NightSettings {
  const van = { capacity: 20, depotId: 'depot-1', startsAt: '22:00', endsAt: '06:00', goesOut: true }
  return {
    planAt: '20:30',
    reportAt: '06:30',
    planSeconds: 20,
    publishBySelf: true,
    depots: [{ depotId: 'depot-1', ...depot, isWorkshop: true }],
    vans: [1, 2, 3].map((n) => ({ vanId: `van-${n}`, name: `Van ${n}`, ...van })),
    stopMinutes: 2,
    minutesPerBike: 1,
    ridesPerKm: 0.05,
    ridesPerHour: 4,
    ridesPerVan: 1,
    idleHours: 24,
    lowBatteryPercent: 20,
  }
}

interface PlaceOfCity {
  readonly name: string
  readonly lon: number
  readonly lat: number
}

/** Beyond the walk of anybody who looks for a bike at the hotspot: what waits in the yard is not for riders. */
const awayM = 300
const metresPerDegree = 111_195

/** Beside the hotspot that is halfway out of the city: neither in the busiest place nor at the end of the world. */
export function defaultDepot(hotspots: readonly PlaceOfCity[], centre: { lon: number; lat: number }): DepotPlace {
  const shrink = Math.cos((centre.lat * Math.PI) / 180)
  const out = (place: PlaceOfCity) => Math.hypot((place.lon - centre.lon) * shrink, place.lat - centre.lat)
  const sorted = [...hotspots].sort((a, b) => out(a) - out(b) || (a.name < b.name ? -1 : 1))
  const chosen = sorted[Math.floor(sorted.length / 2)]
  if (chosen === undefined) return { name: 'Depot', lon: centre.lon, lat: centre.lat }
  const stretch = 1 + awayM / metresPerDegree / Math.max(out(chosen), awayM / metresPerDegree)
  return {
    name: `Depot ${chosen.name}`.slice(0, 80),
    lon: centre.lon + (chosen.lon - centre.lon) * stretch,
    lat: centre.lat + (chosen.lat - centre.lat) * stretch,
  }
}
