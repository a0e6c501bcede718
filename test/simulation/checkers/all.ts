import type { LockId } from '../../../contracts/ids.ts'
import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { Database } from '../../../server/platform/database.ts'
import type { Notes, Violation } from '../world/notes.ts'
import type { World } from '../world/open-world.ts'
import { everythingRests } from './at-rest.ts'
import { bikesInHands } from './bikes-in-hands.ts'
import { billIsTheLocksClock, noCaptureBeforeClosing } from './bill.ts'
import { commandsObeyedOnce } from './commands-obeyed-once.ts'
import { type Checker, gatherEvidence, type LockTruth } from './evidence.ts'
import { moneyIsRight } from './money.ts'
import { lastWords, lockIsRight, noteCritical } from './on-the-street.ts'
import { oneActiveTrip } from './one-active-trip.ts'
import { beliefsAreTrue, noBikeOpenUnseen } from './open-bikes.ts'
import { acknowledgedIsStored, acknowledgedSince, storedOnce } from './reports-stored.ts'
import { wishesEnd } from './wishes.ts'

const checkers: readonly Checker[] = [
  commandsObeyedOnce,
  acknowledgedIsStored,
  storedOnce,
  noBikeOpenUnseen,
  moneyIsRight,
  noCaptureBeforeClosing,
  billIsTheLocksClock,
  everythingRests,
  beliefsAreTrue,
  wishesEnd,
  lastWords,
]

/** What must hold at every moment, as far as it is cheap to look. */
export async function checkWhileRunning(db: Database): Promise<readonly Violation[]> {
  return [...(await oneActiveTrip(db)), ...(await bikesInHands(db))]
}

/** What only the street has to be looked at for. */
export function checkOnEvent(notes: Notes, locks: readonly Lock[], event: number): readonly Violation[] {
  const lock = locks[event % locks.length]
  if (lock === undefined) return []
  noteCritical(notes, lock)
  return lockIsRight(lock)
}

/** Every so often: what was acknowledged since is there. */
export async function checkAtCheckpoint({ db, notes }: Pick<World, 'db' | 'notes'>): Promise<readonly Violation[]> {
  return acknowledgedSince(db, notes)
}

/** Everything, once the healed world has come to rest, or has not. */
export async function checkAtTheEnd(world: World): Promise<readonly Violation[]> {
  const { db, notes, air } = world
  const rooms = world.server.rooms()
  const shadowOf = (lockId: LockId) => rooms?.fleet.shadowOf(lockId)
  const locks = world.locks.map(
    (lock): LockTruth => ({
      lockId: lock.lockId,
      position: lock.boltPosition(),
      saysItIs: lock.boltState(),
      isConnected: air.isConnected(lock.lockId),
      waiting: lock.outbox().events,
      believedBolt: shadowOf(lock.lockId)?.bolt ?? null,
      believedConnected: shadowOf(lock.lockId)?.connected ?? false,
    }),
  )
  const evidence = await gatherEvidence(db, { notes, locks })
  return checkers.flatMap((check) => check(evidence))
}
