import type { TripView } from '../../contracts/http/trips.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** Says each change of the lock and the ride to a screen reader, once. */
export function TripSpoken({ trip }: { readonly trip: TripView }) {
  const { t } = useText()
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {t(`trip.state.${trip.state}`)}
    </p>
  )
}
