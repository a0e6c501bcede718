import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import type { Decode } from '../../contracts/mqtt/codec.ts'
import {
  decodeAcknowledgement,
  decodeEvent,
  decodeHello,
  decodePresence,
  decodeTelemetry,
} from '../../contracts/mqtt/codec.ts'
import type { UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import { downlinkTopic, presenceTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import type { Lock } from '../body/lock.ts'
import { createLock } from '../body/lock-body.ts'
import { realSchedule } from '../body/schedule.ts'
import { commandMac } from '../firmware/command-mac.ts'
import { type BenchBroker, openBenchBroker } from './bench-broker.fixture.ts'
import { createMqttRadio } from './mqtt-radio.ts'

const lockId = asId<LockId>('lock-under-test')
const commandKey = new Uint8Array(32).fill(7)

let broker: BenchBroker
const locks: Lock[] = []

beforeEach(async () => {
  broker = await openBenchBroker('secret')
})

afterEach(async () => {
  for (const lock of locks.splice(0)) lock.destroy()
  await broker.close()
})

function startLock(password = 'secret'): Lock {
  const random = seededRandom('mqtt-radio')
  const backOff = { baseMs: 20, capMs: 50, resetAfterMs: 60_000 }
  const lock = createLock({
    lockId,
    keys: { keyVersion: 1, commandKey },
    random,
    nowMs: Date.now,
    schedule: realSchedule,
    radio: createMqttRadio({ lockId, password, url: broker.url, random, backOff }),
    position: { lon: 4.7, lat: 52.3 },
    pubackTimeoutMs: 400,
  })
  locks.push(lock)
  return lock
}

/** Resolves when the `count`-th message on the topic that fits `find` has been heard. */
function nth<T>(topic: string, decode: Decode<T>, find: (value: T) => boolean, count = 1): Promise<T> {
  return broker.until(() => {
    const fitting = broker.heard.flatMap((message) => {
      const decoded = message.topic === topic ? decode(message.payload) : null
      return decoded?.ok && find(decoded.value) ? [decoded.value] : []
    })
    return fitting[count - 1] ?? null
  })
}
const hello = (count = 1) => nth(uplinkTopic(lockId, 'hello'), decodeHello, () => true, count)
const bolt = (to: string) =>
  nth(uplinkTopic(lockId, 'evt'), decodeEvent, (event) => event.k === 'bolt' && event.to === to)
const presence = (on: number) => nth(presenceTopic(lockId), decodePresence, (said) => said.on === on)
const ack = (st: string) => nth(uplinkTopic(lockId, 'ack'), decodeAcknowledgement, (said) => said.st === st)

function send(command: UnsignedCommand): void {
  const signed = { ...command, m: commandMac(commandKey, lockId, command) }
  broker.publish(downlinkTopic(lockId, 'cmd'), JSON.stringify(signed))
}

describe('a lock on a real broker', () => {
  it('says hello first, opens on a command and reports when it is pushed closed', async () => {
    const bike = startLock()
    const greeting = await hello()
    expect(broker.heard[0]?.topic).toBe(uplinkTopic(lockId, 'hello'))
    expect(greeting).toMatchObject({ bolt: 'locked', rr: 'power', ctr: 0, res: [] })
    expect(await presence(1)).toMatchObject({ sid: greeting.sid })

    const { b, u } = greeting
    const [iat, exp] = [Date.now(), Date.now() + 15_000]
    send({ v: 1, id: 'open-1', op: 'unlock', c: 1, b, dl: u + 15_000, a: {}, iat, exp, kv: 1 })
    expect(await bolt('unlocked')).toMatchObject({ by: 'cmd', cid: 'open-1', from: 'locked' })
    expect(bike.boltPosition()).toBe('open')
    expect(await ack('acc')).toMatchObject({ id: 'open-1', bolt: 'locked' })
    expect(await ack('done')).toMatchObject({ id: 'open-1', rc: 'ok', bolt: 'unlocked' })

    bike.pushLever()
    expect(await bolt('locked')).toMatchObject({ by: 'hand', from: 'unlocked', tq: 3 })
    const records = broker.heard.filter(({ topic }) => topic === uplinkTopic(lockId, 'tel'))
    expect(records.every(({ payload }) => decodeTelemetry(payload).ok)).toBe(true)
  })

  it('that loses power leaves its will behind, and comes back under the next boot id', async () => {
    const bike = startLock()
    const first = await hello()
    bike.reboot('watchdog')
    expect(await presence(0)).toMatchObject({ sid: first.sid })
    expect(await hello(2)).toMatchObject({ b: first.b + 1, rr: 'watchdog' })
  })

  it('whose antenna is cut gives up without the broker noticing, and tells all of it afterwards', async () => {
    const bike = startLock()
    await hello()
    await nth(uplinkTopic(lockId, 'tel'), decodeTelemetry, () => true)
    bike.setAntenna(false)
    const silentSince = broker.heard.length
    const gaveUp = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (bike.isConnected()) return
        clearInterval(look)
        resolve()
      }, 10)
    })
    bike.forceOpen()
    await gaveUp
    expect(broker.connections()).toBe(1)
    expect(broker.heard.length).toBe(silentSince)
    bike.setAntenna(true)
    expect(await bolt('unlocked')).toMatchObject({ by: 'force', bf: 1 })
    expect(broker.heard[silentSince + 1]?.topic).toBe(uplinkTopic(lockId, 'hello'))
    await broker.untilConnections(1)
  })

  it('with the wrong password keeps trying and is never heard', async () => {
    const bike = startLock('wrong')
    await broker.untilRefusals(3)
    expect(bike.isConnected()).toBe(false)
    expect(broker.heard).toEqual([])
  })

  it('leaves nothing open when it is destroyed', async () => {
    const bike = startLock()
    await hello()
    bike.destroy()
    await broker.untilConnections(0)
    expect(bike.isConnected()).toBe(false)
  })
})
