import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import mqtt, { type Packet } from 'mqtt-packet'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkFilter, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import type { Random } from '../../contracts/random.ts'
import type { CrowdLock } from './crowd-orders.ts'

/** Somebody else who has a lock's password. Each resolves when the connection is over. */

const keepAliveS = 300
const stayMs = 3_000
const leaveMs = 500
const answerLimitMs = 5_000
const tooLargeBytes = 9_000

/** Takes a lock's place, hears what it is told, and says nothing. True: it was let in. */
export async function cloneLock(port: number, lock: CrowdLock): Promise<boolean> {
  const socket = await letIn(port, lock)
  if (socket === null) return false
  const subscriptions = [{ topic: downlinkFilter(asId<LockId>(lock.lockId)), qos: 1 as const }]
  send(socket, { cmd: 'subscribe', messageId: 1, subscriptions })
  await pause(stayMs)
  socket.destroy()
  return true
}

/** Publishes in a lock's name what no lock says. True: it was let in. */
export async function publishRubbish(
  port: number,
  lock: CrowdLock,
  victim: CrowdLock,
  random: Random,
): Promise<boolean> {
  const socket = await letIn(port, lock)
  if (socket === null) return false
  const own = uplinkTopic(asId<LockId>(lock.lockId), 'evt')
  const fixed = { cmd: 'publish', qos: 1, dup: false, retain: false, messageId: 7 } as const
  const rubbish: readonly (() => void)[] = [
    () => send(socket, { ...fixed, topic: own, payload: '{"v":1' }),
    () => send(socket, { ...fixed, topic: own, payload: '{"v":1,"b":-1,"q":1e99,"k":"bolt"}' }),
    () => send(socket, { ...fixed, topic: own, payload: Buffer.alloc(tooLargeBytes, 0x20) }),
    () => send(socket, { ...fixed, topic: uplinkTopic(asId<LockId>(victim.lockId), 'evt'), payload: '{}' }),
    () => send(socket, { cmd: 'subscribe', messageId: 8, subscriptions: [{ topic: '#', qos: 1 }] }),
    () => socket.write(Buffer.from([0xf0, 0xff, 0xff, 0xff, 0xff, 0x00])),
  ]
  random.pick(rubbish)()
  await pause(leaveMs)
  socket.destroy()
  return true
}

const send = (socket: Socket, packet: Packet): void => void socket.write(mqtt.generate(packet))

function letIn(port: number, { lockId, mqttPassword }: CrowdLock): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    const end = (isIn: boolean): void => {
      clearTimeout(limit)
      if (!isIn) socket.destroy()
      resolve(isIn ? socket : null)
    }
    const limit = setTimeout(end, answerLimitMs, false)
    socket.on('error', () => undefined)
    socket.once('close', () => end(false))
    socket.once('data', ([first, , , code]) => {
      socket.resume()
      end(first === 0x20 && code === 0)
    })
    send(socket, {
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: keepAliveS },
      ...{ clientId: lockId, username: lockId, password: Buffer.from(mqttPassword) },
    })
  })
}
