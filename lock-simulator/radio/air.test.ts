import { beforeEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkTopic, presenceTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { createVirtualClock } from '../body/virtual-clock.ts'
import { type Air, type AirFaults, clearAir, createAir } from './air.ts'
import type { Radio } from './radio.ts'

const lockId = asId<LockId>('lock-in-the-air')
const minuteMs = 60_000

let clock: ReturnType<typeof createVirtualClock>
let air: Air
let radio: Radio
/** What the lock saw, and what the broker saw, in order. */
let atLock: string[]
let atBroker: string[]
let acknowledges: boolean

function setUp(faults: Partial<AirFaults>, seed = 1): void {
  clock = createVirtualClock(0)
  atLock = []
  atBroker = []
  acknowledges = true
  air = createAir({
    random: seededRandom(seed),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    faults: { ...clearAir, ...faults },
    sink: (_, topic, payload, puback) => {
      atBroker.push(topic === presenceTopic(lockId) ? 'will' : new TextDecoder().decode(payload))
      if (acknowledges) puback()
    },
  })
  radio = air.radio(lockId)
  radio.switchOn({
    connected: () => atLock.push('connected'),
    disconnected: () => atLock.push('disconnected'),
    message: (channel, payload) => atLock.push(`${channel} ${new TextDecoder().decode(payload)}`),
    puback: (ref) => atLock.push(`puback ${ref}`),
  })
}

const wait = (ms: number) => clock.runUntil(clock.nowMs() + ms)
const say = (ref: number) => radio.publish({ ref, channel: 'tel', payload: `${ref}` })
const order = (text: string) => air.deliver(lockId, downlinkTopic(lockId, 'cmd'), text)

beforeEach(() => setUp({}))

describe('clear air', () => {
  it('carries both ways, in order, and brings the PUBACK after the commit', () => {
    wait(1_000)
    for (const ref of [1, 2, 3]) say(ref)
    for (const text of ['a', 'b', 'c']) order(text)
    wait(1_000)
    expect(atBroker).toEqual(['1', '2', '3'])
    expect(atLock.filter((line) => line.startsWith('puback'))).toEqual(['puback 1', 'puback 2', 'puback 3'])
    expect(atLock.filter((line) => line.startsWith('cmd'))).toEqual(['cmd a', 'cmd b', 'cmd c'])
  })

  it('brings no PUBACK that the broker did not give', () => {
    wait(1_000)
    acknowledges = false
    say(1)
    wait(minuteMs)
    expect(atBroker).toEqual(['1'])
    expect(atLock).toEqual(['connected'])
  })

  it('keeps nothing for a lock that is not connected, nor for another topic', () => {
    order('too early')
    wait(1_000)
    air.deliver(lockId, uplinkTopic(lockId, 'tel'), 'not a downlink')
    wait(1_000)
    expect(atLock).toEqual(['connected'])
  })
})

describe('an antenna that is cut', () => {
  it('is noticed by neither side at first; by the broker after seven and a half minutes', () => {
    wait(1_000)
    radio.setAntenna(false)
    say(1)
    order('open')
    wait(7 * minuteMs)
    expect(air.isConnected(lockId)).toBe(true)
    expect(atLock).toEqual(['connected'])
    expect(atBroker).toEqual([])
    wait(minuteMs)
    expect(air.isConnected(lockId)).toBe(false)
    expect(atBroker).toEqual(['will'])
    expect(atLock).toEqual(['connected'])
  })

  it('reconnects once it is back, and the old session says its will before', () => {
    wait(1_000)
    radio.setAntenna(false)
    wait(minuteMs)
    radio.setAntenna(true)
    wait(minuteMs)
    expect(atLock).toEqual(['connected', 'disconnected', 'connected'])
    expect(atBroker).toEqual(['will'])
    say(1)
    wait(1_000)
    expect(atBroker).toEqual(['will', '1'])
  })
})

describe('the cellular network beneath', () => {
  it('makes messages late, and keeps their order', () => {
    const times = [900, 100, 500, 40]
    radio.setLink?.({ connected: () => undefined, carryMs: () => times.shift() ?? 0 })
    wait(1_000)
    say(1)
    say(2)
    wait(800)
    expect(atBroker).toEqual([])
    wait(1_000)
    expect(atBroker).toEqual(['1', '2'])
  })

  it('forgets a connection without telling anybody: the broker notices after seven and a half minutes', () => {
    let isForgotten = false
    radio.setLink?.({ connected: () => undefined, carryMs: () => (isForgotten ? null : 10) })
    wait(1_000)
    isForgotten = true
    say(1)
    wait(7 * minuteMs)
    expect([atBroker, atLock, air.isConnected(lockId)]).toEqual([[], ['connected'], true])
    wait(minuteMs)
    expect(atBroker).toEqual(['will'])
  })
})

describe('a connection', () => {
  it('that the broker kicks comes back by itself', () => {
    wait(1_000)
    air.kick(lockId)
    expect(atBroker).toEqual(['will'])
    wait(minuteMs)
    expect(atLock).toEqual(['connected', 'disconnected', 'connected'])
  })

  it('that the lock gives up comes back by itself', () => {
    wait(1_000)
    radio.closeConnection()
    wait(minuteMs)
    expect(atLock).toEqual(['connected', 'disconnected', 'connected'])
  })

  it('does not come back after power off', () => {
    wait(1_000)
    radio.switchOff()
    wait(minuteMs)
    expect(atLock).toEqual(['connected'])
    expect(air.isConnected(lockId)).toBe(false)
  })
})

describe('bad air', () => {
  const texts = Array.from({ length: 400 }, (_, index) => `${index}`)
  function sendAll(faults: Partial<AirFaults>): readonly string[] {
    setUp(faults)
    wait(minuteMs)
    for (const text of texts) {
      order(text)
      wait(500)
    }
    wait(30 * minuteMs)
    return atLock.flatMap((line) => (line.startsWith('cmd ') ? [line.slice(4)] : []))
  }

  it('drops', () => {
    const got = sendAll({ drop: 0.3 })
    expect(got.length).toBeGreaterThan(texts.length * 0.6)
    expect(got.length).toBeLessThan(texts.length * 0.8)
  })

  it('duplicates and replays minutes later', () => {
    const got = sendAll({ duplicate: 0.2, replay: 0.2 })
    expect(new Set(got)).toEqual(new Set(texts))
    expect(got.length).toBeGreaterThan(texts.length * 1.3)
  })

  it('reorders', () => {
    const got = sendAll({ reorder: 0.3, delayMs: { from: 100, to: 300 } })
    expect([...got].sort((a, b) => Number(a) - Number(b))).toEqual(texts)
    expect(got).not.toEqual(texts)
  })

  it('breaks connections, which come back', () => {
    sendAll({ disconnect: 0.05 })
    expect(atLock.filter((line) => line === 'disconnected').length).toBeGreaterThan(3)
    expect(air.isConnected(lockId)).toBe(true)
  })

  it('does the same for the same seed', () => {
    const faults = { drop: 0.1, duplicate: 0.1, reorder: 0.1, replay: 0.1, disconnect: 0.01 }
    expect(sendAll(faults)).toEqual(sendAll(faults))
  })
})
