import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Value from 'typebox/value'
import { isRefusal } from '../../contracts/refusals.ts'
import { PlacesFile } from '../../demo-city/city-files.ts'
import type { Database } from '../platform/database.ts'
import type { Zones } from './zones-service.ts'
import { zonesRevision } from './zones-store.ts'

const hotspotRadiusM = 35
/** So many bikes a hotspot of the demo should never fall below, of its capacity. */
const leastShare = 0.15

/** Gives a demo city whose operator never had a zone its own: the service area and the hotspots that were made with it. */
export async function importFirstZones(db: Database, zones: Zones, cityDir: string): Promise<void> {
  if ((await zonesRevision(db)) > 0) return
  const places = Value.Parse(PlacesFile, JSON.parse(await readFile(join(cityDir, 'places.json'), 'utf8')))
  const offer = (features: readonly object[]) => {
    const collection = { type: 'FeatureCollection', features }
    return zones.importZones({ collection, mode: 'add', dryRun: false }, { staffId: null, centre: places.centre })
  }
  const all = zonesOfPlaces(places)
  const first = await offer(all)
  if (isRefusal(first) || first.done) return
  // In a very small city some hotspots were made too close to one another, or at its edge: it does without these.
  const wrong = new Set(first.problems.map(({ feature }) => feature))
  await offer(all.filter((_, feature) => !wrong.has(feature)))
}

function zonesOfPlaces({ serviceArea, hotspots }: PlacesFile): readonly object[] {
  return [
    { type: 'Feature', geometry: serviceArea, properties: { kind: 'service_area', name: 'Service area' } },
    ...hotspots.map(({ name, lon, lat, capacity }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: {
        kind: 'hotspot',
        name,
        radiusM: hotspotRadiusM,
        capacity,
        minBikes: Math.round(capacity * leastShare),
        maxBikes: capacity,
      },
    })),
  ]
}
