import { describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { decodeAcknowledgement, decodeEvent, decodeHello } from '../../contracts/mqtt/codec.ts'
import type { Operation } from '../../contracts/mqtt/commands.ts'
import { configToSign, type LockSettings } from '../../contracts/mqtt/config.ts'
import type { Acknowledgement, LockEvent } from '../../contracts/mqtt/reports.ts'
import { type DownlinkKind, downlinkTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { commandMac, macOf } from '../firmware/command-mac.ts'
import { createAir } from '../radio/air.ts'
import type { Actuation } from './lock.ts'
import { createLock } from './lock-body.ts'
import { createVirtualClock } from './virtual-clock.ts'

const lockId = asId<LockId>('lock-closing-1')
const commandKey = new Uint8Array(32).fill(6)
const place = { lon: 104.05, lat: 30.65, headingDeg: 0 }

/** A lock in clear air whose bolt is open, and everything that it said since. */
function street(hardware: 'ring-1' | 'ring-2' = 'ring-2') {
  const clock = createVirtualClock(1_750_000_000_000)
  const random = seededRandom(3)
  const heard: { readonly topic: string; readonly payload: Uint8Array }[] = []
  const air = createAir({
    random: random.split('air'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    sink: (_, topic, payload, puback) => {
      heard.push({ topic, payload })
      puback()
    },
  })
  const lock = createLock({
    ...{ lockId, keys: { keyVersion: 1, commandKey }, random, nowMs: clock.nowMs, schedule: clock.schedule },
    ...{ radio: air.radio(lockId), position: place, isLocked: false, hardware },
  })
  const actuations: Actuation[] = []
  lock.onActuation((actuation) => actuations.push(actuation))
  const wait = (ms: number) => clock.runUntil(clock.nowMs() + ms)
  const send = (channel: DownlinkKind, message: object) =>
    air.deliver(lockId, downlinkTopic(lockId, channel), JSON.stringify(message))
  let counter = 0
  function order(op: Operation): string {
    counter++
    const unsigned = { v: 1 as const, id: `c${counter}`, op, c: counter, b: lock.bootId(), dl: 1e9, a: {} }
    const timed = { ...unsigned, iat: 0, exp: 0, kv: 1 }
    send('cmd', { ...timed, m: commandMac(commandKey, lockId, timed) })
    return timed.id
  }
  const configure = (cv: number, set: LockSettings, key = commandKey) =>
    send('cfg', { v: 1, cv, set, kv: 1, m: macOf(key, configToSign(lockId, { cv, set })) })
  const said = <T>(kind: 'evt' | 'ack' | 'hello', decode: (payload: Uint8Array) => { ok: boolean; value?: unknown }) =>
    heard.filter(({ topic }) => topic === uplinkTopic(lockId, kind)).map(({ payload }) => decode(payload).value as T)
  const events = () => said<LockEvent>('evt', decodeEvent)
  wait(5_000)
  return {
    ...{ lock, wait, order, configure, send, actuations, events },
    hellos: () => said<{ cfgv: number; cap: string[]; bolt: string }>('hello', decodeHello),
    answers: (id: string) =>
      said<Acknowledgement>('ack', decodeAcknowledgement).flatMap((ack) =>
        ack.id === id ? [`${ack.st} ${ack.rc}`] : [],
      ),
    bolts: () =>
      events().flatMap((event) => (event.k === 'bolt' ? [`${event.to} by ${event.by} of ${event.cid}`] : [])),
    roll: (speedMps: number) => lock.setPosition({ ...place, speedMps }),
  }
}

describe('a lock with a motor both ways', () => {
  it('closes when it is told to, and says by which command', () => {
    const { lock, wait, order, answers, bolts } = street()
    const id = order('lock')
    wait(3_000)
    expect(lock.boltPosition()).toBe('closed')
    expect(answers(id)).toEqual(['acc ok', 'done ok'])
    expect(bolts().at(-1)).toBe(`locked by cmd of ${id}`)
  })

  it('that is closed already says so, and is no news', () => {
    const { wait, order, answers, bolts } = street()
    order('lock')
    wait(3_000)
    const before = bolts().length
    const id = order('lock')
    wait(3_000)
    expect(answers(id)).toEqual(['acc ok', 'done ok'])
    expect(bolts().length).toBe(before)
  })

  it('does not close on a turning wheel, nor by itself when it has stopped', () => {
    const { lock, wait, order, answers, actuations, roll } = street()
    roll(4)
    const id = order('lock')
    wait(3_000)
    expect(answers(id)).toEqual(['rej moving'])
    roll(0)
    wait(30_000)
    expect([lock.boltPosition(), actuations]).toEqual(['open', []])
  })

  it('whose accelerometer is dumb, and that has no satellites, does not know and does not close', () => {
    const { lock, wait, order, answers } = street()
    lock.setSky('none')
    lock.breakPart('imu', true)
    wait(60_000)
    const id = order('lock')
    wait(3_000)
    expect(answers(id)).toEqual(['rej moving'])
  })

  it('whose accelerometer is dumb asks the satellites anew: a bike that has just set off is not closed', () => {
    const { lock, wait, order, answers, actuations, roll } = street()
    lock.breakPart('imu', true)
    roll(0)
    wait(20_000)
    roll(0.5)
    roll(3)
    const id = order('lock')
    wait(3_000)
    expect([answers(id), actuations]).toEqual([['rej moving'], []])
    roll(0)
    const again = order('lock')
    wait(3_000)
    expect(answers(again)).toEqual(['acc ok', 'done ok'])
  })

  it.each([50, 300, 590, 700, 880])(
    'whose wheel begins to turn %i ms into the closing takes the bolt back',
    (afterMs) => {
      const { lock, wait, order, answers, bolts, roll } = street()
      const id = order('lock')
      // From the order to the motor it takes the message some time.
      while (lock.boltState() !== 'locking') wait(1)
      wait(afterMs)
      roll(3)
      expect(lock.boltState()).toBe('unlocking')
      wait(10_000)
      expect(lock.boltPosition()).toBe('open')
      expect(answers(id)).toEqual(['acc ok', 'fail moving'])
      expect(bolts().at(-1)).toBe(`unlocked by cmd of ${id}`)
    },
  )

  it('with a spoke in the way tries three times, says jam_close, and closes once it is free', () => {
    const { lock, wait, order, answers, bolts, actuations } = street()
    lock.jam(true)
    const id = order('lock')
    wait(10_000)
    expect(answers(id)).toEqual(['acc ok', 'fail jam'])
    expect(actuations.map(({ drive, attempt }) => `${drive} ${attempt}`)).toEqual(['close 1', 'close 2', 'close 3'])
    expect(bolts().at(-1)).toBe(`jam_close by cmd of ${id}`)
    lock.jam(false)
    const next = order('lock')
    wait(5_000)
    expect(bolts().at(-1)).toBe(`locked by cmd of ${next}`)
  })

  it('of the make without that motor says that it cannot', () => {
    const { wait, order, answers, hellos, actuations } = street('ring-1')
    const id = order('lock')
    wait(3_000)
    expect([answers(id), actuations]).toEqual([['rej unsupported'], []])
    expect(hellos()[0]?.cap).not.toContain('lock')
    expect(street().hellos()[0]?.cap).toContain('lock')
  })
})

describe('power that fails after any one thing that a closing lock does', () => {
  const cuts = Array.from({ length: 16 }, (_, afterEffects) => [
    { afterEffects, torn: false },
    { afterEffects, torn: true },
  ]).flat()

  it.each(cuts)('%o leaves a lock that closes once for it at most, says what is, and obeys again', (cut) => {
    const { lock, wait, order, hellos, actuations, bolts } = street()
    lock.armPowerCut(cut)
    const id = order('lock')
    wait(30_000)
    expect(actuations.filter(({ commandId, attempt }) => commandId === id && attempt === 1).length).toBeLessThan(2)
    const now = hellos().at(-1)
    const isHome = lock.boltPosition() === 'closed'
    if (isHome) expect([now?.bolt, bolts().at(-1)]).toEqual(['locked', `locked by cmd of ${id}`])
    else expect(now?.bolt).not.toBe('locked')
    const next = order('lock')
    wait(10_000)
    expect(lock.boltPosition()).toBe('closed')
    if (!isHome) expect(bolts().at(-1)).toBe(`locked by cmd of ${next}`)
  })
})

describe('a self-test', () => {
  it('tells that all is well', () => {
    const { wait, order, answers, events } = street()
    const id = order('selftest')
    wait(5_000)
    expect(answers(id)).toEqual(['acc ok', 'done ok'])
    expect(events().at(-1)).toMatchObject({ k: 'self', bolt: 1, gnss: 1, modem: 1, imu: 1, flash: 1, batt: 1 })
  })

  it.each(['imu', 'flash', 'gnss'] as const)('finds a broken %s', (part) => {
    const { lock, wait, order, answers, events } = street()
    lock.breakPart(part, true)
    const id = order('selftest')
    wait(5_000)
    expect(answers(id)).toEqual(['acc ok', 'fail fault'])
    expect(events().at(-1)).toMatchObject({ k: 'self', [part]: 0, bolt: 1 })
  })

  it('finds a bolt that is stuck half-way, and an empty battery', () => {
    const { lock, wait, order, events } = street()
    lock.jam(true)
    lock.pushLever()
    wait(10_000)
    lock.setBattery(9)
    order('selftest')
    wait(5_000)
    expect(events().at(-1)).toMatchObject({ k: 'self', bolt: 0, batt: 0 })
  })

  it('that power cuts short does not excuse a bolt that is forced meanwhile', () => {
    const { lock, wait, order, events } = street()
    order('lock')
    wait(5_000)
    order('selftest')
    wait(300)
    lock.reboot('power')
    lock.forceOpen()
    wait(10_000)
    expect(events().flatMap((event) => (event.k === 'alarm' ? [event.a] : []))).toEqual(['forced'])
  })

  it('that power cuts short has failed', () => {
    const { lock, wait, order, answers } = street()
    const id = order('selftest')
    wait(1_000)
    lock.reboot('brownout')
    wait(10_000)
    expect(answers(id)).toEqual(['acc ok'])
  })
})

describe('a desired configuration', () => {
  const told = (events: readonly LockEvent[]) => events.flatMap((event) => (event.k === 'cfg' ? [event] : []))

  it('is taken, told, kept through a power cut, and not told again', () => {
    const { lock, wait, configure, events, hellos } = street()
    configure(7, { park_s: 600, guard: 0 })
    wait(3_000)
    expect(told(events())).toMatchObject([{ cv: 7, ok: 1 }])
    lock.reboot('power')
    wait(10_000)
    expect(hellos().at(-1)).toMatchObject({ cfgv: 7 })
    configure(7, { park_s: 600, guard: 0 })
    wait(3_000)
    expect(told(events())).toHaveLength(1)
  })

  it('is refused, once a boot, when it is older, forged, or beyond the range of a setting', () => {
    const { wait, configure, events, hellos, lock } = street()
    configure(7, { beep: 0 })
    wait(2_000)
    for (let i = 0; i < 3; i++) {
      configure(6, { beep: 1 })
      configure(9, { guard: 0 }, new Uint8Array(32).fill(1))
      configure(8, { park_s: 5 })
      wait(2_000)
    }
    expect(told(events()).slice(1)).toMatchObject([
      { cv: 6, ok: 0, why: 'old' },
      { cv: 9, ok: 0, why: 'mac' },
      { cv: 8, ok: 0, why: 'range' },
    ])
    lock.reboot('power')
    wait(10_000)
    expect(hellos().at(-1)).toMatchObject({ cfgv: 7 })
  })

  it('that a power cut tears leaves the one before in use', () => {
    const { lock, wait, configure, hellos } = street()
    configure(7, { beep: 0 })
    wait(2_000)
    lock.armPowerCut({ afterEffects: 0, torn: true })
    configure(8, { beep: 1 })
    wait(10_000)
    expect(hellos().at(-1)).toMatchObject({ cfgv: 7 })
  })

  it('that nobody can read is nothing', () => {
    const { wait, send, events } = street()
    for (const junk of [{}, [], { cv: 4 }, { cv: -1, set: {}, kv: 1, m: 'x' }, { cv: 4, set: [], kv: 1, m: 'x' }])
      send('cfg', junk)
    wait(3_000)
    expect(told(events())).toEqual([])
  })

  it('of a hostile sender fills no memory', () => {
    const { wait, configure, events } = street()
    for (let cv = 100; cv < 160; cv++) configure(cv, { guard: 0 }, new Uint8Array(32).fill(1))
    wait(60_000)
    expect(told(events()).length).toBeLessThanOrEqual(8)
  })
})
