import type { Logger } from 'pino'
import { present } from '../../contracts/assert.ts'
import type {
  BikeNote,
  BikePage,
  LockHealth,
  NewNote,
  RawMessage,
  SelfTestResult,
  ServiceAct,
  ServiceChange,
  Timeline,
} from '../../contracts/http/bike-page.ts'
import type { BikeDetails } from '../../contracts/http/staff.ts'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { ServiceEntry } from '../fleet/bike-service.ts'
import type { SelfTest } from '../fleet/core/lock-shadow.ts'
import type { FleetBike } from '../fleet/fleet-service.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import {
  batteryHours,
  blockingKinds,
  deleteNote,
  editNote,
  type HeldNote,
  insertNote,
  noteEditableMs,
  noteHeld,
  readCard,
  readMessage,
  readNotes,
  readService,
  resolveBlocking,
} from './bikes-store.ts'
import { batterySlope, emptyAtMs } from './core/battery-slope.ts'
import { decideService } from './core/decide-service.ts'
import { readTimeline } from './timeline.ts'

export interface BikesDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly publicUrl: string
  readonly fleet: {
    bikeDetails(bikeId: BikeId): Promise<BikeDetails | null>
    bikeByCode(number: string): { readonly bikeId: BikeId } | null
    bikeOf(bikeId: BikeId): Pick<FleetBike, 'lockId' | 'custody' | 'shadow'> | null
    holdBikes(
      tx: Queryable,
      bikeIds: readonly string[],
    ): Promise<
      readonly { readonly inUse: boolean; readonly custody: { readonly state: 'claimed' | 'in_van' } | null }[]
    >
    changeService(tx: Queryable, entry: ServiceEntry): Promise<void>
  }
  readonly credentials: { isRevoked(tx: Queryable, lockId: LockId): Promise<boolean> }
  readonly tellDesk: (event: DeskEvent) => void
}

export type Bikes = ReturnType<typeof createBikes>

const batteryShownMs = 7 * 86_400_000
const mostBatteryHours = 200
const mostNotes = 50
/** Below this a lock does not move its motor (lock-simulator/firmware/command-gate.ts). */
const flatPercent = 5

/** What colleagues know and decide of one bike. `db` is opened `withAfterCommit`. */
export function createBikes(deps: BikesDeps) {
  const { db, clock, logger, fleet } = deps

  const tell = (tx: Queryable, bikeId: BikeId): void => afterCommit(tx, () => deps.tellDesk({ kind: 'bike', bikeId }))

  async function page(number: string): Promise<BikePage | Refusal> {
    const bikeId = fleet.bikeByCode(number)?.bikeId
    const known = bikeId === undefined ? null : fleet.bikeOf(bikeId)
    if (bikeId === undefined || known === null) return refuse('bike_unknown')
    const [details, card, service] = await Promise.all([
      fleet.bikeDetails(bikeId),
      readCard(db, bikeId),
      readService(db, bikeId),
    ])
    if (!details || !card || !service) return refuse('bike_unknown')
    const nowMs = clock.nowMs()
    const hours = await batteryHours(db, card.lockId, nowMs - batteryShownMs, mostBatteryHours)
    const percentPerDay = batterySlope(hours)
    const emptyMs = emptyAtMs(details.batteryPercent, percentPerDay, flatPercent, nowMs)
    const { lockId, model, state, lon, lat, batteryPercent, bolt, connected } = details
    return {
      now: nowMs,
      ...{ bikeId, number: details.number, code: card.code, stickerUrl: `${deps.publicUrl}/b/${card.code}` },
      ...{ lockId, model, addedAt: card.addedAt, state, service, custody: known.custody },
      ...{ lon, lat, accuracyM: known.shadow.position?.accuracyM ?? null, batteryPercent, bolt, connected },
      ...{ lastHeardAt: details.lastHeardAt, firmware: details.firmware, bootId: details.bootId, trip: details.trip },
      lock: healthOf(known.shadow),
      battery: { hours, percentPerDay, emptyAt: emptyMs === null ? null : epochMs(emptyMs) },
    }
  }

  async function setService(bikeId: BikeId, staffId: string, act: ServiceAct): Promise<ServiceChange | Refusal> {
    const no = await db.transaction(async (tx) => {
      const [held] = await fleet.holdBikes(tx, [bikeId])
      const now = held && (await readService(tx, bikeId))
      if (!held || !now) return refuse('not_found')
      const facts = {
        state: now.state,
        inUse: held.inUse,
        hasCrew: held.custody !== null,
        blockingKinds: await blockingKinds(tx, bikeId),
      }
      const decided = decideService(facts, act)
      if (isRefusal(decided)) return decided
      const lockId = fleet.bikeOf(bikeId)?.lockId
      if (decided.state === 'in' && lockId && (await deps.credentials.isRevoked(tx, lockId))) {
        return refuse('lock_revoked')
      }
      const { resolvesAlarms, ...entry } = decided
      if (resolvesAlarms) {
        const when = { atMs: clock.nowMs(), realMs: clock.realNowMs() }
        for (const alarmId of await resolveBlocking(tx, { bikeId, staffId, note: decided.note, ...when })) {
          afterCommit(tx, () => deps.tellDesk({ kind: 'alarm', alarmId, bikeId, state: 'resolved' }))
        }
      }
      await fleet.changeService(tx, { bikeId, ...entry, staffId, atMs: clock.nowMs() })
      tell(tx, bikeId)
      logger.info({ bikeId, staffId, state: entry.state, reason: entry.reason }, 'service of a bike')
      return null
    })
    return no ?? present(await readService(db, bikeId), 'a bike that is held can be read')
  }

  /** `change` says no, or does it; the note is held. */
  async function onNote(
    bikeId: BikeId,
    noteId: string,
    change: (tx: Queryable, note: HeldNote) => Promise<Refusal | null>,
  ): Promise<BikeNote | Refusal> {
    const no = await db.transaction(async (tx) => {
      const note = await noteHeld(tx, noteId)
      if (note?.bikeId !== bikeId) return refuse('not_found')
      const refused = await change(tx, note)
      if (!refused) tell(tx, bikeId)
      return refused
    })
    return no ?? readNote(bikeId, noteId)
  }

  async function readNote(bikeId: BikeId, noteId: string): Promise<BikeNote | Refusal> {
    const [note] = await readNotes(db, bikeId, noteId, clock.realNowMs(), 1)
    return note ?? refuse('not_found')
  }

  const known = (bikeId: string) => {
    const lockId = fleet.bikeOf(asId<BikeId>(bikeId))?.lockId
    return lockId === undefined ? null : { bikeId: asId<BikeId>(bikeId), lockId }
  }

  return {
    page,
    setService,
    notes: async (bikeId: BikeId): Promise<BikeNote[]> => readNotes(db, bikeId, null, clock.realNowMs(), mostNotes),
    /** Sent again with its id, it is the same note. */
    addNote: async (bikeId: BikeId, staffId: string, { noteId, text }: NewNote): Promise<BikeNote | Refusal> => {
      if (known(bikeId) === null) return refuse('not_found')
      await db.transaction(async (tx) => {
        const when = { atMs: clock.nowMs(), realMs: clock.realNowMs() }
        await insertNote(tx, { noteId, bikeId, text, writtenBy: staffId, ...when })
        tell(tx, bikeId)
      })
      return readNote(bikeId, noteId)
    },
    editNote: (bikeId: BikeId, staffId: string, { noteId, text }: NewNote): Promise<BikeNote | Refusal> =>
      onNote(bikeId, noteId, async (tx, note) => {
        if (note.writtenBy !== staffId) return refuse('note_not_yours')
        if (note.isDeleted || clock.realNowMs() >= note.realAtMs + noteEditableMs) return refuse('note_settled')
        await editNote(tx, noteId, text, clock.nowMs())
        return null
      }),
    deleteNote: (bikeId: BikeId, staffId: string, noteId: string): Promise<BikeNote | Refusal> =>
      onNote(bikeId, noteId, async (tx, note) => {
        if (!note.isDeleted) await deleteNote(tx, noteId, staffId, clock.nowMs())
        return null
      }),
    timeline: async (
      bikeId: string,
      asked: { readonly before?: string; readonly kinds?: string; readonly limit?: number },
    ): Promise<Timeline | Refusal> => {
      const bike = known(bikeId)
      return bike === null ? refuse('not_found') : readTimeline(db, bike, asked)
    },
    message: async (bikeId: string, reportId: number): Promise<RawMessage | Refusal> => {
      const bike = known(bikeId)
      return (bike && (await readMessage(db, bike.lockId, reportId))) ?? refuse('not_found')
    },
  }
}

function healthOf({ told }: Pick<FleetBike, 'shadow'>['shadow']): LockHealth {
  const { mode, parts, network, milliVolts, charging, selfTest } = told
  return {
    ...{ mode, parts: parts && [...parts], network, milliVolts, charging },
    selfTest: selfTest && resultOf(selfTest),
  }
}

const resultOf = ({ bolt, gnss, modem, imu, flash, batt, atMs }: SelfTest): SelfTestResult => ({
  ...{ bolt, gnss, modem, imu, flash, batt },
  at: atMs,
})
