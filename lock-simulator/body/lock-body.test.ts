import { describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { decodeEvent, decodeHello } from '../../contracts/mqtt/codec.ts'
import type { LockEvent, TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import { downlinkTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { distanceM } from '../../contracts/units.ts'
import { commandMac } from '../firmware/command-mac.ts'
import { recordsOf } from '../firmware/telemetry-message.fixture.ts'
import { createAir } from '../radio/air.ts'
import { createLock } from './lock-body.ts'
import { createVirtualClock } from './virtual-clock.ts'

const lockId = asId<LockId>('lock-body-1')
const commandKey = new Uint8Array(32).fill(5)
const place = { lon: 104.05, lat: 30.65 }
const minuteMs = 60_000

/** One lock in clear air, and everything that arrived from it. */
function street(seed = 1) {
  const clock = createVirtualClock(1_750_000_000_000)
  const random = seededRandom(seed)
  const arrived: { readonly topic: string; readonly payload: Uint8Array }[] = []
  const air = createAir({
    random: random.split('air'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    sink: (_, topic, payload, puback) => {
      arrived.push({ topic, payload })
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
  })
  const wait = (ms: number) => clock.runUntil(clock.nowMs() + ms)
  const heard = <T>(kind: 'evt' | 'tel' | 'hello', decode: (payload: Uint8Array) => { ok: boolean; value?: T }) =>
    arrived.filter(({ topic }) => topic === uplinkTopic(lockId, kind)).map(({ payload }) => decode(payload).value as T)
  const events = () => heard<LockEvent>('evt', decodeEvent)
  const bolts = () => events().flatMap((event) => (event.k === 'bolt' ? [`${event.to} by ${event.by}`] : []))
  const records = () =>
    heard<readonly TelemetryRecord[]>('tel', (payload) => ({ ok: true, value: recordsOf(payload) })).flat()
  const hellos = () => heard('hello', decodeHello) as { b: number; bolt: string; rr: string; res: unknown[] }[]
  let counter = 0
  function unlock() {
    counter++
    const command = {
      v: 1 as const,
      id: `c${counter}`,
      op: 'unlock' as const,
      c: counter,
      b: lock.bootId(),
      dl: 1e9,
      a: {},
    }
    const unsigned = { ...command, iat: 0, exp: 0, kv: 1 }
    const signed = { ...unsigned, m: commandMac(commandKey, lockId, unsigned) }
    air.deliver(lockId, downlinkTopic(lockId, 'cmd'), JSON.stringify(signed))
  }
  wait(5_000)
  return { lock, wait, events, bolts, records, hellos, unlock, arrived }
}

describe('a lock on the street', () => {
  it('opens in about a second and closes when it is pushed', () => {
    const { lock, wait, bolts, unlock } = street()
    unlock()
    wait(1_500)
    expect(lock.boltPosition()).toBe('open')
    expect(lock.boltState()).toBe('unlocked')
    lock.pushLever()
    wait(2_000)
    expect(lock.boltPosition()).toBe('closed')
    expect(bolts()).toEqual(['unlocked by cmd', 'locked by hand'])
  })

  it('that is jammed tries three times, gives up, and opens once it is free', () => {
    const { lock, wait, bolts, unlock } = street()
    const attempts: number[] = []
    lock.onActuation(({ attempt }) => attempts.push(attempt))
    lock.jam(true)
    unlock()
    wait(10_000)
    expect(attempts).toEqual([1, 2, 3])
    lock.jam(false)
    unlock()
    wait(3_000)
    expect(bolts()).toEqual(['jam_open by cmd', 'unlocked by cmd'])
  })

  it('that is pushed against a spoke says jam_close, and locked after the second push', () => {
    const { lock, wait, bolts, unlock } = street()
    unlock()
    wait(2_000)
    lock.jam(true)
    lock.pushLever()
    wait(10_000)
    lock.jam(false)
    lock.pushLever()
    wait(2_000)
    expect(bolts()).toEqual(['unlocked by cmd', 'jam_close by hand', 'locked by hand'])
  })

  it('that is broken open raises an alarm', () => {
    const { lock, wait, events } = street()
    lock.forceOpen()
    wait(2_000)
    expect(events().slice(-2)).toMatchObject([
      { k: 'bolt', to: 'unlocked', by: 'force' },
      { k: 'alarm', a: 'forced' },
    ])
  })

  it('keeps what happened in a cellar and tells it afterwards, once, with the time when it happened', () => {
    const { lock, wait, events, unlock } = street()
    unlock()
    wait(2_000)
    lock.setAntenna(false)
    wait(10 * minuteMs)
    lock.pushLever()
    wait(50 * minuteMs)
    expect(lock.outbox().events).toBe(1)
    lock.setAntenna(true)
    wait(5 * minuteMs)
    const closings = events().filter((event) => event.k === 'bolt' && event.to === 'locked')
    expect(closings).toMatchObject([{ bf: 1, by: 'hand', tq: 3 }])
    expect(Math.abs((closings[0]?.t ?? 0) - (1_750_000_000_000 + 5_000 + 2_000 + 10 * minuteMs + 600))).toBeLessThan(
      1_000,
    )
    expect(lock.outbox()).toMatchObject({ events: 0, telemetry: 0 })
  })

  it('keeps an event even through a power cut in the cellar', () => {
    const { lock, wait, bolts, unlock } = street()
    unlock()
    wait(2_000)
    lock.setAntenna(false)
    lock.pushLever()
    wait(minuteMs)
    lock.reboot('watchdog')
    wait(minuteMs)
    lock.setAntenna(true)
    wait(10 * minuteMs)
    expect(bolts()).toEqual(['unlocked by cmd', 'locked by hand'])
  })

  it('that is pushed closed while it has no power finds out at boot', () => {
    const { lock, wait, bolts, hellos, unlock } = street()
    unlock()
    wait(2_000)
    lock.reboot('brownout')
    lock.pushLever()
    wait(10_000)
    expect(bolts()).toEqual(['unlocked by cmd', 'locked by hand'])
    expect(hellos().at(-1)).toMatchObject({ bolt: 'locked', rr: 'brownout' })
  })

  it('whose power fails while the motor turns says so at the next boot', () => {
    const { lock, wait, events, hellos, unlock } = street()
    const first = lock.bootId()
    // The fourth thing that it does for an unlock comes after flash, acceptance and motor.
    lock.armPowerCut({ afterEffects: 3, torn: false })
    unlock()
    wait(10_000)
    expect(lock.bootId()).toBe(first + 1)
    expect(hellos().at(-1)).toMatchObject({ rr: 'brownout', res: [{ id: 'c1', st: 'fail', rc: 'interrupted' }] })
    expect(events()).toContainEqual(expect.objectContaining({ k: 'boot', pend: 'c1' }))
  })

  it('whose journal is torn before the motor moves never moves it', () => {
    const { lock, wait, hellos, unlock } = street()
    let moved = 0
    lock.onActuation(() => moved++)
    lock.armPowerCut({ afterEffects: 0, torn: true })
    unlock()
    wait(10_000)
    expect(moved).toBe(0)
    expect(hellos().at(-1)).toMatchObject({ rr: 'brownout', res: [] })
  })

  it('that is ridden reports where it is, honestly', () => {
    const { lock, wait, records, unlock } = street()
    unlock()
    wait(2_000)
    const errors: number[] = []
    for (let i = 0; i < 120; i++) {
      const truth = { lon: place.lon + i * 0.0005, lat: place.lat }
      lock.setPosition({ ...truth, headingDeg: 90, speedMps: 4.8 })
      const before = records().length
      wait(10_000)
      const last = records()[before]
      if (last?.la !== undefined && last.lo !== undefined) {
        errors.push(distanceM(truth, { lon: last.lo, lat: last.la }) / (last.ha ?? 1))
      }
    }
    expect(errors.length).toBeGreaterThan(20)
    // Two-dimensional error over its own estimate: beyond 3.5 would be a lie in more than a thousandth.
    expect(errors.filter((error) => error > 3.5).length).toBeLessThanOrEqual(errors.length * 0.05)
  })

  it('does not wander on the map while it stands', () => {
    const { wait, records } = street()
    wait(5 * 3_600_000)
    const placed = records().filter(({ la }) => la !== undefined)
    // Once when it connects and once when the server asks, not with each heartbeat.
    expect(placed.length).toBeLessThanOrEqual(2)
    const places = new Set(placed.map(({ la, lo }) => `${la},${lo}`))
    expect(records().length).toBeGreaterThan(50)
    expect(places.size).toBe(1)
  })

  it('without sky keeps its last position, and says how old it is', () => {
    const { lock, wait, records, unlock } = street()
    lock.setSky('none')
    unlock()
    wait(2_000)
    lock.setPosition({ lon: 104.2, lat: 30.7, headingDeg: 0, speedMps: 5 })
    wait(10 * minuteMs)
    expect(records().at(-1)).toMatchObject({ la: expect.closeTo(place.lat, 3) })
    expect(records().at(-1)?.fa).toBeGreaterThan(9 * minuteMs)
  })

  it('does the same for the same seed, byte by byte', () => {
    const story = (seed: number) => {
      const { lock, wait, unlock, arrived } = street(seed)
      unlock()
      wait(minuteMs)
      lock.pushLever()
      wait(10 * minuteMs)
      return arrived.map(({ topic, payload }) => `${topic} ${new TextDecoder().decode(payload)}`)
    }
    expect(story(7)).toEqual(story(7))
    expect(story(7)).not.toEqual(story(8))
  })

  it('falls silent when it is destroyed', () => {
    const { lock, wait, arrived } = street()
    lock.destroy()
    const before = arrived.length
    lock.pushLever()
    lock.setPosition({ ...place, headingDeg: 0, speedMps: 3 })
    lock.setBattery(3)
    wait(60 * minuteMs)
    expect(arrived.length).toBe(before)
  })
})
