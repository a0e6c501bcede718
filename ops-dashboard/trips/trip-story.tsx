import type { StaffTrip, TripMoment } from '../../contracts/http/staff-trips.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { formatMoment } from './city-moment.ts'

/** The trip from its first moment to its last, with who did what and why. */
export function TripStory({ found }: { readonly found: StaffTrip }) {
  const { t, tag } = useText()
  return (
    <section className="card stack" aria-label={t('trips.story')}>
      <h2>{t('trips.story')}</h2>
      <ol className="trip-story">
        {found.story.map((moment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story only grows, and two moments may be alike
          <li key={index} className={moment.kind}>
            <time className="small soft number" dateTime={new Date(moment.at).toISOString()}>
              {formatMoment(tag, moment.at)}
            </time>
            <Told moment={moment} currency={found.trip.price.currency} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Told({ moment, currency }: { readonly moment: TripMoment; readonly currency: string }) {
  const { t, tag } = useText()
  const { kind, amount, by, reason } = moment
  const detail = useDetail(moment)
  return (
    <p>
      {kind === 'act' ? (
        <strong>
          {by} {detail}
        </strong>
      ) : (
        <>
          {t(`trips.m.${kind}`)}
          {detail !== null && <span className="soft"> · {detail}</span>}
        </>
      )}
      {amount !== null && <span className="number"> {formatMoney(tag, amount, currency)}</span>}
      {kind === 'refund_asked' && by !== null && <span className="soft"> · {by}</span>}
      {reason !== null && <q className="small block">{reason}</q>}
    </p>
  )
}

function useDetail({ kind, detail }: TripMoment): string | null {
  const { ofCode } = useText()
  if (detail === null) return null
  switch (kind) {
    case 'act':
      return ofCode(`trips.act.${detail}`, 'trips.act.end')
    case 'ended':
      return ofCode(`trips.by.${detail}`, 'trips.by.other')
    case 'not_ridden':
      return ofCode(`trips.failure.${detail}`, 'trips.failure.unlock_unanswered')
    case 'unlock_ended':
      return ofCode(`trips.command.${detail}`, 'trips.command.unknown')
    case 'receipt':
      return detail
    case 'asked':
    case 'unlock_sent':
    case 'opened':
    case 'closed':
    case 'jammed':
    case 'priced':
    case 'made_cheaper':
    case 'captured':
    case 'refund_asked':
    case 'refunded':
    case 'forgiven':
      return null
  }
}
