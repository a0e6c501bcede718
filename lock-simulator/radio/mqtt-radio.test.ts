import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import {
  decodeAcknowledgement,
  decodeEvent,
  decodeHello,
  decodePresence,
  decodeTelemetry,
} from '../../contracts/mqtt/codec.ts'
import type { UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import { downlinkTopic, presenceTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import type { Lock } from '../body/lock.ts'
import { createLock } from '../body/lock-body.ts'
import { realSchedule } from '../body/schedule.ts'
import { commandMac } from '../firmware/command-mac.ts'
import { createMqttRadio } from './mqtt-radio.ts'

const lockId = asId<LockId>('lock-under-test')
const commandKey = new Uint8Array(32).fill(7)

interface Heard {
  readonly topic: string
  readonly payload: Uint8Array
}

let broker: Aedes
let server: ReturnType<typeof createServer>
let url: string
let lock: Lock | undefined
const sockets = new Set<Socket>()
const heard: Heard[] = []
let wake: (() => void)[] = []

beforeEach(async () => {
  heard.length = 0
  broker = await Aedes.createBroker({
    authenticate: (client, username, password, done) => {
      const isKnown = username === client.id && password?.toString() === 'secret'
      done(isKnown ? null : (Object.assign(new Error('bad password'), { returnCode: 4 }) as AuthenticateError), isKnown)
    },
    authorizePublish: (client: Client | null, packet, done) => {
      if (client?.id === lockId || client === null)
        heard.push({ topic: packet.topic, payload: Buffer.from(packet.payload) })
      for (const look of wake) look()
      done(null)
    },
  })
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    broker.handle(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  lock?.destroy()
  lock = undefined
  wake = []
  for (const socket of sockets) socket.destroy()
  await new Promise<void>((closed) => broker.close(closed))
  await new Promise((closed) => server.close(closed))
})

/** Resolves with the first thing heard, from now on or before, that `find` accepts. */
function until<T>(find: (message: Heard) => T | null): Promise<T> {
  return new Promise((resolve) => {
    const look = () => {
      for (const message of heard) {
        const found = find(message)
        if (found !== null) {
          resolve(found)
          return
        }
      }
    }
    wake.push(look)
    look()
  })
}

function startLock(password = 'secret'): Lock {
  const random = seededRandom('mqtt-radio')
  const radio = createMqttRadio({
    lockId,
    password,
    url,
    random,
    backOff: { baseMs: 20, capMs: 50, resetAfterMs: 60_000 },
  })
  const started = createLock({
    lockId,
    keys: { keyVersion: 1, commandKey },
    random,
    nowMs: Date.now,
    schedule: realSchedule,
    radio,
    position: { lon: 103.8, lat: 30.7 },
    pubackTimeoutMs: 400,
  })
  lock = started
  return started
}

const hello = () =>
  until(({ topic, payload }) => {
    const decoded = topic.endsWith('/hello') ? decodeHello(payload) : null
    return decoded?.ok ? decoded.value : null
  })
const boltTo = (to: string) =>
  until(({ topic, payload }) => {
    const decoded = topic.endsWith('/evt') ? decodeEvent(payload) : null
    return decoded?.ok && decoded.value.k === 'bolt' && decoded.value.to === to ? decoded.value : null
  })
const presence = (on: number) =>
  until(({ topic, payload }) => {
    const decoded = topic === presenceTopic(lockId) ? decodePresence(payload) : null
    return decoded?.ok && decoded.value.on === on ? decoded.value : null
  })

function send(command: UnsignedCommand): void {
  const payload = JSON.stringify({ ...command, m: commandMac(commandKey, lockId, command) })
  const topic = downlinkTopic(lockId, 'cmd')
  broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => undefined)
}

describe('a lock on a real broker', () => {
  it('says hello first, opens on a command and reports when it is pushed closed', async () => {
    const bike = startLock()
    const greeting = await hello()
    expect(heard[0]?.topic).toMatch(/\/hello$/)
    expect(greeting).toMatchObject({ bolt: 'locked', rr: 'power', ctr: 0, res: [] })
    expect(await presence(1)).toMatchObject({ sid: greeting.sid })

    const { b } = greeting
    const [iat, exp] = [Date.now(), Date.now() + 15_000]
    send({ v: 1, id: 'open-1', op: 'unlock', c: 1, b, dl: greeting.u + 15_000, a: {}, iat, exp, kv: 1 })
    expect(await boltTo('unlocked')).toMatchObject({ by: 'cmd', cid: 'open-1', from: 'locked' })
    expect(bike.boltPosition()).toBe('open')
    const acks = await until(() => {
      const all = heard
        .filter(({ topic }) => topic.endsWith('/ack'))
        .map(({ payload }) => decodeAcknowledgement(payload))
      return all.length >= 2 ? all : null
    })
    expect(acks).toMatchObject([
      { value: { id: 'open-1', st: 'acc' } },
      { value: { id: 'open-1', st: 'done', rc: 'ok' } },
    ])

    bike.pushLever()
    expect(await boltTo('locked')).toMatchObject({ by: 'hand', from: 'unlocked', tq: 3 })
    expect(
      heard.filter(({ topic }) => topic.endsWith('/tel')).every(({ payload }) => decodeTelemetry(payload).ok),
    ).toBe(true)
  })
})
