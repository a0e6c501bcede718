import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAcknowledgement, decodeEvent, decodeHello, decodeTelemetry } from '../../contracts/mqtt/codec.ts'
import type { UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import { commandMac } from './command-mac.ts'
import { factoryNvm, type Nvm, newestRecord } from './journal.ts'
import type { LockEffect, LockInput } from './lock-io.ts'
import { stepLock } from './lock-machine.ts'
import { createLockState } from './lock-state.ts'
import { betterFixWaitMs } from './telemetry.ts'
import { recordsOf } from './telemetry-message.fixture.ts'

const lockId = 'lock-machine-1'
const key = new Uint8Array(32).fill(3)
const identity = { lockId, firmware: '1.0.0', hardware: 'ring-1', keyVersion: 1, commandKeys: new Map([[1, key]]) }
const sid = '0123456789abcdef'
const text = (value: string) => new TextEncoder().encode(value)

/** A chip on a bench: effects are written down, flash is kept, PUBACKs come at once. */
function bench(nvm: Nvm = factoryNvm(0, 'locked')) {
  const state = createLockState(identity)
  const slots = [...nvm.slots] as [Nvm['slots'][0], Nvm['slots'][1]]
  const log: LockEffect[] = []
  let nowMs = 0
  function put(input: LockInput, atMs = nowMs): readonly LockEffect[] {
    nowMs = Math.max(nowMs, atMs)
    const { effects } = stepLock(state, input, nowMs)
    log.push(...effects)
    for (const effect of effects) {
      if (effect.kind === 'nvm-write' && effect.write.cell === 'journal') slots[effect.write.slot] = effect.write.record
    }
    for (const effect of effects) if (effect.kind === 'publish') put({ kind: 'puback', ref: effect.ref })
    return effects
  }
  const boot = (bootReason: 'power' | 'brownout' = 'power') => {
    put({ kind: 'power-on', bootReason, nvm: { slots, events: nvm.events } })
    put({ kind: 'switches', switches: { a: true, b: false } })
    put({ kind: 'tick' }, nowMs + 400)
  }
  boot()
  return { state, log, put, boot, now: () => nowMs }
}

const sent = (log: readonly LockEffect[], channel: string) =>
  log.flatMap((effect) => (effect.kind === 'publish' && effect.channel === channel ? [text(effect.payload)] : []))

function order(change: Partial<UnsignedCommand>): LockInput {
  const command = {
    v: 1 as const,
    id: 'c1',
    op: 'unlock' as const,
    c: 1,
    b: 1,
    dl: 90_000,
    a: {},
    iat: 0,
    exp: 0,
    kv: 1,
  }
  const unsigned = { ...command, ...change }
  const payload = text(JSON.stringify({ ...unsigned, m: commandMac(key, lockId, unsigned) }))
  return { kind: 'message', channel: 'cmd', payload }
}

describe('an unlock', () => {
  it('is written to flash, accepted, and only then moves the motor', () => {
    const { put } = bench()
    put({ kind: 'connected', sid })
    const kinds = put(order({})).map((effect) => effect.kind)
    expect(kinds.indexOf('nvm-write')).toBeLessThan(kinds.indexOf('publish'))
    expect(kinds.indexOf('publish')).toBeLessThan(kinds.indexOf('motor'))
  })

  it('ends with done, the time it took, and a bolt event that names the command', () => {
    const { put, log } = bench()
    put({ kind: 'connected', sid })
    put(order({}), 1_000)
    put({ kind: 'switches', switches: { a: false, b: true } }, 1_600)
    put({ kind: 'tick' }, 1_900)
    const acks = sent(log, 'ack').map(decodeAcknowledgement)
    expect(acks).toMatchObject([
      { value: { st: 'acc', ms: 0 } },
      { value: { st: 'done', rc: 'ok', ms: 900, bolt: 'unlocked' } },
    ])
    const events = sent(log, 'evt').map(decodeEvent)
    expect(events.at(-1)).toMatchObject({ value: { k: 'bolt', from: 'locked', to: 'unlocked', by: 'cmd', cid: 'c1' } })
  })

  it('that meets a jam ends with fail', () => {
    const { put, log, state } = bench()
    put({ kind: 'connected', sid })
    put(order({}), 1_000)
    while (state.bolt.phase.kind === 'unlocking') put({ kind: 'tick' }, state.wakeAtMs ?? 0)
    expect(sent(log, 'ack').map(decodeAcknowledgement).at(-1)).toMatchObject({
      value: { st: 'fail', rc: 'jam', bolt: 'jam_open' },
    })
  })

  it('that a power cut interrupts is told by the next boot, and never resumed', () => {
    const { put, boot, log } = bench()
    put({ kind: 'connected', sid })
    put(order({}), 1_000)
    log.length = 0
    boot('brownout')
    put({ kind: 'connected', sid })
    put(order({}))
    expect(decodeHello(sent(log, 'hello')[0] ?? text(''))).toMatchObject({
      value: { b: 2, rr: 'brownout', ctr: 1, res: [{ id: 'c1', st: 'fail', rc: 'interrupted' }] },
    })
    expect(sent(log, 'evt').map(decodeEvent)[0]).toMatchObject({ value: { k: 'boot', pend: 'c1', rr: 'brownout' } })
    expect(log.filter((effect) => effect.kind === 'motor')).toEqual([])
  })

  it('that a power cut interrupts after the bolt had opened is told as opened by that command', () => {
    const { put, log, state } = bench()
    put(order({}), 1_000)
    const blank = newestRecord(factoryNvm(0, 'locked'))
    const pending = { id: 'c1', c: 1, op: 'unlock' } as const
    const slots: Nvm['slots'] = [null, { ...blank, n: 9, bootId: 1, counter: 1, pending }]
    put({ kind: 'power-on', bootReason: 'brownout', nvm: { slots, events: [] } })
    put({ kind: 'switches', switches: { a: false, b: true } })
    put({ kind: 'tick' }, 5_000)
    put({ kind: 'connected', sid })
    const events = sent(log, 'evt').map(decodeEvent)
    expect(events.at(-1)).toMatchObject({ value: { k: 'bolt', to: 'unlocked', by: 'cmd', cid: 'c1' } })
    expect(state.interrupted).toBe(null)
  })
})

describe('other commands', () => {
  it('beep and locate are done at once', () => {
    const { put, log } = bench()
    put({ kind: 'connected', sid })
    expect(put(order({ op: 'beep' })).map(({ kind }) => kind)).toContain('beep')
    expect(put(order({ op: 'locate', id: 'c2', c: 2 })).map(({ kind }) => kind)).toContain('locate')
    const states = sent(log, 'ack')
      .map(decodeAcknowledgement)
      .map((ack) => ack.ok && ack.value.st)
    expect(states).toEqual(['acc', 'done', 'acc', 'done'])
  })

  it('locate tells a poor fix too, when the wait for a better one is over', () => {
    const { put, log, now } = bench()
    put({ kind: 'connected', sid })
    put(order({ op: 'locate' }))
    const before = sent(log, 'tel').length
    const sky = { dimensions: 2, satellites: 4, speedMps: 0, headingDeg: 0, timeMs: null } as const
    put({ kind: 'fix', fix: { lon: 5, lat: 52, accuracyM: 60, ...sky } })
    expect(sent(log, 'tel').length).toBe(before)
    put({ kind: 'tick' }, now() + betterFixWaitMs + 1)
    put({ kind: 'tick' }, now() + betterFixWaitMs + 1)
    expect(sent(log, 'tel').slice(before).map(decodeTelemetry)).toMatchObject([{ value: { r: [{ la: 52, ha: 60 }] } }])
  })

  it('reboot is accepted, resets, and the hello of the next boot says done', () => {
    const { put, log, boot, now } = bench()
    put({ kind: 'connected', sid })
    expect(put(order({ op: 'reboot' })).map(({ kind }) => kind)).not.toContain('reboot')
    expect(put(order({ op: 'beep', id: 'c2', c: 2 })).map(({ kind }) => kind)).not.toContain('beep')
    expect(put({ kind: 'tick' }, now() + 2_000).map(({ kind }) => kind)).toContain('reboot')
    expect(sent(log, 'ack').map(decodeAcknowledgement)).toMatchObject([
      { value: { id: 'c1', st: 'acc' } },
      { value: { id: 'c2', st: 'rej', rc: 'busy' } },
    ])
    boot()
    put({ kind: 'connected', sid })
    expect(sent(log, 'hello').map(decodeHello).at(-1)).toMatchObject({
      value: {
        b: 2,
        ctr: 2,
        res: [
          { id: 'c2', st: 'rej' },
          { id: 'c1', st: 'done', rc: 'ok' },
        ],
      },
    })
    expect(sent(log, 'evt').map(decodeEvent).at(-1)).toMatchObject({ value: { k: 'boot', pend: null } })
  })
})

describe('telemetry', () => {
  it('is fresh at once when a sync asks, and takes the time from it', () => {
    const { put, log, now } = bench()
    put({ kind: 'connected', sid }, 10_000)
    const before = sent(log, 'tel').length
    const st = 1_750_000_000_000
    put({ kind: 'message', channel: 'sync', payload: text(JSON.stringify({ v: 1, st, req: 1 })) })
    const after = sent(log, 'tel').map(decodeTelemetry)
    expect(after.length).toBe(before + 1)
    expect(after.at(-1)).toMatchObject({ value: { r: [{ u: now(), t: st, tq: 2 }] } })
  })

  it('comes every 240 to 300 s parked and every 12 to 15 s riding, the same pause for one lock', () => {
    const times = (isRiding: boolean) => {
      const { put, state, log } = bench()
      put({ kind: 'connected', sid })
      if (isRiding) {
        put({ kind: 'switches', switches: { a: false, b: true } }, 600)
        put({ kind: 'tick' }, 1_000)
      }
      for (let i = 0; i < 40; i++) put({ kind: 'tick' }, state.wakeAtMs ?? 0)
      const stamps = sent(log, 'tel')
        .map(decodeTelemetry)
        .flatMap((tel) => (tel.ok ? tel.value.r.map(({ u }) => u) : []))
      return stamps.slice(2, 5).map((u, i) => (stamps[i + 3] ?? 0) - u)
    }
    const between = (pauses: readonly number[], leastMs: number, mostMs: number) => {
      expect(new Set(pauses).size).toBe(1)
      expect(pauses[0]).toBeGreaterThanOrEqual(leastMs)
      expect(pauses[0]).toBeLessThanOrEqual(mostMs)
    }
    between(times(false), 240_000, 300_000)
    between(times(true), 12_000, 15_000)
  })

  it('sends a better position when one comes within 20 s of locking', () => {
    const { put, log } = bench()
    const fix = {
      lon: 104,
      lat: 30,
      accuracyM: 40,
      dimensions: 3 as const,
      satellites: 9,
      speedMps: 0,
      headingDeg: 0,
      timeMs: null,
    }
    put({ kind: 'connected', sid })
    put({ kind: 'switches', switches: { a: false, b: true } }, 1_000)
    put({ kind: 'tick' }, 1_400)
    put({ kind: 'fix', fix }, 2_000)
    put({ kind: 'switches', switches: { a: true, b: false } }, 3_000)
    put({ kind: 'tick' }, 3_400)
    const before = sent(log, 'tel').length
    put({ kind: 'fix', fix: { ...fix, accuracyM: 30 } }, 8_000)
    put({ kind: 'fix', fix: { ...fix, accuracyM: 9 } }, 15_000)
    put({ kind: 'fix', fix: { ...fix, accuracyM: 8 } }, 16_000)
    expect(sent(log, 'tel').length).toBe(before + 1)
  })
})

describe('the battery', () => {
  it('tells each level once, and does not flutter', () => {
    const { put, log } = bench()
    put({ kind: 'connected', sid })
    for (const percent of [50, 20, 21, 22, 19, 8, 9, 2, 30])
      put({ kind: 'battery', battery: { percent, milliVolts: 3_700 } })
    const levels = sent(log, 'evt')
      .map(decodeEvent)
      .flatMap((evt) => (evt.ok && evt.value.k === 'power' ? [evt.value.lv] : []))
    expect(levels).toEqual(['low', 'crit', 'off', 'ok'])
  })
})

describe('the whole lock', () => {
  const readable = (payload: Uint8Array) => ({ ok: recordsOf(payload).length > 0 })
  const channel = fc.constantFrom<DownlinkKind>('cmd', 'sync', 'cfg', 'fw')
  const anyText = fc.oneof(fc.string(), fc.json(), fc.constant('{"v":1,"st":0,"req":1,"adv":{"spread_s":3600}}'))
  const input: fc.Arbitrary<LockInput> = fc.oneof(
    fc.record({ kind: fc.constant('message' as const), channel, payload: fc.uint8Array({ maxLength: 300 }) }),
    fc.record({ kind: fc.constant('message' as const), channel, payload: anyText.map(text) }),
    fc.integer({ min: 1, max: 30 }).map((c) => order({ c, id: `c${c}`, dl: 5_000 * c })),
    fc.record({ kind: fc.constant('switches' as const), switches: fc.record({ a: fc.boolean(), b: fc.boolean() }) }),
    fc.constantFrom<LockInput>({ kind: 'connected', sid }, { kind: 'disconnected' }, { kind: 'tick' }),
    fc.nat(100).map((ref) => ({ kind: 'puback' as const, ref })),
    fc.nat(100).map((percent) => ({ kind: 'battery' as const, battery: { percent, milliVolts: 3_600 } })),
    fc.constant<LockInput>({ kind: 'power-on', bootReason: 'panic', nvm: { slots: [null, null], events: [] } }),
  )

  it('never throws, says nothing unreadable, and asks for a wake-up in the future', () => {
    const decoders = { hello: decodeHello, evt: decodeEvent, tel: readable, ack: decodeAcknowledgement }
    fc.assert(
      fc.property(fc.array(fc.tuple(input, fc.nat(30_000)), { maxLength: 60 }), (inputs) => {
        const { put, log, now } = bench()
        for (const [next, laterMs] of inputs) {
          for (const effect of put(next, now() + laterMs)) {
            if (effect.kind === 'wake-at') expect(effect.uptimeMs).toBeGreaterThan(now())
          }
        }
        for (const [kind, decode] of Object.entries(decoders)) {
          for (const payload of sent(log, kind)) expect(decode(payload)).toMatchObject({ ok: true })
        }
      }),
    )
  })

  it('does nothing without power', () => {
    expect(stepLock(createLockState(identity), { kind: 'tick' }, 0).effects).toEqual([])
  })
})
