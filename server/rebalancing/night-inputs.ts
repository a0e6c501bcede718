import type { NightSettings } from '../../contracts/http/nights.ts'
import type { EpochMs } from '../../contracts/units.ts'
import { demandHistory } from '../city/demand-history.ts'
import type { LocalTime } from '../city/local-time.ts'
import { hotspotsAt, placeBikes } from '../city/zones-at.ts'
import { silentAfterOf } from '../fleet/core/lock-shadow.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import type { Database } from '../platform/database.ts'
import type { DemandDay } from './core/demand/demand-history.ts'
import { dateOfDay, dayOfDate } from './core/demand/local-half-hour.ts'
import type { NightBike, NightHotspot, NightInputs } from './core/tonight/night-inputs.ts'
import { dayTypeOf, ridersOfTomorrow, type Watched } from './core/tonight/riders-of-tomorrow.ts'
import { zeroOfNight } from './core/tonight/vans-of-night.ts'
import { busyOfNight } from './plan-route-store.ts'

export interface NightInputDeps {
  readonly db: Database
  readonly fleet: { bikes(): readonly FleetBike[] }
  readonly localTime: LocalTime
}

/** Everything that tonight's plan of a depot is made from, as it is now. */
export async function loadNightInputs(
  deps: NightInputDeps,
  order: {
    readonly night: string
    readonly depotId: string
    readonly settings: NightSettings
    readonly nowMs: EpochMs
  },
): Promise<NightInputs> {
  const { db, localTime } = deps
  const { night, depotId, settings, nowMs } = order
  const hotspots = await nightHotspots(db, nowMs)
  const bikes = await loadNightBikes(deps, nowMs)
  const momentAt = (minute: number) => localTime.momentOf(night, minute)
  const history = await watchedBefore(db, night)
  return {
    nowMs,
    momentAt,
    zeroMs: zeroOfNight({ settings, depotId, nowMs, momentAt }),
    depotId,
    settings,
    bikes,
    hotspots,
    demand: ridersOfTomorrow(history, night, hotspots, bikes),
    busy: await busyOfNight(db, night),
  }
}

export async function nightHotspots(db: Database, atMs: EpochMs): Promise<NightHotspot[]> {
  const hotspots = await hotspotsAt(db, atMs)
  return hotspots.map(({ hotspotId, name, lon, lat, capacity, minBikes, maxBikes }) => {
    return { hotspotId, name, lon, lat, capacity, minBikes, maxBikes }
  })
}

const hourMs = 3_600_000
/** A ride that somebody gave up in its first minutes says something of the bike for so long. */
const complaintsCountMs = 3 * 24 * hourMs
/** What crews found: such a bike is not sent for again until somebody has looked. */
const outOfReach: ReadonlySet<string> = new Set(['not_found', 'blocked'])

interface BikeStory {
  readonly bike_id: string
  readonly created_at: number
  readonly last_ride: number | null
  readonly put_down: number | null
  readonly complaints: number
  readonly alarms: string[]
  readonly is_kept: boolean
}

/** Every bike as the evening finds it. */
export async function loadNightBikes(
  { db, fleet }: Pick<NightInputDeps, 'db' | 'fleet'>,
  nowMs: EpochMs,
): Promise<NightBike[]> {
  const { rows } = await db.query<BikeStory>(
    `SELECT b.bike_id, b.created_at, t.last_ride, m.put_down, coalesce(t.complaints, 0) AS complaints,
            ARRAY(SELECT a.kind FROM alarm a
                   WHERE a.bike_id = b.bike_id AND a.state <> 'resolved' AND a.blocks_rental) AS alarms,
            EXISTS (SELECT 1 FROM bike_custody k WHERE k.bike_id = b.bike_id) AS is_kept
       FROM bike b
       LEFT JOIN (SELECT bike_id, max(ended_at) AS last_ride,
                         count(*) FILTER (WHERE free_exit_reason IS NOT NULL AND ended_at > $1) AS complaints
                    FROM trip WHERE started_at IS NOT NULL GROUP BY bike_id) AS t USING (bike_id)
       LEFT JOIN (SELECT bike_id, max(left_at) AS put_down FROM bike_move GROUP BY bike_id) AS m USING (bike_id)`,
    [new Date(nowMs - complaintsCountMs)],
  )
  const stories = new Map(rows.map((row) => [row.bike_id, row]))
  const known = fleet.bikes().flatMap((bike) => {
    const story = stories.get(bike.bikeId)
    return story === undefined ? [] : [{ bike, story }]
  })
  const placed = known.flatMap(({ bike: { bikeId, shadow } }) =>
    shadow.position === null ? [] : [{ bikeId, lon: shadow.position.lon, lat: shadow.position.lat }],
  )
  const places = await placeBikes(db, nowMs, placed)
  return known.map(({ bike, story }): NightBike => {
    const { shadow } = bike
    const place = places.get(bike.bikeId)
    const standsSinceMs = Math.max(story.last_ride ?? 0, story.put_down ?? 0) || story.created_at
    const isOutOfReach = story.alarms.some((kind) => outOfReach.has(kind))
    return {
      bikeId: bike.bikeId,
      number: bike.number,
      lon: shadow.position?.lon ?? null,
      lat: shadow.position?.lat ?? null,
      batteryPercent: shadow.soc,
      standsSinceMs,
      lastRideAtMs: story.last_ride,
      idleHours: Math.max(0, nowMs - (story.last_ride ?? story.created_at)) / hourMs,
      inService: bike.inService,
      isInUse: bike.trip !== null || story.is_kept || isOutOfReach,
      isSilent: shadow.lastHeardAtMs === null || nowMs - shadow.lastHeardAtMs > silentAfterOf(shadow),
      alarms: story.alarms,
      complaints: story.complaints,
      isBlocking: place?.inNoParking ?? false,
      isInServiceArea: place?.inServiceArea ?? true,
      insideHotspot: place?.hotspotId ?? null,
    }
  })
}

/** Older days say next to nothing any more. */
const daysLookedBack = 70

/** Every whole day since counting began; on the first evening the part of it that has been seen. */
async function watchedBefore(db: Database, night: string): Promise<Watched> {
  const counts = await demandHistory(db, { fromDay: dateOfDay(dayOfDate(night) - daysLookedBack), toDay: night })
  const first = counts.reduce((earliest, { date }) => (date < earliest ? date : earliest), night)
  const days: DemandDay[] = []
  for (let day = dayOfDate(first); day < dayOfDate(night) || (days.length === 0 && counts.length > 0); day++) {
    days.push({ date: dateOfDay(day), dayType: dayTypeOf(dateOfDay(day)) })
  }
  const watched = new Set(days.map(({ date }) => date))
  return { days, counts: counts.filter(({ date }) => watched.has(date)) }
}
