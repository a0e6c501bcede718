import type { Logger } from 'pino'
import { present } from '../../contracts/assert.ts'
import type { NewStaffCommand, StaffCommand } from '../../contracts/http/bike-page.ts'
import { asId, type BikeId, type CommandId, type LockId, type TripId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { afterCommit } from '../platform/after-commit.ts'
import { type Clock, stretched } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import { isDue, mayBeSent, stepWish, type Wish, type WishEvent, wishLifetimeMs } from './core/wish-machine.ts'
import {
  closedSince,
  countWaiting,
  insertWish,
  readCommands,
  rideOf,
  type StoredWish,
  saveWish,
  standsStill,
  waitingWishes,
  wishHeld,
} from './staff-command-store.ts'
import type { CommandChange, Unlocking } from './unlocking-service.ts'

/** A bike that staff opened stands open without a ride: this alarm tells so until it is closed. */
export const openedByStaff = 'opened_by_staff' as const

export interface StaffCommandsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly unlocking: Pick<Unlocking, 'issueForStaff' | 'hasStamp'>
  readonly bikes: {
    readonly lockOf: (bikeId: BikeId) => LockId | null
    /** Holds the bike's row: no trip begins meanwhile. */
    readonly hold: (tx: Queryable, bikeId: BikeId) => Promise<unknown>
    readonly requestStamp: (lockId: LockId) => void
    /** Parts that its lock has told of; null: it has not. */
    readonly partsOf: (lockId: LockId) => readonly string[] | null
    readonly raise: (
      tx: Queryable,
      alarm: {
        readonly kind: typeof openedByStaff
        readonly bikeId: BikeId
        readonly tripId: TripId | null
        readonly causeKey: string
        readonly detail: object
        readonly atMs: EpochMs
      },
    ) => Promise<unknown>
  }
  readonly tellDesk: (event: DeskEvent) => void
}

export type StaffCommands = ReturnType<typeof createStaffCommands>

/** A lock under a fast clock gets at least so long in real time to speak. */
const shortestWishRealMs = 15_000
const wishesPerTick = 100
const mostWaitingPerBike = 5
const mostShown = 50
/** Somebody has the bike and may have left it open: its own closing ends these. Any other ride has its bolt home, or moves it. */
const closable: ReadonlySet<string> = new Set(['riding', 'ending'])

/** What staff ask of locks: kept until it can be sent, then followed to its end. `db` is opened `withAfterCommit`. */
export function createStaffCommands(deps: StaffCommandsDeps) {
  const { db, clock, logger, unlocking, bikes } = deps

  async function ask(
    bikeId: BikeId,
    staffId: string,
    order: NewStaffCommand,
  ): Promise<{ readonly command: StaffCommand; readonly isNew: boolean } | Refusal> {
    const lockId = bikes.lockOf(bikeId)
    if (lockId === null) return refuse('not_found')
    const commandId = asId<CommandId>(order.commandId)
    const isNew = await db.transaction(async (tx) => {
      const earlier = await wishHeld(tx, commandId)
      if (earlier) return earlier.bikeId === bikeId && earlier.op === order.op ? false : refuse('command_id_used')
      const waiting = await countWaiting(tx, bikeId)
      const no =
        waiting >= mostWaitingPerBike ? refuse('commands_waiting') : await boltRefusal(tx, bikeId, lockId, order)
      if (no) return no
      const nowMs = clock.nowMs()
      const expiresAt = epochMs(nowMs + stretched(wishLifetimeMs, shortestWishRealMs, clock.speed()))
      const wish: Wish = { state: 'queued', resultCode: null, expiresAt, askAt: null }
      const { op, reason } = order
      const wanted = { commandId, bikeId, lockId, op, endsRide: order.endsRide === true, wish }
      if (!(await insertWish(tx, { ...wanted, reason, askedBy: staffId, askedAt: nowMs }))) return false
      logger.info({ commandId, lockId, op, staffId }, 'staff ask a lock')
      tell(tx, wanted, 'queued')
      // Behind others it waits for its turn, which the next tick may bring.
      if (waiting === 0) await attempt(tx, wanted, nowMs)
      return true
    })
    if (isRefusal(isNew)) return isNew
    const [command] = await readCommands(db, bikeId, commandId, 1)
    return command ? { command, isNew } : refuse('command_id_used')
  }

  /** Why a bolt is not moved; others are asked nothing. The bike's row is held: no ride begins meanwhile. */
  async function boltRefusal(
    tx: Queryable,
    bikeId: BikeId,
    lockId: LockId,
    order: NewStaffCommand,
  ): Promise<Refusal | null> {
    if (order.op !== 'unlock' && order.op !== 'lock') return null
    if (order.op === 'unlock' && order.leavesOpen !== true) return refuse('unlock_leaves_open')
    if (order.op === 'lock' && bikes.partsOf(lockId)?.includes('lock') === false) return refuse('lock_no_motor')
    await bikes.hold(tx, bikeId)
    const ride = await rideOf(tx, bikeId)
    if (ride === null) return null
    if (order.op === 'unlock' || !closable.has(ride)) return refuse('bike_in_use')
    if (order.endsRide !== true) return refuse('lock_ends_ride')
    return (await standsStill(tx, lockId, clock.nowMs())) ? null : refuse('bike_rolls')
  }

  /** Whether a ride forbids it now: it may have begun, or gone on, since it was asked for. */
  async function isForbiddenBy(
    tx: Queryable,
    ride: string | null,
    wanted: StoredWish,
    nowMs: EpochMs,
  ): Promise<boolean> {
    if (ride === null || (wanted.op !== 'unlock' && wanted.op !== 'lock')) return false
    if (wanted.op === 'unlock' || !wanted.endsRide || !closable.has(ride)) return true
    return !(await standsStill(tx, wanted.lockId, nowMs))
  }

  /** Tries to make a command of a wish that `tx` holds. A rider's own unlock goes first. */
  async function attempt(tx: Queryable, wanted: StoredWish, nowMs: EpochMs): Promise<void> {
    if (!mayBeSent(wanted.wish, nowMs)) return save(tx, wanted, { kind: 'tick', nowMs }, nowMs)
    if (!unlocking.hasStamp(wanted.lockId)) {
      return save(tx, wanted, { kind: 'tried', outcome: 'silent', nowMs }, nowMs)
    }
    if (wanted.op === 'unlock' || wanted.op === 'lock') await bikes.hold(tx, wanted.bikeId)
    const ride = await rideOf(tx, wanted.bikeId)
    if (await isForbiddenBy(tx, ride, wanted, nowMs)) {
      return save(tx, wanted, { kind: 'tried', outcome: 'in_ride', nowMs }, nowMs)
    }
    if (ride === 'promised' || ride === 'unlocking') return
    const { commandId, lockId, op } = wanted
    const issued = await unlocking.issueForStaff(tx, { commandId, lockId, op })
    switch (issued.kind) {
      case 'issued':
        afterCommit(tx, () => void issued.publish())
        return save(tx, wanted, { kind: 'tried', outcome: 'sent', nowMs }, nowMs)
      case 'no_stamp':
        return save(tx, wanted, { kind: 'tried', outcome: 'silent', nowMs }, nowMs)
      case 'busy':
        return
    }
  }

  async function save(tx: Queryable, wanted: StoredWish, event: WishEvent, atMs: EpochMs): Promise<void> {
    const step = stepWish(wanted.wish, event)
    if (step.state === wanted.wish) return
    await saveWish(tx, wanted, step.state, atMs)
    for (const { kind } of step.effects) {
      switch (kind) {
        case 'ask_for_stamp':
          afterCommit(tx, () => bikes.requestStamp(wanted.lockId))
      }
    }
    if (step.state.state !== wanted.wish.state) tell(tx, wanted, step.state.state)
  }

  const tell = (tx: Queryable, { commandId, bikeId }: StoredWish, state: string): void =>
    afterCommit(tx, () => deps.tellDesk({ kind: 'command', commandId, bikeId, state }))

  /** The oldest wish of each lock, when something can be done for it. */
  async function tick(): Promise<void> {
    const nowMs = clock.nowMs()
    for (const { commandId, lockId, wish } of await waitingWishes(db, wishesPerTick)) {
      if (!unlocking.hasStamp(lockId) && !isDue(wish, nowMs)) continue
      try {
        await db.transaction(async (tx) => {
          const held = await wishHeld(tx, commandId)
          if (held?.wish.state === 'queued') await attempt(tx, held, nowMs)
        })
      } catch (error) {
        // One lock must not keep the others waiting.
        logger.error({ err: error, commandId, lockId }, 'a wish of staff could not be looked at, will be tried again')
      }
    }
  }

  return {
    /** Permissions of the one who asks are the caller's to check: `unlock` needs more than the others. */
    ask,
    tick,
    /** The last 50, newest first. */
    list: async (bikeId: BikeId): Promise<StaffCommand[] | Refusal> =>
      bikes.lockOf(bikeId) === null ? refuse('not_found') : readCommands(db, bikeId, null, mostShown),
    /** Takes back what was not sent yet. */
    cancel: async (bikeId: BikeId, commandId: CommandId): Promise<StaffCommand | Refusal> => {
      const no = await db.transaction(async (tx) => {
        const held = await wishHeld(tx, commandId)
        if (held?.bikeId !== bikeId) return refuse('not_found')
        if (held.wish.state === 'cancelled') return null
        if (held.wish.state !== 'queued') return refuse('command_sent')
        await save(tx, held, { kind: 'cancel' }, clock.nowMs())
        return null
      })
      if (no) return no
      const [command] = await readCommands(db, bikeId, commandId, 1)
      return present(command, 'a command that is held can be read')
    },
    /** A command without a trip has changed: when staff asked for it, their wish follows. */
    onChange: async (tx: Queryable, change: CommandChange): Promise<void> => {
      const held = await wishHeld(tx, change.commandId)
      if (!held) return
      await save(tx, held, { kind: 'command', state: change.state, resultCode: change.resultCode }, change.atMs)
      if (held.op !== 'unlock' || change.state !== 'done' || change.isLocked === true) return
      if (await closedSince(tx, change.lockId, change.atMs)) return
      const { bikeId, commandId } = held
      const causeKey = `${openedByStaff}:${commandId}`
      const alarm = { kind: openedByStaff, bikeId, tripId: null, causeKey, detail: { commandId }, atMs: change.atMs }
      await bikes.raise(tx, alarm)
    },
  }
}
