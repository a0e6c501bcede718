import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claimTry, giveBack, lockMs, type Tries, triesBeforeLock, triesForgottenAfterMs } from './log-in-tries.ts'

const nowMs = 1_800_000_000_000

function triesAt(moments: readonly number[]): string[] {
  let known: Tries | null = null
  return moments.map((atMs) => {
    const claim = claimTry(known, atMs)
    if (claim.kind === 'try') known = claim.tries
    return claim.kind
  })
}

describe('wrong tries', () => {
  it('are five, then it is locked for fifteen minutes, then there are five again', () => {
    const moments = [...Array.from({ length: 6 }, (_, i) => nowMs + i), nowMs + 4 + lockMs - 1, nowMs + 4 + lockMs]
    expect(triesAt(moments)).toEqual(['try', 'try', 'try', 'try', 'try', 'locked', 'locked', 'try'])
  })

  it('are forgotten when they were long ago', () => {
    const later = nowMs + triesForgottenAfterMs
    expect(triesAt([...Array.from({ length: 4 }, () => nowMs), ...Array.from({ length: 5 }, () => later)])).toEqual(
      Array.from({ length: 9 }, () => 'try'),
    )
  })

  it('that were half right neither lock nor open anything', () => {
    const fourth: Tries = { tries: 4, firstAtMs: nowMs, lockedUntilMs: null }
    const fifth = claimTry(fourth, nowMs)
    expect(fifth).toMatchObject({ kind: 'try', tries: { lockedUntilMs: nowMs + lockMs } })
    expect(fifth.kind === 'try' && giveBack(fifth.tries)).toEqual(fourth)
  })

  it('are never more than five in a quarter of an hour, whenever they come', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 60 })
    fc.assert(
      fc.property(gaps, (pauses) => {
        let at = nowMs
        const moments = pauses.map((pauseMs) => (at += pauseMs))
        const kinds = triesAt(moments)
        const tried = moments.filter((_, i) => kinds[i] === 'try')
        for (const [i, first] of tried.entries()) {
          // A window may hold the end of one count and the beginning of the next.
          const within = tried.slice(i).filter((moment) => moment - first < triesForgottenAfterMs)
          expect(within.length).toBeLessThan(2 * triesBeforeLock)
        }
      }),
    )
  })
})
