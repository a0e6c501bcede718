import { randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { epochMs } from '../../contracts/units.ts'
import { placeName } from '../../server/trips/staff-trips-store.ts'
import { openTestDatabase, type TestDatabase } from '../fixtures/test-database.ts'

const friday = Date.UTC(2030, 0, 4, 12)
const monday = Date.UTC(2030, 0, 7, 12)
const place = { lon: 4.726, lat: 52.3585 }

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
  return () => db.close()
})

interface Version {
  readonly name: string
  readonly holdsFromMs: number
  readonly removed?: boolean
  readonly calledOffAtMs?: number
}

/** A hotspot around the place, version by version. */
async function drawHotspot(versions: readonly Version[]): Promise<void> {
  const zoneId = randomUUID()
  for (const [i, version] of versions.entries()) {
    const { name, holdsFromMs, removed = false, calledOffAtMs = null } = version
    await db.query(
      `INSERT INTO zone_version (zone_id, version, kind, name, geom, centre, radius_m, capacity, removed, holds_from,
                                 made_at, called_off_at)
       SELECT $1, $2, 'hotspot', $3, ST_Multi(ST_Buffer(p::geography, 60)::geometry), p, 60, 10, $4, $5, $5, $6
         FROM (SELECT ST_SetSRID(ST_MakePoint($7, $8), 4326) AS p) AS c`,
      [
        ...[zoneId, i + 1, name, removed, new Date(holdsFromMs)],
        ...[calledOffAtMs === null ? null : new Date(calledOffAtMs), place.lon, place.lat],
      ],
    )
  }
}

it('a place has the name that its zone had then, whatever was planned and called off', async () => {
  await drawHotspot([
    { name: 'Markt', holdsFromMs: friday - 1_000 },
    { name: 'Renamed', holdsFromMs: monday, calledOffAtMs: friday },
    { name: 'Markt', holdsFromMs: monday, removed: true, calledOffAtMs: friday },
  ])
  expect(await placeName(db, place, epochMs(friday))).toBe('Markt')
  expect(await placeName(db, place, epochMs(monday + 1_000))).toBe('Markt')
})
