import type { FareLine, Receipt } from '../../../contracts/http/trips.ts'
import { type EpochMs, minor } from '../../../contracts/units.ts'
import { vatOfGross } from './ledger.ts'

/** What a receipt is made of: the trip, its price, and the payment. Nothing about the rider. */
export interface ReceiptFacts {
  readonly year: number
  /** The how-manieth receipt of that year, from 1. */
  readonly numberInYear: number
  readonly issuedAtMs: EpochMs
  readonly bikeNumber: string
  readonly startedAtMs: EpochMs
  readonly endedAtMs: EpochMs
  readonly pausedMs: number
  readonly currency: string
  readonly totalMinor: number
  readonly lines: readonly FareLine[]
  readonly vatPercent: number
  readonly tariffId: string
  readonly capturedMinor: number
  readonly refundedMinor: number
  readonly paymentReference: string
  readonly url: string
}

/** The receipt as it is stored once and never changed: later refunds are shown beside it. */
export const receiptOf = (facts: ReceiptFacts): Receipt => ({
  number: `${facts.year}-${String(facts.numberInYear).padStart(6, '0')}`,
  issuedAt: facts.issuedAtMs,
  bikeNumber: facts.bikeNumber,
  startedAt: facts.startedAtMs,
  endedAt: facts.endedAtMs,
  pausedMs: facts.pausedMs,
  currency: facts.currency,
  lines: [...facts.lines],
  total: facts.totalMinor,
  vat: { ratePercent: facts.vatPercent, amount: vatOfGross(minor(facts.totalMinor), facts.vatPercent) },
  captured: facts.capturedMinor,
  refunded: facts.refundedMinor,
  tariffId: facts.tariffId,
  paymentReference: facts.paymentReference,
  url: facts.url,
})
