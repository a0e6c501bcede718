import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import type { IClientOptions } from 'mqtt'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { takeovers } from '../../bench/hostile-floods.ts'
import { atTheDoor, closing, connectBytes, filters } from '../../bench/hostile-kinds.ts'
import { knock, letIn } from '../../bench/hostile-sockets.ts'
import { present } from '../../contracts/assert.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkFilter, downlinkTopic, presenceTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { createMqttRadio } from '../../lock-simulator/radio/mqtt-radio.ts'
import type { AedesBrokerOptions, BrokerEvent } from '../../server/platform/aedes-broker.ts'
import type { Uplink } from '../../server/platform/broker.ts'
import type { LockCertificate } from '../../server/platform/broker-tls.ts'
import { openCertificateAuthority, pemOf } from '../../server/platform/certificate-authority.ts'
import { realClock } from '../../server/platform/clock.ts'
import { lockKeyPair } from '../../server/provisioning/lock-key-pair.ts'
import { connectLock, isClosed, nextMessage, openTestBroker, passwordOf } from '../fixtures/lock-connection.ts'

const own = asId<LockId>('lock-own')
const other = asId<LockId>('lock-other')
const stopped = { nowMs: () => epochMs(1.9e12), realNowMs: () => realMs(1.9e12), speed: () => 1 }

const textBytes = (text: string) => [0, text.length, ...Buffer.from(text)]
const subscribeBytes = (filter: string) => [0x82, filter.length + 5, 0, 1, ...textBytes(filter), 1]
const unsubscribeBytes = (filter: string) => [0xa2, filter.length + 4, 0, 1, ...textBytes(filter)]

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

  it.each([false, true])(
    'that is thrown out while it still comes in does not slip past (over another: %s)',
    async (over) => {
      let comesIn = false
      const { broker } = await open({
        passwordOf: (lockId) => {
          if (comesIn) queueMicrotask(() => broker.kick(own))
          return passwordOf(lockId)
        },
      })
      if (over) await connectLock(broker.port, own)
      comesIn = true
      await expect(connectLock(broker.port, own)).rejects.toThrow(/closed/)
      expect([broker.isConnected(own), broker.connectedCount()]).toEqual([false, 0])
      comesIn = false
      await (await connectLock(broker.port, own)).endAsync()
    },
  )

  it('is shed when too many come at once and nobody may wait', async () => {
    const { broker, events } = await open({ clock: stopped, maxConnectsPerSecond: 1, maxWaitingConnects: 0 })
    const lock = await connectLock(broker.port, own)
    await expect(connectLock(broker.port, other)).rejects.toThrow()
    expect(events).toContain('shed')
    await lock.endAsync()
  })

  it('waits for its turn when a whole city comes at once, and is not refused', async () => {
    const { broker, events } = await open({ maxConnectsPerSecond: 60 })
    const city = Array.from({ length: 120 }, (_, index) => asId<LockId>(`lock-city-${index}`))
    const locks = await Promise.all(city.map((lockId) => connectLock(broker.port, lockId)))
    expect(broker.connectedCount()).toBe(city.length)
    expect(events).not.toContain('shed')
    await Promise.all(locks.map((lock) => lock.endAsync()))
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

  it.each([
    ['pings', [0xc0, 0x00]],
    ['asks for its own topics', subscribeBytes(downlinkFilter(own))],
    ['gives them up', unsubscribeBytes(downlinkFilter(own))],
    ['ends what never began', [0x70, 0x02, 0x00, 0x01]],
  ])('that %s without end is disconnected', async (_, packet) => {
    const { broker, events } = await open({ clock: stopped })
    const lock = await connectLock(broker.port, own)
    for (let i = 0; i < 30; i++) lock.stream.write(Buffer.from(packet))
    await lock.publishAsync(uplinkTopic(own, 'evt'), '{}', { qos: 1 })
    expect(lock.connected).toBe(true)
    lock.stream.write(Buffer.from(packet))
    await isClosed(lock)
    expect(events).toContain('flood')
  })

  it('that comes back with a full outbox may empty it faster', async () => {
    const { broker, uplinks } = await open({ clock: stopped })
    const lock = await connectLock(broker.port, own)
    expect(broker.grant(own, 100)).toBe(100)
    await Promise.all(Array.from({ length: 100 }, () => lock.publishAsync(uplinkTopic(own, 'tel'), '{}', { qos: 1 })))
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

describe('a certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zwerm-authority-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const keys = lockKeyPair(new Uint8Array(32), own, 1)

  /** A broker with a TLS port, which believes in the first certificate that `issue` makes of `own`. */
  async function openTls(holds = true, nowMs = Date.now()) {
    const authority = await openCertificateAuthority(folder, Date.now())
    const issue = async (untilMs = nowMs + 60_000, from = authority) => {
      const order = { lockId: own, publicKey: keys.publicKey, fromMs: Date.now(), untilMs }
      const { serial, certificate } = await from.issue(order)
      return { serial, client: { cert: pemOf(certificate), key: keys.privateKeyPem, ca: [authority.certificatePem] } }
    }
    const server = await authority.serverIdentity(['127.0.0.1'], Date.now())
    const { certificatePem, ticketKeys } = authority
    const tls = { ...server, port: 0, authority: certificatePem, ticketKeys }
    const certificateHolds = ({ lockId }: LockCertificate) => holds && lockId === own
    const clock = { ...stopped, realNowMs: () => realMs(nowMs) }
    const opened = await open({ tls, certificateHolds, clock })
    const port = present(opened.broker.tlsPort, 'it has a TLS port')
    const connectBy = (over: IClientOptions, lockId = own) =>
      connectLock(port, lockId, { protocol: 'mqtts', host: '127.0.0.1', ...over })
    return { ...opened, issue, connectBy, authority, port }
  }

  it('of the lock opens the door without a password, and a password does beside it', async () => {
    const { connectBy, issue, authority, events } = await openTls()
    const { client } = await issue()
    await (await connectBy({ ...client, password: 'none' })).endAsync()
    await (await connectBy({ ca: [authority.certificatePem] })).endAsync()
    expect(events.filter((event) => event === 'connected')).toHaveLength(2)
  })

  it('opens it to the radio of a lock, again and again', async () => {
    const { issue, port, broker, uplinks } = await openTls()
    const { cert, key, ca } = (await issue()).client
    const radio = createMqttRadio({
      ...{ lockId: own, url: `mqtts://127.0.0.1:${port}`, random: seededRandom('radio of a lock') },
      ...{ tls: { cert, key, ca: ca[0] }, backOff: { baseMs: 1, capMs: 1, resetAfterMs: 60_000 } },
    })
    const connections: string[] = []
    await new Promise<void>((done) =>
      radio.switchOn({
        connected: (sid) => {
          connections.push(sid)
          radio.publish({ ref: connections.length, channel: 'evt', payload: '{}' })
        },
        disconnected: () => undefined,
        message: () => undefined,
        puback: () => (connections.length < 2 ? broker.kick(own) : done()),
      }),
    )
    radio.switchOff()
    expect(uplinks.filter(({ topic }) => topic.kind === 'uplink')).toHaveLength(2)
  })

  it('lets a lock come back without a full handshake', async () => {
    const { issue, port } = await openTls()
    const { client } = await issue()
    let session: Buffer | undefined
    const handshake = () =>
      new Promise<boolean>((resolve, reject) => {
        const socket = connectTls({ host: '127.0.0.1', port, ...client, ...(session ? { session } : {}) })
        socket.once('error', reject)
        socket.on('session', (given) => {
          session = given
        })
        // The answer to this comes after the tickets.
        socket.write(connectBytes({ lockId: own, password: '' }))
        socket.once('data', () => {
          resolve(socket.isSessionReused())
          socket.destroy()
        })
      })
    expect([await handshake(), await handshake()]).toEqual([false, true])
  })

  it.each([
    ['another lock', 'certificate_of_other', {}, other],
    ['a lock that was cut off', 'certificate_revoked', { holds: false }, own],
    ['yesterday', 'certificate_expired', { lastsMs: -1_000 }, own],
    ['an authority that is not ours', 'certificate_foreign', { foreign: true }, own],
  ] as const)('of %s is refused, whatever the password, and counted', async (_, event, how, lockId) => {
    const {
      holds = true,
      lastsMs = 60_000,
      foreign = false,
    } = how as {
      readonly holds?: boolean
      readonly lastsMs?: number
      readonly foreign?: boolean
    }
    const { connectBy, issue, events } = await openTls(holds)
    const stranger = mkdtempSync(join(tmpdir(), 'zwerm-stranger-'))
    const from = foreign ? await openCertificateAuthority(stranger, Date.now()) : undefined
    const { client } = await issue(Date.now() + lastsMs, from)
    await expect(connectBy(client, lockId)).rejects.toThrow()
    expect(events).toContain(event)
    expect(events).not.toContain('connected')
    rmSync(stranger, { recursive: true })
  })

  it('is never judged where the handshake fails', async () => {
    const { events, port } = await openTls()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    expect(events).toContain('tls_failed')
  })
})

describe('some thousand bad messages', () => {
  it('are each counted, stored nowhere, and keep nobody else waiting', async () => {
    const quick = { ...realClock, speed: () => 10_000 }
    const { broker, events, uplinks } = await open({ clock: quick, maxConnectsPerSecond: 100_000 })
    const who = Array.from({ length: 20 }, (_, i) => {
      const lockId = asId<LockId>(`lock-bad-${i}`)
      return { lockId, password: passwordOf(lockId) ?? '' }
    })
    const honest = await connectLock(broker.port, own)
    const count = (kinds: readonly string[]) => events.filter((event) => kinds.includes(event)).length
    for (const kind of [...atTheDoor, ...takeovers([{ lockId: own, password: passwordOf(own) ?? '' }])]) {
      const before = count(kind.counted)
      await knock(broker.port, kind, who, 50, 25)
      expect([kind.name, count(kind.counted) - before]).toEqual([kind.name, 50])
    }
    expect([count(['connected']), count(['disconnected']), honest.connected]).toEqual([1, 0, true])
    const voices = await Promise.all(who.map((one) => letIn(broker.port, one)))
    for (const kind of filters) {
      const before = count(kind.counted)
      await Promise.all(voices.map((voice) => voice.say(kind, 1, 20)))
      expect([kind.name, count(kind.counted) - before]).toEqual([kind.name, 400])
    }
    for (const voice of voices) voice.close()
    for (const kind of closing) {
      const before = count(kind.counted)
      for (const one of who.slice(0, 5)) await (await letIn(broker.port, one)).say(kind, 1, 1)
      expect([kind.name, count(kind.counted) - before]).toEqual([kind.name, 5])
    }
    expect(uplinks).toEqual([])
    await honest.publishAsync(uplinkTopic(own, 'evt'), '{}', { qos: 1 })
    expect(uplinks).toHaveLength(1)
    await honest.endAsync()
  })
})

it('a command is never retained', async () => {
  const { broker } = await open()
  expect(() => broker.publish(downlinkTopic(own, 'cmd'), '{}', { retain: true })).toThrow(/never a command/)
})
