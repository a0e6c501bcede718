import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GrantEvent, type GrantState, isProvenUnused, stepGrant } from './grant-machine.ts'

const states = ['outstanding', 'unanswered', 'opened', 'failed', 'dead'] as const
const events = {
  opened: { kind: 'told', to: 'unlocked' },
  jammed: { kind: 'told', to: 'jam_open' },
  unused: { kind: 'proven_unused' },
  expired: { kind: 'expired' },
} as const satisfies Record<string, GrantEvent>

/** `state: effects`; '·' = nothing changes. */
const table: Record<GrantState, Record<keyof typeof events, string>> = {
  outstanding: {
    opened: 'opened:',
    jammed: 'failed: jammed',
    unused: 'dead: not_opened',
    expired: 'unanswered: unanswered',
  },
  unanswered: { opened: 'opened:', jammed: 'failed: jammed', unused: 'dead: not_opened', expired: '·' },
  opened: { opened: '·', jammed: '·', unused: '·', expired: '·' },
  failed: { opened: 'opened:', jammed: '·', unused: '·', expired: '·' },
  dead: { opened: '·', jammed: '·', unused: '·', expired: '·' },
}

describe('a grant', () => {
  for (const state of states) {
    it.each(Object.entries(events))(`that is ${state} and hears %s`, (name, event) => {
      const step = stepGrant(state, event)
      const text = `${step.state}: ${step.effects.map(({ kind }) => kind).join(' ')}`.trim()
      const isSame = step.state === state && step.effects.length === 0
      expect(isSame ? '·' : text).toBe(table[state][name as keyof typeof events])
    })
  }

  it('tells each outcome at most once, whatever comes and however often', () => {
    const event = fc.constantFrom(...Object.values(events))
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (all) => {
        const told: string[] = []
        let state: GrantState = 'outstanding'
        for (const one of all) {
          const step: ReturnType<typeof stepGrant> = stepGrant(state, one)
          state = step.state
          told.push(...step.effects.map(({ kind }) => kind))
        }
        expect(new Set(told).size).toBe(told.length)
        expect(told.includes('jammed') && told.includes('not_opened')).toBe(false)
      }),
    )
  })

  it('is proven unused by a hello below its counter, once its challenge is over', () => {
    const grant = { counter: 8, bootId: 3, challengedUptime: 1_000, ttlMs: 10_000 }
    expect(isProvenUnused(grant, { ctr: 7, b: 3, u: 11_001 })).toBe(true)
    expect(isProvenUnused(grant, { ctr: 7, b: 4, u: 0 })).toBe(true)
    expect(isProvenUnused(grant, { ctr: 7, b: 3, u: 11_000 })).toBe(false)
    expect(isProvenUnused(grant, { ctr: 8, b: 4, u: 0 })).toBe(false)
    // A greeting of before, told late.
    expect(isProvenUnused(grant, { ctr: 7, b: 2, u: 99_000 })).toBe(false)
    // A factory reset forgets the counter, obeyed or not.
    expect(isProvenUnused(grant, { ctr: 0, b: 2 ** 24 + 1, u: 0 })).toBe(false)
    expect(isProvenUnused({ ...grant, bootId: 2 ** 24 + 3 }, { ctr: 0, b: 4, u: 99_000 })).toBe(false)
  })
})
