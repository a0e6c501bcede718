import { describe, expect, it } from 'vitest'
import type { Operation, UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import { endCommand, type Gate, gateAtBoot, judgeCommand, type LockCondition } from './command-gate.ts'
import { commandMac, isSameMac } from './command-mac.ts'
import { factoryNvm, type JournalRecord, newestRecord } from './journal.ts'

const lockId = 'lock-gate-1'
const key = new Uint8Array(32).fill(1)
const keys = { lockId, commandKeys: new Map([[1, key]]) }
const bootId = 7
const standing: LockCondition = {
  ...{ isBoltMoving: false, statePercent: 80, speedMps: 0, wheel: 'still', canClose: true },
}
const nowMs = 60_000
const blank = newestRecord(factoryNvm(0, 'locked'))
const gate = (record: Partial<JournalRecord> = {}): Gate => gateAtBoot(keys, {}, { ...blank, ...record }, bootId)

function command(change: Partial<UnsignedCommand> = {}): UnsignedCommand {
  return { v: 1, id: 'c1', op: 'unlock', c: 1, b: bootId, dl: 75_000, a: {}, iat: 0, exp: 0, kv: 1, ...change }
}
function signed(change: Partial<UnsignedCommand> = {}, withKey = key): Uint8Array {
  const unsigned = command(change)
  return new TextEncoder().encode(JSON.stringify({ ...unsigned, m: commandMac(withKey, lockId, unsigned) }))
}
const judge = (at: Gate, payload: Uint8Array, condition = standing, uptimeMs = nowMs) =>
  judgeCommand(at, payload, condition, uptimeMs)

describe('a command', () => {
  it('that is new, timely and for this boot is executed, with its counter kept', () => {
    const { gate: after, verdict } = judge(gate(), signed())
    expect(verdict.kind).toBe('execute')
    expect(after).toMatchObject({ counter: 1, pending: { id: 'c1', c: 1, op: 'unlock', receivedAtMs: nowMs } })
  })

  it.each<[string, Partial<UnsignedCommand>, string]>([
    ['of an earlier boot', { b: bootId - 1 }, 'stale_boot'],
    ['of a boot that has not been', { b: bootId + 1 }, 'stale_boot'],
    ['past its deadline', { dl: nowMs - 1 }, 'expired'],
    ['of an earlier boot and past its deadline', { b: 1, dl: 0 }, 'stale_boot'],
    ['with a counter that was used', { c: 5 }, 'replay'],
    ['with a lower counter', { c: 4 }, 'replay'],
  ])('%s is refused', (_, change, rc) => {
    const { gate: after, verdict } = judge(gate({ counter: 5 }), signed(change))
    expect(verdict).toMatchObject({ kind: 'answer', st: 'rej', rc, mustPersist: false })
    expect(after.counter).toBe(5)
  })

  it('at the very millisecond of its deadline is still in time', () => {
    expect(judge(gate(), signed({ dl: nowMs })).verdict.kind).toBe('execute')
  })

  it('of the wrong lock, key or key version is dropped in silence and counted', () => {
    const other = command()
    const stolen = { ...other, m: commandMac(key, 'another-lock', other) }
    const payloads = [
      signed({}, new Uint8Array(32).fill(2)),
      signed({ kv: 2 }),
      new TextEncoder().encode(JSON.stringify(stolen)),
      new TextEncoder().encode(JSON.stringify({ ...command({ dl: 90_000 }), m: commandMac(key, lockId, command()) })),
    ]
    let at = gate()
    for (const payload of payloads) {
      const { gate: after, verdict } = judge(at, payload)
      expect(verdict).toEqual({ kind: 'silent', why: 'bad-mac' })
      at = after
    }
    expect(at).toMatchObject({ badMacs: payloads.length, counter: 0, pending: null })
  })

  it('that cannot be read, or is too large, is dropped in silence and counted', () => {
    const tooLarge = signed({ a: { text: 'x'.repeat(9_000) } })
    for (const payload of [new Uint8Array(), new Uint8Array([0xff, 0xfe]), tooLarge]) {
      const { gate: after, verdict } = judge(gate(), payload)
      expect(verdict).toEqual({ kind: 'silent', why: 'unreadable' })
      expect(after.unreadable).toBe(1)
    }
  })
})

describe('the state of the lock', () => {
  const cases: readonly [string, Operation, Partial<LockCondition>, string | null][] = [
    ['a moving bolt refuses unlock', 'unlock', { isBoltMoving: true }, 'busy'],
    ['a moving bolt refuses reboot', 'reboot', { isBoltMoving: true }, 'busy'],
    ['a moving bolt still beeps', 'beep', { isBoltMoving: true }, null],
    ['a moving bolt is still located', 'locate', { isBoltMoving: true }, null],
    ['4 % refuses unlock', 'unlock', { statePercent: 4 }, 'batt'],
    ['5 % still unlocks', 'unlock', { statePercent: 5 }, null],
    ['4 % still reboots', 'reboot', { statePercent: 4 }, null],
    ['4 % still beeps', 'beep', { statePercent: 4 }, null],
    ['a turning wheel refuses unlock', 'unlock', { speedMps: 1.1 }, 'moving'],
    ['a turning wheel refuses reboot', 'reboot', { speedMps: 1.1 }, 'moving'],
    ['walking pace still unlocks', 'unlock', { speedMps: 1 }, null],
    ['a turning wheel still beeps', 'beep', { speedMps: 6 }, null],
  ]
  it.each(cases)('%s', (_, op, condition, rc) => {
    const { verdict } = judge(gate(), signed({ op }), { ...standing, ...condition })
    if (rc === null) expect(verdict.kind).toBe('execute')
    else expect(verdict).toMatchObject({ kind: 'answer', st: 'rej', rc, mustPersist: true })
  })

  it('refuses a second command while the first is under way', () => {
    const first = judge(gate(), signed()).gate
    expect(judge(first, signed({ id: 'c2', c: 2 })).verdict).toMatchObject({ st: 'rej', rc: 'busy' })
  })

  it('makes its refusal final: the same bytes do not open the bike once the wheel stands still', () => {
    const { gate: after } = judge(gate(), signed(), { ...standing, speedMps: 4 })
    expect(judge(after, signed()).verdict).toMatchObject({ kind: 'answer', st: 'rej', rc: 'moving' })
  })
})

describe('a repeat', () => {
  it('of the command under way is accepted again, not executed again', () => {
    const first = judge(gate(), signed()).gate
    expect(judge(first, signed()).verdict).toMatchObject({ kind: 'answer', st: 'acc', mustPersist: false })
  })

  it.each<['done' | 'fail', 'ok' | 'jam']>([
    ['done', 'ok'],
    ['fail', 'jam'],
  ])('of a command that ended with %s is answered from memory, even past the deadline', (st, rc) => {
    const ended = endCommand(judge(gate(), signed()).gate, st, rc, nowMs + 900)
    expect(judge(ended, signed(), standing, 500_000).verdict).toMatchObject({ kind: 'answer', st, rc })
  })

  it('of a command that a reset interrupted is answered with that, not with stale_boot', () => {
    const rebooted = gate({ counter: 1, pending: { id: 'c1', c: 1, op: 'unlock' }, bootId: bootId - 1 })
    expect(rebooted.results).toEqual([{ id: 'c1', c: 1, st: 'fail', rc: 'interrupted', u: 0 }])
    expect(judge(rebooted, signed({ b: bootId - 1 })).verdict).toMatchObject({ st: 'fail', rc: 'interrupted' })
  })

  it('of a refused command is answered once', () => {
    const { gate: after } = judge(gate(), signed({ dl: 1 }))
    expect(judge(after, signed({ dl: 1 })).verdict).toEqual({ kind: 'silent', why: 'answered' })
  })

  it('a hundred times within a second is answered at most ten times', () => {
    let at = endCommand(judge(gate(), signed()).gate, 'done', 'ok', nowMs)
    let answers = 0
    for (let i = 0; i < 100; i++) {
      const { gate: after, verdict } = judge(at, signed(), standing, nowMs + i)
      at = after
      if (verdict.kind === 'answer') answers++
    }
    expect(answers).toBe(10)
    expect(judge(at, signed(), standing, nowMs + 2_000).verdict.kind).toBe('answer')
  })
})

describe('the memory of results', () => {
  it('keeps the last eight, and refuses older ones as replays', () => {
    let at = gate()
    for (let c = 1; c <= 9; c++) at = endCommand(judge(at, signed({ id: `c${c}`, c })).gate, 'done', 'ok', nowMs)
    expect(at.results.map(({ id }) => id)).toEqual(['c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'])
    expect(judge(at, signed({ id: 'c1', c: 1 })).verdict).toMatchObject({ st: 'rej', rc: 'replay' })
  })

  it('stays as it is when nothing is under way', () => {
    const idle = gate()
    expect(endCommand(idle, 'done', 'ok', nowMs)).toBe(idle)
  })
})

describe('two authentication codes', () => {
  it('are the same only when every character is', () => {
    const mac = commandMac(key, lockId, command())
    expect(mac).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(isSameMac(mac, mac)).toBe(true)
    expect(isSameMac(mac, `${mac.slice(0, -1)}_`)).toBe(mac.endsWith('_'))
    expect(isSameMac(mac, '')).toBe(false)
    expect(isSameMac('', '')).toBe(true)
  })
})
