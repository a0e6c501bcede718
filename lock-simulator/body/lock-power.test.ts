import { describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { decodeEvent, decodeHello, decodeTelemetry } from '../../contracts/mqtt/codec.ts'
import type { Hello, LockEvent, TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import { downlinkTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { distanceM } from '../../contracts/units.ts'
import { commandMac } from '../firmware/command-mac.ts'
import { createAir } from '../radio/air.ts'
import type { LockSettings } from './lock.ts'
import { createLock } from './lock-body.ts'
import { createVirtualClock } from './virtual-clock.ts'

const lockId = asId<LockId>('lock-power-1')
const commandKey = new Uint8Array(32).fill(6)
const place = { lon: 4.73, lat: 52.36 }
const startMs = Date.UTC(2025, 5, 15, 10)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

function street(settings: Partial<LockSettings> = {}) {
  const clock = createVirtualClock(startMs)
  const random = seededRandom('lock power')
  const events: LockEvent[] = []
  const hellos: Hello[] = []
  const records: TelemetryRecord[] = []
  const air = createAir({
    random: random.split('air'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    sink: (_, topic, payload, puback) => {
      if (topic === uplinkTopic(lockId, 'evt')) keep(events, decodeEvent(payload))
      if (topic === uplinkTopic(lockId, 'hello')) keep(hellos, decodeHello(payload))
      const tel = topic === uplinkTopic(lockId, 'tel') ? decodeTelemetry(payload) : null
      if (tel?.ok && 'r' in tel.value) records.push(...tel.value.r)
      puback()
    },
  })
  const lock = createLock({
    lockId,
    keys: { keyVersion: 1, commandKey },
    random,
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    radio: air.radio(lockId),
    position: place,
    ...settings,
  })
  const wait = (ms: number) => clock.runUntil(clock.nowMs() + ms)
  let counter = 0
  const unlock = () => {
    counter++
    const command = { v: 1, id: `c${counter}`, op: 'unlock', c: counter, b: lock.bootId(), dl: 1e12, a: {} } as const
    const unsigned = { ...command, iat: 0, exp: 0, kv: 1 }
    const signed = { ...unsigned, m: commandMac(commandKey, lockId, unsigned) }
    air.deliver(lockId, downlinkTopic(lockId, 'cmd'), JSON.stringify(signed))
  }
  const levels = () => events.flatMap((event) => (event.k === 'power' ? [event.lv] : []))
  wait(5_000)
  return { clock, lock, wait, unlock, events, hellos, records, levels }
}

function keep<T>(list: T[], decoded: { readonly ok: boolean; readonly value?: T }): void {
  if (decoded.ok && decoded.value !== undefined) list.push(decoded.value)
}

describe('a lock that runs empty', () => {
  it('in a cellar says low, crit and off, each once, then goes dark, and comes back with the sun', () => {
    const { lock, wait, levels, hellos } = street({ batteryPercent: 21 })
    lock.setShade(1)
    wait(2 * dayMs)
    lock.setBattery(9)
    wait(5 * dayMs)
    lock.setBattery(3)
    wait(60 * dayMs)
    expect(levels()).toEqual(['low', 'crit', 'off'])
    lock.setBattery(0)
    wait(40 * dayMs)
    expect(lock.truth()).toMatchObject({ mode: 'off', percent: 0 })
    const before = hellos.length
    lock.setShade(0)
    wait(60 * dayMs)
    expect(levels().slice(3, 6)).toEqual(['crit', 'low', 'ok'])
    expect(hellos.length).toBeGreaterThan(before)
    expect(lock.isConnected()).toBe(true)
  })

  it('spends nothing on satellites that it cannot hear, as long as it stands', () => {
    let milliAmpHours = 0
    const { lock, wait } = street({
      receiver: 'field',
      bookEnergy: (use, spent) => {
        if (use === 'gnss') milliAmpHours += spent
      },
    })
    lock.setSky('none')
    lock.setPosition({ ...place, lat: place.lat + 0.001, headingDeg: 0, speedMps: 0 })
    wait(dayMs)
    // A look of 90 s costs 0.75 mAh: one when it was put there, then one each six hours.
    expect(milliAmpHours).toBeLessThan(6)
  })

  it('without a network keeps its last words for whenever there is one', () => {
    const { lock, wait, levels } = street()
    lock.setAntenna(false)
    lock.setBattery(7)
    wait(10 * minuteMs)
    lock.setBattery(2)
    wait(3 * hourMs)
    expect(levels()).toEqual([])
    lock.setAntenna(true)
    wait(90 * minuteMs)
    expect(levels()).toEqual(['crit', 'off'])
    expect(lock.isConnected()).toBe(false)
    expect(lock.outbox().events).toBe(0)
  })

  it('speaks once a day when it is critical, and obeys again as soon as it is charged', () => {
    const { lock, wait, records, unlock } = street()
    lock.setShade(1)
    lock.setBattery(7)
    wait(hourMs)
    const before = records.length
    wait(3 * dayMs)
    expect(records.length - before).toBeGreaterThanOrEqual(3)
    expect(records.length - before).toBeLessThanOrEqual(8)
    expect(records.at(-1)).toMatchObject({ mode: 'crit', soc: 7 })
    lock.setBattery(80)
    wait(minuteMs)
    unlock()
    wait(2_000)
    expect(lock.boltPosition()).toBe('open')
  })

  it('still tells that a ride on it is over', () => {
    const { lock, wait, events, unlock } = street()
    unlock()
    wait(2_000)
    lock.setBattery(7)
    wait(20 * minuteMs)
    expect(lock.isConnected()).toBe(true)
    lock.pushLever()
    wait(minuteMs)
    expect(events.at(-1)).toMatchObject({ k: 'bolt', to: 'locked' })
    expect(lock.isConnected()).toBe(false)
  })
})

describe('a motor that asks too much of a frozen cell', () => {
  it('resets the chip in the middle of the unlock, and the next boot says so', () => {
    const { lock, wait, unlock, hellos, events } = street()
    lock.setTemperature(-18)
    lock.setBattery(12)
    unlock()
    wait(20_000)
    expect(hellos.at(-1)).toMatchObject({ rr: 'brownout', res: [{ id: 'c1', st: 'fail', rc: 'interrupted' }] })
    expect(events).toContainEqual(expect.objectContaining({ k: 'boot', rr: 'brownout', pend: 'c1' }))
    expect(lock.truth().resets).toBe(1)
    lock.setTemperature(20)
    lock.setBattery(60)
    unlock()
    wait(5_000)
    expect(lock.boltPosition()).toBe('open')
  })
})

describe('a lock that resets itself', () => {
  it('hangs for 8 seconds, is bitten by its watchdog, and tells how long it had run', () => {
    const { lock, wait, hellos, events } = street()
    wait(hourMs)
    lock.hang()
    wait(7_000)
    expect(lock.truth().resets).toBe(0)
    wait(minuteMs)
    expect(hellos.at(-1)).toMatchObject({ rr: 'watchdog' })
    const boot = events.filter((event) => event.k === 'boot').at(-1)
    expect(boot).toMatchObject({ k: 'boot', rr: 'watchdog' })
    // To its last heartbeat before it hung.
    expect(boot?.k === 'boot' && (boot.up ?? 0)).toBeGreaterThan(hourMs - 6 * minuteMs)
  })

  it('keeps the metres that it has come, but for those since flash was last written when the power goes', () => {
    const { lock, wait, unlock, records } = street()
    unlock()
    wait(2_000)
    for (let s = 0; s < 600; s += 5) {
      lock.setPosition({ ...place, lon: place.lon + s * 1e-5, headingDeg: 90, speedMps: 4 })
      wait(5_000)
    }
    lock.hang()
    wait(minuteMs)
    expect(records.at(-1)?.od).toBeGreaterThan(2_000)
    lock.setPosition({ ...place, headingDeg: 90, speedMps: 0 })
    lock.pushLever()
    wait(minuteMs)
    lock.reboot('power')
    wait(minuteMs)
    expect(records.at(-1)?.od).toBeGreaterThan(2_000)
  })

  it('panics', () => {
    const { lock, wait, hellos } = street()
    lock.panic()
    wait(minuteMs)
    expect(hellos.at(-1)).toMatchObject({ rr: 'panic' })
  })

  it('with a clock that is a day off says that only itself vouches for it, until it hears the time', () => {
    const { lock, wait, hellos, records, clock } = street({ receiver: 'field' })
    lock.setRtc(-dayMs)
    lock.setSky('none')
    lock.reboot('panic')
    wait(10_000)
    expect(hellos.at(-1)).toMatchObject({ tq: 1 })
    expect(Math.abs((hellos.at(-1)?.t ?? 0) + dayMs - clock.nowMs())).toBeLessThan(minuteMs)
    lock.setSky('open')
    lock.pushLever()
    wait(hourMs)
    lock.setPosition({ ...place, lon: place.lon + 0.001, headingDeg: 0, speedMps: 0 })
    wait(hourMs)
    expect(records.at(-1)).toMatchObject({ tq: 3 })
  })
})

describe('a lock in its box', () => {
  it('is silent until it is taken out and its bolt is moved', () => {
    const { lock, wait, hellos } = street({ isShipped: true, isLocked: true })
    lock.setShade(1)
    wait(20 * dayMs)
    expect(hellos).toEqual([])
    expect(lock.truth().mode).toBe('ship')
    lock.forceOpen()
    wait(minuteMs)
    lock.reboot('power')
    wait(minuteMs)
    expect(hellos.length).toBe(2)
  })
})

describe('a receiver in the field', () => {
  it('takes seconds when it has slept, half a minute when power was lost, and solves all the time on a ride', () => {
    const { lock, wait, unlock, records } = street({ receiver: 'field' })
    wait(30 * minuteMs)
    unlock()
    wait(30_000)
    for (let i = 0; i < 20; i++) {
      lock.setPosition({ lon: place.lon + i * 0.0003, lat: place.lat, headingDeg: 90, speedMps: 4 })
      wait(5_000)
    }
    expect(records.at(-1)?.fa).toBeLessThan(15_000)
    expect(records.at(-1)).toMatchObject({ mode: 'riding', chg: 'dyn' })
    expect(records.at(-1)?.od).toBeGreaterThan(200)
    lock.reboot('power')
    wait(15_000)
    expect(records.at(-1)?.la).toBe(undefined)
    wait(4 * minuteMs)
    expect(records.at(-1)?.la).not.toBe(undefined)
  })

  it('that is jammed or under a roof keeps what it knew, and believes a false sky', () => {
    const { lock, wait, unlock, records } = street({ receiver: 'field' })
    unlock()
    wait(minuteMs)
    lock.jamGnss(true)
    wait(10 * minuteMs)
    expect(records.at(-1)?.fa).toBeGreaterThan(9 * minuteMs)
    lock.jamGnss(false)
    lock.spoofGnss({ eastM: 3_000, northM: 0 })
    wait(5 * minuteMs)
    const { la = 0, lo = 0, ha } = records.at(-1) ?? {}
    expect(distanceM(place, { lon: lo, lat: la })).toBeGreaterThan(2_900)
    expect(ha).toBeLessThan(20)
  })
})
