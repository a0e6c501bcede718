import type { Queryable } from '../platform/database.ts'

/** More rides than this at once are not told of. */
const mostRides = 50_000

/** Rides that have begun and last: the bike's slot, and since when, in seconds since 1970. */
export async function ridesSince(
  db: Queryable,
): Promise<ReadonlyArray<{ readonly slot: number; readonly since: number }>> {
  const { rows } = await db.query<{ slot: number; started_at: number }>(
    `SELECT b.slot, t.started_at FROM trip t JOIN bike b USING (bike_id)
      WHERE t.state IN ('promised', 'unlocking', 'riding', 'paused', 'ending') AND t.started_at IS NOT NULL
      ORDER BY t.started_at LIMIT $1`,
    [mostRides],
  )
  return rows.map((row) => ({ slot: row.slot, since: Math.floor(row.started_at / 1_000) }))
}

/** More open alarms than this are told by their counts only. */
const mostAlarms = 20_000

/** Open alarms, newest first. */
export async function openAlarms(
  db: Queryable,
): Promise<ReadonlyArray<{ readonly slot: number; readonly kind: string }>> {
  const { rows } = await db.query<{ slot: number; kind: string }>(
    `SELECT b.slot, a.kind FROM alarm a JOIN bike b USING (bike_id)
      WHERE a.state = 'open' ORDER BY a.raised_at DESC, a.alarm_id LIMIT $1`,
    [mostAlarms],
  )
  return rows
}

export interface FoundTrip {
  readonly tripId: string
  readonly bikeId: string
  readonly bikeNumber: string
}

/** A trip by its own id or by its receipt's number. */
export async function tripNamed(
  db: Queryable,
  name: { readonly tripId: string } | { readonly receipt: string },
): Promise<FoundTrip | null> {
  const [where, value] =
    'tripId' in name
      ? ['t.trip_id = $1::uuid', name.tripId]
      : ['t.trip_id = (SELECT trip_id FROM receipt WHERE number = $1::text)', name.receipt]
  const { rows } = await db.query<{ trip_id: string; bike_id: string; number: string }>(
    `SELECT t.trip_id, t.bike_id, b.number FROM trip t JOIN bike b USING (bike_id) WHERE ${where}`,
    [value],
  )
  const [row] = rows
  return row === undefined ? null : { tripId: row.trip_id, bikeId: row.bike_id, bikeNumber: row.number }
}

/** The number of a bike by its id. */
export async function numberOfBike(db: Queryable, bikeId: string): Promise<string | null> {
  const { rows } = await db.query<{ number: string }>('SELECT number FROM bike WHERE bike_id = $1::uuid', [bikeId])
  return rows[0]?.number ?? null
}
