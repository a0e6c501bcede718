import { createVirtualClock, type VirtualClock } from '../body/virtual-clock.ts'

/** A lock's timers may be this late: nothing of a lock is finer. */
const tickMs = 10

/** One heap of timers for all locks of a process, driven by the machine's own clock. */
export function startRealTime(): { readonly schedule: VirtualClock['schedule']; stop(): void } {
  const clock = createVirtualClock(Date.now())
  const timer = setInterval(() => clock.runUntil(Date.now()), tickMs)
  return { schedule: clock.schedule, stop: () => clearInterval(timer) }
}
