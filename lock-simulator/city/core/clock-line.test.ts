import { describe, expect, it } from 'vitest'
import type { ClockView } from '../../../contracts/http/demo.ts'
import { epochMs } from '../../../contracts/units.ts'
import { cityMsOn, realMsOn, speedOn } from './clock-line.ts'

const morning = 1_790_000_000_000
const fast = { realAtMs: 1_000, cityAtMs: epochMs(morning), speed: 10 }
const slow = { realAtMs: 2_000, cityAtMs: epochMs(morning + 10_000), speed: 1 }

describe('city time', () => {
  it('runs at the speed of its line', () => {
    const view: ClockView = { now: fast, next: null }
    expect(cityMsOn(view, 1_500)).toBe(morning + 5_000)
    expect(realMsOn(view, morning + 5_000)).toBe(1_500)
  })

  it('takes an announced line at its own moment, without a jump', () => {
    const view: ClockView = { now: fast, next: slow }
    const at = [1_999, 2_000, 2_500].map((realMs) => [cityMsOn(view, realMs) - morning, speedOn(view, realMs)])
    expect(at).toEqual([
      [9_990, 10],
      [10_000, 1],
      [10_500, 1],
    ])
    expect(realMsOn(view, morning + 9_990)).toBe(1_999)
    expect(realMsOn(view, morning + 10_500)).toBe(2_500)
  })
})
