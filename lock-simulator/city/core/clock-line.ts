import type { ClockView } from '../../../contracts/http/demo.ts'

/** City time at a moment of real time, whole ms. An announced line takes over at its own moment. */
export function cityMsOn({ now, next }: ClockView, realNowMs: number): number {
  const line = next !== null && realNowMs >= next.realAtMs ? next : now
  return Math.floor(line.cityAtMs + (realNowMs - line.realAtMs) * line.speed)
}

/** The moment of real time at which the city's clock shows `cityMs`. */
export function realMsOn({ now, next }: ClockView, cityMs: number): number {
  const line = next !== null && cityMs >= next.cityAtMs ? next : now
  return Math.ceil(line.realAtMs + (cityMs - line.cityAtMs) / line.speed)
}

export const speedOn = ({ now, next }: ClockView, realNowMs: number): number =>
  next !== null && realNowMs >= next.realAtMs ? next.speed : now.speed
