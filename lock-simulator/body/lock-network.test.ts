import { describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { decodeEvent, decodeHello } from '../../contracts/mqtt/codec.ts'
import { uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { telemetryOf } from '../firmware/telemetry-message.fixture.ts'
import { createAir } from '../radio/air.ts'
import { createLock } from './lock-body.ts'
import { createVirtualClock } from './virtual-clock.ts'

const lockId = asId<LockId>('lock-network-1')
const place = { lon: 4.726, lat: 52.3585 }
const minuteMs = 60_000

/** A lock with the modem and the receiver of a street, and everything that arrived from it. */
function street(seed: number) {
  const clock = createVirtualClock(1_750_000_000_000)
  const random = seededRandom(seed)
  const arrived: { readonly topic: string; readonly payload: Uint8Array }[] = []
  const air = createAir({
    ...{ random: random.split('air'), nowMs: clock.nowMs, schedule: clock.schedule },
    sink: (_, topic, payload, puback) => {
      arrived.push({ topic, payload })
      puback()
    },
  })
  const lock = createLock({
    ...{ lockId, random, nowMs: clock.nowMs, schedule: clock.schedule, position: place },
    keys: { keyVersion: 1, commandKey: new Uint8Array(32).fill(5) },
    radio: air.radio(lockId),
    ...{ modem: 'field', receiver: 'field', isLocked: false },
  })
  const wait = (ms: number) => clock.runUntil(clock.nowMs() + ms)
  const payloads = (kind: 'evt' | 'tel' | 'hello') =>
    arrived.filter(({ topic }) => topic === uplinkTopic(lockId, kind)).map(({ payload }) => payload)
  const ride = (minutes: number) => {
    for (let i = 0; i < minutes * 4; i++) {
      const { lon, lat } = lock.whereabouts()
      lock.setPosition({ lon: lon + 0.0008, lat: lat + 0.0001, headingDeg: 80, speedMps: 4 })
      wait(15_000)
    }
  }
  return { lock, wait, payloads, ride }
}

describe('a lock in a network as it is', () => {
  it('tells by what it is connected, and how well', () => {
    const { wait, payloads } = street(3)
    wait(10 * minuteMs)
    expect(decodeHello(payloads('hello')[0] ?? new Uint8Array())).toMatchObject({
      ok: true,
      value: { net: { rat: expect.stringMatching(/ltem|gprs/), rsrp: expect.any(Number) } },
    })
    expect(telemetryOf(payloads('tel').at(-1) ?? '').r[0]).toMatchObject({ rat: 'ltem', rsrp: expect.any(Number) })
  })

  it('that rides for hours without coverage, and is reset there, tells all of it afterwards in few bytes', () => {
    const { lock, wait, payloads, ride } = street(5)
    ride(20)
    lock.setCoverage('none')
    const toldBefore = payloads('tel').length
    ride(60)
    lock.reboot('watchdog')
    ride(60)
    lock.pushLever()
    wait(minuteMs)
    expect(payloads('tel').length).toBe(toldBefore)
    expect(lock.outbox().telemetry).toBeGreaterThan(300)
    lock.setCoverage('good')
    for (let i = 0; i < 60 && lock.outbox().telemetry > 0; i++) wait(minuteMs)
    expect(lock.outbox()).toMatchObject({ events: 0, telemetry: 0 })

    const names = payloads('tel').flatMap((payload) => {
      const { b, r } = telemetryOf(payload)
      return r.map(({ q }) => `${b}/${q}`)
    })
    expect(new Set(names).size).toBeGreaterThan(500)
    const events = payloads('evt').map(decodeEvent)
    expect(events.some((event) => event.ok && event.value.k === 'bolt' && event.value.to === 'locked')).toBe(true)
    const batches = payloads('tel').filter((payload) => telemetryOf(payload).r.length >= 20)
    const records = batches.reduce((sum, payload) => sum + telemetryOf(payload).r.length, 0)
    const bytes = batches.reduce((sum, payload) => sum + payload.length, 0)
    const raw = batches.reduce((sum, payload) => sum + JSON.stringify(telemetryOf(payload)).length, 0)
    expect(bytes / records).toBeLessThan(raw / records / 3)
  })

  it('lives the same hours again for the same seed', () => {
    const story = () => {
      const { lock, wait, payloads, ride } = street(9)
      ride(10)
      lock.setCoverage('weak')
      ride(20)
      lock.setCoverage('none')
      ride(5)
      lock.setCoverage('good')
      wait(30 * minuteMs)
      return (['hello', 'evt', 'tel'] as const).map((kind) => payloads(kind).map((payload) => `${payload}`))
    }
    expect(story()).toEqual(story())
  })
})
