/** Where a session counts: a rider's, at the desk, in the crew's app. */
export type SessionPlace = 'rider' | 'desk' | 'crew'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/**
 * How long a session lasts at most. A rider's phone is one person's; a crew's must outlive a night without network; the
 * desk opens locks and pays money back, from computers that many sit at.
 */
export const sessionLifetimeMs = { rider: 90 * dayMs, desk: 7 * dayMs, crew: 30 * dayMs } as const

/** Without a request for this long a session of the desk is over: longer than a shift with its break. */
export const deskIdleMs = 12 * hourMs

/** A colleague's last request is written down this often, and no oftener: a row a request would be a row a second. */
export const seenEveryMs = 300_000
/** A rider's: which phone of theirs is still in use is a matter of days, and riders are many. */
export const riderSeenEveryMs = dayMs

export interface SessionTimes {
  readonly place: SessionPlace
  readonly expiresAtMs: number
  readonly seenAtMs: number | null
}

/** When a session ends if nothing more is asked. */
export const sessionEndMs = ({ place, expiresAtMs, seenAtMs }: SessionTimes): number =>
  place === 'desk' && seenAtMs !== null ? Math.min(expiresAtMs, seenAtMs + deskIdleMs) : expiresAtMs

/** Whether a request now is worth writing down. */
export const isNewlySeen = ({ place, seenAtMs }: SessionTimes, nowMs: number): boolean =>
  seenAtMs === null || nowMs - seenAtMs >= (place === 'rider' ? riderSeenEveryMs : seenEveryMs)
