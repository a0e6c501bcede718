import type { StaffTrip } from '../../contracts/http/staff-trips.ts'
import { formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { formatMoment } from './city-moment.ts'
import { lastedMs } from './sorted-trips.ts'
import { useCityNow } from './use-city-now.ts'

/** From when to when, from where to where, and how it ended. */
export function RideFacts({ found, answeredAtMs }: { readonly found: StaffTrip; readonly answeredAtMs: number }) {
  const { t, tag, ofCode } = useText()
  const { trip } = found
  const nowMs = useCityNow(found.cityTime, answeredAtMs) ?? found.cityTime
  const moment = (atMs: number | null) => (atMs === null ? t('trips.not_yet') : formatMoment(tag, atMs))
  const place = (at: StaffTrip['start']) =>
    at === null ? null : (at.name ?? t('trips.near', { lat: at.lat.toFixed(3), lon: at.lon.toFixed(3) }))
  return (
    <section className="card stack" aria-label={t('trips.facts')}>
      <h2>{t('trips.facts')}</h2>
      <dl className="facts">
        <Fact name={t('trips.start')} value={moment(trip.startedAt)} more={place(found.start)} />
        <Fact name={t('trips.end')} value={moment(trip.endedAt)} more={place(found.end)} />
        {trip.startedAt !== null && (
          <Fact name={t('trips.lasted')} value={formatStopwatch(lastedMs(trip, nowMs))} more={null} />
        )}
        {trip.pausedMs > 0 && <Fact name={t('trips.paused')} value={formatStopwatch(trip.pausedMs)} more={null} />}
        {trip.endedBy !== null && (
          <Fact name={t('trips.ended_by')} value={ofCode(`trips.by.${trip.endedBy}`, 'trips.by.other')} more={null} />
        )}
        {trip.failure !== null && (
          <Fact
            name={t('trips.failure')}
            value={ofCode(`trips.failure.${trip.failure}`, 'trips.failure.unlock_unanswered')}
            more={null}
          />
        )}
        {found.freeExit !== null && (
          <Fact
            name={t('trips.free_exit')}
            value={ofCode(`trips.free.${found.freeExit}`, 'trips.free.lock')}
            more={null}
          />
        )}
        {trip.allowedUntil !== null && (
          <Fact
            name={t('trips.col.lasts')}
            value={t('trips.allowed_until', { time: moment(trip.allowedUntil) })}
            more={null}
          />
        )}
      </dl>
    </section>
  )
}

function Fact({ name, value, more }: { readonly name: string; readonly value: string; readonly more: string | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">
        {value}
        {more !== null && <span className="small soft block">{more}</span>}
      </dd>
    </div>
  )
}
