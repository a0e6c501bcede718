import { afterEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkFilter, downlinkTopic, presenceTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import type { AedesBrokerOptions, BrokerEvent } from '../../server/platform/aedes-broker.ts'
import type { Uplink } from '../../server/platform/broker.ts'
import { connectLock, isClosed, nextMessage, openTestBroker } from '../fixtures/lock-connection.ts'

const own = asId<LockId>('lock-own')
const other = asId<LockId>('lock-other')
const stopped = { nowMs: () => epochMs(1.9e12), realNowMs: () => realMs(1.9e12), speed: () => 1 }

let close: () => Promise<void> = async () => undefined
afterEach(() => close())

async function open(over: Partial<AedesBrokerOptions> = {}) {
  const uplinks: Uplink[] = []
  const events: BrokerEvent[] = []
  const broker = await openTestBroker({
    sink: (uplink, done) => {
      uplinks.push(uplink)
      done('stored')
    },
    onEvent: (event) => void events.push(event),
    ...over,
  })
  close = () => broker.close()
  return { broker, uplinks, events, topics: () => uplinks.map((uplink) => uplink.topic) }
}

describe('a connection', () => {
  it('needs the password of the lock', async () => {
    const { broker, events } = await open()
    await expect(connectLock(broker.port, own, { password: 'wrong' })).rejects.toThrow(/user ?name or password/i)
    expect(events).toContain('wrong_password')
  })

  it('is refused to a lock that does not exist', async () => {
    const { broker } = await open()
    await expect(connectLock(broker.port, asId<LockId>('nobody'))).rejects.toThrow(/user ?name or password/i)
  })

  it("is refused under another lock's client id", async () => {
    const { broker } = await open()
    await expect(connectLock(broker.port, own, { clientId: other })).rejects.toThrow(/user ?name or password/i)
  })

  it('is taken over by a newer one of the same lock, whose will is heard', async () => {
    const { broker, uplinks } = await open()
    const will = { topic: presenceTopic(own), payload: Buffer.from('{"v":1,"on":0}'), qos: 1 as const, retain: true }
    const first = await connectLock(broker.port, own, { will })
    const second = await connectLock(broker.port, own)
    await isClosed(first)
    expect(uplinks.map((uplink) => uplink.topic.kind)).toEqual(['presence'])
    expect(broker.isConnected(own)).toBe(true)
    expect(broker.connectedCount()).toBe(1)
    await second.endAsync()
  })

  it("cannot leave a will for another lock's topic", async () => {
    const { broker } = await open()
    const will = { topic: presenceTopic(other), payload: Buffer.from('{}'), qos: 1 as const, retain: true }
    await expect(connectLock(broker.port, own, { will })).rejects.toThrow()
  })

  it('is closed when the platform says so', async () => {
    const { broker } = await open()
    const lock = await connectLock(broker.port, own)
    broker.kick(own)
    await isClosed(lock)
    expect(broker.isConnected(own)).toBe(false)
  })

  it('is shed when too many come at once and nobody may wait', async () => {
    const { broker, events } = await open({ clock: stopped, maxConnectsPerSecond: 1, maxWaitingConnects: 0 })
    const lock = await connectLock(broker.port, own)
    await expect(connectLock(broker.port, other)).rejects.toThrow()
    expect(events).toContain('shed')
    await lock.endAsync()
  })

  it('is refused to a lock that connects without end', async () => {
    const { broker } = await open({ clock: stopped })
    for (let i = 0; i < 10; i++) await (await connectLock(broker.port, own)).endAsync()
    await expect(connectLock(broker.port, own)).rejects.toThrow(/unavailable/i)
    await (await connectLock(broker.port, other)).endAsync()
  })
})

describe('a lock', () => {
  it.each([
    ["another lock's topic", uplinkTopic(other, 'evt')],
    ['a downlink topic', downlinkTopic(own, 'cmd')],
    ['the broker itself', '$SYS/x/heartbeat'],
    ['a topic of nobody', 'hello'],
  ])('that publishes to %s is disconnected', async (_, topic) => {
    const { broker, uplinks, events } = await open()
    const lock = await connectLock(broker.port, own)
    lock.publish(topic, '{}', { qos: 1 })
    await isClosed(lock)
    expect(uplinks).toEqual([])
    expect(events).toContain('forbidden_topic')
  })

  it('that publishes with QoS 2 is disconnected', async () => {
    const { broker, uplinks } = await open()
    const lock = await connectLock(broker.port, own)
    lock.publish(uplinkTopic(own, 'evt'), '{}', { qos: 2 })
    await isClosed(lock)
    expect(uplinks).toEqual([])
  })

  it.each([downlinkFilter(other), '#', '+/v1/dn/+/+', 'bss/v1/dn/+/cmd', 'bss/v1/up/lock-own/+', '$SYS/#'])(
    'cannot subscribe to %s',
    async (filter) => {
      const { broker, events } = await open()
      const lock = await connectLock(broker.port, own)
      await expect(lock.subscribeAsync(filter, { qos: 1 })).rejects.toThrow()
      expect(events).toContain('forbidden_filter')
      await lock.endAsync()
    },
  )

  it('that sends more than 8 KiB is disconnected', async () => {
    const { broker, uplinks, events } = await open()
    const lock = await connectLock(broker.port, own)
    lock.publish(uplinkTopic(own, 'tel'), 'x'.repeat(8_193), { qos: 1 })
    await isClosed(lock)
    expect(uplinks).toEqual([])
    expect(events).toContain('oversize')
  })

  it('that announces 64 MiB is disconnected after the header', async () => {
    const { broker, events } = await open()
    const lock = await connectLock(broker.port, own)
    const publishQos1Of64MiB = [0x32, 0x80, 0x80, 0x80, 0x20]
    lock.stream.write(Buffer.from([...publishQos1Of64MiB, 0x00, 0x05]))
    await isClosed(lock)
    expect(events).toContain('oversize')
  })

  it('that floods is held to its burst and disconnected', async () => {
    const { broker, uplinks, events } = await open({ clock: stopped })
    const lock = await connectLock(broker.port, own)
    for (let i = 0; i < 500; i++) lock.publish(uplinkTopic(own, 'evt'), '{}', { qos: 0 })
    await isClosed(lock)
    expect(uplinks).toHaveLength(20)
    expect(events).toContain('flood')
  })

  it('that comes back with a full outbox may empty it faster', async () => {
    const { broker, uplinks } = await open({ clock: stopped })
    const lock = await connectLock(broker.port, own)
    await lock.publishAsync(uplinkTopic(own, 'hello'), '{}', { qos: 1 })
    await Promise.all(Array.from({ length: 99 }, () => lock.publishAsync(uplinkTopic(own, 'tel'), '{}', { qos: 1 })))
    expect(uplinks).toHaveLength(100)
    await lock.endAsync()
  })

  it('is never sent what was published while it was away', async () => {
    const { broker } = await open()
    const away = await connectLock(broker.port, own, { clean: false })
    await away.subscribeAsync(downlinkFilter(own), { qos: 1 })
    await away.endAsync()
    await broker.publish(downlinkTopic(own, 'cmd'), 'stale')
    const back = await connectLock(broker.port, own, { clean: false })
    const messages: string[] = []
    back.on('message', (_, payload) => void messages.push(payload.toString()))
    await back.subscribeAsync(downlinkFilter(own), { qos: 1 })
    const fresh = nextMessage(back)
    await broker.publish(downlinkTopic(own, 'cmd'), 'fresh')
    await fresh
    expect(messages).toEqual(['fresh'])
    await back.endAsync()
  })
})

it('a command is never retained', async () => {
  const { broker } = await open()
  expect(() => broker.publish(downlinkTopic(own, 'cmd'), '{}', { retain: true })).toThrow(/never a command/)
})
