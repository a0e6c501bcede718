import { parseArgs } from 'node:util'
import { evaluateDay } from './evaluate/evaluate-day.ts'
import { readTripDay } from './evaluate/read-trips.ts'

/**
 * `npm run evaluate -- --trips FILE… --vans 3`: how many more riders the night plan serves than doing nothing and than the
 * naive mover, by replaying real dockless trips with a part of the fleet. The last file is the day that is judged, those
 * before it are what is known. Progress goes to standard error, one line of JSON to standard output.
 */
const usage = `npm run evaluate -- --trips FILE… [--vans 3] [--hours 8] [--capacity 20] [--share 0.5] [--seconds 30] [--seed 1]
                    [--fleets 4] [--rides-per-bike 0.8] [--utc-offset 8]

Each FILE is a day of dockless trips (CSV, or CSV in gzip; bike_id, start_ts, end_ts, start_lon, start_lat, end_lon,
end_lat; Unix seconds), two or more, in any order; the last day is judged. --share of the bikes is kept; the figures are
means over --fleets draws of it, each planned for --seconds. --rides-per-bike is what a bike
must promise before any driving: less moves more bikes, each of which wins less. --utc-offset is local time minus UTC in hours (Singapore: 8).
`
const wrongUseExitCode = 2

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trips: { type: 'string', multiple: true },
      vans: { type: 'string', default: '3' },
      hours: { type: 'string', default: '8' },
      capacity: { type: 'string', default: '20' },
      share: { type: 'string', default: '0.5' },
      seconds: { type: 'string', default: '30' },
      fleets: { type: 'string', default: '4' },
      'rides-per-bike': { type: 'string', default: '0.8' },
      seed: { type: 'string', default: '1' },
      'utc-offset': { type: 'string', default: '8' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) process.stdout.write(usage)
  else {
    const files = [...(values.trips ?? []), ...positionals]
    if (files.length < 2) throw new RangeError('give two files or more: the last day is judged by those before it')
    const offsetS = 3_600 * numberIn('utc-offset', values['utc-offset'], -12, 14)
    const days = files.map((file) => readTripDay(file, offsetS)).sort((a, b) => a.midnightS - b.midnightS)
    const twice = days.find((day, i) => day.midnightS === days[i - 1]?.midnightS)
    if (twice) throw new RangeError(`${twice.file} is of the same day as another file`)
    const outcome = await evaluateDay(
      days,
      {
        vans: numberIn('vans', values.vans, 1, 20),
        hours: numberIn('hours', values.hours, 1, 12),
        capacity: numberIn('capacity', values.capacity, 1, 100),
        share: numberIn('share', values.share, 0.01, 1),
        seconds: numberIn('seconds', values.seconds, 1, 600),
        ridesPerBike: numberIn('rides-per-bike', values['rides-per-bike'], 0, 10),
        fleets: numberIn('fleets', values.fleets, 1, 50),
        seed: numberIn('seed', values.seed, 0, 4_294_967_295),
      },
      (line) => void process.stderr.write(`${line}\n`),
    )
    process.stdout.write(`${JSON.stringify(outcome)}\n`)
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  process.exitCode = wrongUseExitCode
}

function numberIn(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most)) {
    throw new RangeError(`--${name} is "${text}": expected a number from ${least} to ${most}`)
  }
  return value
}
