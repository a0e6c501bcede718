import type { Static } from 'typebox'
import { present } from '../../contracts/assert.ts'
import { checkDigit } from '../../contracts/bike-number.ts'
import type { NewBike } from '../../contracts/http/staff.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { loadBikes, type StoredBike } from './fleet-store.ts'

const defaultModel = 'city'
/** What a new lock's secrets are derived with ; a later epoch turns all its old keys void. */
export const firstKeyEpoch = 1
const firstKeyVersion = 1
const codeLength = 12
/** Bytes of randomness of the id that strangers see. */
export const publicIdBytes = 12

export type BikeToAdd = Static<typeof NewBike> & {
  /** The order of the factory that its lock belongs to. */
  readonly batchId?: string
}

/** Makes a bike and its lock; with a lock that is known already, the bike that it has. */
export async function addBike(
  deps: { readonly db: Database; readonly ids: Ids },
  bike: BikeToAdd,
  nowMs: EpochMs,
): Promise<StoredBike> {
  const lockId = asId<LockId>(bike.lockId)
  return deps.db.transaction(async (tx) => {
    await insert(tx, deps.ids, bike, nowMs)
    const [added] = await loadBikes(tx, lockId)
    return present(added, 'a lock that was given a bike has one')
  })
}

async function insert(tx: Queryable, ids: Ids, bike: BikeToAdd, nowMs: EpochMs): Promise<void> {
  const known = await tx.query('SELECT 1 FROM bike WHERE lock_id = $1', [bike.lockId])
  if (known.rowCount > 0) return
  const seed = await tx.query<{ next: number }>("SELECT nextval('bike_number_seed') AS next")
  const digits = String(present(seed.rows[0], 'a sequence has a next value').next)
  const bikeId = ids.uuid()
  const { rowCount } = await tx.query(
    `INSERT INTO bike (bike_id, number, code, public_id, lock_id, model, in_service, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, true, $7) ON CONFLICT (lock_id) DO NOTHING`,
    [
      bikeId,
      `${digits}${checkDigit(digits)}`,
      opaqueCode(ids),
      ids.token(publicIdBytes),
      bike.lockId,
      bike.model ?? defaultModel,
      new Date(nowMs),
    ],
  )
  if (rowCount === 0) return
  await tx.query(
    'INSERT INTO lock (lock_id, key_epoch, key_version, command_counter, batch_id) VALUES ($1, $2, $3, 0, $4)',
    [bike.lockId, firstKeyEpoch, firstKeyVersion, bike.batchId ?? null],
  )
  await tx.query('INSERT INTO bike_latest (bike_id, geom) VALUES ($1, ST_SetSRID(ST_MakePoint($2, $3), 4326))', [
    bikeId,
    bike.lat === undefined ? null : (bike.lon ?? null),
    bike.lon === undefined ? null : (bike.lat ?? null),
  ])
}

/** Letters and digits only: the code is also read aloud and typed. */
function opaqueCode(ids: Ids): string {
  let code = ''
  while (code.length < codeLength) code += ids.token(codeLength).replace(/[-_]/g, '')
  return code.slice(0, codeLength)
}
