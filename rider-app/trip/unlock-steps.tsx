import { useRef, useState } from 'react'
import type { CommandState, TripView } from '../../contracts/http/trips.ts'
import { formatBikeNumber, formatClock, formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPoint } from '../../ui-kit/map/map-point.ts'
import { ActNotices } from './act-notices.tsx'
import { LateNearAnother, LatePhoneUnlock, LateReportSheet } from './late-parts.tsx'
import type { SeenTrip } from './seen-trip.ts'
import { useCityNow } from './use-city-now.ts'
import { usePhoneOffer } from './use-phone-offer.ts'
import { useSince } from './use-since.ts'
import type { TripActs } from './use-trip-act.ts'

type Mark = 'done' | 'now' | 'later' | 'doubt'
type StepName = 'sent' | 'answered' | 'open'

/** A lock that we can reach answers sooner: from then on another bike is offered beside the waiting. */
const silentAfterMs = 3_000
/** The server calls an unlock unanswered so long after its deadline. */
const answerGraceMs = 5_000

/** What has really happened so far, step by step, and what happens to the money when the lock does not answer. */
export function UnlockSteps({
  seen,
  bikeAt,
  isCutOff: cutOff,
  acts,
}: {
  readonly seen: SeenTrip
  readonly bikeAt: MapPoint | null
  /** Neither the network nor our server is there. */
  readonly isCutOff: boolean
  readonly acts: TripActs
}) {
  const { t, tag } = useText()
  const { trip } = seen
  const now = useCityNow(seen)
  const overdue = trip.command !== null && now > trip.command.deadlineAt + answerGraceMs
  const asked = trip.command === null ? 'promised' : trip.command.state
  const isLong = useSince(asked) >= silentAfterMs
  const silent = isLong && ['promised', 'queued', 'sent'].includes(asked) && !trip.riderFree
  // It said that it obeyed, and its own word of when has not come: the ride may have begun in a dead zone.
  const obeyed = isLong && asked === 'done' && !trip.riderFree
  const held = formatMoney(tag, trip.payment.held, trip.price.currency)
  const release =
    trip.holdReleaseAt === null ? '' : t('unlock.release_by', { held, time: formatClock(tag, trip.holdReleaseAt) })
  return (
    <>
      <div>
        <p className="soft">{t('bike.number', { number: formatBikeNumber(trip.bikeNumber) })}</p>
        <h1>{t(obeyed ? 'unlock.obeyed_title' : titleOf(trip, cutOff && overdue))}</h1>
      </div>
      <Steps trip={trip} held={held} now={now} isUnknown={cutOff && overdue && !obeyed} silent={silent} />
      {silent && (
        <p className="notice warn">{t(trip.state === 'promised' ? 'unlock.silent_note' : 'unlock.slow_note')}</p>
      )}
      <p className={trip.riderFree ? 'notice warn' : 'notice'}>
        {trip.riderFree
          ? t('unlock.unanswered', { time: formatClock(tag, trip.holdReleaseAt ?? trip.cityTime) })
          : t(obeyed ? 'unlock.obeyed' : 'unlock.money_safe')}{' '}
        {release}
      </p>
      <PhoneOffer trip={trip} isCutOff={cutOff} />
      {trip.state === 'promised' && (
        <button type="button" className="button" disabled={acts.busy} onClick={() => acts.act('cancel')}>
          {t('unlock.cancel')}
        </button>
      )}
      <ActNotices acts={acts} />
      {obeyed && <NotOpen bikeNumber={trip.bikeNumber} />}
      {(trip.riderFree || silent) && !cutOff && <LateNearAnother bikeAt={bikeAt} exceptNumber={trip.bikeNumber} />}
    </>
  )
}

function PhoneOffer({ trip, isCutOff }: { readonly trip: TripView; readonly isCutOff: boolean }) {
  const isOffered = usePhoneOffer(trip)
  return isOffered && !isCutOff ? <LatePhoneUnlock trip={trip} /> : null
}

/** What the lock says is not what its rider sees. */
function NotOpen({ bikeNumber }: { readonly bikeNumber: string }) {
  const { t } = useText()
  const [reports, setReports] = useState(false)
  return (
    <>
      <button type="button" className="button quiet start" aria-expanded={reports} onClick={() => setReports(!reports)}>
        {t('ride.report')}
      </button>
      {reports && (
        <LateReportSheet bikeCode={bikeNumber} number={bikeNumber} first="lock" onClose={() => setReports(false)} />
      )}
    </>
  )
}

function titleOf(trip: TripView, isUnknown: boolean) {
  if (trip.riderFree) return 'unlock.unanswered_title'
  return isUnknown ? 'unlock.not_known_title' : 'unlock.title'
}

function Steps({
  trip,
  held,
  now,
  isUnknown,
  silent,
}: {
  readonly trip: TripView
  readonly held: string
  readonly now: number
  readonly isUnknown: boolean
  readonly silent: boolean
}) {
  const { t } = useText()
  const marks = marksOf(trip, isUnknown)
  const after = useAfter(trip, marks)
  const leftS = trip.command === null ? 0 : Math.max(0, Math.ceil((trip.command.deadlineAt - now) / 1_000))
  const waits = marks.answered === 'now' && leftS > 0 ? t('unlock.waits', { count: leftS }) : undefined
  return (
    <ol className="steps">
      <Step mark="done" text={t('unlock.paid')} note={t('unlock.paid_note', { held })} />
      <Step
        mark={marks.sent}
        text={t(marks.sent === 'done' ? 'unlock.sent' : silent ? 'unlock.silent' : 'unlock.sent_pending')}
        note={after.sent}
      />
      <Step
        mark={marks.answered}
        text={t(marks.answered === 'done' ? 'unlock.answered' : 'unlock.answered_pending')}
        note={after.answered ?? waits}
      />
      <Step mark={marks.open} text={t(marks.open === 'done' ? 'unlock.open' : 'unlock.open_pending')} />
    </ol>
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
        {note !== undefined && <span className="note small soft number">{note}</span>}
      </span>
    </li>
  )
}

/** How long after the promise each step was seen to be done, as far as this page was there. */
function useAfter(trip: TripView, marks: Readonly<Record<StepName, Mark>>): Partial<Record<StepName, string>> {
  const { t, tag } = useText()
  const first = useRef<Record<StepName, number | 'before' | null>>({ sent: null, answered: null, open: null })
  const isFirst = useRef(true)
  for (const name of ['sent', 'answered', 'open'] as const) {
    if (marks[name] !== 'done' || first.current[name] !== null) continue
    // A page that comes later, or again, has not seen when: it does not say.
    const isFresh = trip.cityTime - trip.createdAt < freshMs
    first.current[name] = isFirst.current && !isFresh ? 'before' : trip.cityTime
  }
  isFirst.current = false
  const seconds = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 })
  const told = (name: StepName) => {
    const at = first.current[name]
    return typeof at !== 'number'
      ? {}
      : { [name]: t('unlock.after', { seconds: seconds.format(Math.max(0, at - trip.createdAt) / 1_000) }) }
  }
  return { ...told('sent'), ...told('answered'), ...told('open') }
}
const freshMs = 5_000

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

function marksOf(trip: TripView, isUnknown: boolean): Readonly<Record<StepName, Mark>> {
  const step = trip.command === null ? 0 : reached[trip.command.state]
  const at = (place: number): Mark => (step >= place ? 'done' : step === place - 1 ? 'now' : 'later')
  if (trip.riderFree || isUnknown) return { sent: step >= 1 ? 'done' : 'doubt', answered: 'doubt', open: 'later' }
  return { sent: at(1), answered: at(2), open: at(3) }
}
