import { describe, expect, it } from 'vitest'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { cityNow, realClock, skewOf } from './city-clock.ts'

describe('city time on the phone', () => {
  it('is real time where no city is simulated', () => {
    expect(cityNow(realClock, 1_000)).toBe(1_000)
  })
  it('follows the line of a simulated city, without a network too', () => {
    const clock = { line: { realAtMs: 1_000, cityAtMs: 500_000, speed: 60 }, skewMs: 0 }
    expect(cityNow(clock, 2_000)).toBe(560_000)
    expect(cityNow(clock, 500)).toBe(500_000)
  })
  it('is right on a phone whose own clock is wrong', () => {
    const date = 'Sat, 21 Nov 2026 23:00:00 GMT'
    const phoneMs = Date.parse(date) - 3_600_000
    const skewMs = skewOf(date, phoneMs, phoneMs + 200)
    expect(skewMs).toBeGreaterThan(3_599_000)
    expect(Math.abs(cityNow({ line: null, skewMs }, phoneMs) - Date.parse(date))).toBeLessThan(1_000)
  })
  it('does not chase a difference that the header cannot show', () => {
    const date = 'Sat, 21 Nov 2026 23:00:00 GMT'
    expect(skewOf(date, Date.parse(date), Date.parse(date) + 900)).toBe(0)
    expect(skewOf(null, 0, 0)).toBe(0)
  })
})

it('makes ids that the server takes for UUIDs, without a secure origin', () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
