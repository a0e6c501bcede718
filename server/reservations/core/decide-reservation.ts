import type { RefusalCode } from '../../../contracts/refusals.ts'
import { type EpochMs, epochMs } from '../../../contracts/units.ts'

/** One of the rider's reservations of the last day that came to nothing. */
export interface VainReservation {
  readonly bikeId: string
  readonly createdAt: EpochMs
  readonly endedAt: EpochMs
  /** It kept the bike from others; false: cancelled soon enough to harm nobody. */
  readonly isUnused: boolean
}

/** Everything that "may I keep this bike?" hangs on. */
export interface ReservationQuestion {
  readonly riderBlocked: boolean
  readonly riderInDebt: boolean
  readonly riderHasTrip: boolean
  readonly riderHasReservation: boolean
  readonly bikeInUse: boolean
  readonly bikeReserved: boolean
  /** Why nobody may rent the bike now, or null. */
  readonly bikeRefusal: RefusalCode | null
  readonly bikeId: string
  readonly vain: readonly VainReservation[]
}

/** A no, and for a wait its end. */
export interface NotNow {
  readonly code: RefusalCode
  readonly until: EpochMs | null
}

/** City time for which vain reservations are looked at. */
export const vainCountsMs = 86_400_000
/** After one that was not used, the same bike is everybody's for so long. */
const sameBikeWaitMs = 600_000
/** So many that were not used within a day, and the next has to wait. */
const mostUnused = 2
const unusedWaitMs = 12 * 3_600_000
/** Of any kind, also those cancelled at once: else a bike could be kept for ever, two minutes at a time. */
const mostInAnHour = 5
const hourMs = 3_600_000

/** The first reason that the rider should hear, or null for yes. */
export function decideReservation(question: ReservationQuestion, nowMs: EpochMs): NotNow | null {
  if (question.riderBlocked) return no('rider_blocked')
  if (question.riderInDebt) return no('rider_in_debt')
  if (question.riderHasTrip) return no('rider_has_trip')
  if (question.riderHasReservation) return no('reservation_open')
  if (question.bikeInUse) return no('bike_in_use')
  if (question.bikeReserved) return no('bike_reserved')
  if (question.bikeRefusal !== null) return no(question.bikeRefusal)
  return waits(question, nowMs)
}

function waits({ vain, bikeId }: ReservationQuestion, nowMs: EpochMs): NotNow | null {
  const unused = vain.filter((one) => one.isUnused && one.endedAt > nowMs - vainCountsMs)
  const lastEnd = latest(unused.map((one) => one.endedAt))
  if (unused.length >= mostUnused && nowMs < lastEnd + unusedWaitMs) {
    return until('reservation_too_many', lastEnd + unusedWaitMs)
  }
  const inHour = vain.filter((one) => one.createdAt > nowMs - hourMs).map((one) => one.createdAt)
  if (inHour.length >= mostInAnHour) return until('reservation_too_many', Math.min(...inHour) + hourMs)
  const sameBike = latest(unused.filter((one) => one.bikeId === bikeId).map((one) => one.endedAt))
  return nowMs < sameBike + sameBikeWaitMs ? until('reservation_wait', sameBike + sameBikeWaitMs) : null
}

const latest = (moments: readonly number[]): number => Math.max(0, ...moments)

const no = (code: RefusalCode): NotNow => ({ code, until: null })
const until = (code: RefusalCode, ms: number): NotNow => ({ code, until: epochMs(ms) })
