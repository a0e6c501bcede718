import type { Logger } from 'pino'
import type {
  BikeLockSettings,
  FleetLockSettings,
  NewBikeSettings,
  NewFleetSettings,
  SettingsStanding,
} from '../../contracts/http/lock-settings.ts'
import type { BikeId, LockId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import { type DesiredConfig, factorySettings, type LockSettings } from '../../contracts/mqtt/config.ts'
import type { Hello, LockEvent } from '../../contracts/mqtt/reports.ts'
import { downlinkTopic } from '../../contracts/mqtt/topics.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { LockShadow } from '../fleet/core/lock-shadow.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { LockBroker } from '../platform/broker.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import { type LockKeys, signConfig } from '../unlocking/lock-keys.ts'
import { type Decided, nextVersion, standingOf, type WantedSettings, wantedSettings } from './core/wanted-settings.ts'
import { heldDecisions, holdDecisions, insertDecision, keyPlaces, readChanges } from './settings-store.ts'

export interface LockSettingsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly keys: LockKeys
  readonly publish: LockBroker['publish']
  readonly fleet: {
    bikes(): readonly BikeOfLock[]
    bikeOf(bikeId: BikeId): BikeOfLock | null
    bikeOfLock(lockId: LockId): BikeId | null
    setParkedHeartbeat(bikeId: BikeId, heartbeatMs: number): void
  }
  readonly tellDesk: (event: DeskEvent) => void
}

interface BikeOfLock {
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly shadow: LockShadow
}

export type LockSettingsRoom = Awaited<ReturnType<typeof openLockSettings>>

const mostChangesShown = 20
/** Configurations of one turn: a fleet of ten thousand has its new ones within a minute, and unlocks do not wait. */
const publishedAtOnce = 200

/**
 * What is wanted of locks, and how far it has come. Retained messages live in the broker's memory only: what a lock does
 * not go by yet is published again at a start, and whenever its hello tells another version. `db` is opened
 * `withAfterCommit`.
 */
export async function openLockSettings(deps: LockSettingsDeps) {
  const { db, clock, logger, fleet } = deps
  let ofAll: Decided | null = null
  const ofBikes = new Map<BikeId, Decided>()
  /** Bikes whose lock is to be sent what is wanted of it, in the order in which it came to that. */
  const toPublish = new Set<BikeId>()

  const wantedOf = (bikeId: BikeId): WantedSettings => wantedSettings(ofAll, ofBikes.get(bikeId) ?? null)
  const isBehind = ({ bikeId, shadow }: BikeOfLock): boolean => {
    const { version } = wantedOf(bikeId)
    return version > 0 && shadow.told.configVersion !== version
  }

  /**
   * Silence is judged by what the lock goes by, not by what is wanted of it: a decision changes nothing before the lock
   * tells that it took it. Of another version nobody remembers what it said.
   */
  function expectHeartbeat(bikeId: BikeId): void {
    const { version, whole } = wantedOf(bikeId)
    const inUse = fleet.bikeOf(bikeId)?.shadow.told.configVersion === version ? whole : factorySettings
    fleet.setParkedHeartbeat(bikeId, inUse.park_s * 1_000)
  }

  function hold(bikeId: BikeId | null, decided: Decided): void {
    const known = bikeId === null ? ofAll : (ofBikes.get(bikeId) ?? null)
    // Two decisions may be told of in another order than they were made in.
    if (known !== null && known.version > decided.version) return
    if (bikeId === null) ofAll = decided
    else ofBikes.set(bikeId, decided)
  }

  /** Everything that a decision changes in memory; it is stored by now. */
  function takeEffect(bikeId: BikeId | null, decided: Decided): void {
    hold(bikeId, decided)
    const changed = bikeId === null ? fleet.bikes().map((bike) => bike.bikeId) : [bikeId]
    for (const one of changed) toPublish.add(one)
    if (bikeId !== null) deps.tellDesk({ kind: 'bike', bikeId })
  }

  async function decide(
    bikeId: BikeId | null,
    staffId: string,
    wanted: { readonly settings: LockSettings | null; readonly reason: string; readonly basis: number },
  ): Promise<Refusal | null> {
    return db.transaction(async (tx) => {
      const { highest, newest } = await holdDecisions(tx, bikeId)
      if (wanted.basis !== newest) return refuse('settings_changed')
      const decided = { version: nextVersion(highest, clock.realNowMs()), settings: wanted.settings }
      await insertDecision(tx, { ...decided, bikeId, reason: wanted.reason, staffId, atMs: clock.nowMs() })
      afterCommit(tx, () => takeEffect(bikeId, decided))
      logger.info({ bikeId, staffId, version: decided.version, settings: decided.settings }, 'settings of locks')
      return null
    })
  }

  async function publish(bikeIds: readonly BikeId[]): Promise<void> {
    const bikes = bikeIds.flatMap((bikeId) => fleet.bikeOf(bikeId) ?? [])
    const keys = new Map(
      (
        await keyPlaces(
          db,
          bikes.map(({ lockId }) => lockId),
        )
      ).map((key) => [key.lockId, key]),
    )
    for (const { bikeId, lockId, shadow } of bikes) {
      const key = keys.get(lockId)
      const { version, set } = wantedOf(bikeId)
      if (key === undefined || version === 0) continue
      const kv = shadow.keyVersion ?? key.version
      const unsigned: Omit<DesiredConfig, 'm'> = { v: 1, cv: version, set, kv }
      const config = signConfig(lockId, unsigned, deps.keys.commandKey(lockId, key.epoch, kv))
      await deps.publish(downlinkTopic(lockId, 'cfg'), encodeMessage(config), { retain: true })
    }
  }

  async function viewOf(bike: BikeOfLock): Promise<BikeLockSettings> {
    const { told } = bike.shadow
    const { version, whole } = wantedOf(bike.bikeId)
    const { configRefusal } = told
    return {
      now: clock.nowMs(),
      own: ofBikes.get(bike.bikeId)?.settings ?? null,
      usual: wantedSettings(ofAll, null).whole,
      ...{ wanted: whole, version, standing: standingOf(version, told), reportedVersion: told.configVersion },
      refusal: configRefusal && {
        ...{ version: configRefusal.version, why: configRefusal.why, at: configRefusal.atMs },
      },
      changes: [...(await readChanges(db, bike.bikeId, mostChangesShown))],
    }
  }

  async function fleetView(): Promise<FleetLockSettings> {
    const standings: Record<SettingsStanding, number> = {
      ...{ factory: 0, in_use: 0, waiting: 0, refused: 0, ahead: 0, unheard: 0 },
    }
    for (const { bikeId, shadow } of fleet.bikes()) standings[standingOf(wantedOf(bikeId).version, shadow.told)] += 1
    return {
      settings: ofAll?.settings ?? {},
      wanted: wantedSettings(ofAll, null).whole,
      version: ofAll?.version ?? 0,
      ownCount: [...ofBikes.values()].filter(({ settings }) => settings !== null).length,
      standings,
      changes: [...(await readChanges(db, null, mostChangesShown))],
    }
  }

  for (const { bikeId, ...decided } of await heldDecisions(db)) hold(bikeId, decided)
  for (const bike of fleet.bikes()) {
    expectHeartbeat(bike.bikeId)
    if (isBehind(bike)) toPublish.add(bike.bikeId)
  }

  return {
    /** Null: no such bike. */
    ofBike: async (bikeId: BikeId): Promise<BikeLockSettings | Refusal> => {
      const bike = fleet.bikeOf(bikeId)
      return bike === null ? refuse('not_found') : viewOf(bike)
    },
    setBike: async (bikeId: BikeId, staffId: string, wanted: NewBikeSettings): Promise<BikeLockSettings | Refusal> => {
      if (fleet.bikeOf(bikeId) === null) return refuse('not_found')
      const no = await decide(bikeId, staffId, wanted)
      const bike = fleet.bikeOf(bikeId)
      if (isRefusal(no)) return no
      return bike === null ? refuse('not_found') : viewOf(bike)
    },
    ofFleet: fleetView,
    setFleet: async (staffId: string, wanted: NewFleetSettings): Promise<FleetLockSettings | Refusal> =>
      (await decide(null, staffId, wanted)) ?? fleetView(),
    /** What a lock told of its configuration, in the transaction that stores it. */
    onReport: async (
      tx: Queryable,
      report: { readonly lockId: LockId; readonly kind: string; readonly body: unknown },
    ): Promise<void> => {
      const bikeId = fleet.bikeOfLock(report.lockId)
      if (bikeId === null) return
      if (report.kind === 'hello') {
        const { cfgv } = report.body as Hello
        const { version } = wantedOf(bikeId)
        afterCommit(tx, () => expectHeartbeat(bikeId))
        // Firmware that tells no version knows no configuration.
        if (cfgv !== undefined && version > 0 && cfgv !== version) afterCommit(tx, () => void toPublish.add(bikeId))
        return
      }
      if (report.kind !== 'evt') return
      const event = report.body as LockEvent
      if (event.k === 'cfg' && event.ok === 1) afterCommit(tx, () => expectHeartbeat(bikeId))
      if (event.k === 'cfg' || event.k === 'self') afterCommit(tx, () => deps.tellDesk({ kind: 'bike', bikeId }))
    },
    /** Sends what is to be sent, bounded; what cannot be handed to the broker now is tried again. */
    tick: async (): Promise<void> => {
      const now = [...toPublish].slice(0, publishedAtOnce)
      if (now.length === 0) return
      for (const bikeId of now) toPublish.delete(bikeId)
      try {
        await publish(now)
      } catch (error) {
        for (const bikeId of now) toPublish.add(bikeId)
        throw error
      }
    },
  }
}
