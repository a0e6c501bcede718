import { isConnectionLost } from '../../../server/platform/database.ts'

/** The database is away: every statement fails as when nobody answers at its address. */
export interface Outage {
  set(isAway: boolean): void
  isAway(): boolean
  /** Whether an error is what it does to whoever needs the database. */
  explains(error: unknown): boolean
  /** It is away, or was a moment ago: errors may be in the log. */
  isFelt(): boolean
}

/** What failed is tried again, and complained of once more, within this time of its end. */
const aftermathMs = 120_000

export function createOutage(nowMs: () => number): Outage {
  let isAway = false
  let endedAtMs = Number.NEGATIVE_INFINITY
  const isFelt = () => isAway || nowMs() - endedAtMs < aftermathMs
  return {
    set: (next) => {
      if (isAway && !next) endedAtMs = nowMs()
      isAway = next
    },
    isAway: () => isAway,
    explains: (error) => isFelt() && isConnectionLost(error),
    isFelt,
  }
}

export function connectionLost(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
}
