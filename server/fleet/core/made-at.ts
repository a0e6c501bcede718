import { type EpochMs, earliestPlausibleMs, epochMs, latestPlausibleMs } from '../../../contracts/units.ts'
import { driftPpm } from './lock-shadow.ts'

/** The clocks in a record: uptime `u`, wall clock `t`, and how good `t` is (`tq`: 0 unset, 1 RTC, 2 network, 3 GNSS). */
export interface RecordClocks {
  readonly u: number
  readonly t: number
  readonly tq: number
}

/**
 * Network time and better. A clock that only the lock's own battery keeps is nobody's witness: a quarter of an hour of
 * error costs a rider money.
 */
const trustedQuality = 2
/** Satellites: true at the moment itself, while network time is as old as its message was. */
const exactQuality = 3
/** A wall clock may run ahead of the server's by this much and is still believed. */
const aheadToleranceMs = 2_000
/** How late the first message of a boot can have been, and so how far `uptimeZeroAtMs` can lie after the real start. */
export const latestFirstWordMs = 1_800_000

/**
 * City time at which a record was made: the lock's wall clock when it agrees with its uptime, else the uptime counted
 * from the fixed start of its boot. It depends on nothing that changes between two deliveries of one record, so that a
 * repeat gets the same time and meets the same primary key.
 */
export function madeAtMs({ u, t, tq }: RecordClocks, uptimeZeroAtMs: number): EpochMs {
  const byUptimeMs = uptimeZeroAtMs + u
  const driftMs = Math.ceil((u * driftPpm) / 1_000_000)
  const earliestMs = byUptimeMs - latestFirstWordMs - driftMs
  const latestMs = byUptimeMs + aheadToleranceMs + driftMs
  const believed = tq >= trustedQuality && t >= earliestMs && t <= latestMs ? t : byUptimeMs
  return epochMs(Math.min(latestPlausibleMs, Math.max(earliestPlausibleMs, believed)))
}

/** When the boots of a lock before and after another one began, as far as they were heard. */
export interface NeighbourBoots {
  readonly previousAtMs: number | null
  readonly nextAtMs: number | null
}

/**
 * Server time at uptime 0 of a boot whose first word is an old one out of the lock's outbox: nobody knows how long it
 * waited. Network and satellite time in its records tell (an RTC does not); else it ended no later than the next boot
 * began. Always between its neighbours, and never later than it came in.
 * @param newestUptime the highest uptime among what was heard of this boot
 */
export function lateUptimeZero(
  clocks: readonly RecordClocks[],
  newestUptime: number,
  receivedAtMs: number,
  { previousAtMs, nextAtMs }: NeighbourBoots,
): EpochMs {
  const latestMs = Math.min(receivedAtMs, nextAtMs ?? receivedAtMs) - newestUptime
  const told = clocks.filter(({ tq, t }) => tq >= trustedQuality && t >= earliestPlausibleMs).map(({ t, u }) => t - u)
  const zeroMs = Math.min(latestMs, ...told)
  return epochMs(Math.max(earliestPlausibleMs, Math.min(receivedAtMs, Math.max(previousAtMs ?? zeroMs, zeroMs))))
}

/**
 * Server time at uptime 0, from the first word of a boot. Fixed from then on. Satellite time in it tells how late the
 * word itself was; without any it counts as made when it came in.
 * @param newestUptime the highest uptime in that word
 */
export function uptimeZeroAt(
  newestUptime: number,
  receivedAtMs: number,
  clocks: readonly RecordClocks[] = [],
): EpochMs {
  const latestMs = receivedAtMs - newestUptime
  const told = clocks
    .filter(({ tq }) => tq === exactQuality)
    .map(({ t, u }) => t - u)
    .filter((zeroMs) => zeroMs <= latestMs && zeroMs >= latestMs - latestFirstWordMs)
  return epochMs(Math.max(earliestPlausibleMs, Math.min(latestMs, ...told)))
}
