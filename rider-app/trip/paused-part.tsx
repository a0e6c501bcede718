import type { Terms } from '../../contracts/http/bikes.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { Waiting } from '../../ui-kit/notices.tsx'
import { ParkingNotice } from '../parking/parking-notice.tsx'
import { LatePhoneUnlock } from './late-parts.tsx'
import type { TripActs } from './use-trip-act.ts'

const minuteMs = 60_000
/** After so many minutes the page reminds that the pause costs. */
const remindAfterMinutes = [30, 15] as const

/** A paused ride: the bike is locked, and may be opened again or given back here. What it costs is told. */
export function PausedPart({
  trip,
  terms,
  now,
  acts,
}: {
  readonly trip: TripView
  readonly terms: Terms | null
  readonly now: number
  readonly acts: TripActs
}) {
  const { t, tag } = useText()
  const { command } = trip
  const opening = command !== null && ['queued', 'sent', 'accepted'].includes(command.state)
  const failed = command !== null && ['failed', 'rejected', 'expired', 'unknown'].includes(command.state)
  const money = (amount: number) => formatMoney(tag, amount, trip.price.currency)
  const pausedMs = trip.pausedMs + Math.max(0, now - trip.cityTime)
  const minutes = Math.floor(pausedMs / minuteMs)
  const remind = remindAfterMinutes.find((after) => minutes >= after)
  const perMinute = terms?.pausePerMinute ?? null
  return (
    <>
      <p className="notice warn">
        {t('ride.paused_note')}{' '}
        {perMinute !== null &&
          t('ride.paused_price', {
            each: money(perMinute),
            total: money(Math.ceil(pausedMs / minuteMs) * perMinute),
          })}
      </p>
      {remind !== undefined && (
        <p className="notice warn" role="status">
          <strong>{t('ride.paused_long', { count: remind })}</strong>
        </p>
      )}
      {opening ? (
        <Waiting text={t('ride.opening')} />
      ) : (
        <button type="button" className="button main wide" disabled={acts.busy} onClick={() => acts.act('resume')}>
          {t('ride.resume')}
        </button>
      )}
      {failed && (
        <p className="notice bad" role="alert">
          {command.resultCode === 'jam' ? t('failed.jam_hint') : t('ride.resume_failed')}
        </p>
      )}
      {failed && command.resultCode !== 'jam' && <LatePhoneUnlock trip={trip} />}
      <ParkingNotice tripId={trip.tripId} />
      <button
        type="button"
        className="button wide"
        disabled={acts.busy}
        onClick={() => acts.act('end', { reason: 'other' })}
      >
        {t('ride.end_here')}
      </button>
    </>
  )
}
