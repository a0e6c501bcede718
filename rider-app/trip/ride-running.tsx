import { useState } from 'react'
import type { Terms } from '../../contracts/http/bikes.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber, formatClock, formatMoney, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { freeExitLeftMs, rideDurationMs, runningCost } from '../../ui-kit/ride-clock.ts'
import { FreeExit } from './free-exit.tsx'
import { LockHelp } from './lock-help.tsx'
import type { SeenTrip } from './seen-trip.ts'
import { useCityNow } from './use-city-now.ts'
import { type TripAct, useTripAct } from './use-trip-act.ts'

/** The ride as it runs: time from the lock's own clock, cost so far, pause, and help when the lock does not obey. */
export function RideRunning({
  seen,
  terms,
  onTrip,
}: {
  readonly seen: SeenTrip
  readonly terms: Terms | null
  readonly onTrip: (trip: TripView) => void
}) {
  const { t, tag } = useText()
  const { trip } = seen
  const now = useCityNow(seen)
  const { act, busy, refused } = useTripAct(trip.tripId, onTrip)
  const [help, setHelp] = useState<'none' | 'lock' | 'exit'>('none')
  const cost = formatMoney(tag, runningCost(trip, terms, now), trip.price.currency)
  const exitLeftMs = freeExitLeftMs(trip, terms?.freeExitMinutes ?? 0, now)
  const exitNoted = trip.price.lines.some((line) => line.key === 'free_exit')
  const mayExit = exitLeftMs > 0 && !exitNoted && trip.state !== 'ending'
  return (
    <>
      <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
      <h1>{t(`ride.title.${trip.state === 'paused' ? 'paused' : trip.state === 'ending' ? 'ending' : 'riding'}`)}</h1>
      <dl className="meters">
        <div>
          <dt>{t('ride.time')}</dt>
          <dd className="number">{formatStopwatch(rideDurationMs(trip, now))}</dd>
        </div>
        <div>
          <dt>{t('ride.cost')}</dt>
          <dd className="number">{cost}</dd>
        </div>
      </dl>
      {trip.startedAt !== null && (
        <p className="small soft">{t('ride.since', { time: formatClock(tag, trip.startedAt) })}</p>
      )}
      {trip.state === 'riding' && (
        <>
          <p className="notice good">{trip.pauseWanted ? t('ride.push_to_pause') : t('ride.push_to_end')}</p>
          {!trip.pauseWanted && (
            <button type="button" className="button wide" disabled={busy} onClick={() => act('pause')}>
              {t('ride.pause')}
            </button>
          )}
        </>
      )}
      {trip.state === 'paused' && <PausedPart trip={trip} busy={busy} act={act} />}
      {trip.state === 'ending' && <p className="notice">{t('ride.ending_note')}</p>}
      {refused !== null && <RefusalNotice refused={refused} />}
      <div className="stack help">
        {exitNoted && (
          <p className="notice good" role="status">
            {t('exit.noted')}
          </p>
        )}
        {mayExit && (
          <button
            type="button"
            className="button quiet"
            aria-expanded={help === 'exit'}
            onClick={() => setHelp(help === 'exit' ? 'none' : 'exit')}
          >
            {t('exit.button', { left: formatStopwatch(exitLeftMs) })}
          </button>
        )}
        {help === 'exit' && mayExit && <FreeExit busy={busy} onExit={(reason) => act('free-exit', { reason })} />}
        {trip.state === 'riding' && (
          <button
            type="button"
            className="button quiet"
            aria-expanded={help === 'lock'}
            onClick={() => setHelp(help === 'lock' ? 'none' : 'lock')}
          >
            {t('lock_help.button')}
          </button>
        )}
        {help === 'lock' && trip.state === 'riding' && (
          <LockHelp busy={busy} onEnd={(reason) => act('end', { reason })} />
        )}
      </div>
    </>
  )
}

/** A paused ride: the bike is locked, and may be opened again or given back here. */
function PausedPart({
  trip,
  busy,
  act,
}: {
  readonly trip: TripView
  readonly busy: boolean
  readonly act: (name: TripAct, body?: object) => void
}) {
  const { t } = useText()
  const { command } = trip
  const opening = command !== null && ['queued', 'sent', 'accepted'].includes(command.state)
  const refused = command !== null && ['failed', 'rejected', 'expired', 'unknown'].includes(command.state)
  return (
    <>
      <p className="notice warn">{t('ride.paused_note')}</p>
      {opening ? (
        <Waiting text={t('ride.opening')} />
      ) : (
        <button type="button" className="button main wide" disabled={busy} onClick={() => act('resume')}>
          {t('ride.resume')}
        </button>
      )}
      {refused && (
        <p className="notice bad" role="alert">
          {command.resultCode === 'jam' ? t('failed.jam_hint') : t('ride.resume_failed')}
        </p>
      )}
      <button type="button" className="button wide" disabled={busy} onClick={() => act('end', { reason: 'other' })}>
        {t('ride.end_here')}
      </button>
    </>
  )
}
