import { afterEach, describe, expect, it } from 'vitest'
import { setCityZone } from '../../ui-kit/city-zone.ts'
import { toField } from './city-moment.ts'
import { filledIn, momentOf } from './moment-field.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** In Amsterdam 02:00 to 03:00 comes twice on 25 October 2026; the second time begins at 01:00 UTC. */
const secondPassMs = Date.UTC(2026, 9, 25, 1, 20, 30)
const range = { leastMs: secondPassMs - 10 * minuteMs, mostMs: secondPassMs + hourMs }

describe('a field with a moment of a ride', () => {
  afterEach(() => setCityZone('Asia/Shanghai'))

  it('that nobody touched is the moment it was filled with, to the millisecond', () => {
    setCityZone('Europe/Amsterdam')
    const field = filledIn(secondPassMs + 123)
    expect(momentOf(field.text, field, range)).toBe(secondPassMs + 123)
  })

  it('in the repeated hour is the one of the two that the ride can have', () => {
    setCityZone('Europe/Amsterdam')
    const field = filledIn(secondPassMs)
    const typed = toField(secondPassMs + 5 * minuteMs)
    expect(momentOf(typed, field, range)).toBe(secondPassMs + 5 * minuteMs)
    expect(momentOf(typed, field, { leastMs: range.leastMs - hourMs, mostMs: range.mostMs })).toBe(
      secondPassMs + 5 * minuteMs - hourMs,
    )
  })

  it('outside of what the ride can have is what it says, for the server to refuse', () => {
    setCityZone('Europe/Amsterdam')
    expect(momentOf('2026-10-24T12:00:00', filledIn(secondPassMs), range)).toBe(Date.UTC(2026, 9, 24, 10))
  })

  it('emptied is no moment: neither now nor unchanged', () => {
    expect(momentOf('', filledIn(secondPassMs), range)).toBeNull()
    expect(momentOf('2026-10-2', filledIn(secondPassMs), range)).toBeNull()
  })
})
