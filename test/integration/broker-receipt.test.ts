import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkFilter, downlinkTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import type { BrokerEvent } from '../../server/platform/aedes-broker.ts'
import { connectLock, nextMessage, openTestBroker } from '../fixtures/lock-connection.ts'

const lockId = asId<LockId>('lock-own')
const rounds = 50

let closes: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closes.reverse()) await close()
  closes = []
})

describe('a PUBACK', () => {
  it('waits for the store, and comes in the order of the messages however the store answers', async () => {
    const answers: (() => void)[] = []
    let allCame: () => void = () => undefined
    const came = new Promise<void>((resolve) => {
      allCame = resolve
    })
    const broker = await openTestBroker({
      sink: (_, done) => {
        answers.push(() => done('stored'))
        if (answers.length === 3) allCame()
      },
    })
    closes.push(() => broker.close())
    const lock = await connectLock(broker.port, lockId)
    closes.push(() => lock.endAsync())

    const acknowledged: number[] = []
    const publishes = [0, 1, 2].map(async (index) => {
      await lock.publishAsync(uplinkTopic(lockId, 'evt'), String(index), { qos: 1 })
      acknowledged.push(index)
    })
    await came
    answers[2]?.()
    answers[1]?.()
    await broker.publish(downlinkTopic(lockId, 'sync'), '{}')
    expect(acknowledged).toEqual([])
    answers[0]?.()
    await Promise.all(publishes)
    expect(acknowledged).toEqual([0, 1, 2])
  })
})

describe('a message that is overtaken in the same tick', () => {
  const publish = (topic: 'cfg' | 'cmd', retain: boolean) =>
    ({ cmd: 'publish', topic: downlinkTopic(lockId, topic), payload: topic, qos: 1, retain, dup: false }) as const

  /** Topics that come in until `last` has come. */
  async function received(port: number, send: () => void): Promise<readonly string[]> {
    const lock = await connectLock(port, lockId)
    closes.push(() => lock.endAsync())
    await lock.subscribeAsync(downlinkFilter(lockId), { qos: 1 })
    const topics: string[] = []
    lock.on('message', (topic) => void topics.push(topic.split('/').at(-1) ?? ''))
    send()
    while (topics.at(-1) !== 'fw') await nextMessage(lock)
    return topics
  }

  it('is lost by aedes as it comes: the trap', async () => {
    const aedes = await Aedes.createBroker()
    const server = createServer(aedes.handle)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closes.push(() => new Promise((resolve) => aedes.close(() => server.close(resolve))))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const topics = await received(port, () => {
      for (let i = 0; i < rounds; i++) {
        aedes.publish(publish('cfg', true), () => undefined)
        aedes.publish(publish('cmd', false), () => undefined)
      }
      const last = { ...publish('cfg', true), topic: downlinkTopic(lockId, 'fw') }
      aedes.publish(last, () => undefined)
    })
    expect(topics.filter((topic) => topic === 'cmd')).toHaveLength(rounds)
    expect(topics.filter((topic) => topic === 'cfg').length).toBeLessThan(rounds)
  })

  it('arrives through our broker', async () => {
    const broker = await openTestBroker()
    closes.push(() => broker.close())
    const topics = await received(broker.port, () => {
      const all = Array.from({ length: rounds }, () => [
        broker.publish(downlinkTopic(lockId, 'cfg'), 'cfg', { retain: true }),
        broker.publish(downlinkTopic(lockId, 'cmd'), 'cmd'),
      ])
      closes.push(() => Promise.all(all.flat()))
      closes.push(() => broker.publish(downlinkTopic(lockId, 'fw'), 'fw', { retain: true }))
      void broker.publish(downlinkTopic(lockId, 'fw'), 'fw', { retain: true })
    })
    expect(topics.filter((topic) => topic === 'cmd')).toHaveLength(rounds)
    expect(topics.filter((topic) => topic === 'cfg')).toHaveLength(rounds)
  })
})

it('what a lock should become is told at every SUBSCRIBE, its newest only, and to no other lock', async () => {
  const broker = await openTestBroker()
  closes.push(() => broker.close())
  for (const state of ['older', 'newer']) {
    await broker.publish(downlinkTopic(lockId, 'cfg'), state, { retain: true })
    await broker.publish(downlinkTopic(asId<LockId>('lock-other'), 'cfg'), `${state} of another`, { retain: true })
  }
  for (let visit = 0; visit < 2; visit++) {
    const lock = await connectLock(broker.port, lockId)
    const heard: string[] = []
    lock.on('message', (_, payload) => void heard.push(payload.toString()))
    const newest = nextMessage(lock)
    await lock.subscribeAsync(downlinkFilter(lockId), { qos: 1 })
    await newest
    const last = nextMessage(lock)
    await broker.publish(downlinkTopic(lockId, 'cmd'), 'last')
    await last
    await lock.endAsync()
    expect(heard).toEqual(['newer', 'last'])
  }
})

it('a broker that closes waits for nobody who has not said who it is', async () => {
  const events: BrokerEvent[] = []
  const broker = await openTestBroker({ onEvent: (event) => void events.push(event) })
  const silent = connect(broker.port, '127.0.0.1')
  silent.on('error', () => undefined)
  await once(silent, 'connect')
  // Its socket is with the broker when a later one has been answered.
  await (await connectLock(broker.port, lockId)).endAsync()
  await Promise.all([broker.close(), once(silent, 'close')])
  expect(events).not.toContain('no_connect')
})
