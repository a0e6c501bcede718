import type { FactoryLocks, LockBatch, LockBatches, LockRows, NewLockBatch } from '../../contracts/http/locks.ts'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { BikeToAdd } from '../fleet/add-bike.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import {
  insertBatch,
  type LockFilter,
  locksOfBatch,
  readBatches,
  readLocks,
  takenBySomethingElse,
} from './batch-store.ts'
import type { Credentials } from './credentials.ts'
import type { LabelledBike } from './labels-page.ts'

const usualModel = 'city'
const digitsOfLock = 6
/** Whole sheets of the largest batch are read at once. */
const mostLabels = 1_000

/** What the factory orders together, and what the desk sees of it. */
export interface Batches {
  /** The same order again makes what is missing and nothing twice; another one under its id is refused. */
  make(order: NewLockBatch): Promise<LockBatch | Refusal>
  /** With their secrets: for the factory alone. */
  locksOf(batchId: string, after: string | null): Promise<FactoryLocks | Refusal>
  labelsOf(batchId: string): Promise<readonly LabelledBike[] | Refusal>
  list(before: string | undefined, limit: number): Promise<LockBatches>
  locks(filter: LockFilter, limit: number): Promise<LockRows>
}

const locksAtOnce = 50

export function createBatches(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly publicUrl: string
  readonly fleet: {
    addBike(bike: BikeToAdd): Promise<unknown>
    bikeOfLock(lockId: LockId): BikeId | null
    shadowOf(lockId: LockId): { readonly connected: boolean }
  }
  readonly credentials: Credentials
  readonly hasCertificates: boolean
}): Batches {
  const { db, clock, fleet, credentials } = deps
  const urlOf = (code: string) => `${deps.publicUrl}/b/${code}`

  async function make(order: NewLockBatch): Promise<LockBatch | Refusal> {
    const wanted = { model: usualModel, ...order }
    if (order.credential === 'certificate' && !deps.hasCertificates) return refuse('certificates_off')
    const lockIds = lockIdsOf(order)
    const taken = await takenBySomethingElse(db, lockIds, order.batchId)
    if (taken !== null) return refuse('lock_id_taken', taken)
    const kept = await insertBatch(db, wanted, clock.realNowMs())
    if (!sameOrder(kept, wanted)) return refuse('batch_differs')
    for (const lockId of lockIds) {
      if (fleet.bikeOfLock(lockId) === null) {
        await fleet.addBike({ lockId, model: wanted.model, batchId: order.batchId })
      }
      const refused = order.credential === 'certificate' ? await credentials.certify(lockId) : null
      if (refused !== null) return refused
    }
    const [batch] = await readBatches(db, { batchId: order.batchId, limit: 1 })
    return batch ?? refuse('not_found')
  }

  const isKnown = async (batchId: string) => (await readBatches(db, { batchId, limit: 1 })).length > 0

  return {
    make,
    locksOf: async (batchId, after) => {
      if (!(await isKnown(batchId))) return refuse('not_found')
      const found = await locksOfBatch(db, { batchId, after, limit: locksAtOnce + 1 })
      const shown = found.slice(0, locksAtOnce)
      const secrets = await credentials.secretsOf(shown.map(({ lockId }) => lockId))
      const locks = shown.map((one) => ({ ...one, url: urlOf(one.code), secrets: secrets.get(one.lockId) ?? null }))
      return { locks, next: found.length > locksAtOnce ? (shown.at(-1)?.lockId ?? null) : null }
    },
    labelsOf: async (batchId) => {
      if (!(await isKnown(batchId))) return refuse('not_found')
      const bikes = await locksOfBatch(db, { batchId, after: null, limit: mostLabels })
      return bikes.map(({ number, code }) => ({ number, url: urlOf(code) }))
    },
    list: async (before, limit) => {
      const found = await readBatches(db, { before, limit: limit + 1 })
      const batches = found.slice(0, limit)
      return { batches, next: found.length > limit ? (batches.at(-1)?.batchId ?? null) : null }
    },
    locks: async (filter, limit) => {
      const found = await readLocks(db, filter, limit + 1, clock.realNowMs())
      const locks = found
        .slice(0, limit)
        .map((row) => ({ ...row, connected: fleet.shadowOf(asId<LockId>(row.lockId)).connected }))
      return { locks, next: found.length > limit ? (locks.at(-1)?.lockId ?? null) : null }
    },
  }
}

/** In the order of their bikes' numbers. */
const lockIdsOf = ({ prefix, first, size }: NewLockBatch): readonly LockId[] =>
  Array.from({ length: size }, (_, i) => asId<LockId>(`${prefix}${String(first + i).padStart(digitsOfLock, '0')}`))

const sameOrder = (a: Required<NewLockBatch>, b: Required<NewLockBatch>): boolean =>
  a.prefix === b.prefix &&
  a.first === b.first &&
  a.size === b.size &&
  a.model === b.model &&
  a.credential === b.credential
