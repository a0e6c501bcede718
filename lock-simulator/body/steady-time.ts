import { createTimerHeap } from '../city/core/timer-heap.ts'
import type { Schedule } from './schedule.ts'

export interface SteadyTime {
  nowMs(): number
  readonly schedule: Schedule
}

/**
 * A lock's time on a process that may stand still: what comes due happens in its order and at its own moment, however late
 * the process comes to it. With the process's time a stall between motor, switch and deadline looks like a jam.
 * @param clock city time in ms, and its seconds per real second
 */
export function createSteadyTime(clock: { nowMs(): number; speed(): number }): SteadyTime {
  const heap = createTimerHeap()
  let timer: NodeJS.Timeout | null = null
  let turnAtMs: number | null = null

  function run(): void {
    try {
      for (let due = heap.popDue(clock.nowMs()); due !== null; due = heap.popDue(clock.nowMs())) {
        turnAtMs = due.atMs
        const { act } = due
        due.act = null
        act?.()
      }
    } finally {
      turnAtMs = null
      arm()
    }
  }

  function arm(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const nextAtMs = heap.nextAtMs()
    if (nextAtMs !== null) timer = setTimeout(run, Math.max(0, (nextAtMs - clock.nowMs()) / clock.speed()))
  }

  return {
    nowMs: () => turnAtMs ?? Math.min(clock.nowMs(), heap.nextAtMs() ?? Number.POSITIVE_INFINITY),
    schedule: (atMs, act) => {
      const entry = heap.push(atMs, act)
      if (turnAtMs === null) arm()
      return () => {
        heap.cancel(entry)
        if (turnAtMs === null) arm()
      }
    },
  }
}
