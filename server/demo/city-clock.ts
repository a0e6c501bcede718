import type { ClockLine, ClockView } from '../../contracts/http/demo.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { type Clock, cityTimeOn } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'

/** City time that may run faster than real time, is kept over restarts and never goes back. */
export interface CityClock extends Clock {
  view(): ClockView
  /** From a moment shortly ahead on, city time runs at `speed`; everybody who follows the view takes it then. */
  setSpeed(speed: number): void
  /** Returns how to stop listening. */
  onChange(listener: (view: ClockView) => void): () => void
  /** Writes the present city time, so that a restart goes on from here. */
  save(db: Database): Promise<void>
}

/** What the machine tells of time. The wall clock is set now and then; the steady one only ever counts on, in ms. */
export interface MachineTime {
  wallMs(): number
  steadyMs(): number
}

const thisMachine: MachineTime = { wallMs: () => Date.now(), steadyMs: () => performance.now() }

/** Long enough for a change to reach the simulated city before it takes effect. */
const announceMs = 400

/**
 * @param startCityMs where city time begins when nothing was kept yet
 * @param followsWallClock a real operator's: the hours of an outage have passed in the city too
 */
export async function openCityClock(
  db: Database,
  speed: number,
  startCityMs: number,
  followsWallClock = false,
  machine: MachineTime = thisMachine,
): Promise<CityClock> {
  const { rows } = await db.query<{ city_at: number; speed: number }>(
    'SELECT city_at, speed FROM city_clock WHERE only_row',
  )
  const nowReal = machine.wallMs()
  const steadyFromMs = machine.steadyMs()
  // A real operator's machine has its clock set while it runs: deadlines, which count in a lock's own uptime, and what
  // is billed must not jump with it. What it was off by is taken over at the next start.
  const realNowMs = followsWallClock
    ? () => nowReal + Math.floor(machine.steadyMs() - steadyFromMs)
    : () => machine.wallMs()
  // Saved every few seconds: after a kill the time of the last save is skipped over, so that it never goes back.
  const marginMs = saveEveryRealMs * (followsWallClock ? 1 : 2 * Math.max(speed, rows[0]?.speed ?? 0))
  const last = rows[0] === undefined ? startCityMs : rows[0].city_at + marginMs
  const kept = followsWallClock ? Math.max(last, nowReal) : last
  let now: ClockLine = { realAtMs: nowReal, cityAtMs: Math.round(kept), speed }
  let next: ClockLine | null = null
  const listeners = new Set<(view: ClockView) => void>()

  const settle = (realNow: number): void => {
    if (next !== null && realNow >= next.realAtMs) {
      now = next
      next = null
    }
  }
  const current = (): number => {
    const realNow = realNowMs()
    settle(realNow)
    return cityTimeOn(now, realNow)
  }
  const view = (): ClockView => {
    settle(realNowMs())
    return { now, next }
  }
  return {
    nowMs: () => epochMs(current()),
    realNowMs: () => realMs(machine.wallMs()),
    // A change that is announced already holds for everything that begins now.
    speed: () => (next ?? view().now).speed,
    view,
    setSpeed: (wanted) => {
      const realNow = realNowMs()
      settle(realNow)
      if ((next ?? now).speed === wanted) return
      // A change that is still ahead keeps its moment: city time up to it is promised already.
      const realAtMs = next?.realAtMs ?? realNow + announceMs
      next = { realAtMs, cityAtMs: cityTimeOn(now, realAtMs), speed: wanted }
      for (const listener of listeners) listener({ now, next })
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    save: async (database) => {
      const cityMs = current()
      await database.query(
        `INSERT INTO city_clock (only_row, city_at, real_at, speed) VALUES (true, $1, $2, $3)
         ON CONFLICT (only_row) DO UPDATE SET city_at = greatest(city_clock.city_at, $1), real_at = $2, speed = $3`,
        [new Date(cityMs), new Date(machine.wallMs()), Math.max(now.speed, next?.speed ?? 0)],
      )
    },
  }
}

export const saveEveryRealMs = 2_000

/** Today at `hour:minute` in `timeZone`, as the demo's first morning. */
export function thisMorning(nowMs: number, timeZone: string, hour: number, minute: number): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const [h, m] = format.format(nowMs).split(':').map(Number)
  const minutesOff = hour * 60 + minute - ((h ?? 0) * 60 + (m ?? 0))
  return Math.floor(nowMs / 60_000) * 60_000 + minutesOff * 60_000
}
