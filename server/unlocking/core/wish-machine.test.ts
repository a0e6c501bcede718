import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StaffCommandState } from '../../../contracts/http/bike-page.ts'
import { epochMs } from '../../../contracts/units.ts'
import { askAgainMs, isDue, mayBeSent, stepWish, type Wish, type WishEvent, wishLifetimeMs } from './wish-machine.ts'

const t0 = 1_790_000_000_000
const at = (offsetMs: number) => epochMs(t0 + offsetMs)
const fresh: Wish = { state: 'queued', resultCode: null, expiresAt: at(wishLifetimeMs), askAt: null }
const states: readonly StaffCommandState[] = [
  ...['queued', 'sent', 'accepted', 'done', 'rejected', 'failed', 'expired', 'unknown', 'cancelled'],
] as StaffCommandState[]
const events: Readonly<Record<string, WishEvent>> = {
  tick: { kind: 'tick', nowMs: at(1_000) },
  'last tick': { kind: 'tick', nowMs: at(wishLifetimeMs) },
  'tried: sent': { kind: 'tried', outcome: 'sent', nowMs: at(1_000) },
  'tried: silent': { kind: 'tried', outcome: 'silent', nowMs: at(1_000) },
  'tried: busy': { kind: 'tried', outcome: 'busy', nowMs: at(1_000) },
  'tried: in ride': { kind: 'tried', outcome: 'in_ride', nowMs: at(1_000) },
  'command sent': { kind: 'command', state: 'sent', resultCode: null },
  'command accepted': { kind: 'command', state: 'accepted', resultCode: null },
  'command done': { kind: 'command', state: 'done', resultCode: 'ok' },
  'command rejected': { kind: 'command', state: 'rejected', resultCode: 'batt' },
  'command failed': { kind: 'command', state: 'failed', resultCode: 'jam' },
  'command expired': { kind: 'command', state: 'expired', resultCode: 'stale_boot' },
  'command unknown': { kind: 'command', state: 'unknown', resultCode: null },
  cancel: { kind: 'cancel' },
}
const names = Object.keys(events)

/** State after each event; `=`: nothing changes. */
const table: Readonly<Record<string, readonly string[]>> = {
  //          tick  last       sent    silent    busy  ride        c-sent c-acc       c-done  c-rej       c-fail    c-exp      c-unk      cancel
  queued: ['=', 'expired', 'sent', 'queued', '=', 'rejected', '=', '=', '=', '=', '=', '=', '=', 'cancelled'],
  sent: ['=', '=', '=', '=', '=', '=', '=', 'accepted', 'done', 'rejected', 'failed', 'expired', 'unknown', '='],
  accepted: ['=', '=', '=', '=', '=', '=', '=', '=', 'done', 'rejected', 'failed', 'expired', 'unknown', '='],
  unknown: ['=', '=', '=', '=', '=', '=', '=', '=', 'done', 'rejected', 'failed', 'expired', '=', '='],
  ...Object.fromEntries(
    ['done', 'rejected', 'failed', 'expired', 'cancelled'].map((state) => [state, names.map(() => '=')]),
  ),
}

describe.each(states)('a wish that is %s', (state) => {
  it.each(names.map((name, index) => [name, table[state]?.[index] ?? '?'] as const))('after %s: %s', (name, wanted) => {
    const wish: Wish = { ...fresh, state }
    const next = stepWish(wish, events[name] as WishEvent).state
    if (wanted === '=') expect(next).toBe(wish)
    else expect(next.state).toBe(wanted)
  })
})

describe('a wish', () => {
  it('asks a silent lock at once, and again after a while, never in between', () => {
    let wish = fresh
    const asked: number[] = []
    for (let ms = 0; ms < 60_000; ms += 200) {
      const step = stepWish(wish, { kind: 'tried', outcome: 'silent', nowMs: at(ms) })
      if (step.effects.length > 0) asked.push(ms)
      wish = step.state
    }
    expect(asked).toEqual([0, 1, 2, 3, 4, 5].map((times) => times * askAgainMs))
  })

  it('that nothing was sent of says so', () => {
    expect(stepWish(fresh, { kind: 'tick', nowMs: at(wishLifetimeMs) }).state).toMatchObject({
      state: 'expired',
      resultCode: 'never_sent',
    })
    expect(stepWish(fresh, { kind: 'tried', outcome: 'in_ride', nowMs: at(0) }).state).toMatchObject({
      state: 'rejected',
      resultCode: 'bike_in_use',
    })
  })

  it('may be sent until it expires, and not a moment longer', () => {
    expect(mayBeSent(fresh, at(wishLifetimeMs - 1))).toBe(true)
    expect(mayBeSent(fresh, at(wishLifetimeMs))).toBe(false)
    expect(isDue({ ...fresh, askAt: at(5_000) }, at(4_999))).toBe(false)
    expect(isDue({ ...fresh, askAt: at(5_000) }, at(5_000))).toBe(true)
  })

  it('whatever happens: never throws, ends at most once, is sent at most once, and repeats change nothing', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('tick' as const), ms: fc.nat(200_000) }),
      fc.record({
        kind: fc.constant('tried' as const),
        outcome: fc.constantFrom('sent' as const, 'silent' as const, 'busy' as const, 'in_ride' as const),
        ms: fc.nat(200_000),
      }),
      fc.record({
        kind: fc.constant('command' as const),
        state: fc.constantFrom(
          ...(states.filter((one) => one !== 'cancelled') as Exclude<StaffCommandState, 'cancelled'>[]),
        ),
      }),
      fc.record({ kind: fc.constant('cancel' as const) }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (given) => {
        let wish = fresh
        const been: StaffCommandState[] = ['queued']
        for (const one of given) {
          const real: WishEvent =
            one.kind === 'cancel'
              ? one
              : one.kind === 'command'
                ? { ...one, resultCode: null }
                : one.kind === 'tick'
                  ? { kind: 'tick', nowMs: at(one.ms) }
                  : { kind: 'tried', outcome: one.outcome, nowMs: at(one.ms) }
          const { state: next } = stepWish(wish, real)
          if (next.state !== wish.state) been.push(next.state)
          wish = next
          expect(stepWish(wish, real).state.state).toBe(wish.state)
        }
        expect(been.filter((state) => state === 'sent').length).toBeLessThanOrEqual(1)
        const ends = been.filter((state) => ['done', 'rejected', 'failed', 'expired', 'cancelled'].includes(state))
        expect(ends.length).toBeLessThanOrEqual(1)
        if (ends.length === 1) expect(been.at(-1)).toBe(ends[0])
        expect(new Set(been).size).toBe(been.length)
      }),
    )
  })
})
