import type { TripView } from '../../contracts/http/trips.ts'
import type { TextKey } from '../../ui-kit/i18n/text.ts'

/** What a list says of a ride's money in two or three words. `tone` goes with the words and never replaces them. */
export interface MoneyMark {
  readonly key: Extract<TextKey, `money_mark.${string}`>
  readonly tone: 'plain' | 'good' | 'open' | 'bad'
}

export function moneyOfRide({ state, payment, price }: Pick<TripView, 'state' | 'payment' | 'price'>): MoneyMark {
  if (state !== 'ended' && state !== 'charged' && state !== 'failed' && state !== 'cancelled') {
    return { key: 'money_mark.running', tone: 'good' }
  }
  switch (payment.state) {
    case 'debt':
      return { key: 'money_mark.debt', tone: 'bad' }
    case 'refund_pending':
      return { key: 'money_mark.refund_pending', tone: 'open' }
    case 'partially_refunded':
      return { key: 'money_mark.partly_refunded', tone: 'good' }
    case 'refunded':
      return { key: 'money_mark.refunded', tone: 'good' }
    case 'captured':
      return payment.captured > 0
        ? { key: 'money_mark.charged', tone: 'plain' }
        : { key: 'money_mark.nothing', tone: 'plain' }
    case 'capture_pending':
      return { key: 'money_mark.charging', tone: 'open' }
    case 'held':
    case 'hold_pending':
      return price.total > 0
        ? { key: 'money_mark.charging', tone: 'open' }
        : { key: 'money_mark.nothing', tone: 'plain' }
    case 'release_pending':
    case 'released':
    case 'failed':
    case 'expired':
      return { key: 'money_mark.nothing', tone: 'plain' }
  }
}
