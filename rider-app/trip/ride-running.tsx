import { useState } from 'react'
import type { Terms } from '../../contracts/http/bikes.ts'
import { formatBikeNumber, formatClock, formatMoney, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { freeExitLeftMs, rideDurationMs, runningCost } from '../../ui-kit/ride-clock.ts'
import { ParkingNotice } from '../parking/parking-notice.tsx'
import { ActNotices } from './act-notices.tsx'
import { FreeExit } from './free-exit.tsx'
import { LatePhoneRide, LateReportSheet, LateRideMap, LateRing } from './late-parts.tsx'
import { LockHelp } from './lock-help.tsx'
import { PausedPart } from './paused-part.tsx'
import type { SeenTrip } from './seen-trip.ts'
import { useCityNow } from './use-city-now.ts'
import type { TripActs } from './use-trip-act.ts'

type Opened = 'none' | 'lock' | 'exit' | 'report'

/** The ride as it runs: time from the lock's own clock, cost so far, pause, and help when the lock does not obey. */
export function RideRunning({
  seen,
  terms,
  isCutOff,
  acts,
}: {
  readonly seen: SeenTrip
  readonly terms: Terms | null
  /** Neither the network nor our server is there: what is shown is as it was last told. */
  readonly isCutOff: boolean
  readonly acts: TripActs
}) {
  const { t, tag } = useText()
  const { trip } = seen
  const now = useCityNow(seen)
  const cost = formatMoney(tag, runningCost(trip, terms, now), trip.price.currency)
  const kind = trip.state === 'paused' ? 'paused' : trip.state === 'ending' ? 'ending' : 'riding'
  return (
    <>
      <div>
        <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
        <h1>{t(`ride.title.${kind}`)}</h1>
      </div>
      <dl className="meters" data-ride={kind}>
        <div>
          <dt>{t('ride.time')}</dt>
          <dd className="number">{formatStopwatch(rideDurationMs(trip, now))}</dd>
        </div>
        <div>
          <dt>{t('ride.cost')}</dt>
          <dd className="number">{cost}</dd>
        </div>
      </dl>
      {trip.state === 'riding' && trip.closingFailedAt !== null && <LockHelp trip={trip} acts={acts} />}
      {trip.state === 'riding' && (
        <>
          <p className={trip.pauseWanted && isCutOff ? 'notice warn' : 'notice good'}>
            {t(pushText(trip.pauseWanted, isCutOff))}
          </p>
          <ParkingNotice tripId={trip.tripId} />
          {!trip.pauseWanted && (
            <button
              type="button"
              className="button wide"
              disabled={acts.busy || acts.waiting !== null}
              onClick={() => acts.act('pause')}
            >
              {t('ride.pause')}
            </button>
          )}
        </>
      )}
      {trip.state === 'paused' && <PausedPart trip={trip} terms={terms} now={now} acts={acts} />}
      {trip.state === 'ending' && trip.endedAt !== null && (
        <p className="notice">{t('ride.ending_note', { time: formatClock(tag, trip.endedAt) })}</p>
      )}
      <ActNotices acts={acts} />
      {trip.state !== 'ending' && <LatePhoneRide trip={trip} isCutOff={isCutOff} />}
      {trip.state !== 'ending' && <LateRideMap />}
      <RideHelp seen={seen} terms={terms} now={now} acts={acts} />
      {trip.startedAt !== null && (
        <p className="small soft">{t('ride.since', { time: formatClock(tag, trip.startedAt) })}</p>
      )}
    </>
  )
}

/** The wish to pause holds for minutes only: a page that hears nothing cannot tell whether it still does. */
function pushText(pauseWanted: boolean, isCutOff: boolean) {
  if (!pauseWanted) return 'ride.push_to_end'
  return isCutOff ? 'ride.push_may_end' : 'ride.push_to_pause'
}

/** What else one may want on a ride: one of these is open at a time. */
function RideHelp({
  seen: { trip },
  terms,
  now,
  acts,
}: {
  readonly seen: SeenTrip
  readonly terms: Terms | null
  readonly now: number
  readonly acts: TripActs
}) {
  const { t } = useText()
  const [opened, setOpened] = useState<Opened>('none')
  // When the lock itself says that it cannot close, the help is there already: nobody has to look for it.
  const maySayStuck = trip.state === 'riding' && trip.closingFailedAt === null
  const exitLeftMs = freeExitLeftMs(trip, terms?.freeExitMinutes ?? 0, now)
  const exitNoted = trip.price.lines.some((line) => line.key === 'free_exit')
  const mayExit = exitLeftMs > 0 && !exitNoted && trip.state !== 'ending'
  const toggle = (what: Opened, text: string) => (
    <button
      type="button"
      className="button quiet"
      aria-expanded={opened === what}
      onClick={() => setOpened(opened === what ? 'none' : what)}
    >
      {text}
    </button>
  )
  return (
    <div className="stack help">
      {exitNoted && trip.state !== 'ending' && (
        <p className="notice good" role="status">
          {t('exit.noted')}
        </p>
      )}
      {maySayStuck && toggle('lock', t('lock_help.button'))}
      {opened === 'lock' && maySayStuck && <LockHelp trip={trip} acts={acts} />}
      {mayExit && toggle('exit', t('exit.button', { left: formatStopwatch(exitLeftMs) }))}
      {opened === 'exit' && mayExit && (
        <FreeExit busy={acts.busy} onExit={(reason) => acts.act('free-exit', { reason })} />
      )}
      {trip.state !== 'ending' && <LateRing bike={trip.bikeNumber} />}
      {toggle('report', t('ride.report'))}
      {opened === 'report' && (
        <LateReportSheet
          bikeCode={trip.bikeNumber}
          number={trip.bikeNumber}
          mayExitFree={mayExit}
          {...(trip.state === 'ending' ? { first: 'lock' as const } : {})}
          onClose={() => setOpened('none')}
        />
      )}
    </div>
  )
}
