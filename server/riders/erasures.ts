import type { Logger } from 'pino'
import { asId, type RiderId } from '../../contracts/ids.ts'
import { nobody } from '../../contracts/nobody.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { PersonalData } from '../platform/personal-data.ts'
import type { ErasureLedger } from './erasure-ledger.ts'
import type { OneTimeCodes } from './one-time-codes.ts'
import { sendOwnCode } from './own-code.ts'
import { accountHeld, deleteRider, forgetAddress } from './riders-store.ts'
import type { AddressBook } from './sealed-address.ts'
import type { Sessions } from './sessions.ts'

/** The end of an account. */
export interface Erasures {
  /** Sends the code that deletes, to the rider's own address. */
  sendCode(riderId: RiderId): Promise<Refusal | null>
  /**
   * With the right code: nobody is logged in any more and the address is a stranger's, at once. The rest is a job.
   * Refused while something of this rider's is under way (`erasure_*`).
   */
  ask(riderId: RiderId, code: string): Promise<Refusal | null>
  /** The job: room after room, bounded transactions, safe to be killed in and to run twice. */
  finish(erasureId: string): Promise<void>
  /** Those still to be finished that were asked for so long ago. */
  asked(agoMs: number): Promise<string[]>
  /** After a start: whom a restored backup brought back is deleted again. How many it were. */
  again(): Promise<number>
}

export interface ErasureDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly ledger: ErasureLedger
  readonly codes: OneTimeCodes
  readonly addresses: Pick<AddressBook, 'open' | 'index'>
  readonly sessions: Pick<Sessions, 'endOfRider'>
  readonly rooms: readonly PersonalData[]
  readonly enqueue: (erasureId: string) => Promise<void>
}

const rowsAtOnce = 500
const askedAtOnce = 50
const ridersAtOnce = 2_000

export function createErasures(deps: ErasureDeps): Erasures {
  const { db, clock, ids, logger, ledger, codes } = deps

  /** Takes away what makes this rider a person; the rows that are left belong to an id that opens nothing. */
  async function begin(tx: Queryable, riderId: RiderId, index: Buffer | null): Promise<string> {
    const erasureId = ids.uuid()
    await tx.query(
      `INSERT INTO erasure (erasure_id, rider_hash, rider_id, asked_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (rider_hash) DO UPDATE SET rider_id = $3, done_at = NULL, erasure_id = $1`,
      [erasureId, ledger.hashOf(riderId), riderId, new Date(clock.realNowMs())],
    )
    await forgetAddress(tx, riderId)
    if (index !== null) await codes.forget(tx, index)
    await deps.sessions.endOfRider(tx, riderId, null)
    for (const room of deps.rooms) await room.leave?.(tx, riderId)
    return erasureId
  }

  async function hindranceOf(tx: Queryable, riderId: RiderId): Promise<Refusal | null> {
    for (const room of deps.rooms) {
      const code = await room.hindrance?.(tx, riderId)
      if (code) return refuse(code)
    }
    return null
  }

  const ask: Erasures['ask'] = async (riderId, code) => {
    const begun = await db.transaction(async (tx) => {
      const account = await accountHeld(tx, riderId)
      if (account === null) return refuse('session_ended')
      const no = await hindranceOf(tx, riderId)
      if (no) return no
      const spent = await codes.spend(tx, account.index, code, 'erase')
      return isRefusal(spent) ? spent : begin(tx, riderId, account.index)
    })
    if (isRefusal(begun)) return begun
    logger.info({ erasureId: begun }, 'an account is being deleted')
    await deps.enqueue(begun)
    return null
  }

  async function finish(erasureId: string): Promise<void> {
    const { rows } = await db.query<{ rider_id: RiderId; rider_hash: Uint8Array }>(
      'SELECT rider_id, rider_hash FROM erasure WHERE erasure_id = $1 AND done_at IS NULL',
      [erasureId],
    )
    const [row] = rows
    if (!row) return
    await ledger.write(Buffer.from(row.rider_hash), clock.realNowMs())
    for (const room of deps.rooms) {
      await room.forgetFiles?.(row.rider_id)
      let left = 1
      while (left > 0) left = await db.transaction((tx) => room.forget(tx, row.rider_id, rowsAtOnce))
    }
    // What still names the rider (a ride that began in the very moment) keeps the row, and the job is tried again.
    await db.transaction(async (tx) => {
      await tx.query('UPDATE erasure SET rider_id = NULL, done_at = $2 WHERE erasure_id = $1', [
        erasureId,
        new Date(clock.realNowMs()),
      ])
      await deleteRider(tx, row.rider_id)
    })
    logger.info({ erasureId }, 'an account is deleted')
  }

  async function again(): Promise<number> {
    const written = await ledger.read()
    if (written.size === 0) return 0
    let found = 0
    let last: string = nobody
    for (;;) {
      const { rows } = await db.query<{ rider_id: string }>(
        `SELECT rider_id FROM rider WHERE rider_id > $1 AND address_index IS NOT NULL ORDER BY rider_id LIMIT $2`,
        [last, ridersAtOnce],
      )
      for (const { rider_id } of rows) {
        const riderId = asId<RiderId>(rider_id)
        if (!written.has(ledger.hashOf(riderId).toString('hex'))) continue
        const erasureId = await db.transaction(async (tx) => {
          const account = await accountHeld(tx, riderId)
          return begin(tx, riderId, account?.index ?? null)
        })
        found++
        await deps.enqueue(erasureId)
      }
      last = rows.at(-1)?.rider_id ?? last
      if (rows.length < ridersAtOnce) break
    }
    if (found > 0) logger.warn({ found }, 'accounts that a backup brought back are deleted again')
    return found
  }

  return {
    sendCode: (riderId) => sendOwnCode(deps, riderId, 'erase'),
    ask,
    finish,
    asked: async (agoMs) => {
      const { rows } = await db.query<{ erasure_id: string }>(
        'SELECT erasure_id FROM erasure WHERE done_at IS NULL AND asked_at <= $1 ORDER BY asked_at LIMIT $2',
        [new Date(clock.realNowMs() - agoMs), askedAtOnce],
      )
      return rows.map((row) => row.erasure_id)
    },
    again,
  }
}
