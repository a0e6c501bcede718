import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { seededRandom } from '../contracts/random.ts'
import type { Lock } from '../lock-simulator/body/lock.ts'
import { createLock } from '../lock-simulator/body/lock-body.ts'
import { createVirtualClock, type VirtualClock } from '../lock-simulator/body/virtual-clock.ts'
import { commandMac } from '../lock-simulator/firmware/command-mac.ts'
import { AcknowledgingRadio, type Heard } from './virtual-radio.ts'

const startMs = 1_750_000_000_000
const minuteMs = 60_000
const settledMs = 6 * minuteMs
/** Short ones, so that many end in the minutes that are measured. */
const rideMs = { least: minuteMs / 2, most: 2 * minuteMs }
const stepMs = 15_000
const commandLifeMs = 15_000
/** A lever has done its way by then. */
const closingMs = 1_000

interface StreetLock {
  readonly lock: Lock
  readonly radio: AcknowledgingRadio
  readonly key: Uint8Array
  counter: number
}

/**
 * `npm run bench -- virtual [--locks 100000] [--night 10] [--rush 2] [--riding 0.07]`: locks of the simulation with their
 * real firmware in one process and virtual time; minutes of a parked night and of a rush hour in which so large a share
 * is ridden, each opened by a signed command and closed by hand. Speeds are simulated seconds per second.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      locks: { type: 'string', default: '100000' },
      night: { type: 'string', default: '10' },
      rush: { type: 'string', default: '2' },
      riding: { type: 'string', default: '0.07' },
    },
  })
  const count = positive('locks', values.locks)
  const [nightMs, rushMs] = [positive('night', values.night) * minuteMs, positive('rush', values.rush) * minuteMs]
  const riding = positive('riding', values.riding)
  const clock = createVirtualClock(startMs)
  const heard: Heard = { messages: 0, bytes: 0 }
  const key = new Uint8Array(32).fill(7)
  const before = heapBytes()
  const beganAtMs = performance.now()
  const locks = Array.from({ length: count }, (_, index) => putUp(index, clock, heard, key))
  const bornAtMs = performance.now()
  process.stderr.write(`${count} locks after ${Math.round(bornAtMs - beganAtMs)} ms\n`)
  clock.runUntil(startMs + settledMs)
  const heapPerLock = Math.round((heapBytes() - before) / count)
  const night = measure(clock, heard, nightMs)
  process.stderr.write(`night ${JSON.stringify(night)}\n`)
  const rides = { opened: 0, closed: 0 }
  startRush(locks, clock, riding, rides)
  const rush = measure(clock, heard, rushMs)
  return {
    locks: count,
    birth_us_per_lock: Math.round(((bornAtMs - beganAtMs) * 1_000) / count),
    heap_per_lock_bytes: heapPerLock,
    rss_mib: Math.round(process.memoryUsage().rss / 2 ** 20),
    parked_speed: night.speed,
    parked_messages_per_s: night.messagesPerSecond,
    rush_speed: rush.speed,
    rush_messages_per_s: rush.messagesPerSecond,
    rush_opened: rides.opened,
    rush_closed: rides.closed,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not ${text}`)
  return value
}

function putUp(index: number, clock: VirtualClock, heard: Heard, key: Uint8Array): StreetLock {
  const lockId = `lock-bench-${index}`
  const random = seededRandom(index, 'bench')
  const radio = new AcknowledgingRadio(clock, heard, random.next())
  const position = { lon: 104 + (index % 400) / 1_000, lat: 30 + Math.floor(index / 400) / 1_000 }
  const keys = { keyVersion: 1, commandKey: key }
  const lock = createLock({ lockId, keys, random, nowMs: clock.nowMs, schedule: clock.schedule, radio, position })
  return { lock, radio, key, counter: 0 }
}

/** So large a share is ridden at any time: as one ride ends another begins elsewhere. */
function startRush(
  locks: readonly StreetLock[],
  clock: VirtualClock,
  share: number,
  rides: { opened: number; closed: number },
): void {
  const random = seededRandom('rush', 'bench')
  const later = (ms: number, act: () => void) => clock.schedule(clock.nowMs() + ms, act)
  const begin = (): void => {
    const one = random.pick(locks)
    if (one.lock.boltPosition() !== 'closed') {
      later(1_000, begin)
      return
    }
    unlock(one)
    const untilMs = clock.nowMs() + random.integer(rideMs.least, rideMs.most)
    later(3_000, () => ride(one, untilMs))
  }
  const ride = (one: StreetLock, untilMs: number): void => {
    if (one.lock.boltPosition() === 'open') rides.opened += 1
    const { lat } = one.lock.whereabouts()
    const move = (): void => {
      const isThere = clock.nowMs() >= untilMs
      const here = one.lock.whereabouts()
      const speedMps = isThere ? 0 : 4
      one.lock.setPosition({ lon: here.lon + (isThere ? 0 : 0.0005), lat, headingDeg: 90, speedMps })
      if (!isThere) later(stepMs, move)
      else {
        one.lock.pushLever()
        later(closingMs, () => {
          if (one.lock.boltPosition() === 'closed') rides.closed += 1
        })
        later(random.integer(1_000, 30_000), begin)
      }
    }
    move()
  }
  for (let rider = 0; rider < locks.length * share; rider++) later(random.integer(0, minuteMs), begin)
}

function unlock(one: StreetLock): void {
  const { lock } = one
  one.counter += 1
  const uptimeMs = lock.insight().uptimeMs
  const command = {
    v: 1 as const,
    id: `bench-${lock.lockId}-${one.counter}`,
    op: 'unlock' as const,
    c: one.counter,
    b: lock.bootId(),
    dl: uptimeMs + commandLifeMs,
    a: {},
    iat: startMs,
    exp: startMs + commandLifeMs,
    kv: 1,
  }
  const signed = { ...command, m: commandMac(one.key, lock.lockId, command) }
  one.radio.handlers?.message('cmd', new TextEncoder().encode(JSON.stringify(signed)))
}

function measure(clock: VirtualClock, heard: Heard, forMs: number) {
  const before = heard.messages
  const beganAtMs = performance.now()
  clock.runUntil(clock.nowMs() + forMs)
  const tookMs = performance.now() - beganAtMs
  return {
    speed: Math.round((forMs / tookMs) * 10) / 10,
    messagesPerSecond: Math.round(((heard.messages - before) * 1_000) / tookMs),
  }
}

/** After everything that nobody needs has been thrown away. */
function heapBytes(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
