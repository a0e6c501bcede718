import { describe, expect, it } from 'vitest'
import type { TripView } from '../../contracts/http/trips.ts'
import { isAtRest } from './trip-stream.ts'

const trip = (state: TripView['state'], money: TripView['payment']['state']) =>
  ({ state, payment: { state: money, held: 100, captured: 0, refunded: 0 } }) as TripView

describe('a trip', () => {
  it('is followed for as long as it or its money can still move', () => {
    expect(isAtRest(trip('riding', 'held'))).toBe(false)
    expect(isAtRest(trip('ended', 'capture_pending'))).toBe(false)
    expect(isAtRest(trip('failed', 'release_pending'))).toBe(false)
    expect(isAtRest(trip('charged', 'refund_pending'))).toBe(false)
  })
  it('is at rest when both are done', () => {
    expect(isAtRest(trip('charged', 'captured'))).toBe(true)
    expect(isAtRest(trip('failed', 'released'))).toBe(true)
    expect(isAtRest(trip('cancelled', 'expired'))).toBe(true)
  })
})
