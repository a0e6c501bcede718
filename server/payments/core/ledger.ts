import { assert } from '../../../contracts/assert.ts'
import { type MinorUnits, minor } from '../../../contracts/units.ts'

export type AccountKind = 'asset' | 'liability' | 'income' | 'expense'

export interface Account {
  readonly code: string
  readonly kind: AccountKind
}

/** One line of a journal: debit is positive, credit negative, integer minor units, never zero. */
export interface LedgerEntry {
  readonly account: Account
  readonly amountMinor: MinorUnits
}

/** One thing that happened to money, in one currency. Its entries sum to zero by the way they are made. */
export interface Journal {
  /** The same event posts once, however often it is told. */
  readonly idemKey: string
  readonly event: 'trip_priced' | 'price_reversed' | 'captured' | 'refunded' | 'written_off'
  readonly currency: string
  readonly entries: readonly LedgerEntry[]
  readonly tripId: string | null
  readonly paymentId: string
  /** The journal that this one undoes. */
  readonly reverses: string | null
}

export interface JournalSubject {
  readonly riderId: string
  readonly paymentId: string
  readonly tripId: string | null
  readonly provider: string
  readonly currency: string
}

export const receivableOf = (riderId: string): Account => ({ code: `rider:${riderId}:receivable`, kind: 'asset' })
export const clearingOf = (provider: string): Account => ({ code: `provider:${provider}:clearing`, kind: 'asset' })
const rideRevenue: Account = { code: 'revenue:rides', kind: 'income' }
const vatPayable = (ratePercent: number): Account => ({ code: `vat:payable:${ratePercent}`, kind: 'liability' })
const writeOff: Account = { code: 'writeoff', kind: 'expense' }

/** VAT inside a gross amount: `gross − round(gross · 100 / (100 + r))`, half up, in whole minor units. */
export function vatOfGross(grossMinor: MinorUnits, ratePercent: number): MinorUnits {
  assert(Number.isSafeInteger(grossMinor) && grossMinor >= 0, 'a gross amount is a whole number of minor units')
  assert(Number.isInteger(ratePercent) && ratePercent >= 0 && ratePercent <= 100, 'a VAT rate is 0 to 100 percent')
  const base = 100 + ratePercent
  // Whole-number half-up division: floor((2·a + b) / 2b); exact, since every term stays far below 2^53.
  return minor(grossMinor - Math.floor((2 * grossMinor * 100 + base) / (2 * base)))
}

/** The ride has its price: the rider owes it, revenue and VAT have earned it. `revision` names this price. */
export function tripPriced(
  subject: JournalSubject,
  grossMinor: MinorUnits,
  ratePercent: number,
  revision: string,
): Journal {
  const vatMinor = vatOfGross(grossMinor, ratePercent)
  return journal(subject, 'trip_priced', `priced:${subject.paymentId}:${revision}`, receivableOf(subject.riderId), [
    { account: rideRevenue, amountMinor: minor(grossMinor - vatMinor) },
    { account: vatPayable(ratePercent), amountMinor: vatMinor },
  ])
}

/** The provider took the money: it is on its way to us, the rider owes that much less. */
export const captured = (subject: JournalSubject, amountMinor: MinorUnits): Journal =>
  journal(subject, 'captured', `captured:${subject.paymentId}`, clearingOf(subject.provider), [
    { account: receivableOf(subject.riderId), amountMinor },
  ])

/** The provider gave money back. `refundedMinor` is the total so far: it names this refund. */
export const refunded = (subject: JournalSubject, amountMinor: MinorUnits, refundedMinor: MinorUnits): Journal =>
  journal(subject, 'refunded', `refunded:${subject.paymentId}:${refundedMinor}`, receivableOf(subject.riderId), [
    { account: clearingOf(subject.provider), amountMinor },
  ])

/** Nobody will pay this: the rider owes it no more. */
export const writtenOff = (subject: JournalSubject, amountMinor: MinorUnits): Journal =>
  journal(subject, 'written_off', `written_off:${subject.paymentId}`, writeOff, [
    { account: receivableOf(subject.riderId), amountMinor },
  ])

/** Undoes a journal by its mirror image; entries are never changed. */
export const reversalOf = (
  subject: JournalSubject,
  original: { readonly journalId: string; readonly entries: readonly LedgerEntry[] },
): Journal => ({
  idemKey: `reversed:${original.journalId}`,
  event: 'price_reversed',
  currency: subject.currency,
  entries: original.entries.map(({ account, amountMinor }) => ({ account, amountMinor: minor(-amountMinor) })),
  tripId: subject.tripId,
  paymentId: subject.paymentId,
  reverses: original.journalId,
})

/** Debit `debited` with the sum of `credits`: whatever the amounts, the journal sums to zero. */
function journal(
  subject: JournalSubject,
  event: Journal['event'],
  idemKey: string,
  debited: Account,
  credits: readonly LedgerEntry[],
): Journal {
  const given = credits.filter(({ amountMinor }) => amountMinor !== 0)
  const totalMinor = minor(given.reduce((sum, { amountMinor }) => sum + amountMinor, 0))
  assert(totalMinor > 0 && Number.isSafeInteger(totalMinor), 'a journal moves a positive whole amount')
  return {
    idemKey,
    event,
    currency: subject.currency,
    entries: [
      { account: debited, amountMinor: totalMinor },
      ...given.map(({ account, amountMinor }) => ({ account, amountMinor: minor(-amountMinor) })),
    ],
    tripId: subject.tripId,
    paymentId: subject.paymentId,
    reverses: null,
  }
}
