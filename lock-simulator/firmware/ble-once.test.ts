import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Challenge, CodeUse, PhoneFrame } from '../../contracts/no-coverage.ts'
import { type PhoneToken, readToken } from '../../contracts/no-coverage-words.ts'
import { bench, grantFor, keyOf, nonceOf, order, use } from './ble-bench.fixture.ts'

type Act =
  | { readonly kind: 'connect' | 'leave' | 'push' | 'tell' | 'beep' }
  | { readonly kind: 'grant'; readonly of: number; readonly raise: number }
  | { readonly kind: 'repeat'; readonly back: number }
  | { readonly kind: 'code'; readonly key: number; readonly i: number; readonly op: CodeUse['op'] }
  | { readonly kind: 'junk'; readonly bytes: Uint8Array }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'cut'; readonly after: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  { arbitrary: fc.constant({ kind: 'connect' } as const), weight: 8 },
  fc.record({ kind: fc.constantFrom('leave' as const, 'push' as const, 'tell' as const, 'beep' as const) }),
  fc.record({ kind: fc.constant('grant' as const), of: fc.nat(2), raise: fc.integer({ min: -2, max: 3 }) }),
  {
    arbitrary: fc.record({ kind: fc.constant('grant' as const), of: fc.constant(0), raise: fc.constant(1) }),
    weight: 4,
  },
  fc.record({ kind: fc.constant('repeat' as const), back: fc.nat(3) }),
  fc.record({
    kind: fc.constant('code' as const),
    ...{ key: fc.integer({ min: 1, max: 4 }), i: fc.integer({ min: 1, max: 5 }) },
    op: fc.constantFrom('pause' as const, 'resume' as const, 'end' as const),
  }),
  fc.record({ kind: fc.constant('junk' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, 400, 5_000, 40_000) }),
  fc.record({ kind: fc.constant('cut' as const), after: fc.nat(6) }),
)

/** A phone's evening at a lock: every opening with what allowed it. */
function play(acts: readonly Act[]) {
  const lock = bench()
  const challenges: Challenge[] = []
  const madeAt = new Map<string, number>()
  const said: PhoneFrame[] = []
  const wrong: string[] = []
  let grants = 0
  const say = (frame: PhoneFrame) => {
    said.push(frame)
    const before = lock.openings.length
    const { counter } = lock.state.gate
    const at = lock.now()
    lock.say(frame)
    for (const token of lock.openings.slice(before)) {
      const newest = challenges.at(-1)
      if (frame.k === 'g') {
        const age = at - (madeAt.get(frame.n) ?? Number.NEGATIVE_INFINITY)
        if (frame.n !== newest?.n || age > frame.ttl || frame.s <= counter) wrong.push(`grant ${token}`)
      }
      if (frame.k === 't') wrong.push('opened by a question')
    }
  }
  for (const one of acts) {
    switch (one.kind) {
      case 'connect': {
        lock.put({ kind: 'ble-link', isOpen: false })
        const at = lock.now()
        const challenge = lock.connect()
        if (challenge !== undefined && challenge.n !== challenges.at(-1)?.n) {
          challenges.push(challenge)
          madeAt.set(challenge.n, at)
        }
        break
      }
      case 'leave':
        lock.put({ kind: 'ble-link', isOpen: false })
        break
      case 'push':
        lock.pushLever()
        break
      case 'tell':
        say({ v: 1, k: 't' })
        break
      case 'beep':
        lock.put(
          order({
            id: `b${lock.state.gate.counter}`,
            op: 'beep',
            c: lock.state.gate.counter + 1,
            b: lock.state.gate.bootId,
          }),
        )
        break
      case 'grant': {
        const challenge = challenges.at(-1 - one.of)
        if (challenge) say(grantFor(challenge, ++grants, { s: Math.max(1, challenge.s + one.raise) }))
        break
      }
      case 'repeat': {
        const frame = said.at(-1 - one.back)
        if (frame) say(frame)
        break
      }
      case 'code':
        say(use(keyOf(one.key, one.key), one.op, one.i, challenges.at(-1)?.n ?? nonceOf(0)))
        break
      case 'junk':
        lock.put({ kind: 'ble', bytes: one.bytes })
        break
      case 'wait':
        lock.pass(one.ms)
        break
      case 'cut':
        lock.cutAfter(one.after)
        break
    }
  }
  return { lock, wrong }
}

describe('whatever phones say, and wherever its power goes', () => {
  it('a lock opens at most once for each grant and each code, and only for a fresh one', () => {
    let openings = 0
    fc.assert(
      fc.property(fc.array(act, { minLength: 10, maxLength: 40 }), (acts) => {
        const { lock, wrong } = play(acts)
        openings += lock.openings.length
        expect(wrong).toEqual([])
        expect(new Set(lock.openings).size).toBe(lock.openings.length)
        const codes = lock.openings.flatMap((token) => {
          const read = readToken(token) as PhoneToken
          return read.kind === 'code' ? [{ key: Number(read.id.slice(-2)), i: read.i }] : []
        })
        for (const [at, code] of codes.entries()) {
          const before = codes[at - 1]
          if (before) expect(code.key > before.key || (code.key === before.key && code.i > before.i)).toBe(true)
        }
      }),
      { numRuns: 200, seed: 1 },
    )
    // They are let in often enough for this to prove something.
    expect(openings).toBeGreaterThan(100)
  })
})
