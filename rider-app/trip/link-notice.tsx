import type { TripView } from '../../contracts/http/trips.ts'
import { formatClock, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useOnline } from '../../ui-kit/use-online.ts'
import type { WatchedTrip } from './use-trip.ts'

/** How this page knows what it shows, when that is not by being told at once; and what holds meanwhile. */
export function LinkNotice({ watched }: { readonly watched: WatchedTrip }) {
  const { t, tag } = useText()
  const online = useOnline()
  const { seen, link, lostAtMs } = watched
  if (link === 'lost') {
    const time = formatClock(tag, (lostAtMs ?? Date.now()) + cityAhead(watched))
    return (
      <div className="notice warn link-lost" role="status">
        <p>
          <strong>{t(online ? 'link.unreachable_since' : 'link.offline_since', { time })}</strong>{' '}
          {seen !== null && <Meanwhile trip={seen.trip} />}
        </p>
        <p className="small soft">{t('link.goes_on')}</p>
        <button type="button" className="button" onClick={watched.look}>
          {t('app.again')}
        </button>
      </div>
    )
  }
  return null
}

/** City time runs apart from this device's clock; what is shown is the former. */
function cityAhead({ seen }: WatchedTrip): number {
  return seen === null ? 0 : seen.trip.cityTime + (performance.now() - seen.atMs) - Date.now()
}

function Meanwhile({ trip }: { readonly trip: TripView }) {
  const { t, tag } = useText()
  const held = formatMoney(tag, trip.payment.held, trip.price.currency)
  switch (trip.state) {
    case 'promised':
    case 'unlocking':
      return (
        <>
          {t('link.may_open')}{' '}
          {trip.holdReleaseAt === null
            ? t('link.released_soon', { held })
            : t('unlock.release_by', { held, time: formatClock(tag, trip.holdReleaseAt) })}
        </>
      )
    case 'riding':
      return t('link.riding')
    case 'paused':
      return t('link.paused')
    case 'ending':
    case 'ended':
    case 'charged':
    case 'failed':
    case 'cancelled':
      return t('link.catches_up')
  }
}
