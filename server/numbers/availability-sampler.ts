import type { LocalTime } from '../city/local-time.ts'
import { hotspotsAt } from '../city/zones-at.ts'
import { type BikeFacts, bikeState } from '../fleet/core/bike-state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { stockOfHotspots } from './core/stock-of-hotspots.ts'

const minuteMs = 60_000
/** City time. */
export const sampleEveryMs = 5 * minuteMs

export interface AvailabilitySampler {
  /** Call often: it looks once in five minutes of city time, whoever asks. True when it looked. */
  look(): Promise<boolean>
}

/**
 * Looks at hotspots and fleet once in each step of five minutes since 1970: the step is taken in the transaction that
 * adds the look, so a restart, a second process or a fast clock never counts one twice. Steps that nobody looked at are
 * not made up: figures are shares of looks.
 */
export function createAvailabilitySampler(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly localTime: LocalTime
  readonly bikes: () => readonly BikeFacts[]
}): AvailabilitySampler {
  const { db, clock, localTime, bikes } = deps
  /** Spares the database the question. */
  let knownStep = -1
  return {
    look: async () => {
      const nowMs = clock.nowMs()
      const step = Math.floor(nowMs / sampleEveryMs)
      if (step <= knownStep) return false
      const all = bikes()
      const free = all.filter((bike) => bikeState(bike, nowMs) === 'available')
      const places = free.flatMap(({ shadow: { position } }) => (position === null ? [] : [position]))
      const inService = all.filter((bike) => bike.inService).length
      const day = localTime.dateAt(nowMs)
      const hour = Math.floor(localTime.minuteAt(nowMs) / 60)
      const looked = await db.transaction(async (tx) => {
        const { rowCount } = await tx.query('UPDATE numbers_mark SET sampled_step = $1 WHERE sampled_step < $1', [step])
        if (rowCount === 0) return false
        const hotspots = await hotspotsAt(tx, nowMs)
        const stock = stockOfHotspots(hotspots, places)
        await tx.query(
          `INSERT INTO hotspot_hour AS h (zone_id, local_day, hour, samples, with_bike, stock, least, most)
           SELECT zone_id, $1, $2, 1, least(1, stock), stock, least, most
             FROM unnest($3::uuid[], $4::int[], $5::int[], $6::int[]) AS seen (zone_id, stock, least, most)
           ON CONFLICT (local_day, zone_id, hour) DO UPDATE SET samples = h.samples + 1,
             with_bike = h.with_bike + excluded.with_bike, stock = h.stock + excluded.stock,
             least = h.least + excluded.least, most = h.most + excluded.most`,
          [
            ...[day, hour, hotspots.map(({ hotspotId }) => hotspotId)],
            hotspots.map(({ hotspotId }) => stock.get(hotspotId) ?? 0),
            ...[hotspots.map(({ minBikes }) => minBikes), hotspots.map(({ maxBikes }) => maxBikes)],
          ],
        )
        await tx.query(
          `INSERT INTO fleet_hour AS f VALUES ($1, $2, 1, $3, $4)
           ON CONFLICT (local_day, hour) DO UPDATE SET samples = f.samples + 1,
             in_service = f.in_service + excluded.in_service, available = f.available + excluded.available`,
          [day, hour, inService, free.length],
        )
        return true
      })
      knownStep = step
      return looked
    },
  }
}
