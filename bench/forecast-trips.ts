import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { latLngToCell } from 'h3-js'
import { parentResolution } from '../server/rebalancing/core/demand/count-demand.ts'
import type { DemandCell, HalfHourCount } from '../server/rebalancing/core/demand/demand-history.ts'
import { dateOfDay, dayOfDate } from '../server/rebalancing/core/demand/local-half-hour.ts'

/** Trips of a docked system as counts per station, date and half hour. */
export interface StationTrips {
  /** Every date from the first trip to the last, also those without one. */
  readonly dates: readonly string[]
  readonly counts: readonly HalfHourCount[]
  readonly trips: number
}

const columns = {
  startTime: ['start_time', 'started_at', 'starttime', 'start time'],
  endTime: ['end_time', 'ended_at', 'stoptime', 'end time'],
  startStation: ['start_station_id', 'from_station_id', 'start station id'],
  endStation: ['end_station_id', 'to_station_id', 'end station id'],
  station: ['station_id', 'id'],
  lat: ['lat', 'latitude'],
  lon: ['lon', 'lng', 'longitude'],
}

/**
 * Reads a csv or csv.gz with local times `YYYY-MM-DD HH:MM…`; columns are found by the header's names, rows without a
 * start station are left out. Returns after the last day are not counted. Throws when the file or a column is missing.
 */
export async function readTrips(file: string): Promise<StationTrips> {
  const counts = new Map<string, { -readonly [Name in keyof HalfHourCount]: HalfHourCount[Name] }>()
  const count = (cell: string, time: string, what: 'pickups' | 'returns') => {
    const date = time.slice(0, 10)
    const slot = Number(time.slice(11, 13)) * 2 + (Number(time.slice(14, 16)) >= 30 ? 1 : 0)
    const key = `${cell}/${date}/${slot}`
    const known = counts.get(key) ?? { cell, date, slot, pickups: 0, returns: 0, unmet: 0, emptyMinutes: 0 }
    known[what]++
    counts.set(key, known)
  }
  let trips = 0
  let [first, last] = ['9999-12-31', '0000-01-01']
  for await (const row of rowsOf(file)) {
    const [start, from] = [row(columns.startTime), row(columns.startStation)]
    if (isNoStation(from) || !/^\d{4}-\d\d-\d\d.\d\d:\d\d/.test(start)) continue
    count(from, start, 'pickups')
    trips++
    if (start.slice(0, 10) < first) first = start.slice(0, 10)
    if (start.slice(0, 10) > last) last = start.slice(0, 10)
    const [end, to] = [row(columns.endTime), row(columns.endStation)]
    if (!isNoStation(to) && /^\d{4}-\d\d-\d\d.\d\d:\d\d/.test(end)) count(to, end, 'returns')
  }
  if (trips === 0) throw new Error(`${file} holds no trip with a start_time and a start_station_id`)
  const days = dayOfDate(last) - dayOfDate(first) + 1
  const dates = Array.from({ length: days }, (_, day) => dateOfDay(dayOfDate(first) + day))
  return { dates, counts: [...counts.values()].filter(({ date }) => date <= last), trips }
}

/** Each station with the H3 cell around it as parent; stations of unknown place share one parent. */
export async function stationCells(file: string, keys: readonly string[]): Promise<DemandCell[]> {
  const parents = new Map<string, string>()
  for await (const row of rowsOf(file)) {
    const [lat, lon] = [Number(row(columns.lat)), Number(row(columns.lon))]
    if (Number.isFinite(lat) && Number.isFinite(lon))
      parents.set(row(columns.station), latLngToCell(lat, lon, parentResolution))
  }
  return keys.map((key) => ({ key, parent: parents.get(key) ?? 'elsewhere', weight: 1 }))
}

/** Free-floating ends of a trip. */
const isNoStation = (id: string): boolean => id === '' || id === 'NULL'

type Row = (names: readonly string[]) => string

async function* rowsOf(file: string): AsyncGenerator<Row> {
  if (!existsSync(file))
    throw new Error(
      `${file} is not there: this bench wants the trips of a docked system (--trips FILE, --stations FILE)`,
    )
  const isZipped = readFileSync(file)
    .subarray(0, 2)
    .equals(Buffer.from([0x1f, 0x8b]))
  const raw = createReadStream(file)
  const lines = createInterface({
    input: isZipped ? raw.pipe(createGunzip()) : raw,
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  let header: readonly string[] | null = null
  for await (const line of lines) {
    if (line.trim() === '') continue
    const fields = splitRow(line)
    if (header === null) {
      header = fields.map((name) => name.replace(/^\uFEFF/, '').toLowerCase())
      continue
    }
    const names = header
    yield (wanted) => {
      const at = names.findIndex((name) => wanted.includes(name))
      if (at < 0) throw new Error(`${file} has no column ${wanted.join(' or ')}`)
      return fields[at] ?? ''
    }
  }
}

/** One row of a csv; a quoted field may hold commas, and "" for a quote. */
function splitRow(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  )
}
