import type { ClockLine } from '../../contracts/http/demo.ts'
import { type EpochMs, epochMs, type RealMs, realMs } from '../../contracts/units.ts'

/** City time and the machine's own time. Business rules use the first; log-ins, leases and providers the second. */
export interface Clock {
  nowMs(): EpochMs
  realNowMs(): RealMs
  /** City seconds per real second, now. */
  speed(): number
}

/** The machine's clock is the city's clock: how a real operator runs. */
export const realClock: Clock = {
  nowMs: () => epochMs(Date.now()),
  realNowMs: () => realMs(Date.now()),
  speed: () => 1,
}

/** City time on `line` at real time `atMs`. */
export const cityTimeOn = (line: ClockLine, atMs: number): number =>
  line.cityAtMs + Math.floor((atMs - line.realAtMs) * line.speed)

/**
 * A lifetime that rules give in city time, stretched so that it never falls below `floorRealMs` of real time under a
 * fast clock (people and networks do not get faster with it).
 */
export const stretched = (lifetimeMs: number, floorRealMs: number, speed: number): number =>
  Math.max(lifetimeMs, Math.ceil(floorRealMs * speed))
