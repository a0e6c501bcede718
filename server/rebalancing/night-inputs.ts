import { cellToLatLng } from 'h3-js'
import type { NightSettings } from '../../contracts/http/nights.ts'
import type { EpochMs } from '../../contracts/units.ts'
import { demandHistory } from '../city/demand-history.ts'
import type { LocalTime } from '../city/local-time.ts'
import { hotspotsAt, placeBikes } from '../city/zones-at.ts'
import { silentAfterMs } from '../fleet/core/bike-state.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import type { Database } from '../platform/database.ts'
import { cellOf, demandCells } from './core/demand/count-demand.ts'
import type { DemandDay, DemandHistory } from './core/demand/demand-history.ts'
import { type DemandForecast, forecastDay, learnDemand } from './core/demand/forecast.ts'
import { dateOfDay, dayOfDate, slotsPerDay, weekdayOf } from './core/demand/local-half-hour.ts'
import type { CellRates, NightBike, NightDemand, NightHotspot, NightInputs } from './core/tonight/night-inputs.ts'
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
    demand: demandOf(history, night, hotspots, bikes),
    busy: await busyOfNight(db, night),
  }
}

export async function nightHotspots(db: Database, atMs: EpochMs): Promise<NightHotspot[]> {
  const hotspots = await hotspotsAt(db, atMs)
  return hotspots.map(({ hotspotId, name, lon, lat, capacity, minBikes, maxBikes }) => {
    return { hotspotId, name, lon, lat, capacity, minBikes, maxBikes }
  })
}

const tomorrowOf = (night: string): string => dateOfDay(dayOfDate(night) + 1)
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
  readonly incidents: string[]
  readonly is_kept: boolean
}

/** Every bike as the evening finds it. */
export async function loadNightBikes(
  { db, fleet }: Pick<NightInputDeps, 'db' | 'fleet'>,
  nowMs: EpochMs,
): Promise<NightBike[]> {
  const { rows } = await db.query<BikeStory>(
    `SELECT b.bike_id, b.created_at, t.last_ride, m.put_down, coalesce(t.complaints, 0) AS complaints,
            ARRAY(SELECT DISTINCT i.kind FROM incident i WHERE i.bike_id = b.bike_id AND i.closed_at IS NULL) AS incidents,
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
    const isOutOfReach = story.incidents.some((kind) => outOfReach.has(kind))
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
      isSilent: shadow.lastHeardAtMs === null || nowMs - shadow.lastHeardAtMs > silentAfterMs,
      incidents: story.incidents,
      complaints: story.complaints,
      isBlocking: place?.inNoParking ?? false,
      isInServiceArea: place?.inServiceArea ?? true,
      insideHotspot: place?.hotspotId ?? null,
    }
  })
}

type Watched = Pick<DemandHistory, 'days' | 'counts'>

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

const dayTypeOf = (date: string): DemandDay['dayType'] => (weekdayOf(date) >= 5 ? 'off' : 'working')

/** Where nobody has set a hotspot, a lone cell is expected to see about so many rides a day before it has shown any. */
const loneCellWeight = 0.3
/** The morning after a night begins at six. */
const firstSlot = 12

/** Tomorrow's riders by cell; with an empty history every hotspot is expected to turn over its bikes once. */
function demandOf(
  history: Watched,
  night: string,
  hotspots: readonly NightHotspot[],
  bikes: readonly NightBike[],
): NightDemand {
  const weights = new Map<string, number>()
  for (const { cell } of history.counts) weights.set(cell, loneCellWeight)
  for (const { lon, lat } of bikes) if (lon !== null && lat !== null) weights.set(cellOf(lon, lat), loneCellWeight)
  for (const { lon, lat } of hotspots) weights.set(cellOf(lon, lat), 0)
  for (const { lon, lat, capacity } of hotspots) {
    const cell = cellOf(lon, lat)
    weights.set(cell, (weights.get(cell) ?? 0) + Math.max(1, capacity))
  }
  const model = learnDemand({ ...history, cells: demandCells(weights.keys(), weights) })
  const forecast = forecastDay(model, { dayType: dayTypeOf(tomorrowOf(night)) })
  return {
    cells: forecast.cells.map((cell, i) => cellRates(forecast, cell, i)),
    sureness: forecast.sureness,
    evidenceDays: forecast.evidenceDays,
  }
}

function cellRates(forecast: DemandForecast, cell: string, index: number): CellRates {
  const [lat, lon] = cellToLatLng(cell)
  const fromSix = (values: Float64Array) =>
    Array.from({ length: slotsPerDay }, (_, i) => values[index * slotsPerDay + ((firstSlot + i) % slotsPerDay)] ?? 0)
  return {
    cell,
    lon,
    lat,
    pickups: fromSix(forecast.pickups),
    returns: fromSix(forecast.returns),
    dispersion: forecast.dispersion[index] ?? null,
  }
}
