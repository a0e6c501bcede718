import { Link } from 'wouter'
import type { StaffTripRow } from '../../contracts/http/staff-trips.ts'
import { formatBikeNumber, formatMoney, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { formatMoment } from './city-moment.ts'
import { lastedMs, sortedTrips } from './sorted-trips.ts'
import type { TripsSort } from './trips-address.ts'

const columns = [
  { key: 'asked', text: 'trips.col.trip' },
  { key: 'bike', text: 'trips.col.bike' },
  { key: null, text: 'trips.col.rider' },
  { key: 'state', text: 'trips.col.state' },
  { key: 'lasts', text: 'trips.col.lasts' },
  { key: 'price', text: 'trips.col.price' },
  { key: null, text: 'trips.col.money' },
] as const

/** Trips as a table; the way to a trip is its time. */
export function TripTable({
  label,
  trips,
  cityNowMs,
  sort,
  onSort,
}: {
  readonly label: string
  readonly trips: readonly StaffTripRow[]
  readonly cityNowMs: number
  readonly sort: TripsSort
  /** Absent: the order is given. */
  readonly onSort?: (sort: TripsSort) => void
}) {
  const { t } = useText()
  return (
    <TableBox label={label} className="trip-table">
      <table>
        <thead>
          <tr>
            {columns.map(({ key, text }) => (
              <th key={text} scope="col" aria-sort={key !== null && key === sort ? 'descending' : undefined}>
                {key === null || onSort === undefined ? (
                  t(text)
                ) : (
                  <button
                    type="button"
                    aria-pressed={key === sort}
                    aria-label={t('trips.sort_by', { column: t(text) })}
                    onClick={() => onSort(key)}
                  >
                    {t(text)}
                    {key === sort && <span aria-hidden="true"> ↓</span>}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortedTrips(trips, sort, cityNowMs).map((trip) => (
            <TripLine key={trip.tripId} trip={trip} cityNowMs={cityNowMs} />
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}

function TripLine({ trip, cityNowMs }: { readonly trip: StaffTripRow; readonly cityNowMs: number }) {
  const { t, tag } = useText()
  const { price, payment } = trip
  const owed = payment.state === 'debt' ? payment.due - payment.captured : 0
  return (
    <tr className={trip.isLong ? 'long' : undefined}>
      <th scope="row" className="number">
        <Link href={`/trips/${trip.tripId}`}>{formatMoment(tag, trip.createdAt)}</Link>
      </th>
      <td className="number">{formatBikeNumber(trip.bikeNumber)}</td>
      <td className="number soft">{trip.rider}</td>
      <td>
        {t(`ops.trip.${trip.state}`)}
        {trip.isLong && <span className="badge warn">{t('trips.long')}</span>}
        {trip.allowedUntil !== null && trip.endedAt === null && (
          <span className="small soft">{t('trips.allowed_until', { time: formatMoment(tag, trip.allowedUntil) })}</span>
        )}
      </td>
      <td className="number">{trip.startedAt === null ? '–' : formatStopwatch(lastedMs(trip, cityNowMs))}</td>
      <td className="number">
        {formatMoney(tag, price.total, price.currency)}
        {!price.final && <span className="small soft">{t('trips.running')}</span>}
      </td>
      <td>
        {t(`trips.pay.${payment.state}`)}
        {owed > 0 && <span className="small number">{formatMoney(tag, owed, price.currency)}</span>}
      </td>
    </tr>
  )
}
