import type { Logger } from 'pino'
import type { AlarmSettings, AlarmTrial } from '../../contracts/http/alarms.ts'
import type { BikeId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { zonesAt } from '../city/zones-at.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { AlarmSettingsStore } from './alarm-settings-store.ts'
import { dueHeld, hasDue, notFoundTwice, retiredBikes, saveAlarm, writeAct } from './alarm-store.ts'
import type { Alarms, RaiseOrder } from './alarms-service.ts'
import { wake } from './core/alarm-machine.ts'
import { quietKinds } from './core/alarm-policy.ts'
import { areShortTrips, isLongTrip, watchedKinds } from './core/alarm-rules.ts'
import { createFleetWatch, type Known, type Look, type WatchOrder } from './fleet-watch.ts'
import type { OpenAlarms } from './open-alarms.ts'
import { type BikeTrip, lastRides, loadAnchors, ridesSince, saveAnchors } from './watch-store.ts'

export interface AlarmWatch {
  /** One look at the whole fleet; writes what changed, bounded: what is left over follows at the next look. */
  look(): Promise<void>
  /** How many bikes each rule would tell of with these settings, and tells of now. */
  tryOut(settings: AlarmSettings): Promise<AlarmTrial>
  /** A person has ended an alarm about its place: where it stands now is where it should be. */
  placeSeen(bikeId: BikeId): void
  /** That alarm was opened again: where the bike stands is not where it should be. */
  placeUnseen(bikeId: BikeId): void
  /** When a rider or a crew last had it, city time; null: nobody has, as far as is known. */
  hadAt(bikeId: BikeId): EpochMs | null
}

/** Changes of one look, each a short transaction of its own: a burst must not make unlocks wait. */
const ordersAtOnce = 40
/** Of real time: what is asked of the database and not of memory. */
const readBackEveryMs = 30_000
const longTripsEveryMs = 15_000
/** Orders of one look that may fail before the others wait. */
const failuresAtOnce = 5
const wokenAtOnce = 100
const longTripsAtOnce = 500
const bikesAtOnce = 2_000
/** Crews that did not find a bike, city time. */
const missedCountsMs = 14 * 86_400_000

interface Deps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly bikes: () => readonly FleetBike[]
  readonly alarms: Alarms
  readonly open: OpenAlarms
  readonly settings: AlarmSettingsStore
}

/** Reads back what was open and where bikes were left. */
export async function openAlarmWatch(deps: Deps): Promise<AlarmWatch> {
  const { db, clock, alarms, open, settings } = deps
  await settings.readBack()
  await open.readBack(db)
  const listeningSinceMs = clock.nowMs()
  const watch = createFleetWatch({ open, anchors: await loadAnchors(db), listeningSinceMs })
  const mutedUntil = new Map<string, EpochMs>()
  let known: Kept = { rules: null, rulesKey: '', notFoundTwice: new Set(), retired: new Set() }
  let heldBack = 0
  const unjudged = new Set<BikeId>()
  let [readAtMs, longTripsAtMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]

  const raise = (order: Omit<RaiseOrder, 'tripId' | 'causeKey' | 'atMs'> & Partial<RaiseOrder>) => {
    const atMs = clock.nowMs()
    const causeKey = `${order.kind}:${order.bikeId}:${atMs}`
    return db.transaction((tx) => alarms.raise(tx, { tripId: null, causeKey, atMs, ...order }))
  }
  const clear = (bikeId: BikeId, kind: AlarmKind) =>
    db.transaction((tx) => alarms.clear(tx, bikeId, [kind], clock.nowMs()))

  async function readBack(): Promise<void> {
    if (clock.realNowMs() - readAtMs < readBackEveryMs) return
    readAtMs = clock.realNowMs()
    await settings.readBack()
    await open.readBack(db)
    known = await readKnown(db, clock.nowMs(), known)
  }

  async function apply({ bikeId, kind, verdict }: WatchOrder): Promise<void> {
    const key = `${kind}:${bikeId}`
    if (verdict.is === 'off') {
      mutedUntil.delete(key)
      return clear(bikeId, kind)
    }
    if (kind === 'moved_without_trip' && (await wasRidden(bikeId))) return watch.wasTaken(bikeId)
    const { detail, severity } = verdict
    const counts = !open.of(bikeId).has(kind)
    const until = await raise({ kind, bikeId, detail, counts, ...(severity === undefined ? {} : { severity }) })
    if (until === null) mutedUntil.delete(key)
    else mutedUntil.set(key, until)
  }

  /** A whole ride may fall between two looks when city time runs fast. */
  async function wasRidden(bikeId: BikeId): Promise<boolean> {
    const sinceMs = watch.standsSince(bikeId)
    const [last] = await lastRides(db, [bikeId], 1)
    return sinceMs !== null && last !== undefined && last.endedAtMs !== null && last.endedAtMs > sinceMs
  }

  const isMuted = ({ kind, bikeId, verdict }: WatchOrder, nowMs: EpochMs): boolean =>
    verdict.is === 'on' && nowMs < (mutedUntil.get(`${kind}:${bikeId}`) ?? 0)

  async function wakeSnoozed(): Promise<void> {
    if (!(await hasDue(db, clock.nowMs()))) return
    await db.transaction(async (tx) => {
      const nowMs = clock.nowMs()
      for (const due of await dueHeld(tx, nowMs, wokenAtOnce)) {
        const alarm = { ...due, facts: wake(due.facts, nowMs) }
        await saveAlarm(tx, alarm)
        const line = { alarmId: alarm.alarmId, act: 'woken', staffId: null, note: null, detail: {} }
        await writeAct(tx, line, nowMs, clock.realNowMs())
        alarms.changed(tx, alarm)
      }
    })
  }

  async function lookAtLongTrips(): Promise<void> {
    if (clock.realNowMs() - longTripsAtMs < longTripsEveryMs) return
    longTripsAtMs = clock.realNowMs()
    const world = { nowMs: clock.nowMs(), listeningSinceMs, settings: settings.now() }
    const beforeMs = epochMs(world.nowMs - world.settings.longTripHours * 3_600_000)
    const rides = await ridesSince(db, beforeMs, longTripsAtOnce)
    const long = new Map(rides.filter((ride) => isLongTrip(ride, world)).map((ride) => [ride.bikeId, ride]))
    for (const ride of long.values()) await tellLong(ride)
    const paused = new Set(rides.filter(({ state }) => state === 'paused').map(({ bikeId }) => bikeId))
    for (const { bikeId } of deps.bikes()) {
      if (open.of(bikeId).has('long_trip') && !long.has(bikeId) && !paused.has(bikeId)) await clear(bikeId, 'long_trip')
    }
  }

  async function tellLong({ bikeId, tripId, startedAtMs, allowedUntilMs }: BikeTrip): Promise<void> {
    if (open.of(bikeId).has('long_trip')) return
    const causeKey = `long_trip:${tripId}:${settings.now().longTripHours}:${allowedUntilMs ?? 'usual'}`
    await raise({ kind: 'long_trip', bikeId, tripId, causeKey, detail: { since: startedAtMs } })
  }

  async function lookAtRides(): Promise<void> {
    const rules = settings.now()
    const bikes = [...unjudged].slice(0, bikesAtOnce)
    const rides = await lastRides(db, bikes, rules.shortTrips)
    for (const [bikeId, of] of byBike(rides)) {
      const isOpen = open.of(bikeId).has('short_trips')
      const are = areShortTrips(of, rules)
      const newest = of[0]
      if (are && newest && !isOpen) {
        const causeKey = `short_trips:${newest.tripId}`
        await raise({ kind: 'short_trips', bikeId, tripId: newest.tripId, causeKey, detail: { rides: of.length } })
      }
      if (!are && isOpen) await clear(bikeId, 'short_trips')
    }
    for (const bikeId of bikes) unjudged.delete(bikeId)
  }

  async function endQuiet(): Promise<void> {
    const counts = open.countByKind()
    const nowMs = clock.nowMs()
    for (const { kind, afterMs } of quietKinds) {
      if (counts.has(kind)) await db.transaction((tx) => alarms.endQuiet(tx, kind, epochMs(nowMs - afterMs), nowMs))
    }
  }

  function tellOfOutage(now: number): void {
    if (now > 0 && heldBack === 0) deps.logger.warn({ bikes: now }, 'bikes fell silent at once: no alarms of it yet')
    heldBack = now
  }

  /** The orders of a look: one that fails does not stop the others, many mean that the database is away. */
  async function applyAll(orders: readonly WatchOrder[]): Promise<void> {
    const failures: unknown[] = []
    for (const order of orders) {
      if (failures.length >= failuresAtOnce) break
      await apply(order).catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  return {
    look: async () => {
      await readBack()
      const nowMs = clock.nowMs()
      const found = watch.look(deps.bikes(), { nowMs, settings: settings.now() }, known)
      tellOfOutage(found.heldBack)
      for (const bikeId of found.givenBack) unjudged.add(bikeId)
      await keepPlaces(db, found)
      const orders = found.orders.filter((one) => !isMuted(one, nowMs)).slice(0, ordersAtOnce)
      await inTurn([() => applyAll(orders), lookAtRides, lookAtLongTrips, wakeSnoozed, endQuiet])
    },
    tryOut: async (wanted) => {
      const nowMs = clock.nowMs()
      const bikes = deps.bikes()
      const counts = new Map<AlarmKind, number>(watch.count(bikes, { nowMs, settings: wanted }, known))
      const rides = await ridesSince(db, epochMs(nowMs - wanted.longTripHours * 3_600_000), longTripsAtOnce)
      const world = { nowMs, listeningSinceMs, settings: wanted }
      counts.set('long_trip', rides.filter((ride) => isLongTrip(ride, world)).length)
      // Of a large fleet each so manyth bike is asked about, and stands for its neighbours.
      const step = Math.max(1, Math.ceil(bikes.length / bikesAtOnce))
      const sample = bikes.filter((_, index) => index % step === 0).map(({ bikeId }) => bikeId)
      const last = await lastRides(db, sample, wanted.shortTrips)
      counts.set('short_trips', step * [...byBike(last).values()].filter((of) => areShortTrips(of, wanted)).length)
      const now = open.countByKind()
      // Told by locks: no threshold of ours makes more or fewer of them.
      const kinds = [...watchedKinds.filter((kind) => kind !== 'stolen'), 'long_trip', 'short_trips'] as const
      return { kinds: kinds.map((kind) => ({ kind, would: counts.get(kind) ?? 0, now: now.get(kind) ?? 0 })) }
    },
    placeSeen: (bikeId) => watch.forgetPlace(bikeId, clock.nowMs()),
    placeUnseen: (bikeId) => watch.restorePlace(bikeId),
    hadAt: (bikeId) => watch.hadAt(bikeId, clock.nowMs()),
  }
}

/** Every step is done, whatever became of the one before; the first failure is thrown at the end. */
async function inTurn(steps: ReadonlyArray<() => Promise<void>>): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) await step().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

interface Kept extends Known {
  readonly rulesKey: string
}

/** The same rules stay the same object: places that were held against them need not be again. */
async function readKnown(db: Database, nowMs: EpochMs, before: Kept): Promise<Kept> {
  const retired = await retiredBikes(db)
  const missed = await notFoundTwice(db, epochMs(nowMs - missedCountsMs))
  const zones = (await zonesAt(db, nowMs)).filter(({ kind }) => kind === 'service_area' || kind === 'no_parking')
  const rulesKey = zones.map(({ zoneId, version }) => `${zoneId}:${version}`).join()
  if (before.rules !== null && before.rulesKey === rulesKey) return { ...before, notFoundTwice: missed, retired }
  const rules = {
    service: zones.filter(({ kind }) => kind === 'service_area'),
    noParking: zones.filter(({ kind }) => kind === 'no_parking'),
  }
  return { rules, rulesKey, notFoundTwice: missed, retired }
}

async function keepPlaces(db: Database, { left, taken }: Look): Promise<void> {
  if (left.length > 0 || taken.length > 0) await db.transaction((tx) => saveAnchors(tx, left, taken))
}

function byBike(rides: readonly BikeTrip[]): ReadonlyMap<BikeId, readonly BikeTrip[]> {
  const lists = new Map<BikeId, BikeTrip[]>()
  for (const ride of rides) lists.set(ride.bikeId, [...(lists.get(ride.bikeId) ?? []), ride])
  return lists
}
