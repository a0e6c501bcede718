import { parseArgs } from 'node:util'
import type { DayType } from '../server/rebalancing/core/demand/demand-history.ts'
import { type DemandSettings, demandSettings } from '../server/rebalancing/core/demand/demand-settings.ts'
import { forecastDay, learnDemand } from '../server/rebalancing/core/demand/forecast.ts'
import { slotsPerDay, weekdayOf } from '../server/rebalancing/core/demand/local-half-hour.ts'
import { baselines, type HourlyTrips, scoresOf, slice } from './forecast-scores.ts'
import { readTrips, type StationTrips, stationCells } from './forecast-trips.ts'
import { isUsHoliday } from './us-holidays.ts'

const defaultFolder = process.env.ZWERM_DATA ?? '/work/shared/data'
const testDays = 7
/** Fewer days leave nothing to learn from. */
const leastDays = 10
/** A station with less than one trip in two days is not judged (as in the published table). */
const leastTripsPerDay = 0.5
/** With --validate: the first day that is foretold. */
const firstValidatedDay = 10

/**
 * Departures per station and hour, one day ahead, over the last seven days of a month of docked trips; no weather.
 *
 *     npm run bench -- forecast [--trips FILE] [--stations FILE] [--holidays us|none|DATE,DATE…]
 *                               [--validate] [--set name=value]…
 *
 * --validate foretells the days before the test week instead (to choose settings by); --set changes one setting.
 */
export async function run(args: readonly string[] = []): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trips: { type: 'string', default: `${defaultFolder}/fordgobike/trips-2018-01.csv.gz` },
      stations: { type: 'string', default: `${defaultFolder}/fordgobike/stations.csv` },
      holidays: { type: 'string', default: 'us' },
      validate: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
    },
  })
  const read = await readTrips(values.trips)
  const testFrom = read.dates.length - testDays
  if (read.dates.length < leastDays)
    throw new Error(`${values.trips} has ${read.dates.length} days, ${leastDays} are needed`)
  const types = read.dates.map((date) => dayTypeOf(date, values.holidays))
  const keys = judgedStations(read, testFrom)
  const [first, count] = values.validate ? [firstValidatedDay, testFrom - firstValidatedDay] : [testFrom, testDays]
  const all = hourly(read, keys)
  const seen = slice(all, first, count)
  const cells = await stationCells(values.stations, keys)
  const startedAt = performance.now()
  const foretold = foretell({
    ...read,
    cells,
    types,
    all,
    first,
    count,
    settings: demandSettings(parseChanges(values.set)),
  })
  const learnMs = (performance.now() - startedAt) / count
  return {
    ...scoresOf(seen, foretold),
    stations: keys.length,
    trips: read.trips,
    test_from: read.dates[first],
    test_to: read.dates[first + count - 1],
    mean_per_hour: Number((seen.values.reduce((sum, n) => sum + n, 0) / seen.values.length).toFixed(4)),
    learn_ms: Math.round(learnMs),
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, make]) => [name, scoresOf(seen, make(all, types, first, count))]),
    ),
  }
}

function dayTypeOf(date: string, holidays: string): DayType {
  const isHoliday = holidays === 'us' ? isUsHoliday(date) : holidays.split(',').includes(date)
  return weekdayOf(date) >= 5 || isHoliday ? 'off' : 'working'
}

function judgedStations({ counts, dates }: StationTrips, testFrom: number): string[] {
  const firstTestDate = dates[testFrom] as string
  const trips = new Map<string, number>()
  for (const { cell, date, pickups } of counts) {
    if (date < firstTestDate) trips.set(cell, (trips.get(cell) ?? 0) + pickups)
  }
  return [...trips].flatMap(([key, n]) => (n >= leastTripsPerDay * testFrom ? [key] : [])).sort()
}

function hourly({ counts, dates }: StationTrips, keys: readonly string[]): HourlyTrips {
  const station = new Map(keys.map((key, i) => [key, i]))
  const dayOf = new Map(dates.map((date, i) => [date, i]))
  const values = new Float64Array(keys.length * dates.length * 24)
  for (const { cell, date, slot, pickups } of counts) {
    const [s, day] = [station.get(cell), dayOf.get(date)]
    if (s === undefined || day === undefined) continue
    const i = (s * dates.length + day) * 24 + Math.floor(slot / 2)
    values[i] = (values[i] as number) + pickups
  }
  return { stations: keys.length, days: dates.length, values }
}

interface Task extends StationTrips {
  readonly cells: Awaited<ReturnType<typeof stationCells>>
  readonly types: readonly DayType[]
  readonly all: HourlyTrips
  readonly first: number
  readonly count: number
  readonly settings: DemandSettings
}

/** Learns anew for each day, from the days before it only. */
function foretell({ dates, counts, cells, types, all, first, count, settings }: Task): HourlyTrips {
  const values = new Float64Array(all.stations * count * 24)
  for (let i = 0; i < count; i++) {
    const today = dates[first + i] as string
    const days = dates.slice(0, first + i).map((date, day) => ({ date, dayType: types[day] as DayType }))
    const model = learnDemand({ cells, days, counts: counts.filter(({ date }) => date < today) }, settings)
    const { pickups } = forecastDay(model, { dayType: types[first + i] as DayType })
    for (let slot = 0; slot < pickups.length; slot++) {
      const at = (Math.floor(slot / slotsPerDay) * count + i) * 24 + Math.floor((slot % slotsPerDay) / 2)
      values[at] = (values[at] as number) + (pickups[slot] as number)
    }
    process.stderr.write(`${today} foretold\n`)
  }
  return { stations: all.stations, days: count, values }
}

function parseChanges(pairs: readonly string[]): Partial<DemandSettings> {
  const known = demandSettings()
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value] = pair.split('=')
      if (!(name in known)) throw new Error(`--set ${name}: one of ${Object.keys(known).join(', ')}`)
      return [name, Number(value)]
    }),
  )
}
