import { describe, expect, it } from 'vitest'
import type { TripView } from '../../contracts/http/trips.ts'
import { moneyOfRide } from './money-of-ride.ts'

type Paid = TripView['payment']['state']
const ride = (state: TripView['state'], payment: Paid, captured = 0) => ({
  state,
  payment: { state: payment, held: 9_900, captured, refunded: 0 },
  price: { currency: 'CNY', total: 180, lines: [], final: true },
})

describe('the money of a ride, in a list', () => {
  it.each([
    ['riding', 'held', 0, 'money_mark.running'],
    ['ended', 'capture_pending', 0, 'money_mark.charging'],
    ['ended', 'held', 0, 'money_mark.charging'],
    ['charged', 'captured', 180, 'money_mark.charged'],
    ['charged', 'captured', 0, 'money_mark.nothing'],
    ['charged', 'refund_pending', 180, 'money_mark.refund_pending'],
    ['charged', 'partially_refunded', 180, 'money_mark.partly_refunded'],
    ['charged', 'refunded', 180, 'money_mark.refunded'],
    ['ended', 'debt', 0, 'money_mark.debt'],
    ['failed', 'release_pending', 0, 'money_mark.nothing'],
    ['cancelled', 'released', 0, 'money_mark.nothing'],
  ] as const)('of %s with the payment %s is %s', (state, payment, captured, key) => {
    expect(moneyOfRide(ride(state, payment, captured)).key).toBe(key)
  })
})
