import { createHash } from 'node:crypto'
import { pino } from 'pino'
import type { LockId } from '../../../contracts/ids.ts'
import { parseTopic } from '../../../contracts/mqtt/topics.ts'
import type { Random } from '../../../contracts/random.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import { localTimeIn } from '../../../server/city/local-time.ts'
import { readTelemetry } from '../../../server/fleet/telemetry-message.ts'
import type { LockBroker } from '../../../server/platform/broker.ts'
import type { Database } from '../../../server/platform/database.ts'
import { idsFrom } from '../../../server/platform/ids.ts'
import { localOutbox } from '../../../server/riders/code-sender.ts'
import { openRooms, type Rooms } from '../../../server/rooms.ts'
import type { Plant } from '../plants.ts'
import type { Bank } from './bank.ts'
import type { Busy } from './busy.ts'
import { createDuties } from './duties.ts'
import { createLife, type Life, never } from './life.ts'
import { mortalDatabase } from './mortal-database.ts'
import { type Notes, nameOf } from './notes.ts'
import { createOutage } from './outage.ts'
import { createServerTime } from './server-time.ts'

/** The platform's process: the real rooms on the real database, started, killed and started again. */
export interface Server {
  start(): Promise<void>
  /** kill -9, now. */
  kill(): void
  /** kill -9 at the n-th statement from now, before it is sent or before its answer is read. */
  killAtStatement(steps: number, onKilled?: () => void): void
  isUp(): boolean
  /** The machine's clock is set. */
  stepClock(byMs: number): void
  /** The database cannot be reached from now on, until this is called with false. */
  setDatabaseAway(isAway: boolean): void
  /** City time minus true time, now. */
  cityAheadMs(): number
  /** A request as the HTTP API would make it; `no_answer` when the process is down or dies meanwhile. */
  ask<T>(request: (rooms: Rooms) => Promise<T>): Promise<Answer<T>>
  /** An MQTT publish, as the broker takes it. `puback` comes after the commit, or never. */
  take(lockId: LockId, topic: string, payload: Uint8Array, puback: () => void): void
  /** The same of somebody who is no lock; true when it was refused. */
  takeHostile(lockId: LockId, topic: string, payload: Uint8Array): boolean
  /** Whether a trip may have changed since this was asked the last time. */
  hasTouchedTrips(): boolean
  /** Ends the last life for good. */
  retire(): void
  /** The rooms of the current life, for looking at only. */
  rooms(): Rooms | null
}

export type Answer<T> = { readonly kind: 'answered'; readonly value: T } | { readonly kind: 'no_answer' }

export interface ServerSettings {
  readonly db: Database
  readonly clock: VirtualClock
  readonly random: Random
  readonly notes: Notes
  readonly busy: Busy
  readonly plant: Plant
  readonly bank: () => Bank
  readonly publish: LockBroker['publish']
  readonly onDeath: () => void
  readonly logLevel: string
  /** Its clock is set now and then: what it needs to come through a kill costs statements. */
  readonly hasClockSteps: boolean
}

const startAgainMs = 2_000

export const lockMaster = new Uint8Array(32).fill(7)
const secrets = { lockMaster, riderMaster: new Uint8Array(32).fill(8) }

export function createServer(settings: ServerSettings): Server {
  const { db, clock, random, notes, busy, plant } = settings
  const outage = createOutage(clock.nowMs)
  const time = createServerTime({ clock, notes })
  const idBytes = random.split('ids')
  const ids = idsFrom((bytes) => Uint8Array.from({ length: bytes }, () => idBytes.integer(0, 255)), clock.nowMs)
  const retries = random.split('retries')
  let current: { readonly rooms: Rooms; readonly life: Life } | null = null
  let hasTouchedTrips = true
  let isRetired = false

  const loggerOf = (life: Life) => pino({ level: settings.logLevel, base: null }, { write: (line) => note(life, line) })

  /** An error in the log of a living server is a bug: nothing that is injected here is worth one. */
  function note(life: Life, line: string): void {
    if (life.isOver()) return
    const entry = JSON.parse(line) as { level: number; time: number; msg: string; err?: { message: string } }
    if (settings.logLevel !== 'error') console.error(clock.nowMs(), line.trim())
    if (entry.level < 50 || outage.isFelt()) return
    notes.found.push({ invariant: 'no-error-in-the-log', detail: `${entry.msg} ${entry.err?.message ?? ''}` })
  }

  /** Somebody starts it again until it comes up. */
  async function start(): Promise<void> {
    while (!(await tryToStart())) await new Promise<void>((r) => clock.schedule(clock.nowMs() + startAgainMs, r))
  }

  async function tryToStart(): Promise<boolean> {
    const life = createLife()
    try {
      await begin(life)
      return true
    } catch (error) {
      if (!outage.explains(error)) throw error
      life.end()
      return false
    }
  }

  async function begin(life: Life): Promise<void> {
    const duties = createDuties({ life, clock, notes, outage })
    const mortal = mortalDatabase({
      db,
      life,
      busy,
      outage,
      watch: (text, values) => {
        if (/\btrip\b/.test(text) && !text.startsWith('SELECT')) hasTouchedTrips = true
        duties.watch(text, values)
        return plant.watch(text, values)
      },
    })
    const cityClock = await time.begin(mortal)
    const rooms = await openRooms({
      db: mortal,
      clock: cityClock,
      ids,
      logger: loggerOf(life),
      random: () => retries.next(),
      publish: (...message) => (life.isOver() ? never() : settings.publish(...message)),
      provider: settings.bank().provider(life),
      codeSender: localOutbox(),
      publicUrl: 'http://zwerm',
      secrets,
      localTime: localTimeIn('Europe/Amsterdam'),
      schedule: (delayMs, work) => {
        clock.schedule(clock.nowMs() + delayMs, () => {
          if (!life.isOver()) work()
        })
      },
    })
    plant.alter(rooms)
    await rooms.ingest.start()
    life.onEnd(() => {
      current = null
      if (isRetired) return
      notes.count('server crash')
      notes.trace(`${clock.nowMs()} server died`)
      settings.onDeath()
    })
    current = { rooms, life }
    duties.begin(rooms, settings.hasClockSteps ? () => cityClock.save(mortal) : null)
  }

  function ask<T>(request: (rooms: Rooms) => Promise<T>): Promise<Answer<T>> {
    const now = current
    if (now === null) return Promise.resolve({ kind: 'no_answer' })
    return new Promise((resolve) => {
      now.life.onEnd(() => resolve({ kind: 'no_answer' }))
      request(now.rooms).then(
        (value) => resolve({ kind: 'answered', value }),
        (error: unknown) => {
          if (!outage.explains(error))
            notes.found.push({ invariant: 'no-request-fails', detail: String((error as Error).stack ?? error) })
          resolve({ kind: 'no_answer' })
        },
      )
    })
  }

  function takeHostile(lockId: LockId, topic: string, payload: Uint8Array): boolean {
    const parsed = parseTopic(topic)
    if (current === null || parsed === null) return true
    let outcome: 'stored' | 'refused' | null = null
    current.rooms.ingest.sink({ lockId, topic: parsed, payload }, (said) => {
      outcome = said
    })
    return outcome === 'refused'
  }

  function take(lockId: LockId, topic: string, payload: Uint8Array, puback: () => void): void {
    const parsed = parseTopic(topic)
    const now = current
    if (now === null || parsed === null) return
    notes.trace(`${clock.nowMs()} up ${topic} ${digest(payload)}`)
    plant.sink(now.rooms.ingest.sink)({ lockId, topic: parsed, payload }, (outcome) => {
      if (now.life.isOver()) return
      if (outcome === 'stored' && parsed.kind === 'uplink') {
        for (const name of recordsIn(lockId, parsed.uplink, payload)) {
          const key = nameOf(name)
          if (notes.acknowledged.has(key)) continue
          notes.count('record stored')
          notes.acknowledged.set(key, name)
          notes.unlooked.set(key, name)
        }
      }
      if (outcome === 'refused') notes.found.push({ invariant: 'no-report-refused', detail: `${topic} ${payload}` })
      puback()
    })
  }

  return {
    start,
    kill: () => current?.life.end(),
    killAtStatement: (steps, onKilled) => current?.life.doomedAfter(steps, onKilled),
    isUp: () => current !== null,
    ask,
    take,
    takeHostile,
    stepClock: time.step,
    setDatabaseAway: outage.set,
    cityAheadMs: time.aheadMs,
    hasTouchedTrips: () => {
      const touched = hasTouchedTrips
      hasTouchedTrips = false
      return touched
    },
    retire: () => {
      isRetired = true
      current?.life.end()
    },
    rooms: () => current?.rooms ?? null,
  }
}

/** The (b, q) of every record in a message. */
function recordsIn(lockId: LockId, kind: 'hello' | 'evt' | 'tel' | 'ack' | 'ota' | 'log', payload: Uint8Array) {
  if (kind === 'tel') {
    const telemetry = readTelemetry(payload)
    return telemetry.ok ? telemetry.value.r.map(({ q }) => ({ lockId, kind, b: telemetry.value.b, q })) : []
  }
  const { b, q } = JSON.parse(Buffer.from(payload).toString()) as { b: number; q: number }
  return [{ lockId, kind, b, q }]
}

const digest = (payload: Uint8Array) => createHash('sha256').update(payload).digest('base64').slice(0, 12)
