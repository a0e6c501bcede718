import type { Terms } from '../contracts/http/bikes.ts'
import type { TripView } from '../contracts/http/trips.ts'

/** City time now, from the last word of the server and how fast its city runs. */
export function cityNow(
  seen: { readonly cityTime: number; readonly atMs: number; readonly speed: number },
  nowMs: number,
) {
  return seen.cityTime + Math.max(0, nowMs - seen.atMs) * seen.speed
}

/** Time on the bike so far or in all, pauses included; 0 before the lock opened. */
export function rideDurationMs(trip: Pick<TripView, 'startedAt' | 'endedAt'>, cityNowMs: number): number {
  return trip.startedAt === null ? 0 : Math.max(0, (trip.endedAt ?? cityNowMs) - trip.startedAt)
}

/** How much longer a free exit is possible, 0 when it is over or the ride has not begun. */
export function freeExitLeftMs(trip: Pick<TripView, 'startedAt'>, minutes: number, cityNowMs: number): number {
  return trip.startedAt === null ? 0 : Math.max(0, trip.startedAt + minutes * 60_000 - cityNowMs)
}

/**
 * What the ride costs as shown between two words of the server: its own running total plus the minutes begun since.
 * Only the server's total is ever billed; once the day's cap is reached nothing is added.
 * @param terms the prices, for a kind of minute that is not on the bill yet
 */
export function runningCost(trip: TripView, terms: Terms | null, cityNowMs: number): number {
  const { price, startedAt } = trip
  if (price.final || startedAt === null || trip.endedAt !== null) return price.total
  if (price.lines.some((line) => line.key === 'day_cap' || line.key === 'free_exit')) return price.total
  const paused = trip.state === 'paused'
  const line = price.lines.find(({ key }) => key === (paused ? 'pause_minutes' : 'ride_minutes'))
  const perMinute = line?.unitAmount ?? (paused ? terms?.pausePerMinute : terms?.perMinute) ?? 0
  const spentMs = paused ? trip.pausedMs : trip.cityTime - startedAt - trip.pausedMs
  const begun = (spent: number) => Math.ceil(Math.max(0, spent) / 60_000)
  const sinceMs = Math.max(0, cityNowMs - trip.cityTime)
  const total = price.total + (begun(spentMs + sinceMs) - begun(spentMs)) * perMinute
  const days = Math.max(1, Math.ceil((cityNowMs - startedAt) / dayMs))
  return terms === null ? total : Math.min(total, days * terms.dayCap)
}

const dayMs = 86_400_000
