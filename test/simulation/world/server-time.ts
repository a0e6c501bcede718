import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import { type CityClock, openCityClock } from '../../../server/demo/city-clock.ts'
import type { Database } from '../../../server/platform/database.ts'
import type { Notes } from './notes.ts'

/** The clocks of the machine that the server runs on: the one on its wall may be set, the steady one counts on. */
export interface ServerTime {
  /** City time as a server that starts now tells it; it must never go back, not even from one life to the next. */
  begin(db: Database): Promise<CityClock>
  step(byMs: number): void
  /** City time minus true time, now. */
  aheadMs(): number
}

export function createServerTime({
  clock,
  notes,
}: {
  readonly clock: VirtualClock
  readonly notes: Notes
}): ServerTime {
  let wallAheadMs = 0
  let latestMs = 0
  let current: CityClock | null = null
  const machine = { wallMs: () => clock.nowMs() + wallAheadMs, steadyMs: clock.nowMs }
  return {
    begin: async (db) => {
      const opened = await openCityClock(db, 1, clock.nowMs(), true, machine)
      current = opened
      const aheadMs = opened.nowMs() - clock.nowMs()
      if (aheadMs !== 0) notes.isCityTimeOff = true
      notes.cityBehindMs = Math.max(notes.cityBehindMs, -aheadMs)
      notes.cityAheadMs = Math.max(notes.cityAheadMs, aheadMs)
      return {
        ...opened,
        nowMs: () => {
          const nowMs = opened.nowMs()
          if (nowMs < latestMs) {
            notes.found.push({ invariant: 'city-time-never-goes-back', detail: `${latestMs - nowMs} ms` })
          }
          latestMs = Math.max(latestMs, nowMs)
          return nowMs
        },
      }
    },
    step: (byMs) => {
      wallAheadMs += byMs
    },
    aheadMs: () => (current === null ? 0 : current.nowMs() - clock.nowMs()),
  }
}
