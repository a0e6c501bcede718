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

/** One thing that was posted for the receipt's payment, oldest first. */
export interface PostedForReceipt {
  readonly event: string
  readonly atMs: EpochMs
  readonly amountMinor: number
}

/**
 * What made a receipt cheaper after it was issued, oldest first. Prices of one ride only fall, so every price below the
 * receipt's own came after it. What is given back carries its VAT; what is let go stays earned and taxed.
 */
export function correctionsOf(
  issued: Pick<Receipt, 'total' | 'vat'>,
  posted: readonly PostedForReceipt[],
): NonNullable<Receipt['corrections']> {
  const prices = posted.filter(({ event }) => event === 'trip_priced')
  const undone = posted.filter(({ event }) => event === 'price_reversed')
  const last = undone.at(-1)
  const toNothing = last !== undefined && undone.length === prices.length ? [{ atMs: last.atMs, amountMinor: 0 }] : []
  const later = [...prices, ...toNothing]
    .filter(({ amountMinor }) => amountMinor < issued.total)
    .sort((a, b) => b.amountMinor - a.amountMinor)
  const vat = (gross: number) => vatOfGross(minor(gross), issued.vat.ratePercent)
  const refunds = later.map(({ atMs, amountMinor }, index) => {
    const before = later[index - 1]?.amountMinor ?? issued.total
    return {
      kind: 'refund' as const,
      at: atMs,
      amount: before - amountMinor,
      vat: vat(before) - vat(amountMinor),
    }
  })
  const forgiven = posted
    .filter(({ event }) => event === 'written_off')
    .map(({ atMs, amountMinor }) => ({ kind: 'forgiven' as const, at: atMs, amount: amountMinor, vat: 0 }))
  return [...refunds, ...forgiven].sort((a, b) => a.at - b.at)
}
