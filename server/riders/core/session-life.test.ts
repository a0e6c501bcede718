import { describe, expect, it } from 'vitest'
import {
  deskIdleMs,
  isNewlySeen,
  riderSeenEveryMs,
  seenEveryMs,
  sessionEndMs,
  sessionLifetimeMs,
} from './session-life.ts'

const begunMs = 1_800_000_000_000

describe('a session', () => {
  it('of the desk ends twelve hours after the last request, and after seven days whatever is asked', () => {
    const expiresAtMs = begunMs + sessionLifetimeMs.desk
    expect(sessionEndMs({ place: 'desk', expiresAtMs, seenAtMs: begunMs })).toBe(begunMs + deskIdleMs)
    expect(sessionEndMs({ place: 'desk', expiresAtMs, seenAtMs: expiresAtMs - 1 })).toBe(expiresAtMs)
  })

  it.each(['rider', 'crew'] as const)('of a %s may rest as long as it lasts', (place) => {
    const expiresAtMs = begunMs + sessionLifetimeMs[place]
    expect(sessionEndMs({ place, expiresAtMs, seenAtMs: begunMs })).toBe(expiresAtMs)
  })

  it('of a colleague is seen anew every five minutes, of a rider every day', () => {
    const at = (place: 'rider' | 'desk' | 'crew', agoMs: number) =>
      isNewlySeen({ place, expiresAtMs: Number.MAX_SAFE_INTEGER, seenAtMs: begunMs }, begunMs + agoMs)
    expect([at('desk', seenEveryMs - 1), at('desk', seenEveryMs), at('crew', seenEveryMs)]).toEqual([false, true, true])
    expect([at('rider', riderSeenEveryMs - 1), at('rider', riderSeenEveryMs)]).toEqual([false, true])
  })
})
