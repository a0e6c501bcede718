import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../contracts/random.ts'
import { createBackOff, fieldBackOff } from './back-off.ts'

const seeds = fc.integer({ min: 0, max: 0xffffffff })
const sum = (delays: readonly number[]) => delays.reduce((soFar, delay) => soFar + delay, 0)

describe('a back-off', () => {
  it('never waits longer than twice the outage so far, nor longer than its cap', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const backOff = createBackOff(seededRandom(seed))
        const delays: number[] = []
        for (let attempt = 0; attempt < 30; attempt++) {
          const ceilingMs = Math.max(fieldBackOff.baseMs, 2 * sum(delays))
          delays.push(backOff.nextDelayMs())
          expect(delays.at(-1)).toBeLessThan(Math.min(fieldBackOff.capMs, ceilingMs))
        }
      }),
    )
  })

  it('begins anew after a connection that lived', () => {
    const backOff = createBackOff(seededRandom(1))
    for (let attempt = 0; attempt < 20; attempt++) backOff.nextDelayMs()
    backOff.connectionEnded(fieldBackOff.resetAfterMs)
    expect(backOff.nextDelayMs()).toBeLessThan(fieldBackOff.baseMs)
  })

  it('spreads its next attempt, and only that, as widely as it was told', () => {
    const first = Array.from({ length: 200 }, (_, seed) => {
      const backOff = createBackOff(seededRandom(seed))
      backOff.spread(40)
      return backOff.nextDelayMs()
    })
    expect(Math.max(...first)).toBeGreaterThan(35_000)
    expect(sum(first) / first.length).toBeGreaterThan(15_000)
  })
})
