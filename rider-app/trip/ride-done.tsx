import { useState } from 'react'
import { Link } from 'wouter'
import type { Terms } from '../../contracts/http/bikes.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber, formatClock, formatDay, formatMoney, formatStopwatch } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { rideDurationMs } from '../../ui-kit/ride-clock.ts'
import { AppealCard } from '../appeals/appeal-card.tsx'
import { keptPass } from '../no-coverage/kept-pass.ts'
import { ParkingOutcome } from '../parking/parking-outcome.tsx'
import { DebtCard } from '../pay/debt-card.tsx'
import { ActNotices } from './act-notices.tsx'
import { FreeExit } from './free-exit.tsx'
import { LatePhoneOver, LateReportSheet } from './late-parts.tsx'
import { PriceLines } from './price-lines.tsx'
import { ReceiptCard } from './receipt-card.tsx'
import type { SeenTrip } from './seen-trip.ts'
import type { TripActs } from './use-trip-act.ts'

/** The server takes a free exit so long after the end. */
const freeExitAfterEndMs = 900_000

/** The ride is over: the itemised price, what was taken and given back, and the receipt. */
export function RideDone({
  seen,
  terms,
  look,
  acts,
}: {
  readonly seen: SeenTrip
  readonly terms: Terms | null
  /** Something about the trip was changed from here: ask for it. */
  readonly look: () => void
  readonly acts: TripActs
}) {
  const { t, tag } = useText()
  const { trip } = seen
  const durationMs = rideDurationMs(trip, trip.cityTime)
  return (
    <>
      <div>
        <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
        <h1>{t('done.title')}</h1>
        {trip.startedAt !== null && trip.endedAt !== null && (
          <p>
            {formatDay(tag, trip.startedAt)}, {formatClock(tag, trip.startedAt)}–{formatClock(tag, trip.endedAt)} ·{' '}
            <span className="number">{formatStopwatch(durationMs)}</span>
          </p>
        )}
      </div>
      <div className="card stack">
        <PriceLines price={trip.price} />
        <MoneyMoved trip={trip} />
      </div>
      {trip.payment.state === 'debt' && <DebtCard returnPath={`/trip/${trip.tripId}`} onPaid={look} />}
      <ParkingOutcome trip={trip} />
      {trip.receiptPath !== null && <ReceiptCard path={trip.receiptPath} />}
      <AppealCard trip={trip} onChanged={look} />
      {keptPass(trip.tripId) !== null && <LatePhoneOver tripId={trip.tripId} />}
      <Afterwards seen={seen} terms={terms} acts={acts} />
      <Link href="/" className="button main wide">
        {t('done.next_ride')}
      </Link>
    </>
  )
}

/** Something was wrong: free in the first minutes, and told to the people who mend in any case. */
function Afterwards({
  seen: { trip },
  terms,
  acts,
}: {
  readonly seen: SeenTrip
  readonly terms: Terms | null
  readonly acts: TripActs
}) {
  const { t } = useText()
  const [asking, setAsking] = useState(false)
  const mayExit =
    terms !== null &&
    rideDurationMs(trip, trip.cityTime) <= terms.freeExitMinutes * 60_000 &&
    trip.cityTime - (trip.endedAt ?? trip.cityTime) < freeExitAfterEndMs &&
    !trip.price.lines.some((line) => line.key === 'free_exit')
  return (
    <>
      <button type="button" className="button quiet start" aria-expanded={asking} onClick={() => setAsking(!asking)}>
        {t('done.something_wrong')}
      </button>
      {asking && mayExit && <FreeExit isOver busy={acts.busy} onExit={(reason) => acts.act('free-exit', { reason })} />}
      {asking && !mayExit && (
        <LateReportSheet bikeCode={trip.bikeNumber} number={trip.bikeNumber} onClose={() => setAsking(false)} />
      )}
      <ActNotices acts={acts} />
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
