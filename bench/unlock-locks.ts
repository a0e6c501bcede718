import mqtt from 'mqtt'
import type { ProvisionedBike } from '../contracts/http/staff.ts'
import { asId, type LockId } from '../contracts/ids.ts'
import { encodeMessage } from '../contracts/mqtt/codec.ts'
import type { Acknowledgement } from '../contracts/mqtt/reports.ts'
import { downlinkFilter, uplinkTopic } from '../contracts/mqtt/topics.ts'
import { seededRandom } from '../contracts/random.ts'
import { createLock } from '../lock-simulator/body/lock-body.ts'
import { realSchedule } from '../lock-simulator/body/schedule.ts'
import { telemetryRecord } from '../lock-simulator/firmware/telemetry.ts'
import { createMqttRadio } from '../lock-simulator/radio/mqtt-radio.ts'

/** The street, in a process of its own: locks with the real firmware, and lean ones that only talk. */
export type StreetOrder =
  | {
      readonly kind: 'connect'
      readonly mqttUrl: string
      readonly firmware: readonly ProvisionedBike[]
      readonly lean: readonly ProvisionedBike[]
    }
  | { readonly kind: 'talk'; readonly recordsPerS: number }
  | { readonly kind: 'count' }

/** Moments are milliseconds since 1970 by the finest clock, the same in every process of one machine. */
export type StreetNews =
  | { readonly kind: 'connected' | 'talking' }
  | { readonly kind: 'counted'; readonly sent: number; readonly stored: number }
  | { readonly kind: 'asked'; readonly lockId: LockId; readonly atMs: number }
  | { readonly kind: 'opened'; readonly lockId: LockId; readonly atMs: number; readonly ownMs: number }

/** Below the 500 connects a second that the broker takes. */
const connectsAtOnce = 25
const talkEveryMs = 10
const place = { lon: 4.726, lat: 52.3585 }
const bootId = 1

const tell = (news: StreetNews): void => void process.send?.(news)
const nowMs = (): number => performance.timeOrigin + performance.now()

interface LeanLock {
  readonly client: mqtt.MqttClient
  readonly topic: string
  q: number
}
const lean: LeanLock[] = []
let sent = 0
let stored = 0

function startFirmware(bike: ProvisionedBike, mqttUrl: string): Promise<void> {
  const lockId = asId<LockId>(bike.lockId)
  const random = seededRandom(lockId)
  const lock = createLock({
    lockId,
    keys: { keyVersion: bike.keyVersion, commandKey: new Uint8Array(Buffer.from(bike.commandKeyHex, 'hex')) },
    random,
    nowMs: Date.now,
    schedule: realSchedule,
    radio: createMqttRadio({ lockId, password: bike.mqttPassword, url: mqttUrl, random: random.split('radio') }),
    position: place,
  })
  return new Promise((resolve) => {
    lock.onMessage(({ direction, channel, payload }) => {
      // The server's answer to the stored hello: from here on it knows this lock.
      if (direction === 'down' && channel === 'sync') resolve()
      if (direction === 'down' && channel === 'cmd') tell({ kind: 'asked', lockId, atMs: nowMs() })
      if (direction !== 'up' || channel !== 'ack') return
      const { st, ms = 0 } = JSON.parse(payload) as Acknowledgement
      if (st === 'done') tell({ kind: 'opened', lockId, atMs: nowMs(), ownMs: ms })
    })
  })
}

async function connectLean(bike: ProvisionedBike, mqttUrl: string): Promise<void> {
  const lockId = asId<LockId>(bike.lockId)
  const client = await mqtt.connectAsync(mqttUrl, {
    ...{ clientId: lockId, username: lockId, password: bike.mqttPassword },
    ...{ protocolVersion: 4, keepalive: 300, reconnectPeriod: 0 },
  })
  await client.subscribeAsync(downlinkFilter(lockId), { qos: 1 })
  client.on('message', (topic) => {
    if (topic.endsWith('/cmd')) client.publish(uplinkTopic(lockId, 'log'), 'echo', { qos: 1 })
  })
  lean.push({ client, topic: uplinkTopic(lockId, 'tel'), q: 0 })
}

async function connect(order: Extract<StreetOrder, { kind: 'connect' }>): Promise<void> {
  const firmware = order.firmware.map((bike) => () => startFirmware(bike, order.mqttUrl))
  const others = order.lean.map((bike) => () => connectLean(bike, order.mqttUrl))
  const starts = [...others, ...firmware]
  while (starts.length > 0) await Promise.all(starts.splice(0, connectsAtOnce).map((start) => start()))
}

function talk(recordsPerS: number): void {
  const startMs = performance.now()
  setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1_000) * recordsPerS)
    while (sent < due) say(lean[sent % lean.length] as LeanLock)
  }, talkEveryMs)
}

/** One record of a ride, as the firmware makes it. */
function say(lock: LeanLock): void {
  const u = Math.round(performance.now())
  const fix = { ...place, accuracyM: 4.2, dimensions: 3, satellites: 9, speedMps: 4.1, headingDeg: 70 } as const
  const stamp = { q: lock.q++, u, t: 0, tq: 0 } as const
  const battery = { percent: 80, milliVolts: 3_950 }
  const record = telemetryRecord(stamp, {
    ...{ bolt: 'unlocked', mode: 'riding', percent: battery.percent, battery },
    ...{ meters: { charge: null, odometerM: 0 }, place: { fix: { ...fix, timeMs: null }, atMs: u } },
  })
  sent += 1
  lock.client.publish(lock.topic, encodeMessage({ v: 1, b: bootId, r: [record] }), { qos: 1 }, (error) => {
    if (!error) stored += 1
  })
}

async function obey(order: StreetOrder): Promise<void> {
  switch (order.kind) {
    case 'connect':
      await connect(order)
      return tell({ kind: 'connected' })
    case 'talk':
      talk(order.recordsPerS)
      return tell({ kind: 'talking' })
    case 'count':
      return tell({ kind: 'counted', sent, stored })
  }
}

if (process.send) {
  process.on('message', (order: StreetOrder) => void obey(order))
  process.on('disconnect', () => process.exit(0))
}
