import type { TripView } from '../../contracts/http/trips.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/**
 * Says each change of the lock and the ride to a screen reader, once: the region is there before its first sentence,
 * and the sentence is another one only when something that matters is.
 */
export function TripSpoken({ trip }: { readonly trip: TripView | null }) {
  const { t, tag, ofCode } = useText()
  const sentence = (one: TripView): string => {
    if (one.state === 'unlocking' && one.riderFree) return t('unlock.unanswered_title')
    if (one.state === 'failed') return ofCode(`failure.${one.failure ?? 'other'}`, 'failure.other')
    if (one.state === 'riding' && one.pauseWanted) return t('ride.push_to_pause')
    if (one.state === 'riding' && one.closingFailedAt !== null) return t('lock_help.jammed_short')
    if (one.state !== 'ended' && one.state !== 'charged') return t(`trip.state.${one.state}`)
    return t('trip.spoken_done', { total: formatMoney(tag, one.price.total, one.price.currency) })
  }
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {trip === null ? '' : sentence(trip)}
    </p>
  )
}
