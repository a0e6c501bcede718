import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLookPace } from './look-pace.ts'

/** A desk whose looks cost some requests and take some time, on a clock of its own. */
function newDesk(requests: number, answerMs: number) {
  let nowMs = 0
  let due: { atMs: number; act: () => void } | null = null
  const looks: number[] = []
  const answers: { atMs: number; settle: () => void }[] = []
  const pace = createLookPace({
    restPerRequestMs: 1_000,
    requests: () => requests,
    nowMs: () => nowMs,
    wait: (ms, act) => {
      const one = { atMs: nowMs + ms, act }
      due = one
      return () => {
        if (due === one) due = null
      }
    },
    look: () => {
      looks.push(nowMs)
      return new Promise((resolve) => answers.push({ atMs: nowMs + answerMs, settle: () => resolve(null) }))
    },
  })
  const passTo = async (untilMs: number) => {
    for (;;) {
      const next = Math.min(due?.atMs ?? Number.POSITIVE_INFINITY, answers[0]?.atMs ?? Number.POSITIVE_INFINITY)
      if (next > untilMs) break
      nowMs = Math.max(nowMs, next)
      if (answers[0] !== undefined && answers[0].atMs <= nowMs) answers.shift()?.settle()
      else {
        const act = due?.act
        due = null
        act?.()
      }
      for (let turn = 0; turn < 4; turn++) await Promise.resolve()
    }
    nowMs = untilMs
  }
  return { pace, looks, passTo }
}

describe('a page that looks again when something changed', () => {
  it('looks at once when one thing changes', () => {
    const desk = newDesk(1, 50)
    desk.pace.ask()
    expect(desk.looks).toEqual([0])
  })

  it('asks about once a second while 800 things a minute change, however many pages are open', async () => {
    for (const requests of [1, 3, 10]) {
      const desk = newDesk(requests, 40)
      for (let at = 0; at < 60_000; at += 75) {
        await desk.passTo(at)
        desk.pace.ask()
      }
      expect(desk.looks.length * requests).toBeLessThanOrEqual(60 + requests)
      expect(desk.looks.length).toBeGreaterThanOrEqual(Math.floor(60 / requests) - 2)
    }
  })

  it('never asks while an answer is under way, and always looks after the last change', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(2_500), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 3_000 }),
        async (pauses, answerMs) => {
          const desk = newDesk(2, answerMs)
          let at = 0
          for (const pauseMs of pauses) {
            at += pauseMs
            await desk.passTo(at)
            desk.pace.ask()
          }
          await desk.passTo(at + 20_000)
          expect(desk.looks.at(-1)).toBeGreaterThanOrEqual(at)
          desk.looks.slice(1).forEach((look, index) => {
            expect(look - (desk.looks[index] ?? 0)).toBeGreaterThanOrEqual(Math.max(2_000, answerMs))
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('looks no more when it is left', async () => {
    const desk = newDesk(1, 50)
    desk.pace.ask()
    desk.pace.ask()
    desk.pace.stop()
    await desk.passTo(10_000)
    expect(desk.looks).toEqual([0])
  })
})
