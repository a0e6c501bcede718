import './before.css'
import { Suspense, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { ReservationView } from '../../contracts/http/reservations.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { BatteryMark } from '../../ui-kit/battery-mark.tsx'
import { formatBikeNumber, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { lateScreen } from '../late-screen.ts'
import { useRider } from '../rider-state.ts'
import { ReservationOver } from './reservation-over.tsx'
import { RingButton } from './ring-button.tsx'
import { useRealTimeLeft } from './use-real-time-left.ts'

const ReportSheet = lateScreen(async () => (await import('../telling/report-sheet.tsx')).ReportSheet, 'telling')

/** In the history's entry: the rider comes from the button that reserved, and wants to hear what came of it. */
const justReserved = 'reserved'
const lookAgainEveryMs = 15_000

/** The rider's reservation, on whichever device: what is left of it, and the way to the bike. */
export function ReservationCard({ reservation }: { readonly reservation: ReservationView }) {
  const { reloadMe } = useRider()
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') reloadMe()
    }
    const timer = setInterval(look, lookAgainEveryMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [reloadMe])
  return reservation.state === 'open' ? <Kept reservation={reservation} /> : <ReservationOver over={reservation} />
}

function Kept({ reservation }: { readonly reservation: ReservationView }) {
  const { t } = useText()
  const { reloadMe } = useRider()
  const leftMs = useRealTimeLeft(reservation, reloadMe)
  const [isTelling, setTelling] = useState(false)
  const { bikeNumber } = reservation
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (history.state === justReserved) heading.current?.focus()
  }, [])
  return (
    <section className="card stack kept" aria-labelledby="kept-title">
      <div className="row spread">
        <h1 id="kept-title" ref={heading} tabIndex={-1}>
          {t('before.kept')}
        </h1>
        <p className="left number" role="timer">
          <span className="visually-hidden">{t('before.left')} </span>
          {formatStopwatch(leftMs)}
        </p>
      </div>
      <p className="row facts">
        <strong className="bike-plate number" role="img" aria-label={t('bike.number', { number: bikeNumber })}>
          {formatBikeNumber(bikeNumber)}
        </strong>
        <span className="badge">{reservation.model}</span>
        <BatteryMark percent={reservation.batteryPercent} />
      </p>
      <p className="small soft">{t('before.walk_there')}</p>
      <Link href={`/b/${bikeNumber}`} className="button main wide">
        {t('before.at_bike')}
      </Link>
      <div className="row acts">
        <RingButton bike={bikeNumber} />
        <button type="button" className="button quiet" onClick={() => setTelling(true)}>
          {t('before.report')}
        </button>
        <CancelButton />
      </div>
      {isTelling && (
        <Suspense>
          <ReportSheet bikeCode={bikeNumber} number={bikeNumber} onClose={() => setTelling(false)} />
        </Suspense>
      )}
    </section>
  )
}

function CancelButton() {
  const { t } = useText()
  const { api, reloadMe } = useRider()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const cancel = async () => {
    setBusy(true)
    const answer = await api.send('/v1/reservations/current', { method: 'DELETE' })
    setBusy(false)
    // Not there: it has ended meanwhile, as was wanted.
    setRefused(answer.kind === 'refused' && answer.code !== 'not_found' ? answer : null)
    reloadMe()
  }
  return (
    <>
      <button type="button" className="button quiet" disabled={busy} onClick={() => void cancel()}>
        {t('before.cancel')}
      </button>
      {refused !== null && <RefusalNotice refused={refused} />}
    </>
  )
}
