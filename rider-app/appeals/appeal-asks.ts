import type { AppealAbout } from '../../contracts/http/appeals.ts'
import type { FareLine, TripView } from '../../contracts/http/trips.ts'

const ofParking: ReadonlySet<FareLine['key']> = new Set([
  ...(['wrong_place', 'no_parking', 'put_right', 'waived_wrong_place', 'waived_no_parking'] as const),
])

/** What a fee for the place is by now, as the server reckons it. */
function parkingFee({ price }: Pick<TripView, 'price'>): number {
  const fee = price.lines.reduce((sum, line) => sum + (ofParking.has(line.key) ? line.amount : 0), 0)
  return Math.min(Math.max(0, fee), price.total)
}

/** What can be wrong with this bill: the fee for the place only where there is one, and first. */
export function aboutsOf(trip: Pick<TripView, 'price' | 'endedAt'>): readonly AppealAbout[] {
  if (trip.endedAt === null) return ['lock', 'other']
  const usual = ['price', 'lock', 'not_my_ride', 'other'] as const
  return parkingFee(trip) > 0 ? ['wrong_place', ...usual] : usual
}

/** What an appeal asks back, in minor units. */
export const asksFor = (trip: Pick<TripView, 'price'>, about: AppealAbout): number =>
  about === 'wrong_place' ? parkingFee(trip) : trip.price.total
