import { asId, type LockId } from '../../contracts/ids.ts'
import { decodeAcknowledgement, decodeEvent, decodeHello } from '../../contracts/mqtt/codec.ts'
import type { UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import { downlinkTopic, parseTopic } from '../../contracts/mqtt/topics.ts'
import { type Random, seededRandom } from '../../contracts/random.ts'
import type { GateOptions } from '../firmware/command-gate.ts'
import { commandMac } from '../firmware/command-mac.ts'
import { telemetryOf } from '../firmware/telemetry-message.fixture.ts'
import { type AirFaults, clearAir, createAir } from '../radio/air.ts'
import type { Actuation, Lock } from './lock.ts'
import { createLock } from './lock-body.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

export interface Misdeed {
  readonly kind: 'twice' | 'late' | 'other-boot' | 'unknown-command' | 'closed-on-a-turning-wheel'
  readonly commandId: string | null
  readonly atMs: number
}

const startMs = 1_750_000_000_000
const hourMs = 3_600_000
/** The longest back-off is 5 minutes, a broker's patience with a silent connection seven and a half. */
const healingMs = 15 * 60_000
/** The backend asks for an unlock at least every 90 s; one that is answered is at rest 10 s later. */
const obeyingMs = 200_000
const quietLooks = 80
const unlockLifetimeMs = 15_000
const resendMs = 2_500
const lockId = asId<LockId>('lock-hostile-1')
const commandKey = new Uint8Array(32).fill(9)

/** A seeded subset of the faults, at seeded strengths: some runs are all drops, some all replays. */
function faultsOf(random: Random): AirFaults {
  const maybe = (most: number) => (random.chance(0.6) ? random.next() * most : 0)
  return {
    drop: maybe(0.5),
    duplicate: maybe(0.3),
    reorder: maybe(0.3),
    replay: maybe(0.5),
    disconnect: maybe(0.03),
    halfOpen: maybe(0.01),
    delayMs: { from: 50, to: random.integer(100, 4_000) },
  }
}

/** One lock and a plain backend through one bad hour. */
export function runHour(seed: number, gateOptions: GateOptions) {
  const random = seededRandom(seed, 'hour')
  const clock = createVirtualClock(startMs)
  const backend = createBackend(random.split('backend'), clock)
  const air = createAir({
    random: random.split('air'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    faults: faultsOf(random.split('faults')),
    sink: (_, topic, payload, puback) => {
      backend.hear(topic, payload)
      puback()
    },
  })
  backend.connect((text) => air.deliver(lockId, downlinkTopic(lockId, 'cmd'), text))
  const lock = createLock({
    lockId,
    keys: { keyVersion: 1, commandKey },
    random: random.split('lock'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    radio: air.radio(lockId),
    position: { lon: 104.05, lat: 30.65 },
    gateOptions,
  })
  const misdeeds: Misdeed[] = []
  const opened = new Set<string>()
  let closings = 0
  lock.onActuation((actuation) => {
    const { drive, commandId, atMs } = actuation
    if (drive === 'close' && isTurning(lock)) misdeeds.push({ kind: 'closed-on-a-turning-wheel', commandId, atMs })
    if (actuation.attempt !== 1) return
    if (drive === 'close') closings++
    misdeeds.push(...backend.judge(actuation, opened))
    if (actuation.commandId !== null) opened.add(actuation.commandId)
  })
  lock.onBoltPosition((position) => {
    const atMs = clock.nowMs()
    if (position === 'closed' && isTurning(lock))
      misdeeds.push({ kind: 'closed-on-a-turning-wheel', commandId: null, atMs })
  })
  const trace: string[] = []
  lock.onMessage(({ direction, atMs, payload }) => trace.push(`${atMs} ${direction} ${payload}`))
  disturb(lock, random.split('hands'), clock)
  clock.runUntil(startMs + hourMs)
  const openings = opened.size
  // The world heals: everything must come to rest, and the lock must obey again.
  air.setFaults(clearAir)
  lock.setAntenna(true)
  lock.jam(false)
  roll(lock, 0)
  clock.runUntil(startMs + hourMs + healingMs)
  const openingsBefore = opened.size
  lock.pushLever()
  clock.runUntil(clock.nowMs() + obeyingMs)
  const look = () => ({
    isConnected: lock.isConnected(),
    isOutboxEmpty: lock.outbox().events + lock.outbox().telemetry === 0,
    saysWhatIs: backend.lastBolt() === lock.boltState(),
    opensAgain: opened.size > openingsBefore,
  })
  // A record may be under way just now: one quiet moment is enough.
  for (let i = 0; i < quietLooks && Object.values(look()).includes(false); i++) clock.runUntil(clock.nowMs() + 250)
  const healed = look()
  lock.destroy()
  return { misdeeds, openings: openings - closings, closings, trace, healed }
}

const isTurning = (lock: Lock): boolean => lock.whereabouts().speedMps > 1
const roll = (lock: Lock, speedMps: number): void => lock.setPosition({ ...lock.whereabouts(), speedMps })

/** Levers, jams, antennas and power cuts at random moments. */
function disturb(lock: Lock, random: Random, clock: VirtualClock): void {
  const next = (): void => {
    if (clock.nowMs() > startMs + hourMs - 60_000) return
    clock.schedule(clock.nowMs() + random.integer(1_000, 60_000), () => {
      mishap(lock, random)
      next()
    })
  }
  next()
}

function mishap(lock: Lock, random: Random): void {
  const dice = random.next()
  // Nobody pushes a lever into turning spokes.
  if (dice < 0.3 && !isTurning(lock)) lock.pushLever()
  else if (dice < 0.5) roll(lock, isTurning(lock) ? 0 : random.integer(2, 8))
  else if (dice < 0.7) lock.armPowerCut({ afterEffects: random.integer(0, 8), torn: random.chance(0.5) })
  else if (dice < 0.8) lock.reboot('watchdog')
  else if (dice < 0.9) lock.jam(random.chance(0.3))
  else lock.setAntenna(random.chance(0.7))
}

/** As much of a backend as the safety of commands needs: stamps, deadlines, counters, re-sending. */
function createBackend(random: Random, clock: VirtualClock) {
  const sent = new Map<string, UnsignedCommand>()
  const ended = new Set<string>()
  let stamps: { readonly b: number; readonly u: number; readonly atMs: number }[] = []
  /** The newest word on the bolt, by the names of records and not by when they came. */
  let last: { readonly b: number; readonly q: number; readonly bolt: string } = { b: -1, q: -1, bolt: 'unknown' }
  let counter = 0
  let deliver: (text: string) => void = () => undefined

  function hear(topic: string, payload: Uint8Array): void {
    const parsed = parseTopic(topic)
    if (parsed?.kind !== 'uplink') return
    if (parsed.uplink === 'ack') {
      const ack = decodeAcknowledgement(payload)
      if (ack.ok) ended.add(ack.value.id)
    }
    const stamp = stampOf(parsed.uplink, payload)
    if (stamp === null) return
    if (stamp.bolt !== undefined && (stamp.b > last.b || (stamp.b === last.b && stamp.q > last.q))) {
      last = { b: stamp.b, q: stamp.q, bolt: stamp.bolt }
    }
    const isNewer = stamps.every(({ b }) => stamp.b >= b)
    if (isNewer) stamps = [...stamps.filter(({ b }) => b === stamp.b), { ...stamp, atMs: clock.nowMs() }].slice(-8)
  }

  function order(): void {
    const b = stamps[0]?.b
    const op = last.bolt === 'unlocked' && random.chance(0.7) ? ('lock' as const) : ('unlock' as const)
    if (b !== undefined) {
      const nowMs = clock.nowMs()
      const exp = nowMs + unlockLifetimeMs
      const dl = Math.floor(exp + Math.max(...stamps.map(({ u, atMs }) => u - atMs - 0.0002 * (nowMs - atMs))))
      counter++
      const command = { v: 1 as const, id: `c${counter}`, op, c: counter, b, dl, a: {} }
      if (dl >= 0) publish({ ...command, iat: nowMs, exp, kv: 1 })
    }
    clock.schedule(clock.nowMs() + random.integer(5_000, 90_000), order)
  }

  function publish(command: UnsignedCommand): void {
    sent.set(command.id, command)
    const text = JSON.stringify({ ...command, m: commandMac(commandKey, lockId, command) })
    const send = () => {
      if (ended.has(command.id) || clock.nowMs() > command.exp) return
      deliver(text)
      clock.schedule(clock.nowMs() + resendMs, send)
    }
    send()
  }

  return {
    hear,
    connect: (given: (text: string) => void) => {
      deliver = given
      clock.schedule(clock.nowMs() + 5_000, order)
    },
    lastBolt: () => last.bolt,
    judge: ({ commandId, bootId, atMs }: Actuation, opened: ReadonlySet<string>): Misdeed[] => {
      const command = commandId === null ? undefined : sent.get(commandId)
      if (command === undefined || commandId === null) return [{ kind: 'unknown-command', commandId, atMs }]
      const kinds: Misdeed['kind'][] = []
      if (opened.has(commandId)) kinds.push('twice')
      if (atMs > command.exp) kinds.push('late')
      if (command.b !== bootId) kinds.push('other-boot')
      return kinds.map((kind) => ({ kind, commandId, atMs }))
    },
  }
}

interface Stamp {
  readonly b: number
  readonly q: number
  readonly u: number
  readonly bolt?: string
}

function stampOf(uplink: string, payload: Uint8Array): Stamp | null {
  if (uplink === 'tel') {
    const { b, r } = telemetryOf(payload)
    const newest = r.at(-1)
    return newest ? { b, q: newest.q, u: newest.u, bolt: newest.bolt } : null
  }
  if (uplink === 'evt') {
    const decoded = decodeEvent(payload)
    if (!decoded.ok) return null
    const { b, q, u } = decoded.value
    return decoded.value.k === 'bolt' ? { b, q, u, bolt: decoded.value.to } : { b, q, u }
  }
  const decoded = uplink === 'hello' ? decodeHello(payload) : decodeAcknowledgement(payload)
  return decoded.ok ? decoded.value : null
}
