import type { TripView } from '../../contracts/http/trips.ts'
import { useSince } from './use-since.ts'

/** A lock that has said nothing for so long may have no reception: the phone beside it can carry the key over. */
const offerAfterMs = 8_000
const unanswered = ['promised', 'queued', 'sent', 'unknown']

/** Whether to offer that the phone opens the lock; once offered it stays while nothing has been heard. */
export function usePhoneOffer(trip: TripView): boolean {
  const asked = trip.command === null ? 'promised' : trip.command.state
  const isUnanswered = unanswered.includes(asked)
  const sinceMs = useSince(isUnanswered ? 'unanswered' : asked)
  return isUnanswered && (trip.riderFree || sinceMs >= offerAfterMs)
}
