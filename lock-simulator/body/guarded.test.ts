import { describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { decodeEvent } from '../../contracts/mqtt/codec.ts'
import type { LockEvent } from '../../contracts/mqtt/reports.ts'
import { uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { recordsOf } from '../firmware/telemetry-message.fixture.ts'
import { createAir } from '../radio/air.ts'
import { createLock } from './lock-body.ts'
import { createVirtualClock } from './virtual-clock.ts'

const lockId = asId<LockId>('lock-guarded-1')
const place = { lon: 4.726, lat: 52.3585 }
const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A bike that has stood locked for ten minutes, under a clear sky. */
function parkedBike(receiver: 'bench' | 'field' = 'bench') {
  const clock = createVirtualClock(1_750_000_000_000)
  const random = seededRandom('guarded')
  const events: LockEvent[] = []
  const told: { atMs: number; mode?: string }[] = []
  const air = createAir({
    random: random.split('air'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    sink: (_, topic, payload, puback) => {
      const event = topic === uplinkTopic(lockId, 'evt') ? decodeEvent(payload) : null
      if (event?.ok) events.push(event.value)
      if (topic === uplinkTopic(lockId, 'tel')) {
        for (const { mode } of recordsOf(payload)) told.push({ atMs: clock.nowMs(), ...(mode ? { mode } : {}) })
      }
      puback()
    },
  })
  const lock = createLock({
    ...{ lockId, random, receiver, keys: { keyVersion: 1, commandKey: new Uint8Array(32).fill(5) } },
    ...{ nowMs: clock.nowMs, schedule: clock.schedule, radio: air.radio(lockId), position: place },
  })
  const wait = (ms: number) => clock.runUntil(clock.nowMs() + ms)
  const alarms = () => events.flatMap((event) => (event.k === 'alarm' ? [event] : []))
  /** At 4 m/s to the north, for so long. */
  function carryOff(ms: number): void {
    for (let passedMs = 0; passedMs < ms; passedMs += 5_000) {
      const here = lock.whereabouts()
      lock.carry({ ...here, lat: here.lat + 20 / 111_195, headingDeg: 0, speedMps: 4 })
      wait(5_000)
    }
    lock.carry({ ...lock.whereabouts(), speedMps: 0 })
  }
  wait(10 * minuteMs)
  events.length = 0
  told.length = 0
  return { lock, wait, events, alarms, told, carryOff, kinds: () => alarms().map(({ a }) => a), now: clock.nowMs }
}

describe.each(['bench', 'field'] as const)('a parked bike that is carried off (receiver: %s)', (receiver) => {
  it('tells that it is moved, then how far, its way every 5 s, and rests where it is put down', () => {
    const { lock, wait, alarms, told, carryOff, now } = parkedBike(receiver)
    const beganAtMs = now()
    carryOff(4 * minuteMs)
    expect(alarms()[0]).toMatchObject({ a: 'move', n: 1 })
    expect(alarms()[0]?.g).toBeGreaterThan(120)
    const far = alarms().filter(({ dm }) => dm !== undefined)
    expect(far).toHaveLength(1)
    expect(far[0]?.dm).toBeGreaterThan(50)
    expect(lock.truth().mode).toBe('alarm')
    const way = told.filter(({ mode, atMs }) => mode === 'alarm' && atMs < beganAtMs + 4 * minuteMs)
    expect(way.length).toBeGreaterThan(25)
    wait(30 * minuteMs)
    expect(lock.truth().mode).toBe('parked')
    const messages = told.length
    wait(hourMs)
    expect(told.length - messages).toBeLessThan(20)
    expect(alarms().length).toBeLessThanOrEqual(4)
  })

  it('tells it later when it had no network, with its own time', () => {
    const { lock, wait, alarms, carryOff } = parkedBike(receiver)
    lock.setAntenna(false)
    carryOff(4 * minuteMs)
    wait(hourMs)
    expect(alarms()).toEqual([])
    lock.setAntenna(true)
    wait(10 * minuteMs)
    expect(alarms().map(({ a, bf }) => `${a} ${bf}`)).toEqual(['move 1', 'move 1', 'move 1'])
    expect(alarms().map(({ dm }) => dm !== undefined)).toEqual([false, true, true])
  })
})

describe('a parked bike', () => {
  it('that somebody sits down on, lifts once or knocks over tells no theft', () => {
    const { lock, wait, kinds } = parkedBike()
    lock.shake(0.6)
    wait(hourMs)
    lock.tipOver()
    wait(hourMs)
    lock.standUp()
    wait(3 * minuteMs)
    expect(kinds()).toEqual(['fall', 'fall_end'])
    expect(lock.truth().mode).toBe('parked')
  })

  it('tells of its opened case before a reset, and that it is closed after it', () => {
    const { lock, wait, kinds } = parkedBike()
    lock.openShell(true)
    lock.cutCable(true)
    wait(minuteMs)
    lock.reboot('watchdog')
    lock.openShell(false)
    wait(minuteMs)
    expect(kinds()).toEqual(['tamper', 'cable', 'tamper_end'])
  })

  it('whose chase a reset interrupts goes on with it', () => {
    const { lock, wait, kinds, carryOff } = parkedBike()
    carryOff(15_000)
    expect(kinds()).toEqual(['move'])
    lock.panic()
    wait(5_000)
    expect(lock.truth().mode).toBe('alarm')
    carryOff(2 * minuteMs)
    expect(kinds()).toEqual(['move', 'move'])
  })

  it('whose satellites are jammed tells it when it looks, and when they are back', () => {
    const { lock, wait, kinds } = parkedBike()
    lock.jamGnss(true)
    lock.shake(0.6, 10_000)
    wait(4 * minuteMs)
    lock.jamGnss(false)
    wait(10 * minuteMs)
    expect(kinds()).toEqual(['move', 'gnss_jam', 'gnss_jam_end'])
  })

  it('tells of a SIM that was refused, and of the cold, each once', () => {
    const { lock, wait, kinds } = parkedBike()
    lock.refuseSim(true)
    lock.setTemperature(-30)
    wait(30 * minuteMs)
    lock.refuseSim(false)
    lock.setTemperature(10)
    wait(30 * minuteMs)
    expect(kinds().sort()).toEqual(['sim', 'temp'])
  })

  it('tells of the next refusal too when a reset fell into the last one', () => {
    const { lock, wait, kinds } = parkedBike()
    lock.refuseSim(true)
    wait(15 * minuteMs)
    lock.reboot('watchdog')
    wait(minuteMs)
    // The modem may well say that it is refused or taken only once the chip listens: being connected is the proof.
    lock.hang()
    lock.refuseSim(false)
    wait(2 * hourMs)
    lock.refuseSim(true)
    wait(30 * minuteMs)
    lock.refuseSim(false)
    wait(30 * minuteMs)
    expect(kinds()).toEqual(['sim', 'sim'])
  })

  it('that is forced says so, and no thief who shakes it all night empties its battery or floods the air', () => {
    const { lock, wait, kinds, told } = parkedBike()
    const before = lock.truth().percent
    for (let i = 0; i < 8 * 60; i++) {
      lock.shake(0.5, 50_000)
      wait(minuteMs)
    }
    expect(kinds().length).toBeLessThan(15)
    expect(told.length).toBeLessThan(1_200)
    expect(before - lock.truth().percent).toBeLessThan(10)
    lock.forceOpen()
    wait(minuteMs)
    expect(kinds().at(-1)).toBe('forced')
  })
})
