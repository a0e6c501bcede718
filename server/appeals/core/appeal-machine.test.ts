import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerAppealsWithinMs } from '../../../contracts/appeal-limits.ts'
import { isRefusal } from '../../../contracts/refusals.ts'
import { epochMs } from '../../../contracts/units.ts'
import { type AppealEvent, type AppealFacts, newAppeal, stepAppeal } from './appeal-machine.ts'

const made = epochMs(1_795_166_403_480)
const open = newAppeal(1_000, made)
const later = (ms: number) => epochMs(made + ms)
const answer = 'The rack was full.'
const decide = (decision: Extract<AppealEvent, { kind: 'decided' }>['decision'], dueMinor = 2_000): AppealEvent => ({
  ...{ kind: 'decided', decision, dueMinor, nowMs: later(60_000) },
})

describe('an appeal', () => {
  it('that is accepted gives the disputed part back', () => {
    expect(stepAppeal(open, decide({ verdict: 'accept' }))).toMatchObject({
      state: { state: 'accepted', refundMinor: 1_000, bySystem: false, answer: null, decidedAt: later(60_000) },
      effects: [{ kind: 'give_back', amountMinor: 1_000 }],
    })
  })

  it('gives back no more than the rider owes by then', () => {
    expect(stepAppeal(open, decide({ verdict: 'accept' }, 300))).toMatchObject({ state: { refundMinor: 300 } })
    expect(stepAppeal(open, decide({ verdict: 'accept' }, 0))).toMatchObject({
      state: { state: 'accepted', refundMinor: 0 },
      effects: [],
    })
  })

  it('is accepted in part up to the disputed part, and not beyond', () => {
    const part = (amountMinor: number) => stepAppeal(open, decide({ verdict: 'partly', amountMinor, answer }))
    expect(part(999)).toMatchObject({ state: { state: 'partly', refundMinor: 999, answer } })
    for (const wrong of [0, 1_001]) expect(part(wrong)).toMatchObject({ code: 'appeal_amount_wrong' })
  })

  it('that is denied or withdrawn moves no money', () => {
    expect(stepAppeal(open, decide({ verdict: 'deny', answer }))).toMatchObject({
      state: { state: 'denied' },
      effects: [],
    })
    expect(stepAppeal(open, { kind: 'withdrawn', nowMs: later(1) })).toMatchObject({
      state: { state: 'withdrawn' },
      effects: [],
    })
  })

  it('is accepted by itself at its deadline, not a moment earlier, and nobody decides it after that', () => {
    const due = (nowMs: number): AppealEvent => ({ kind: 'due', dueMinor: 2_000, nowMs: epochMs(nowMs) })
    expect(stepAppeal(open, due(made + answerAppealsWithinMs - 1))).toEqual({ state: open, effects: [] })
    expect(stepAppeal(open, due(made + answerAppealsWithinMs))).toMatchObject({
      state: { state: 'accepted', bySystem: true, refundMinor: 1_000 },
      effects: [{ amountMinor: 1_000 }],
    })
    const tooLate = { ...decide({ verdict: 'deny', answer }), nowMs: later(answerAppealsWithinMs) } as AppealEvent
    expect(stepAppeal(open, tooLate)).toMatchObject({ code: 'appeal_decided' })
  })
})

const anAmount = fc.integer({ min: 0, max: 5_000 })
const aMoment = fc.integer({ min: 0, max: 2 * answerAppealsWithinMs }).map(later)
const anEvent: fc.Arbitrary<AppealEvent> = fc.oneof(
  fc.record({ kind: fc.constant('withdrawn' as const), nowMs: aMoment }),
  fc.record({ kind: fc.constant('due' as const), dueMinor: anAmount, nowMs: aMoment }),
  fc.record({
    kind: fc.constant('decided' as const),
    decision: fc.oneof(
      fc.constant({ verdict: 'accept' as const }),
      fc.record({
        verdict: fc.constant('partly' as const),
        amountMinor: fc.integer({ min: -9, max: 9_000 }),
        answer: fc.constant(answer),
      }),
      fc.constant({ verdict: 'deny' as const, answer }),
    ),
    dueMinor: anAmount,
    nowMs: aMoment,
  }),
)

describe('whatever happens to an appeal', () => {
  it('it is decided once, and what goes back is what it says, never above the disputed part or what is due', () => {
    fc.assert(
      fc.property(anAmount, fc.array(anEvent, { maxLength: 12 }), (disputed, events) => {
        let appeal: AppealFacts = newAppeal(disputed, made)
        let back = 0
        for (const event of events) {
          const before = appeal
          const step = stepAppeal(appeal, event)
          if (isRefusal(step)) continue
          appeal = step.state
          for (const { amountMinor } of step.effects) {
            back += amountMinor
            expect(amountMinor).toBeGreaterThan(0)
            expect(event.kind === 'withdrawn' ? 0 : event.dueMinor).toBeGreaterThanOrEqual(amountMinor)
          }
          expect(before.state === 'open' || before === appeal).toBe(true)
          expect((appeal.state === 'open') === (appeal.decidedAt === null)).toBe(true)
        }
        expect(back).toBe(appeal.refundMinor)
        expect(back).toBeLessThanOrEqual(disputed)
      }),
    )
  })

  it('it comes to an end: its deadline ends what nobody has ended', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 6 }), (events) => {
        const last: AppealEvent = { kind: 'due', dueMinor: 100, nowMs: later(3 * answerAppealsWithinMs) }
        const end = [...events, last].reduce<AppealFacts>((appeal, event) => {
          const step = stepAppeal(appeal, event)
          return isRefusal(step) ? appeal : step.state
        }, open)
        expect(end.state).not.toBe('open')
      }),
    )
  })
})
