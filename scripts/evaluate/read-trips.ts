import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** One dockless trip; places in degrees, times in Unix seconds. */
export interface DocklessTrip {
  readonly bikeId: string
  readonly startS: number
  readonly endS: number
  readonly startLon: number
  readonly startLat: number
  readonly endLon: number
  readonly endLat: number
}

/** The trips of one local day, by start. */
export interface TripDay {
  readonly file: string
  /** Local midnight, Unix seconds. */
  readonly midnightS: number
  readonly trips: readonly DocklessTrip[]
}

const wanted = ['bike_id', 'start_ts', 'end_ts', 'start_lon', 'start_lat', 'end_lon', 'end_lat'] as const
const daySeconds = 86_400

/**
 * Reads a day of trips: CSV with a header that names at least bike_id, start_ts, end_ts, start_lon, start_lat, end_lon and
 * end_lat; plain or gzip. Rows that cannot be (a number missing, an end before its start) are left out.
 *
 * @param offsetS local time minus UTC, seconds
 * @throws when the file is absent, is not of this form, or holds no trip
 */
export function readTripDay(file: string, offsetS: number): TripDay {
  if (!existsSync(file)) throw new Error(`${file} does not exist`)
  const bytes = readFileSync(file)
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  const [header = '', ...lines] = text.split(/\r?\n/)
  const names = header.split(',').map((name) => name.trim())
  const [bike, start, end, startLon, startLat, endLon, endLat] = wanted.map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const missing = wanted.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new Error(`${file} has no column ${missing.join(', ')}`)
  const trips = lines
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split(',')
      const numberAt = (column: number) => Number(cells[column] || Number.NaN)
      return {
        bikeId: cells[bike] ?? '',
        startS: numberAt(start),
        endS: numberAt(end),
        startLon: numberAt(startLon),
        startLat: numberAt(startLat),
        endLon: numberAt(endLon),
        endLat: numberAt(endLat),
      }
    })
    .filter(isPossible)
    .sort((a, b) => a.startS - b.startS)
  const first = trips[0]
  if (first === undefined) throw new Error(`${file} holds no trip`)
  return { file, midnightS: Math.floor((first.startS + offsetS) / daySeconds) * daySeconds - offsetS, trips }
}

const isPossible = (trip: DocklessTrip): boolean =>
  trip.bikeId !== '' &&
  trip.endS >= trip.startS &&
  Math.abs(trip.startLon) <= 180 &&
  Math.abs(trip.endLon) <= 180 &&
  Math.abs(trip.startLat) <= 85 &&
  Math.abs(trip.endLat) <= 85
