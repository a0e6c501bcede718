import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import {
  type Decoded,
  decodeAcknowledgement,
  decodeEvent,
  decodeHello,
  decodePresence,
  decodeTelemetry,
} from '../../contracts/mqtt/codec.ts'
import type { Operation } from '../../contracts/mqtt/commands.ts'
import { downlinkTopic, parseTopic } from '../../contracts/mqtt/topics.ts'
import { seededRandom } from '../../contracts/random.ts'
import { commandMac } from '../firmware/command-mac.ts'
import { telemetryOf } from '../firmware/telemetry-message.fixture.ts'
import { createAir } from '../radio/air.ts'
import type { Lock } from './lock.ts'
import { createLock } from './lock-body.ts'
import { createVirtualClock } from './virtual-clock.ts'

const lockId = asId<LockId>('lock-wordy-1')
const commandKey = new Uint8Array(32).fill(8)
const place = { lon: 179.9995, lat: 52.36 }

interface World {
  readonly lock: Lock
  order(op: Operation): void
}
type Act = (world: World) => void

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const anyNumber = fc.oneof(number(-1, 2), number(-1e6, 1e6))
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(number(-90, 60), number(-400, 400), number(-0.01, 0.01)).map(
    ([speedMps, headingDeg, d]): Act =>
      ({ lock }) =>
        lock.setPosition({ lon: place.lon + Math.min(d, 0.0004), lat: place.lat + d, headingDeg, speedMps }),
  ),
  fc.constantFrom<Operation>('unlock', 'lock', 'locate', 'beep', 'selftest', 'reboot').map(
    (op): Act =>
      (world) =>
        world.order(op),
  ),
  fc.tuple(anyNumber, fc.nat(20_000)).map(
    ([g, ms]): Act =>
      ({ lock }) =>
        lock.shake(g, ms),
  ),
  anyNumber.map(
    (celsius): Act =>
      ({ lock }) =>
        lock.setTemperature(celsius),
  ),
  anyNumber.map(
    (percent): Act =>
      ({ lock }) =>
        lock.setBattery(percent),
  ),
  fc.constantFrom<Parameters<Lock['reboot']>[0]>('power', 'brownout', 'watchdog', 'ota').map(
    (reason): Act =>
      ({ lock }) =>
        lock.reboot(reason),
  ),
  fc.tuple(anyNumber, anyNumber).map(
    ([eastM, northM]): Act =>
      ({ lock }) =>
        lock.spoofGnss({ eastM, northM }),
  ),
  fc.oneof(fc.constant(null), number(-1e14, 1e14)).map(
    (errorMs): Act =>
      ({ lock }) =>
        lock.setRtc(errorMs),
  ),
  fc.constantFrom<Act>(
    ({ lock }) => lock.pushLever(),
    ({ lock }) => lock.forceOpen(),
    ({ lock }) => lock.tipOver(),
    ({ lock }) => lock.openShell(true),
    ({ lock }) => lock.openShell(false),
    ({ lock }) => lock.cutCable(true),
    ({ lock }) => lock.jamGnss(true),
    ({ lock }) => lock.jamGnss(false),
    ({ lock }) => lock.setSky('canyon'),
    ({ lock }) => lock.setSky('none'),
    ({ lock }) => lock.setAntenna(false),
    ({ lock }) => lock.setAntenna(true),
    ({ lock }) => lock.setCoverage('weak'),
    ({ lock }) => lock.setCoverage('good'),
    ({ lock }) => lock.breakPart('imu', true),
    ({ lock }) => lock.hang(),
  ),
)

/** Why the platform would have refused it; null: it would not. */
function refusalOf(topic: string, payload: Uint8Array): string | null {
  const parsed = parseTopic(topic)
  if (parsed === null) return `no such topic: ${topic}`
  if (parsed.kind === 'uplink' && parsed.uplink === 'tel') return refusalOfTelemetry(payload)
  const decoded = decoders[parsed.kind === 'uplink' ? parsed.uplink : parsed.kind](payload)
  return decoded.ok ? null : decoded.why
}

const decoders = {
  ...{ hello: decodeHello, evt: decodeEvent, ack: decodeAcknowledgement },
  ...{ tel: decodeTelemetry, presence: decodePresence, log: neverSaid, ota: neverSaid },
}

/** This firmware writes no diagnostics and takes no images. */
function neverSaid(): Decoded<never> {
  return { ok: false, why: 'never said' }
}

function refusalOfTelemetry(payload: Uint8Array): string | null {
  try {
    telemetryOf(payload)
    return null
  } catch (error) {
    return String(error)
  }
}

describe('whatever is done to a lock', () => {
  it('each of its messages can be read, and time never stands still for it', () => {
    let [words, mostWakes] = [0, 0]
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(act, fc.integer({ min: 1, max: 900_000 })), { minLength: 20, maxLength: 40 }),
        (seed, acts) => {
          const clock = createVirtualClock(1_750_000_000_000)
          const random = seededRandom(seed)
          const refused: string[] = []
          const air = createAir({
            ...{ random: random.split('air'), nowMs: clock.nowMs, schedule: clock.schedule },
            sink: (_, topic, payload, puback) => {
              words++
              const why = refusalOf(topic, payload)
              if (why !== null) refused.push(`${why}: ${new TextDecoder().decode(payload)}`)
              puback()
            },
          })
          const lock = createLock({
            ...{ lockId, keys: { keyVersion: 1, commandKey }, random, nowMs: clock.nowMs, schedule: clock.schedule },
            ...{ radio: air.radio(lockId), position: place, receiver: 'field', modem: 'field' },
          })
          let c = 0
          const order = (op: Operation) => {
            const unsigned = {
              v: 1 as const,
              id: `c${++c}`,
              op,
              c,
              b: lock.bootId(),
              dl: 1e9,
              a: {},
              iat: 0,
              exp: 0,
              kv: 1,
            }
            const signed = { ...unsigned, m: commandMac(commandKey, lockId, unsigned) }
            air.deliver(lockId, downlinkTopic(lockId, 'cmd'), JSON.stringify(signed))
          }
          for (const [one, laterMs] of acts) {
            one({ lock, order })
            const untilMs = clock.nowMs() + laterMs
            let wakes = 0
            while (clock.step(untilMs)) wakes++
            clock.runUntil(untilMs)
            mostWakes = Math.max(mostWakes, wakes / (60 + laterMs / 1_000))
          }
          lock.destroy()
          expect(refused).toEqual([])
        },
      ),
      { numRuns: 16, seed: 1 },
    )
    expect(words).toBeGreaterThan(500)
    // In any stretch of time, a minute of grace included, no more than a few steps a second.
    expect(mostWakes).toBeLessThan(20)
  })
})
