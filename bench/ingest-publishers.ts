import mqtt, { type MqttClient } from 'mqtt'
import type { LockId } from '../contracts/ids.ts'
import { encodeMessage } from '../contracts/mqtt/codec.ts'
import type { TelemetryRecord } from '../contracts/mqtt/reports.ts'
import { uplinkTopic } from '../contracts/mqtt/topics.ts'

/** What the bench asks of a process of publishers; each order is answered with its own kind. */
export type PublishOrder =
  | {
      readonly kind: 'connect'
      readonly port: number
      readonly password: string
      readonly lockIds: readonly LockId[]
      readonly messagesPerLock: number
      readonly recordsPerMessage: number
    }
  | { readonly kind: 'go' }

/** What a lock has unanswered at once, as its firmware does. */
const inFlight = 8

/** A record of a ride: everything that a record may hold. */
export const telemetryRecord = (q: number): TelemetryRecord => ({
  ...{ q, u: q * 10_000, t: 0, tq: 0, la: 52 + (q % 1_000) / 20_000, lo: 5 + (q % 997) / 20_000, ha: 4.2, fx: 3 },
  ...{ sv: 9, sp: 4.1, hd: (q * 7) % 360, soc: 80, bolt: 'unlocked', mv: 3_950 },
})

interface Lock {
  readonly client: MqttClient
  readonly topic: string
  readonly messages: string[]
}
let locks: readonly Lock[] = []

async function connect(order: PublishOrder & { readonly kind: 'connect' }): Promise<void> {
  await Promise.all(locks.map((lock) => lock.client.endAsync()))
  const messages = Array.from({ length: order.messagesPerLock }, (_, message) => {
    const first = message * order.recordsPerMessage
    const r = Array.from({ length: order.recordsPerMessage }, (_, index) => telemetryRecord(first + index))
    return encodeMessage({ v: 1, b: 1, r })
  })
  locks = await Promise.all(
    order.lockIds.map(async (lockId) => {
      const credentials = { clientId: lockId, username: lockId, password: order.password }
      const server = { host: '127.0.0.1', port: order.port, protocolVersion: 4 as const, keepalive: 300 }
      const client = await mqtt.connectAsync({ ...credentials, ...server, reconnectPeriod: 0 })
      return { client, topic: uplinkTopic(lockId, 'tel'), messages: [...messages] }
    }),
  )
}

async function publishRest(lock: Lock): Promise<void> {
  const message = lock.messages.shift()
  if (message === undefined) return
  await lock.client.publishAsync(lock.topic, message, { qos: 1 })
  await publishRest(lock)
}

async function obey(order: PublishOrder): Promise<void> {
  if (order.kind === 'connect') await connect(order)
  else await Promise.all(locks.flatMap((lock) => Array.from({ length: inFlight }, () => publishRest(lock))))
  process.send?.(order.kind)
}

if (process.send) {
  process.on('message', (order: PublishOrder) => void obey(order))
  process.on('disconnect', () => process.exit(0))
}
