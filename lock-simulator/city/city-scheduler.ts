import type { Schedule } from '../body/schedule.ts'
import { createTimerHeap } from './core/timer-heap.ts'

export interface CityScheduler {
  readonly schedule: Schedule
  /** The clock's line has changed: look again when the next entry is due. */
  retime(): void
  stop(): void
  size(): number
}

/** One timer looks at least this often, whatever it believes about the clock. */
const longestSleepMs = 1_000
/** Entries that come due within this are taken together. */
const shortestSleepMs = 4
/** Then sockets get their turn. */
const actsPerTurn = 300

/** Everything that happens at a moment of city time, on one timer of real time. An act that throws harms only itself. */
export function createCityScheduler(
  clock: { nowMs(): number; realMsAt(cityMs: number): number },
  onError: (error: unknown) => void,
): CityScheduler {
  const heap = createTimerHeap()
  let timer: NodeJS.Timeout | null = null
  let timerAtMs = Number.POSITIVE_INFINITY
  let isStopped = false

  function run(): void {
    timer = null
    const nowMs = clock.nowMs()
    for (let acts = 0; acts < actsPerTurn; acts++) {
      const due = heap.popDue(nowMs)
      if (due === null) break
      try {
        due.act?.()
      } catch (error) {
        onError(error)
      }
      due.act = null
    }
    arm()
  }

  function arm(): void {
    const nextAtMs = heap.nextAtMs()
    if (isStopped || nextAtMs === null) return
    const realNowMs = Date.now()
    const sleepMs = Math.min(longestSleepMs, Math.max(shortestSleepMs, clock.realMsAt(nextAtMs) - realNowMs))
    if (timer !== null) {
      if (timerAtMs <= realNowMs + sleepMs) return
      clearTimeout(timer)
    }
    timerAtMs = realNowMs + sleepMs
    timer = setTimeout(run, sleepMs)
  }

  return {
    schedule: (atMs, act) => {
      const entry = heap.push(atMs, act)
      arm()
      return () => heap.cancel(entry)
    },
    retime: () => {
      if (timer !== null) clearTimeout(timer)
      timer = null
      arm()
    },
    stop: () => {
      isStopped = true
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
    size: heap.size,
  }
}
