import type { Availability, Figures, LockNumbers, Money, Numbers, Unmet } from '../../contracts/http/numbers.ts'
import { type CsvValue, csvOf } from '../platform/csv.ts'

const figures: readonly (readonly [header: string, name: keyof Figures])[] = [
  ['rides', 'rides'],
  ['rides_per_bike', 'tripsPerBike'],
  ['bikes_in_service', 'bikesInService'],
  ['mean_ride_minutes', 'meanRideMinutes'],
  ['mean_straight_m', 'meanStraightM'],
  ['availability', 'availability'],
  ['unlocks', 'unlocks'],
  ['unlocks_opened', 'opened'],
  ['unlocks_refused', 'refused'],
  ['unlocks_jammed', 'jammed'],
  ['unlocks_unanswered', 'unanswered'],
  ['lock_success', 'lockSuccess'],
  ['open_ms_p50', 'openMsP50'],
  ['open_ms_p95', 'openMsP95'],
  ['searches', 'searches'],
  ['unmet_searches', 'unmetSearches'],
  ['failed_scans', 'failedScans'],
  ['unmet', 'unmet'],
  ['stranded', 'stranded'],
  ['stranded_not_closed', 'strandedNotClosed'],
  ['stranded_not_heard', 'strandedNotHeard'],
  ['stranded_not_answered', 'strandedNotAnswered'],
  ['alarms', 'alarms'],
  ['alarms_taken_up', 'alarmsTakenUp'],
  ['take_up_ms_p50', 'takeUpMsP50'],
]
const moneyNames: readonly (readonly [header: string, name: keyof Money])[] = [
  ['gross_minor', 'gross'],
  ['vat_minor', 'vat'],
  ['refunds_minor', 'refunds'],
  ['written_off_minor', 'writtenOff'],
]

/** A line a day; money in columns of its own for each currency, where it is in the answer. */
export function numbersCsv({ days, money }: Numbers): string {
  const currencies = (money ?? []).map(({ currency, days: own }) => ({
    currency,
    byDay: new Map(own.map((one) => [one.day, one.money])),
  }))
  const header = [
    'day',
    ...figures.map(([name]) => name),
    ...currencies.flatMap(({ currency }) => moneyNames.map(([name]) => `${name}_${currency.toLowerCase()}`)),
  ]
  return csvOf(
    header,
    days.map(({ day, figures: own }): CsvValue[] => [
      day,
      ...figures.map(([, name]) => own[name]),
      ...currencies.flatMap(({ byDay }) => moneyNames.map(([, name]) => byDay.get(day)?.[name] ?? 0)),
    ]),
  )
}

/** A line for each hotspot and hour that was looked at. */
export const availabilityCsv = ({ hotspots }: Availability): string =>
  csvOf(
    ['hotspot', 'zone_id', 'hour', 'looks', 'availability', 'mean_stock', 'least', 'most'],
    hotspots.flatMap(({ name, zoneId, least, most, hours }) =>
      hours.flatMap(({ samples, availability, meanStock }, hour): CsvValue[][] =>
        samples === 0 ? [] : [[name, zoneId, hour, samples, availability, meanStock, least, most]],
      ),
    ),
  )

export const unmetCsv = ({ cells }: Unmet): string =>
  csvOf(
    ['h3_cell', 'lon', 'lat', 'unmet_searches', 'failed_scans', 'unmet'],
    cells.map(({ cell, lon, lat, unmetSearches, failedScans }) => [
      ...[cell, Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5],
      ...[unmetSearches, failedScans, unmetSearches + failedScans],
    ]),
  )

export const locksCsv = ({ locks }: LockNumbers): string =>
  csvOf(
    ['bike', 'unlocks', 'opened', 'refused', 'jammed', 'unanswered', 'lock_success', 'mean_open_ms'],
    locks.map((lock) => [
      ...[lock.bikeNumber, lock.unlocks, lock.opened, lock.refused, lock.jammed, lock.unanswered],
      ...[lock.lockSuccess, lock.meanOpenMs],
    ]),
  )
