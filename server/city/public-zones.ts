import { createHash } from 'node:crypto'
import type { PublicZoneFeature, PublicZones, PublicZonesQuery } from '../../contracts/http/city-zones.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { KnownZone } from './core/zone-draft.ts'
import type { ZoneStock } from './zone-stock.ts'
import { featureOf, zonesIn } from './zones-at.ts'

/** What parking costs and earns now, in minor units. */
export interface ParkingPrices {
  readonly currency: string
  readonly wrongPlaceMinor: number
  readonly noParkingMinor: number
  readonly hotspotRewardMinor: number
}

/** An answer as it is sent, with what it is known by. */
export interface ZonesAnswer {
  readonly body: string
  readonly etag: string
}

/** A city, not a country. Degrees a side; differences of degrees are a hair off. */
const largestBoxDegrees = 0.5
const hairDegrees = 1e-9
const mostZones = 500
/** Real time: screens that look at the same part of the city share an answer. */
const keptForMs = 5_000
const mostKept = 64

export interface PublicZoneReader {
  /** Refusal: `bad_request` for a box that is none, or too large. */
  read(box: PublicZonesQuery): Promise<ZonesAnswer | Refusal>
}

/** The zones that hold now, as anybody may see them. Hotspots that are full are worth nothing. */
export function createPublicZones(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly stock: ZoneStock
  readonly prices: () => Promise<ParkingPrices>
}): PublicZoneReader {
  const { db, clock } = deps
  const kept = new Map<string, { readonly atRealMs: number; readonly answer: Promise<ZonesAnswer> }>()

  async function answerFor(box: PublicZonesQuery): Promise<ZonesAnswer> {
    const [zones, { counts }, prices] = await Promise.all([
      zonesIn(db, clock.nowMs(), box, mostZones),
      deps.stock.stock(),
      deps.prices(),
    ])
    const bikes = new Map(counts.map((one) => [one.zoneId, one.bikes]))
    const answer: PublicZones = {
      type: 'FeatureCollection',
      features: zones.map((zone) => publicOf(zone, bikes.get(zone.zoneId) ?? 0, prices.hotspotRewardMinor)),
      currency: prices.currency,
      fees: { outsideArea: prices.wrongPlaceMinor, noParking: prices.noParkingMinor },
    }
    const body = JSON.stringify(answer)
    return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
  }

  return {
    read: async (box) => {
      const { west, south, east, north } = box
      if (west >= east || south >= north)
        return refuse('bad_request', 'The box has no inside: west < east, south < north.')
      if (Math.max(east - west, north - south) > largestBoxDegrees + hairDegrees) {
        return refuse('bad_request', `The box is too large: ask for at most ${largestBoxDegrees} degrees a side.`)
      }
      const nowMs = clock.realNowMs()
      const key = [west, south, east, north].join()
      const before = kept.get(key)
      if (before && nowMs - before.atRealMs < keptForMs) return before.answer
      kept.delete(key)
      const oldest = kept.keys().next()
      if (kept.size >= mostKept && !oldest.done) kept.delete(oldest.value)
      const answer = answerFor(box)
      kept.set(key, { atRealMs: nowMs, answer })
      // An answer that failed is not told again.
      answer.catch(() => kept.delete(key))
      return answer
    },
  }
}

function publicOf(zone: KnownZone, bikes: number, rewardMinor: number): PublicZoneFeature {
  const { geometry, properties } = featureOf(zone)
  const { kind, name, radiusM, capacity, maxSpeedKmh } = properties
  const hasRoom = bikes < (zone.maxBikes ?? zone.capacity ?? 0)
  return {
    type: 'Feature',
    geometry,
    properties: {
      zoneId: zone.zoneId,
      kind,
      name,
      ...(radiusM === undefined ? {} : { radiusM }),
      ...(maxSpeedKmh === undefined ? {} : { maxSpeedKmh }),
      ...(capacity === undefined ? {} : { capacity }),
      ...(kind === 'hotspot' ? { reward: hasRoom ? rewardMinor : 0 } : {}),
    },
  }
}
