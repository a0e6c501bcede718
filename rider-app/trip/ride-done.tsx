import { useState } from 'react'
import { Link } from 'wouter'
import type { Terms } from '../../contracts/http/bikes.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber, formatClock, formatDay, formatMoney, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { rideDurationMs } from '../../ui-kit/ride-clock.ts'
import { QrPicture } from '../qr-picture.tsx'
import { FreeExit } from './free-exit.tsx'
import { PriceLines } from './price-lines.tsx'
import type { SeenTrip } from './seen-trip.ts'
import { useTripAct } from './use-trip-act.ts'

/** The ride is over: the itemised price, what was taken and given back, and the receipt. */
export function RideDone({
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
  const { act, busy, refused } = useTripAct(trip.tripId, onTrip)
  const [asking, setAsking] = useState(false)
  const durationMs = rideDurationMs(trip, trip.cityTime)
  const mayExit =
    terms !== null &&
    durationMs <= terms.freeExitMinutes * 60_000 &&
    !trip.price.lines.some((line) => line.key === 'free_exit')
  return (
    <>
      <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
      <h1>{t('done.title')}</h1>
      {trip.startedAt !== null && trip.endedAt !== null && (
        <p>
          {formatDay(tag, trip.startedAt)}, {formatClock(tag, trip.startedAt)}–{formatClock(tag, trip.endedAt)} ·{' '}
          <span className="number">{formatStopwatch(durationMs)}</span>
        </p>
      )}
      <div className="card stack">
        <PriceLines price={trip.price} />
        <MoneyMoved trip={trip} />
      </div>
      {trip.receiptPath !== null && <ReceiptCard path={trip.receiptPath} />}
      {mayExit && (
        <button type="button" className="button quiet" aria-expanded={asking} onClick={() => setAsking(!asking)}>
          {t('done.something_wrong')}
        </button>
      )}
      {mayExit && asking && <FreeExit busy={busy} onExit={(reason) => act('free-exit', { reason })} />}
      {refused !== null && <RefusalNotice refused={refused} />}
      <Link href="/" className="button main wide">
        {t('done.next_ride')}
      </Link>
    </>
  )
}

/** What became of the hold, in one sentence that is true now. */
function MoneyMoved({ trip }: { readonly trip: TripView }) {
  const { t, tag } = useText()
  const money = (amount: number) => formatMoney(tag, amount, trip.price.currency)
  const { state, held, captured, refunded } = trip.payment
  const amounts = {
    held: money(held),
    captured: money(captured),
    refunded: money(refunded),
    rest: money(held - captured),
  }
  return (
    <p className={state === 'debt' ? 'notice warn' : 'notice good'} role="status">
      {t(`money.${state}`, amounts)}
    </p>
  )
}

function ReceiptCard({ path }: { readonly path: string }) {
  const { t } = useText()
  return (
    <section className="card receipt" aria-labelledby="receipt-title">
      <div className="stack">
        <h2 id="receipt-title">{t('done.receipt')}</h2>
        <p className="small soft">{t('done.receipt_note')}</p>
        <a className="button" href={path}>
          {t('done.open_receipt')}
        </a>
      </div>
      <QrPicture content={new URL(path, location.origin).href} label={t('done.receipt_qr')} />
    </section>
  )
}
