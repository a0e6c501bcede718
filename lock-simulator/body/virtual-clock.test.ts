import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'

describe('a virtual clock', () => {
  it('runs what is due in the order of time, and of asking at the same time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 60 }), (times) => {
        const clock = createVirtualClock(0)
        const seen: (readonly [number, number])[] = []
        times.forEach((atMs, index) => {
          clock.schedule(atMs, () => seen.push([clock.nowMs(), index]))
        })
        clock.runUntil(100)
        const expected = times.map((atMs, index) => [atMs, index] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1])
        expect(seen).toEqual(expected)
        expect(clock.nowMs()).toBe(100)
      }),
    )
  })

  it('does not run what was called off', () => {
    const clock = createVirtualClock(0)
    const ran: string[] = []
    const cancel = clock.schedule(10, () => ran.push('cancelled'))
    clock.schedule(5, () => {
      cancel()
      clock.schedule(1, () => ran.push('overdue, so at once'))
    })
    clock.runUntil(20)
    expect(ran).toEqual(['overdue, so at once'])
  })
})
