import { describe, expect, it } from 'vitest'
import type { CodeUse, Grant, LockFrame, PhoneKey } from '../../contracts/no-coverage.ts'
import {
  challengeToSign,
  grantTtlMs,
  longestTalkMs,
  mostBadMacs,
  mostGraceUses,
  radioLockOutMs,
  receiptToSign,
  silentPhoneMs,
  tokenText,
} from '../../contracts/no-coverage-words.ts'
import {
  type Bench,
  bench,
  grantFor,
  grantToken,
  keyOf,
  keys,
  lockId,
  nonceOf,
  order,
  text,
  use,
} from './ble-bench.fixture.ts'
import { macOf } from './command-mac.ts'

describe('a grant that a phone brings', () => {
  it('opens once, is in flash before the motor moves, and gives a receipt that names it', () => {
    const lock = bench()
    const challenge = lock.connect()
    expect(challenge.m).toBe(macOf(keys.ble, challengeToSign(lockId, challenge)))
    lock.say(grantFor(challenge, 1))
    const kinds = lock.log.map(({ kind }) => kind)
    expect(kinds.lastIndexOf('nvm-write')).toBeLessThan(kinds.indexOf('motor'))
    lock.pass(400)
    expect(lock.last()).toMatchObject({ k: 'r', e: { from: 'locked', to: 'unlocked', by: 'ble', tok: grantToken(1) } })
    const receipt = lock.last() as Extract<LockFrame, { k: 'r' }>
    expect(receipt.m).toBe(macOf(keys.evt, receiptToSign(lockId, receipt)))
    lock.say(grantFor(challenge, 1))
    expect([lock.openings, lock.last()]).toEqual([[grantToken(1)], { v: 1, k: 'no', why: 'nonce' }])
    expect(lock.state.gate.counter).toBe(challenge.s + 1)
  })

  it('is refused when it is late, of another connection, of another boot, below the counter, or of a moving bolt', () => {
    const cases: readonly [string, (lock: Bench) => Grant][] = [
      [
        'late',
        (lock) => {
          const ch = lock.connect()
          lock.pass(grantTtlMs + 1)
          return grantFor(ch, 1)
        },
      ],
      [
        'nonce',
        (lock) => {
          const ch = lock.connect()
          lock.put({ kind: 'ble-link', isOpen: false })
          lock.connect()
          return grantFor(ch, 1)
        },
      ],
      ['nonce', (lock) => grantFor(lock.connect(), 1, { b: 9 })],
      [
        'seq',
        (lock) => {
          const ch = lock.connect()
          return grantFor(ch, 1, { s: Math.max(1, ch.s) })
        },
      ],
    ]
    for (const [why, make] of cases) {
      const lock = bench()
      lock.put(order({ c: 1, op: 'beep' }))
      lock.say(make(lock))
      expect([lock.last(), lock.openings]).toEqual([{ v: 1, k: 'no', why }, []])
    }
  })

  it('is nothing after a command opened the bolt, and an older command is nothing after it', () => {
    const lock = bench()
    const challenge = lock.connect()
    lock.put(order({ c: 5, b: challenge.b }))
    lock.pass(400)
    lock.pushLever()
    lock.say(grantFor(challenge, 1, { s: 6 }))
    expect(lock.last()).toMatchObject({ k: 'no', why: 'nonce' })
    lock.put({ kind: 'ble-link', isOpen: false })
    lock.say(grantFor(lock.connect(), 2, { s: 8 }))
    lock.pass(400)
    lock.pushLever()
    lock.put(order({ id: 'c7', c: 7, b: challenge.b }))
    expect(lock.openings).toEqual(['c1', grantToken(2)])
  })

  it('tells its receipt to the next connection when the first one broke', () => {
    const lock = bench()
    lock.say(grantFor(lock.connect(), 1))
    lock.put({ kind: 'ble-link', isOpen: false })
    lock.pass(400)
    lock.connect()
    lock.say({ v: 1, k: 't' })
    expect(lock.last()).toMatchObject({ k: 'r', e: { to: 'unlocked', tok: grantToken(1) } })
  })

  it('that a reset interrupts has opened the bike, not a thief, and says so once', () => {
    const lock = bench()
    const challenge = lock.connect()
    lock.say(grantFor(challenge, 1))
    lock.boot()
    expect(lock.events()).toMatchObject([{ to: 'unlocked', by: 'ble', tok: grantToken(1) }])
    expect(lock.log.some((effect) => effect.kind === 'nvm-write' && JSON.stringify(effect).includes('forced'))).toBe(
      false,
    )
    lock.pushLever()
    lock.boot()
    expect(lock.events()).toHaveLength(2)
  })
})

describe('a code of a paid ride', () => {
  it('pauses by the next closing, resumes, and ends at the closed lock', () => {
    const lock = bench('unlocked')
    const key = keyOf(7, 3)
    const next = (op: CodeUse['op'], i: number) => {
      lock.put({ kind: 'ble-link', isOpen: false })
      lock.say(use(key, op, i, lock.connect().n))
    }
    next('pause', 1)
    expect(lock.last()).toEqual({ v: 1, k: 'ok', op: 'pause' })
    lock.pushLever()
    const tokenAt = (op: CodeUse['op'], i: number) => tokenText({ kind: 'code', id: key.id, op, i })
    expect(lock.events().at(-1)).toMatchObject({ to: 'locked', by: 'hand', tok: tokenAt('pause', 1) })
    next('resume', 2)
    lock.pass(400)
    expect([lock.isOpen(), lock.openings]).toEqual([true, [tokenAt('resume', 2)]])
    lock.pushLever()
    expect(lock.events().at(-1)).not.toHaveProperty('tok')
    next('end', 3)
    expect(lock.last()).toMatchObject({
      k: 'r',
      e: { from: 'locked', to: 'locked', by: 'ble', tok: tokenAt('end', 3) },
    })
    // The ride is over: what is left of its codes opens nothing, not after a reset either.
    next('resume', 4)
    expect(lock.last()).toMatchObject({ k: 'no', why: 'used' })
    lock.boot()
    next('resume', 5)
    expect(lock.last()).toMatchObject({ k: 'no', why: 'used' })
  })

  it('is used once and in order; a higher key revokes a lower one, and so does an unlock', () => {
    const lock = bench()
    const tries = (key: PhoneKey, i: number) => {
      lock.put({ kind: 'ble-link', isOpen: false })
      lock.say(use(key, 'resume', i, lock.connect().n))
      const answer = lock.last()
      lock.pass(400)
      lock.pushLever()
      return answer?.k === 'no' ? answer.why : 'opens'
    }
    expect([tries(keyOf(1, 3), 4), tries(keyOf(1, 3), 4), tries(keyOf(1, 3), 3)]).toEqual(['opens', 'used', 'used'])
    expect([tries(keyOf(2, 9), 1), tries(keyOf(1, 3), 5)]).toEqual(['opens', 'revoked'])
    lock.put(order({ c: 20, b: lock.state.gate.bootId }))
    lock.pass(400)
    lock.pushLever()
    expect([tries(keyOf(2, 9), 2), tries(keyOf(3, 21, { ops: ['end'] }), 1)]).toEqual(['revoked', 'op'])
  })

  it('opens without a clock three times, with one only in its time, and closes whatever the time is', () => {
    const lock = bench()
    const why = (key: PhoneKey, op: CodeUse['op'], i: number) => {
      lock.put({ kind: 'ble-link', isOpen: false })
      lock.say(use(key, op, i, lock.connect().n))
      const answer = lock.last()
      lock.pass(400)
      if (op === 'resume') lock.pushLever()
      return answer?.k === 'no' ? answer.why : 'fine'
    }
    const answers = Array.from({ length: mostGraceUses + 1 }, (_, at) => why(keyOf(1, 3), 'resume', at + 1))
    expect(answers).toEqual(['fine', 'fine', 'fine', 'clock'])
    lock.put({ kind: 'message', channel: 'sync', payload: text(JSON.stringify({ v: 1, st: 1_900_000_000_000 })) })
    const over = keyOf(2, 5, { exp: 1_800_000_000 })
    expect([why(over, 'resume', 1), why(keyOf(1, 3), 'resume', 8), why(over, 'end', 2)]).toEqual([
      'expired',
      'fine',
      'fine',
    ])
  })
})

describe('who stands beside the lock', () => {
  it('hears what its bolt did, and not where', () => {
    const lock = bench('unlocked')
    const place = { lon: 4.726, lat: 52.3585, accuracyM: 6.5, dimensions: 3, satellites: 11 } as const
    lock.put({ kind: 'fix', fix: { ...place, speedMps: 0, headingDeg: 0, timeMs: null } })
    lock.pushLever()
    lock.connect()
    lock.say({ v: 1, k: 't' })
    const told = lock.last() as Extract<LockFrame, { k: 'r' }>
    expect(told).toMatchObject({ k: 'r', e: { to: 'locked', by: 'hand' } })
    expect(lock.events().at(-1)).toMatchObject({ la: 52.3585, lo: 4.726 })
    expect(JSON.stringify(told)).not.toMatch(/52\.35|4\.72|"la"/)
    expect(told.x).toMatch(/^[A-Za-z0-9_-]{40,}$/)
    expect(told.m).toBe(macOf(keys.evt, receiptToSign(lockId, told)))
  })
})

describe('who talks and talks', () => {
  it('makes room for the next phone after two minutes', () => {
    const lock = bench()
    lock.connect()
    for (let said = 0; said < longestTalkMs; said += silentPhoneMs / 2) {
      expect(lock.log.some(({ kind }) => kind === 'ble-close')).toBe(false)
      lock.say({ v: 1, k: 't' })
      lock.pass(silentPhoneMs / 2)
    }
    expect(lock.log.filter(({ kind }) => kind === 'ble-close')).toHaveLength(1)
  })
})

describe('who guesses', () => {
  it('is not heard for a minute after five wrong answers, which are told as tampering', () => {
    const lock = bench()
    const challenge = lock.connect()
    for (let n = 0; n < mostBadMacs; n++) lock.say(grantFor(challenge, n, { m: nonceOf(n) }))
    expect(lock.log.filter(({ kind }) => kind === 'ble-close')).toHaveLength(1)
    expect(JSON.stringify(lock.log)).toContain('"a":"tamper"')
    const before = lock.frames.length
    lock.put({ kind: 'ble-link', isOpen: true, nonce: nonceOf(99) })
    expect(lock.frames).toHaveLength(before)
    lock.pass(radioLockOutMs)
    lock.say(grantFor(lock.connect(), 50))
    expect(lock.openings).toEqual([grantToken(50)])
  })

  it('and says nothing does not keep others out', () => {
    const lock = bench()
    lock.connect()
    lock.pass(silentPhoneMs)
    expect(lock.log.at(-1)).not.toBeUndefined()
    expect(lock.log.filter(({ kind }) => kind === 'ble-close')).toHaveLength(1)
  })
})
