import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { RingView } from '../../contracts/http/reservations.ts'
import type { BikeId, LockId, RiderId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import { decideRing, ringsCountMs } from './core/decide-ring.ts'
import { holdRinger, insertRing, readRing, ringFacts } from './ring-store.ts'
import type { Unlocking } from './unlocking-service.ts'

export interface Rings {
  /** Makes the lock ring, once; what becomes of it is in `read`. */
  ring(riderId: RiderId, codeOrNumber: string): Promise<RingView | Refusal>
  read(riderId: RiderId, codeOrNumber: string, commandId: string): Promise<RingView | null>
}

export interface BikeToRing {
  readonly bikeId: BikeId
  readonly lockId: LockId
  readonly isInVan: boolean
  /** By birth and will of its lock: a hint. */
  readonly isConnected: boolean
}

export interface RingDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly unlocking: Pick<Unlocking, 'issueBeep' | 'hasStamp'>
  readonly bikeByCode: (codeOrNumber: string) => BikeToRing | null
  /** Who has it reserved. */
  readonly reservedBy: (bikeId: BikeId, from: Queryable) => Promise<RiderId | null>
  readonly requestStamp: (lockId: LockId) => void
}

/** A lock that was quiet for some minutes is asked for a sign of life first, and gets so long, real time. */
const stampWaitRealMs = 3_000
const lookEveryRealMs = 100

/** A bike that rings for the rider who looks for it. */
export function createRings(deps: RingDeps): Rings {
  const { db, clock, logger, unlocking } = deps

  async function heardNow({ lockId, isConnected }: BikeToRing): Promise<boolean> {
    if (unlocking.hasStamp(lockId)) return true
    deps.requestStamp(lockId)
    for (let waitedMs = 0; isConnected && waitedMs < stampWaitRealMs; waitedMs += lookEveryRealMs) {
      await pause(lookEveryRealMs)
      if (unlocking.hasStamp(lockId)) return true
    }
    return false
  }

  async function refusalOf(
    from: Queryable,
    riderId: RiderId,
    { bikeId, isInVan }: BikeToRing,
  ): Promise<Refusal | null> {
    const nowMs = clock.realNowMs()
    const facts = await ringFacts(from, { bikeId, riderId, sinceMs: nowMs - ringsCountMs })
    const reservedBy = await deps.reservedBy(bikeId, from)
    const { trip, rungAt, ringsOfRider } = facts
    return decideRing(
      {
        trip: trip && { isMine: trip.riderId === riderId, state: trip.state },
        isReservedByOther: reservedBy !== null && reservedBy !== riderId,
        ...{ isInVan, rungAt, ringsOfRider },
      },
      nowMs,
    )
  }

  async function ring(riderId: RiderId, codeOrNumber: string): Promise<RingView | Refusal> {
    const bike = deps.bikeByCode(codeOrNumber)
    if (bike === null) return refuse('bike_unknown')
    const { bikeId, lockId } = bike
    const no = await refusalOf(db, riderId, bike)
    if (no) return no
    if (!(await heardNow(bike))) return refuse('bike_silent')
    const issued = await db.transaction(async (tx) => {
      // While the lock was waited for, this rider rang others, or somebody else took the bike.
      await holdRinger(tx, riderId)
      const notNow = await refusalOf(tx, riderId, deps.bikeByCode(codeOrNumber) ?? bike)
      if (notNow) return notNow
      const beep = await unlocking.issueBeep(tx, lockId)
      if (beep.kind === 'no_stamp') return refuse('bike_silent')
      if (beep.kind === 'busy') return refuse('lock_busy')
      await insertRing(tx, { commandId: beep.commandId, bikeId, riderId, atMs: clock.realNowMs() })
      return beep
    })
    if (isRefusal(issued)) return issued
    await issued.publish()
    logger.info({ commandId: issued.commandId, lockId }, 'a rider rings')
    return { commandId: issued.commandId, state: 'sent' }
  }

  return {
    ring,
    read: async (riderId, codeOrNumber, commandId) => {
      const bike = deps.bikeByCode(codeOrNumber)
      return bike === null ? null : readRing(db, riderId, bike.bikeId, commandId)
    },
  }
}
