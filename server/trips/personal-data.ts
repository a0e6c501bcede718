import { nobody } from '../../contracts/nobody.ts'
import type { Queryable } from '../platform/database.ts'
import { changed, inPages, type PersonalData } from '../platform/personal-data.ts'
import type { KeptParking } from './core/parking.ts'
import { roundedPlaces } from './trip-places.ts'

interface TripOfCopy {
  readonly trip_id: string
  readonly bike_number: string
  readonly state: string
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly paused_ms: number
  readonly failure: string | null
  readonly free_exit_reason: string | null
  readonly tariff_id: string
  readonly price: unknown
  readonly end_reason: string | null
  readonly parking: KeptParking | null
  readonly waived: readonly string[]
  readonly given_back_minor: number
  readonly places_rounded: boolean
  readonly start_place: string | null
  readonly end_place: string | null
}

const isOver = "state NOT IN ('promised', 'unlocking', 'riding', 'paused', 'ending')"

/** Rides: where they began and ended comes as GeoJSON. A ride that is kept without its rider loses its exact places. */
export const personalDataOfTrips: PersonalData = {
  export: async (db, riderId) => {
    const trips = await inPages(async (offset, limit) => {
      const { rows } = await db.query<TripOfCopy>(
        `SELECT t.trip_id, b.number AS bike_number, t.state, t.created_at, t.started_at, t.ended_at, t.paused_ms, t.failure,
                t.free_exit_reason, t.tariff_id, t.price, t.end_reason, t.parking, t.waived, t.given_back_minor,
                t.places_rounded, ST_AsGeoJSON(t.start_geom) AS start_place, ST_AsGeoJSON(t.end_geom) AS end_place
           FROM trip t JOIN bike b USING (bike_id) WHERE t.rider_id = $1
          ORDER BY t.created_at DESC, t.trip_id LIMIT $2 OFFSET $3`,
        [riderId, limit, offset],
      )
      return rows
    })
    return {
      trips: trips.map((row) => ({
        tripId: row.trip_id,
        bikeNumber: row.bike_number,
        state: row.state,
        askedAt: isoOf(row.created_at),
        startedAt: isoOf(row.started_at),
        endedAt: isoOf(row.ended_at),
        pausedSeconds: Math.round(row.paused_ms / 1_000),
        failure: row.failure,
        freeExitReason: row.free_exit_reason,
        tariff: row.tariff_id,
        price: row.price,
        endedBy: row.end_reason,
        parking: parkingOf(row.parking),
        waived: row.waived,
        givenBackMinor: row.given_back_minor,
      })),
      places: { type: 'FeatureCollection', features: trips.flatMap(placesOf) },
    }
  },
  hindrance: async (tx, riderId) => {
    const { rowCount } = await tx.query(`SELECT 1 FROM trip WHERE rider_id = $1 AND NOT (${isOver}) LIMIT 1`, [riderId])
    return rowCount > 0 ? 'erasure_ride' : null
  },
  forget: (tx, riderId, most) => becomeNobodys(tx, riderId, most),
}

const becomeNobodys = (tx: Queryable, riderId: string, most: number): Promise<number> =>
  changed(
    tx,
    `UPDATE trip SET rider_id = $2, ${roundedPlaces}
      WHERE trip_id IN (SELECT trip_id FROM trip WHERE rider_id = $1 AND ${isOver} LIMIT $3)`,
    [riderId, nobody, most],
  )

function parkingOf(parking: KeptParking | null): object | null {
  if (parking === null) return null
  const { place, clearableUntil, ...rest } = parking
  const { atMs = null, ...where } = place ?? {}
  return { ...rest, clearableUntil: isoOf(clearableUntil), place: place && { ...where, at: isoOf(atMs) } }
}

function placesOf(row: TripOfCopy): object[] {
  const ends = [
    ['start', row.start_place, row.started_at],
    ['end', row.end_place, row.ended_at],
  ] as const
  return ends.flatMap(([end, place, atMs]) =>
    place === null
      ? []
      : [
          {
            type: 'Feature',
            geometry: JSON.parse(place) as object,
            properties: { tripId: row.trip_id, end, at: isoOf(atMs), rounded: row.places_rounded },
          },
        ],
  )
}

const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
