import type { ZonesStock } from '../../contracts/http/zones.ts'
import type { Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { insideOf } from './core/count-inside.ts'
import type { KnownZone } from './core/zone-draft.ts'
import { holdingRevision } from './zone-edits-store.ts'
import { zonesAt } from './zones-at.ts'

/** However many desks ask, bikes are counted so often at most; real time. */
const countedForMs = 4_000

export interface ZoneStock {
  /** How many bikes stand in each zone that holds now. */
  stock(): Promise<ZonesStock>
}

export function createZoneStock(deps: {
  readonly db: Database
  readonly clock: Clock
  /** Where bikes stand that nobody rides. */
  readonly standing: () => readonly Position[]
}): ZoneStock {
  const { db, clock } = deps
  let counted: { readonly atRealMs: number; readonly answer: Promise<ZonesStock> } | null = null
  let held: { readonly revision: string; readonly tests: readonly ZoneTest[] } | null = null

  async function count(): Promise<ZonesStock> {
    const at = clock.nowMs()
    const revision = await holdingRevision(db, at)
    if (held?.revision !== revision) held = { revision, tests: (await zonesAt(db, at)).map(zoneTest) }
    const bikes = [...deps.standing()].sort((p, q) => p.lon - q.lon)
    return { at, revision, counts: held.tests.map((test) => ({ zoneId: test.zoneId, bikes: countIn(test, bikes) })) }
  }

  return {
    stock: () => {
      const nowMs = clock.realNowMs()
      if (counted === null || nowMs - counted.atRealMs >= countedForMs) {
        const answer = count()
        counted = { atRealMs: nowMs, answer }
        // A count that failed is not told again.
        answer.catch(() => {
          counted = null
        })
      }
      return counted.answer
    },
  }
}

interface ZoneTest {
  readonly zoneId: string
  readonly west: number
  readonly east: number
  readonly isInside: (at: Position) => boolean
}

function zoneTest({ zoneId, polygons }: KnownZone): ZoneTest {
  let [west, east] = [180, -180]
  for (const [lon] of polygons.flat(2)) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
  }
  return { zoneId, west, east, isInside: insideOf(polygons) }
}

/** `bikes` from west to east: only those in the zone's own strip are held against its border. */
function countIn({ west, east, isInside }: ZoneTest, bikes: readonly Position[]): number {
  let [low, high] = [0, bikes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((bikes[middle]?.lon ?? 0) < west) low = middle + 1
    else high = middle
  }
  let count = 0
  for (let i = low; i < bikes.length; i++) {
    const bike = bikes[i]
    if (bike === undefined || bike.lon > east) break
    if (isInside(bike)) count += 1
  }
  return count
}
