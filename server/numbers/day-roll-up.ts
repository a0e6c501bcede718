import type { LocalTime } from '../city/local-time.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { dayAfter, daysBetween } from './core/days.ts'
import { wholeDay } from './day-spans.ts'
import { changedQuarters, firstOfAll, keptDays, makeDay, setTripsSeenAt, tripsSeenAt } from './figures-store.ts'

/** Days of one turn: a new database with years of trips is counted over many turns, the newest days first. */
const daysAtOnce = 31
/** Alarms are taken up and commands resolved days later, which no trip tells of: so many days are made again. */
const recentDays = 8
const recentEveryMs = 3_600_000
/** A change is dated when its transaction begins and seen when it ends. */
const longestTransactionMs = 300_000
/** Older samples and locks' days go; the figures of a day stay. */
const keepDetailsDays = 800
const rowsAtOnce = 20_000

export interface DayRollUp {
  /** Makes the days that are missing or have changed. Repeats and parallel turns come to the same. */
  tick(): Promise<void>
}

/** Keeps the figures of days that are over, and makes them again when a late word of a lock changes what was counted. */
export function createDayRollUp(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly localTime: LocalTime
}): DayRollUp {
  const { db, clock, localTime } = deps
  /** Days that are to be made; in memory: they are found again after a restart. */
  const wanted = new Set<string>()
  let lookedToMs: number | null = null
  let recentMadeAtMs: number | null = null

  async function firstDay(today: string): Promise<string> {
    const { tripMs, sampleDay } = await firstOfAll(db)
    const firsts = [tripMs === null ? today : localTime.dateAt(tripMs), sampleDay ?? today, today]
    return firsts.reduce((a, b) => (a < b ? a : b))
  }

  async function wantChanged(today: string, nowMs: number): Promise<void> {
    const sinceMs = (lookedToMs ?? (await tripsSeenAt(db))) - longestTransactionMs
    const beforeMs = localTime.momentOf(today, 0)
    for (const atMs of await changedQuarters(db, { sinceMs, toMs: nowMs, beforeMs })) wanted.add(localTime.dateAt(atMs))
    lookedToMs = nowMs
  }

  async function wantMissing(first: string, yesterday: string): Promise<void> {
    const kept = await keptDays(db, first, yesterday)
    for (const day of daysBetween(first, yesterday)) if (!kept.has(day)) wanted.add(day)
  }

  async function forgetDetails(today: string): Promise<void> {
    const before = dayAfter(today, -keepDetailsDays)
    for (const table of ['hotspot_hour', 'fleet_hour', 'day_lock']) {
      await db.query(`DELETE FROM ${table} WHERE ctid IN (SELECT ctid FROM ${table} WHERE local_day < $1 LIMIT $2)`, [
        before,
        rowsAtOnce,
      ])
    }
  }

  return {
    tick: async () => {
      const nowMs = clock.nowMs()
      const today = localTime.dateAt(nowMs)
      const yesterday = dayAfter(today, -1)
      const first = await firstDay(today)
      await wantChanged(today, nowMs)
      await wantMissing(first, yesterday)
      if (recentMadeAtMs === null || nowMs - recentMadeAtMs >= recentEveryMs) {
        for (const day of daysBetween(dayAfter(today, -recentDays), yesterday)) if (day >= first) wanted.add(day)
        recentMadeAtMs = nowMs
        await forgetDetails(today)
      }
      for (const day of [...wanted].sort().reverse().slice(0, daysAtOnce)) {
        await makeDay(db, wholeDay(localTime, day), nowMs)
        wanted.delete(day)
      }
      if (wanted.size === 0) await setTripsSeenAt(db, nowMs)
    },
  }
}
