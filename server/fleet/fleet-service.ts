import type { Logger } from 'pino'
import { isBikeNumber } from '../../contracts/bike-number.ts'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import type { BikeDetails } from '../../contracts/http/staff.ts'
import type { TripState } from '../../contracts/http/trips.ts'
import type { BikeCode, BikeId, BikeNumber, LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import type { Sync } from '../../contracts/mqtt/commands.ts'
import type { Hello } from '../../contracts/mqtt/reports.ts'
import { downlinkTopic } from '../../contracts/mqtt/topics.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { LockBroker } from '../platform/broker.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { addBike, type BikeToAdd, publicIdBytes } from './add-bike.ts'
import { type BikeCustody, type CustodyMemory, createBikeCustody, crewAccuracyM, type OnTaken } from './bike-custody.ts'
import { bikesNear } from './bikes-near.ts'
import { backlogGrant } from './core/backlog-grant.ts'
import { type BikeFacts, bikeState, whyNotRentable } from './core/bike-state.ts'
import {
  heard,
  type LockShadow,
  present,
  putDown,
  remembered,
  unheardLock,
  usualHeartbeatMs,
} from './core/lock-shadow.ts'
import { activeTrips, loadBikes, loadFlags, type StoredBike, saveLatest, setPublicId, storyOf } from './fleet-store.ts'
import { reportsSinceWritten } from './ingest-store.ts'
import { realSchedule, type Schedule } from './schedule.ts'
import type { LockListener } from './uplink-ingest.ts'

/** A bike as it is known in memory; `slot` is its own for ever, its place in the live feed's columns. */
export interface FleetBike extends BikeFacts {
  readonly slot: number
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly number: BikeNumber
  readonly code: BikeCode
  readonly model: string
}

export interface FoundBike {
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly code: BikeCode
  readonly number: BikeNumber
  readonly model: string
  readonly batteryPercent: number
  /** Why it cannot be rented now; null when it can. Whether somebody has it is in `inUse`. */
  readonly refusal: Refusal | null
  readonly inUse: boolean
}

export interface Fleet extends BikeCustody {
  /** For the ingest: what locks say, after it was stored. */
  readonly listener: LockListener
  /** Never null: a lock that nobody heard has said nothing. */
  shadowOf(lockId: LockId): LockShadow
  bikeOfLock(lockId: LockId): BikeId | null
  lockOf(bikeId: BikeId): LockId | null
  bikeOf(bikeId: BikeId): FleetBike | null
  /** By the QR code or by the number printed beside it. */
  bikeByCode(codeOrNumber: string): FoundBike | null
  bikeToRent(codeOrNumber: string): Promise<FoundBike | null>
  bikesNear(lon: number, lat: number, radiusM: number, limit: number): Promise<readonly BikeNear[]>
  bikeDetails(bikeId: BikeId): Promise<BikeDetails | null>
  /** Everybody, in no order; the list is the memory's own. */
  bikes(): readonly FleetBike[]
  addBike(bike: BikeToAdd): Promise<FleetBike>
  rotatePublicId(tx: Queryable, bikeId: BikeId): Promise<void>
  /** How often this lock should speak when it is parked and well; it is never expected more often than usual. */
  setParkedHeartbeat(bikeId: BikeId, heartbeatMs: number): void
  /** Asks a lock for a sign of life; its answer comes as a report. */
  requestStamp(lockId: LockId): void
  /** Told after the commit; null when nobody has the bike any more. */
  tripChanged(bikeId: BikeId, state: TripState | null): void
  /** Writes what changed since, bounded, and reads what others decided about bikes. */
  tick(): Promise<void>
  start(): void
  /** Writes everything that is left. */
  stop(): Promise<void>
}

const tickEveryMs = 1_000
/** Rows of one write; what is left over follows at the next. */
const maxLatestRows = 500
/** Reports that the end of a process left unwritten at most: what ten ticks write. */
const maxUnwrittenReports = 10 * maxLatestRows

/** Half of what the broker lets in: when its process restarts, the whole fleet comes back within this spread. */
const returnsPerS = 250
/** A small fleet needs none: its locks' own back-off is as wide. */
const shortestSpreadS = 5
const longestSpreadS = 3_600

/** Loads every bike and keeps what locks say of them in memory. */
export async function openFleet(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly publish: LockBroker['publish']
  /** Without it nobody holds a full outbox back. */
  readonly grant?: LockBroker['grant'] | undefined
  readonly schedule?: Schedule
  readonly onTaken?: OnTaken
}): Promise<Fleet> {
  const { db, clock, ids, logger, schedule = realSchedule } = deps
  const memory = createFleetMemory()
  const trips = await activeTrips(db)
  for (const bike of await loadBikes(db)) memory.add(bike, trips.get(bike.bikeId) ?? null)
  const dirty = new Set<LockId>()
  let stopped = false
  let ticking: Promise<void> = Promise.resolve()

  const shadowOf = (lockId: LockId) => memory.byLock(lockId)?.shadow ?? unheardLock

  function change(lockId: LockId, next: (shadow: LockShadow) => LockShadow): void {
    const bike = memory.byLock(lockId)
    if (bike) memory.put({ ...bike, shadow: next(bike.shadow) })
  }

  /** The process ended between a report and the next write: its bolt must not be taken for what it was before. */
  async function catchUp(): Promise<void> {
    for (const { lockId, word, receivedAtMs } of await reportsSinceWritten(db, maxUnwrittenReports)) {
      change(lockId, (shadow) => remembered(heard(shadow, word, receivedAtMs)))
      dirty.add(lockId)
    }
  }

  function sync(lockId: LockId, more: Pick<Sync, 'req' | 'grant'>): void {
    const spreadS = Math.min(longestSpreadS, Math.ceil(memory.all().length / returnsPerS))
    const advice = spreadS >= shortestSpreadS ? { adv: { spread_s: spreadS } } : {}
    const message: Sync = { v: 1, st: clock.nowMs(), ...more, ...advice }
    deps
      .publish(downlinkTopic(lockId, 'sync'), encodeMessage(message))
      .catch((error: unknown) => logger.warn({ err: error, lockId }, 'sync was not handed to the broker'))
  }

  function greet(lockId: LockId, hello: Hello): void {
    const wished = backlogGrant(hello.ob)
    const granted = wished === 0 ? 0 : (deps.grant?.(lockId, wished) ?? wished)
    sync(lockId, granted === 0 ? {} : { grant: granted })
  }

  const listener: LockListener = {
    heard: (lockId, word, receivedAtMs) => {
      change(lockId, (shadow) => heard(shadow, word, receivedAtMs))
      dirty.add(lockId)
      if (word.kind === 'hello') greet(lockId, word.body)
    },
    present: (lockId, on, sessionId) => change(lockId, (shadow) => present(shadow, on, sessionId)),
  }

  async function writeLatest(): Promise<void> {
    const lockIds = [...dirty].slice(0, maxLatestRows)
    const bikes = lockIds.flatMap((lockId) => memory.byLock(lockId) ?? [])
    if (bikes.length > 0) await saveLatest(db, bikes)
    // Only what is still as it was written: a lock may have spoken meanwhile.
    for (const lockId of lockIds) {
      const written = bikes.find((bike) => bike.lockId === lockId)
      if (written === undefined || memory.byLock(lockId)?.shadow === written.shadow) dirty.delete(lockId)
    }
  }

  async function readFlags(): Promise<void> {
    const { alarms, outOfService, custody } = await loadFlags(db)
    for (const bike of memory.all()) {
      const { blocking, urgent } = alarms.get(bike.bikeId) ?? { blocking: 0, urgent: 0 }
      const sameAlarms = blocking === bike.blockingAlarms && urgent === bike.urgentAlarms
      const inService = !outOfService.has(bike.bikeId)
      const kept = custody.get(bike.bikeId) ?? null
      if (!sameAlarms || inService !== bike.inService || kept !== bike.custody) {
        memory.put({ ...bike, blockingAlarms: blocking, urgentAlarms: urgent, inService, custody: kept })
      }
    }
  }

  async function tick(): Promise<void> {
    await writeLatest()
    await readFlags()
  }

  function tickLater(): void {
    schedule(tickEveryMs, () => {
      if (stopped) return
      ticking = tick()
        .catch((error: unknown) => logger.error({ err: error }, 'the fleet was not written, will be tried again'))
        .then(tickLater)
    })
  }

  function bikeByCode(codeOrNumber: string): FoundBike | null {
    const bike = memory.byCode(codeOrNumber) ?? (isBikeNumber(codeOrNumber) ? memory.byNumber(codeOrNumber) : undefined)
    if (bike === undefined) return null
    const { bikeId, lockId, code, number, model, shadow } = bike
    const why = whyNotRentable(bike, clock.nowMs())
    const refusal = why === null ? null : refuse(why)
    return { bikeId, lockId, code, number, model, batteryPercent: shadow.soc ?? 0, refusal, inUse: bike.trip !== null }
  }

  const memoryOfCustody: CustodyMemory = {
    custodyChanged: (bikeIds, state) => {
      for (const bikeId of bikeIds) {
        const bike = memory.byId(bikeId)
        if (bike) memory.put({ ...bike, custody: state })
      }
    },
    serviceChanged: (bikeId, inService) => {
      const bike = memory.byId(bikeId)
      if (bike) memory.put({ ...bike, inService })
    },
    putDown: (bikeId, place, atMs) => {
      const bike = memory.byId(bikeId)
      if (bike && (bike.shadow.lastHeardAtMs ?? 0) <= atMs) {
        memory.put({ ...bike, shadow: putDown(bike.shadow, place, crewAccuracyM) })
      }
    },
  }
  const custody = createBikeCustody(memoryOfCustody, async (tx, bikeIds, by) => deps.onTaken?.(tx, bikeIds, by))

  await catchUp()
  await readFlags()
  return {
    ...custody,
    listener,
    shadowOf,
    bikeOfLock: (lockId) => memory.byLock(lockId)?.bikeId ?? null,
    lockOf: (bikeId) => memory.byId(bikeId)?.lockId ?? null,
    bikeOf: (bikeId) => memory.byId(bikeId) ?? null,
    bikeByCode,
    bikeToRent: async (codeOrNumber) => bikeByCode(codeOrNumber),
    bikesNear: (lon, lat, radiusM, limit) => bikesNear(db, { lon, lat, radiusM, limit }, clock.nowMs()),
    bikeDetails: async (bikeId) => {
      const bike = memory.byId(bikeId)
      return bike ? details(bike, await storyOf(db, bikeId), clock.nowMs()) : null
    },
    bikes: memory.all,
    addBike: async (bike) => {
      const added = await addBike({ db, ids }, bike, clock.nowMs())
      return memory.byId(added.bikeId) ?? memory.add(added, null)
    },
    rotatePublicId: (tx, bikeId) => setPublicId(tx, bikeId, ids.token(publicIdBytes)),
    requestStamp: (lockId) => sync(lockId, { req: 1 }),
    setParkedHeartbeat: (bikeId, heartbeatMs) => {
      const bike = memory.byId(bikeId)
      const parkedHeartbeatMs = Math.max(usualHeartbeatMs, heartbeatMs)
      if (bike === undefined || bike.shadow.parkedHeartbeatMs === parkedHeartbeatMs) return
      memory.put({ ...bike, shadow: { ...bike.shadow, parkedHeartbeatMs } })
      if (bike.shadow.lastHeardAtMs !== null) dirty.add(bike.lockId)
    },
    tripChanged: (bikeId, state) => {
      const bike = memory.byId(bikeId)
      if (bike) memory.put({ ...bike, trip: state })
    },
    tick,
    start: tickLater,
    stop: async () => {
      stopped = true
      await ticking
      while (dirty.size > 0) await writeLatest()
    },
  }
}

/** Bikes by everything they are asked for by. */
function createFleetMemory() {
  const bikes: FleetBike[] = []
  const places = {
    lock: new Map<string, number>(),
    id: new Map<string, number>(),
    code: new Map<string, number>(),
    number: new Map<string, number>(),
  }
  const at = (place: number | undefined) => (place === undefined ? undefined : bikes[place])
  return {
    all: (): readonly FleetBike[] => bikes,
    byLock: (lockId: LockId) => at(places.lock.get(lockId)),
    byId: (bikeId: BikeId) => at(places.id.get(bikeId)),
    byCode: (code: string) => at(places.code.get(code)),
    byNumber: (number: string) => at(places.number.get(number)),
    put: (bike: FleetBike) => {
      const place = places.id.get(bike.bikeId)
      if (place !== undefined) bikes[place] = bike
    },
    add: (stored: StoredBike, trip: TripState | null): FleetBike => {
      const bike: FleetBike = { ...stored, trip, blockingAlarms: 0, urgentAlarms: 0, custody: null }
      const place = bikes.push(bike) - 1
      places.lock.set(bike.lockId, place)
      places.id.set(bike.bikeId, place)
      places.code.set(bike.code, place)
      places.number.set(bike.number, place)
      return bike
    },
  }
}

function details(bike: FleetBike, story: Awaited<ReturnType<typeof storyOf>>, nowMs: EpochMs): BikeDetails {
  const { shadow } = bike
  const { trip, alarms } = story
  return {
    bikeId: bike.bikeId,
    number: bike.number,
    code: bike.code,
    lockId: bike.lockId,
    model: bike.model,
    state: bikeState(bike, nowMs),
    lon: shadow.position?.lon ?? null,
    lat: shadow.position?.lat ?? null,
    batteryPercent: shadow.soc,
    bolt: shadow.bolt,
    connected: shadow.connected,
    lastHeardAt: shadow.lastHeardAtMs,
    firmware: shadow.firmware,
    bootId: shadow.bootId,
    trip: trip && { tripId: trip.trip_id, state: trip.state, startedAt: trip.started_at },
    alarms,
  }
}
