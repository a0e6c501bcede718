import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { realSchedule } from '../../lock-simulator/body/schedule.ts'
import { type FaultyProxy, openFaultyProxy } from '../../lock-simulator/wire/faulty-proxy.ts'
import { WireRadio } from '../../lock-simulator/wire/wire-radio.ts'
import type { Uplink } from '../../server/platform/broker.ts'
import type { BrokerTls } from '../../server/platform/broker-tls.ts'
import { openCertificateAuthority } from '../../server/platform/certificate-authority.ts'
import { openTestBroker, passwordOf } from '../fixtures/lock-connection.ts'

const lockId = asId<LockId>('lock-own')
const quick = { baseMs: 20, capMs: 50, resetAfterMs: 1_000 }

let closes: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closes.reverse()) await close()
  closes = []
})

/** Things that happen, in their order, and how to wait until one has. */
function createLog() {
  const told: string[] = []
  let look: () => void = () => undefined
  return {
    told,
    tell: (word: string) => {
      told.push(word)
      look()
    },
    until: (isSo: () => boolean) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (isSo()) resolve()
        }
        look()
      }),
  }
}

/** The lock's modem on a real socket; what the firmware would be told is written down. */
function switchOn(port: number, tls: SecureContext | null = null) {
  const log = createLog()
  const radio = new WireRadio({
    ...{ lockId, password: passwordOf(lockId) ?? '', random: seededRandom(1, 'radio'), backOff: quick },
    ...{ nowMs: Date.now, schedule: realSchedule, address: { host: '127.0.0.1', port, tls } },
    ears: {
      connected: () => undefined,
      disconnected: () => undefined,
      refused: () => log.tell('refused'),
      asked: () => undefined,
      stored: () => undefined,
    },
  })
  closes.push(() => radio.switchOff())
  radio.switchOn({
    connected: () => log.tell('connected'),
    disconnected: () => log.tell('disconnected'),
    message: (channel, payload) => log.tell(`${channel} ${Buffer.from(payload).toString()}`),
    puback: (ref) => log.tell(`puback ${ref}`),
  })
  const times = (word: string) => log.told.filter((one) => one === word).length
  return { radio, told: log.told, until: log.until, times, has: (word: string) => log.until(() => times(word) > 0) }
}

async function openBroker(tls?: BrokerTls) {
  const uplinks: Uplink[] = []
  const events = createLog()
  const broker = await openTestBroker({
    onEvent: events.tell,
    ...(tls === undefined ? {} : { tls }),
    sink: (uplink, done) => {
      uplinks.push(uplink)
      done('stored')
    },
  })
  closes.push(() => broker.close())
  return { broker, events, said: () => uplinks.map(({ payload }) => Buffer.from(payload).toString()) }
}

async function openNetwork(brokerPort: number): Promise<FaultyProxy> {
  const proxy = await openFaultyProxy(brokerPort, seededRandom(1, 'lines'))
  closes.push(() => proxy.close())
  return proxy
}

const report = (ref: number) => ({ ref, channel: 'evt', payload: `report ${ref}` }) as const

/** In front of a broker: everything arrives in pieces of so many bytes, each a read of its own. */
async function openCutter(brokerPort: number, length: number): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ noDelay: true }, (lock) => {
    const broker = connect({ host: '127.0.0.1', port: brokerPort, noDelay: true })
    for (const [from, to] of [[lock, broker] as const, [broker, lock] as const]) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => to.destroy())
      let writing = Promise.resolve()
      from.on('data', (bytes: Buffer) => {
        for (let at = 0; at < bytes.length; at += length) {
          const piece = bytes.subarray(at, at + length)
          writing = writing.then(() => {
            to.write(piece)
            return new Promise((next) => setImmediate(next))
          })
        }
      })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closes.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

describe("a lock's radio on a real socket", () => {
  it.each([1, 2, 3, 7])(
    'speaks and hears through a network that cuts everything into pieces of %i bytes',
    async (n) => {
      const { broker, said } = await openBroker()
      const lock = switchOn(await openCutter(broker.port, n))
      await lock.has('connected')
      lock.radio.publish(report(1))
      await lock.has('puback 1')
      const command = 'x'.repeat(300)
      await broker.publish(downlinkTopic(lockId, 'cmd'), command)
      await lock.has(`cmd ${command}`)
      expect(said()).toContain('report 1')
    },
  )

  it('comes back by itself when its connection is cut, in the middle of a packet or between two', async () => {
    const { broker, said } = await openBroker()
    const network = await openNetwork(broker.port)
    const lock = switchOn(network.port)
    await lock.has('connected')
    network.strike('cut_in_packet')
    lock.radio.publish(report(1))
    await lock.until(() => lock.times('connected') === 2)
    network.strike('cut')
    await lock.until(() => lock.times('connected') === 3)
    lock.radio.publish(report(2))
    await lock.has('puback 2')
    expect(lock.times('puback 1')).toBe(0)
    expect(said()).not.toContain('report 1')
    expect(network.counts()).toMatchObject({ cut: 1, cut_in_packet: 1 })
  })

  it('is told nothing of a half-open connection, and takes its own place over when the firmware gives it up', async () => {
    const { broker, said } = await openBroker()
    const network = await openNetwork(broker.port)
    const lock = switchOn(network.port)
    await lock.has('connected')
    network.strike('half_open')
    lock.radio.publish(report(1))
    await broker.publish(downlinkTopic(lockId, 'cmd'), 'unheard')
    expect(broker.isConnected(lockId)).toBe(true)
    // No PUBACK comes: this is what the firmware does when it has waited for one long enough.
    lock.radio.closeConnection()
    await lock.until(() => lock.times('connected') === 2)
    expect(broker.connectedCount()).toBe(1)
    lock.radio.publish(report(2))
    await lock.has('puback 2')
    expect(lock.told).not.toContain('cmd unheard')
    expect(said().filter((payload) => payload.startsWith('report'))).toEqual(['report 2'])
  })

  it('asks again after a CONNACK that says no', async () => {
    const { broker } = await openBroker()
    const network = await openNetwork(broker.port)
    network.strike('refused')
    network.strike('refused')
    const lock = switchOn(network.port)
    await lock.has('connected')
    expect(lock.times('refused')).toBe(2)
    expect(network.counts().refused).toBe(2)
  })

  it('hears and says everything in its order when the network holds it back and lets it go byte by byte', async () => {
    const { broker, said } = await openBroker()
    const network = await openNetwork(broker.port)
    const lock = switchOn(network.port)
    await lock.has('connected')
    network.strike('late')
    for (const ref of [1, 2, 3]) lock.radio.publish(report(ref))
    network.heal()
    network.strike('splintered')
    for (const ref of [4, 5, 6]) lock.radio.publish(report(ref))
    await lock.has('puback 6')
    const all = [1, 2, 3, 4, 5, 6]
    expect(lock.told.filter((word) => word.startsWith('puback'))).toEqual(all.map((ref) => `puback ${ref}`))
    expect(said()).toEqual(all.map((ref) => `report ${ref}`))
  })

  it('speaks TLS, to the platform that it was made for and to no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zwerm-authority-'))
    closes.push(() => rm(folder, { recursive: true }))
    const authority = await openCertificateAuthority(folder, Date.now())
    const { certificatePem, ticketKeys } = authority
    const identity = await authority.serverIdentity(['127.0.0.1'], Date.now())
    const { broker, events } = await openBroker({ ...identity, port: 0, authority: certificatePem, ticketKeys })
    const port = broker.tlsPort ?? 0
    const stranger = switchOn(port, createSecureContext())
    const network = await openNetwork(port)
    const lock = switchOn(network.port, createSecureContext({ ca: [certificatePem] }))
    await lock.has('connected')
    network.strike('cut_in_packet')
    lock.radio.publish(report(1))
    await lock.until(() => lock.times('connected') === 2)
    lock.radio.publish(report(2))
    await lock.has('puback 2')
    await events.until(() => events.told.includes('tls_failed'))
    expect(stranger.told).toEqual([])
  })

  it('drops a line that is no MQTT, and dials again', async () => {
    const dialled = createLog()
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      dialled.tell('dialled')
      socket.end(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closes.push(() => server.close())
    const address = server.address()
    const lock = switchOn(typeof address === 'object' && address ? address.port : 0)
    await dialled.until(() => dialled.told.length === 3)
    expect(lock.times('connected')).toBe(0)
  })
})
