import { createHash } from 'node:crypto'
import type { StaffTripRow, TripAct, TripMoment } from '../../contracts/http/staff-trips.ts'
import type { TripId } from '../../contracts/ids.ts'
import type { EpochMs, Position } from '../../contracts/units.ts'
import { isActive } from './core/trip-machine.ts'
import type { TripForStaff } from './staff-trips-store.ts'
import { pausedSoFar, priceSoFar } from './trip-view.ts'

/** Letters and digits that nobody mistakes for another. */
const signs = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const nameLength = 4

/** What a rider is called in the story of one trip. Made of the trip alone: it leads to no other trip. */
export function riderNameOf(tripId: TripId): string {
  const bytes = createHash('sha256').update(`the rider of ${tripId}`).digest()
  return [...bytes.subarray(0, nameLength)].map((byte) => signs[byte % signs.length]).join('')
}

/** A grid of about a hundred metres: enough to know the street corner, not the door. */
export const rough = ({ lon, lat }: Position): Position => ({
  lon: Math.round(lon * 1_000) / 1_000,
  lat: Math.round(lat * 1_000) / 1_000,
})

/** A trip as a line of the desk's lists at `nowMs`. Rides beyond `longTripMs` are marked unless somebody allowed them. */
export function rowOf(found: TripForStaff, nowMs: EpochMs, longTripMs: number): StaffTripRow {
  const { trip, payment } = found
  const { facts } = trip
  const { state, held, due, captured, refundAsked, refunded } = payment
  return {
    tripId: trip.tripId,
    state: facts.state,
    bikeId: trip.bikeId,
    bikeNumber: found.bikeNumber,
    rider: riderNameOf(trip.tripId),
    createdAt: facts.createdAt,
    startedAt: facts.startedAt,
    endedAt: facts.endedAt,
    pausedMs: pausedSoFar(found, nowMs),
    failure: facts.failure,
    endedBy: facts.endedBy,
    allowedUntil: facts.allowedUntil,
    isLong: isLong(found, nowMs, longTripMs),
    price: priceSoFar(found, nowMs),
    payment: { state, held, due, captured, refundAsked, refunded },
  }
}

function isLong({ trip: { facts } }: TripForStaff, nowMs: EpochMs, longTripMs: number): boolean {
  if (!isActive(facts.state) || facts.startedAt === null) return false
  return nowMs > Math.max(facts.startedAt + longTripMs, facts.allowedUntil ?? 0)
}

/** What is told of a trip, from everywhere it is written down. */
export interface StoryParts {
  readonly commands: readonly {
    readonly op: string
    readonly state: string
    readonly resultCode: string | null
    readonly issuedAt: number
    readonly endedAt: number | null
  }[]
  readonly bolt: readonly { readonly at: number; readonly to: string }[]
  readonly money: readonly TripMoment[]
  readonly refunds: readonly { readonly amount: number; readonly at: number; readonly by: string | null }[]
  readonly receipt: { readonly number: string; readonly at: number } | null
  readonly acts: readonly TripAct[]
}

/** Of two things at one moment the one that leads to the other stands first. */
const order: readonly TripMoment['kind'][] = [
  ...(['asked', 'unlock_sent', 'unlock_ended', 'opened', 'jammed', 'closed', 'act', 'not_ridden', 'ended'] as const),
  ...(['priced', 'made_cheaper', 'refund_asked', 'captured', 'refunded', 'forgiven', 'receipt'] as const),
]

/** One story of a trip, oldest first. */
export function storyOf({ trip }: TripForStaff, parts: StoryParts): TripMoment[] {
  const { facts } = trip
  const moment = (kind: TripMoment['kind'], at: number, more: Partial<TripMoment> = {}): TripMoment => ({
    kind,
    at,
    detail: null,
    amount: null,
    by: null,
    reason: null,
    ...more,
  })
  const all = [
    moment('asked', facts.createdAt),
    ...parts.commands.flatMap((one) => [
      moment('unlock_sent', one.issuedAt),
      ...(one.endedAt === null ? [] : [moment('unlock_ended', one.endedAt, { detail: one.state })]),
    ]),
    ...parts.bolt.map(({ at, to }) => moment(boltMoment(to), at, { detail: to })),
    ...(facts.endedAt === null ? [] : [moment('ended', facts.endedAt, { detail: facts.endedBy })]),
    ...(facts.failure === null ? [] : [moment('not_ridden', facts.createdAt, { detail: facts.failure })]),
    ...parts.money,
    ...parts.refunds.map(({ at, amount, by }) => moment('refund_asked', at, { amount, by })),
    ...(parts.receipt === null ? [] : [moment('receipt', parts.receipt.at, { detail: parts.receipt.number })]),
    ...parts.acts.map(({ act, at, by, reason }) => moment('act', at, { detail: act, by: by.name, reason })),
  ]
  return all.sort((a, b) => a.at - b.at || order.indexOf(a.kind) - order.indexOf(b.kind))
}

function boltMoment(to: string): TripMoment['kind'] {
  if (to === 'unlocked') return 'opened'
  return to === 'locked' ? 'closed' : 'jammed'
}
