import { type MinorUnits, minor } from '../../../contracts/units.ts'
import type { Payment } from './payment-machine.ts'

/** A capture may be sent, or sent again with the same key and amount. */
export const mayCapture = (payment: Payment): boolean =>
  payment.status === 'capture_pending' || (payment.status === 'debt' && !payment.holdGone && !payment.waitsForOther)

/** The ride was paid by another payment while the hold still stands: it has to go back. */
export const holdsInVain = (payment: Payment): boolean =>
  payment.elsewhereMinor > 0 && payment.capturedMinor === 0 && !payment.holdGone

/** What is still to be paid for the ride. */
export const owedMinor = (payment: Payment): MinorUnits =>
  payment.status === 'debt' ? minor(payment.dueMinor - payment.capturedMinor - payment.elsewhereMinor) : minor(0)

/** Whether the provider may know more of it than we do. */
export function isWorthPolling(payment: Payment): boolean {
  switch (payment.status) {
    case 'hold_pending':
    case 'capture_pending':
    case 'release_pending':
      return true
    case 'debt':
      return !payment.holdGone
    case 'captured':
    case 'partially_refunded':
    case 'refunded':
      return holdsInVain(payment)
    case 'held':
    case 'released':
    case 'refund_pending':
    case 'failed':
    case 'expired':
      return false
  }
}
