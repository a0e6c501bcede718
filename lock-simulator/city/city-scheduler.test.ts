import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCityScheduler } from './city-scheduler.ts'

let speed = 10
let line = { realMs: 0, cityMs: 0 }
const clock = {
  nowMs: () => Math.floor(line.cityMs + (Date.now() - line.realMs) * speed),
  realMsAt: (cityMs: number) => Math.ceil(line.realMs + (cityMs - line.cityMs) / speed),
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  speed = 10
  line = { realMs: 1_000_000, cityMs: 0 }
})
afterEach(() => vi.useRealTimers())

describe('what happens at a moment of city time', () => {
  it('happens in order and not before its time', () => {
    const done: string[] = []
    const { schedule, stop } = createCityScheduler(clock, () => undefined)
    schedule(2_000, () => done.push(`b at ${clock.nowMs()}`))
    schedule(1_000, () => done.push(`a at ${clock.nowMs()}`))
    const callOff = schedule(1_500, () => done.push('never'))
    callOff()
    vi.advanceTimersByTime(99)
    expect(done).toEqual([])
    vi.advanceTimersByTime(101)
    expect(done).toEqual(['a at 1000', 'b at 2000'])
    stop()
  })

  it('moves with a change of speed', () => {
    let isDone = false
    const scheduler = createCityScheduler(clock, () => undefined)
    scheduler.schedule(1_000, () => {
      isDone = true
    })
    vi.advanceTimersByTime(50)
    line = { realMs: Date.now(), cityMs: clock.nowMs() }
    speed = 1
    scheduler.retime()
    vi.advanceTimersByTime(100)
    expect(isDone).toBe(false)
    vi.advanceTimersByTime(400)
    expect(isDone).toBe(true)
    scheduler.stop()
  })

  it('does not stop because one act throws', () => {
    const errors: unknown[] = []
    let isDone = false
    const scheduler = createCityScheduler(clock, (error) => errors.push(error))
    scheduler.schedule(10, () => {
      throw new Error('broken')
    })
    scheduler.schedule(20, () => {
      isDone = true
    })
    vi.advanceTimersByTime(100)
    expect([errors.length, isDone]).toEqual([1, true])
    scheduler.stop()
  })
})
