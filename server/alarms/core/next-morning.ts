import { type EpochMs, epochMs } from '../../../contracts/units.ts'

/** When the day shift begins, minutes after local midnight. */
const morningMinute = 7 * 60
const dayMs = 86_400_000

interface WallClock {
  readonly dateAt: (atMs: number) => string
  readonly momentOf: (date: string, minute: number) => number
}

/** The next 7 o'clock of the operator, also over a change to summer time. */
export function nextMorning(nowMs: EpochMs, { dateAt, momentOf }: WallClock): EpochMs {
  const today = momentOf(dateAt(nowMs), morningMinute)
  if (today > nowMs) return epochMs(today)
  // A day may have 25 hours: two half days on, it is surely tomorrow.
  return epochMs(momentOf(dateAt(today + dayMs), morningMinute))
}
