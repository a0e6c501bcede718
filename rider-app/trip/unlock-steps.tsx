import { Link } from 'wouter'
import type { CommandState, TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber, formatClock, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import type { SeenTrip } from './seen-trip.ts'
import { useCityNow } from './use-city-now.ts'
import { useTripAct } from './use-trip-act.ts'

type Mark = 'done' | 'now' | 'later' | 'doubt'

/** What has really happened so far, step by step, and what happens to the money when the lock does not answer. */
export function UnlockSteps({ seen, onTrip }: { readonly seen: SeenTrip; readonly onTrip: (trip: TripView) => void }) {
  const { t, tag } = useText()
  const { trip } = seen
  const now = useCityNow(seen)
  const { act, busy, refused } = useTripAct(trip.tripId, onTrip)
  const held = formatMoney(tag, trip.payment.held, trip.price.currency)
  const marks = marksOf(trip)
  const leftS = trip.command === null ? null : Math.max(0, Math.ceil((trip.command.deadlineAt - now) / 1_000))
  return (
    <>
      <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
      <h1>{trip.riderFree ? t('unlock.unanswered_title') : t('unlock.title')}</h1>
      <ol className="steps">
        <Step mark="done" text={t('unlock.paid')} note={t('unlock.paid_note', { held })} />
        <Step mark={marks.sent} text={t(marks.sent === 'done' ? 'unlock.sent' : 'unlock.sent_pending')} />
        <Step
          mark={marks.answered}
          text={t(marks.answered === 'done' ? 'unlock.answered' : 'unlock.answered_pending')}
          note={marks.answered === 'now' && leftS !== null ? t('unlock.waits', { count: leftS }) : undefined}
        />
        <Step mark={marks.open} text={t(marks.open === 'done' ? 'unlock.open' : 'unlock.open_pending')} />
      </ol>
      <p className={trip.riderFree ? 'notice warn' : 'notice'}>
        {trip.riderFree ? t('unlock.unanswered') : t('unlock.money_safe')}{' '}
        {trip.holdReleaseAt !== null && t('unlock.release_by', { held, time: formatClock(tag, trip.holdReleaseAt) })}
      </p>
      {trip.riderFree && (
        <Link href="/" className="button main wide">
          {t('unlock.other_bike')}
        </Link>
      )}
      {trip.state === 'promised' && (
        <button type="button" className="button" disabled={busy} onClick={() => act('cancel')}>
          {t('unlock.cancel')}
        </button>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
    </>
  )
}

function Step({
  mark,
  text,
  note,
}: {
  readonly mark: Mark
  readonly text: string
  readonly note?: string | undefined
}) {
  const { t } = useText()
  return (
    <li data-mark={mark}>
      <span className="mark" aria-hidden="true">
        {mark === 'done' ? '✓' : mark === 'doubt' ? '?' : ''}
      </span>
      <span>
        {text} <span className="visually-hidden">{t(`unlock.mark.${mark}`)}</span>
        {note !== undefined && <span className="note small soft">{note}</span>}
      </span>
    </li>
  )
}

const reached: Readonly<Record<CommandState, number>> = {
  queued: 0,
  sent: 1,
  accepted: 2,
  done: 3,
  rejected: 2,
  failed: 2,
  expired: 1,
  unknown: 1,
}

function marksOf(trip: TripView): { readonly sent: Mark; readonly answered: Mark; readonly open: Mark } {
  const step = trip.command === null ? 0 : reached[trip.command.state]
  const at = (place: number): Mark => (step >= place ? 'done' : step === place - 1 ? 'now' : 'later')
  if (trip.riderFree) return { sent: 'done', answered: 'doubt', open: 'later' }
  return { sent: at(1), answered: at(2), open: at(3) }
}
