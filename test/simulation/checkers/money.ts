import type { MoneyMove } from '../../../payment-sandbox/core/records.ts'
import type { Violation } from '../world/notes.ts'
import { type Checker, type Evidence, type PaymentRow, type TripRow, violation } from './evidence.ts'

/** The bank's own word against our books, payment by payment. */
export const moneyIsRight: Checker = (evidence) => {
  const trips = new Map(evidence.trips.map((trip) => [trip.payment_id, trip]))
  const known = new Set(evidence.payments.map(({ hold_key }) => hold_key))
  const strangers = evidence.notes.moves.filter(({ outOrderNo }) => !known.has(outOrderNo))
  return [
    ...strangers.map((move) => violation('money-has-a-payment', `${move.kind} ${move.outOrderNo}`)),
    ...evidence.payments.flatMap((payment) => {
      const moves = evidence.notes.moves.filter(({ outOrderNo }) => outOrderNo === payment.hold_key)
      return ofPayment(payment, trips.get(payment.payment_id), moves)
    }),
    ...booksFit(evidence),
  ]
}

function ofPayment(payment: PaymentRow, trip: TripRow | undefined, moves: readonly MoneyMove[]): readonly Violation[] {
  const of = (kind: MoneyMove['kind']) => moves.filter((move) => move.kind === kind)
  const sum = (kind: MoneyMove['kind']) => of(kind).reduce((total, { fen }) => total + fen, 0)
  const [held, taken, back] = [sum('freeze'), sum('capture'), sum('refund')]
  const who = `payment ${payment.payment_id} (${payment.state}, trip ${trip?.state ?? 'none'})`
  const isRide = trip?.state === 'ended' || trip?.state === 'charged'
  const wrong: Violation[] = []
  const claim = (isTrue: boolean, invariant: string, detail: string) => {
    if (!isTrue) wrong.push(violation(invariant, `${who}: ${detail}`))
  }
  claim(taken <= held, 'captured-within-held', `${taken} of ${held}`)
  claim(of('capture').length <= 1, 'charged-at-most-once', `${of('capture').length} captures`)
  claim(isRide || taken === 0, 'no-ride-costs-nothing', `${taken} taken`)
  claim(held === taken + sum('unfreeze') || isOwed(payment), 'hold-is-resolved', `${held} held, ${taken} taken`)
  claim(taken === payment.captured_minor, 'books-say-what-was-taken', `${taken}, booked ${payment.captured_minor}`)
  claim(back === payment.refunded_minor, 'books-say-what-went-back', `${back}, booked ${payment.refunded_minor}`)
  if (trip?.state === 'charged') {
    const price = trip.price?.total ?? 0
    claim(taken - back === Math.min(price, held), 'charged-what-it-cost', `${taken} - ${back}, priced ${price}`)
  }
  return wrong
}

/** A payer without money: what is owed stays owed, and the bank holds nothing more. */
const isOwed = (payment: PaymentRow) => payment.state === 'debt' && payment.hold_gone

function booksFit({ notes, ledger }: Evidence): readonly Violation[] {
  const sum = (kind: MoneyMove['kind']) =>
    notes.moves.reduce((total, move) => total + (move.kind === kind ? move.fen : 0), 0)
  const atBank = sum('capture') - sum('refund')
  return [
    ...(ledger.sumMinor === 0 && ledger.unbalanced === 0
      ? []
      : [violation('ledger-sums-to-zero', `${ledger.sumMinor}`)]),
    ...(ledger.clearingMinor === atBank
      ? []
      : [violation('ledger-is-the-banks-money', `booked ${ledger.clearingMinor}, the bank says ${atBank}`)]),
  ]
}
