import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { DataExport } from '../../contracts/http/my-data.ts'
import type { RiderId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { removeOlderThan } from '../platform/old-files.ts'
import type { PersonalData } from '../platform/personal-data.ts'
import {
  askedExports,
  expiredExports,
  exportFailed,
  exportGone,
  exportReady,
  exportsOf,
  forgetExportsBefore,
  insertExport,
  ownExport,
  riderOfAsked,
} from './data-export-store.ts'
import type { OneTimeCodes } from './one-time-codes.ts'
import { sendOwnCode } from './own-code.ts'
import { accountHeld } from './riders-store.ts'
import type { AddressBook } from './sealed-address.ts'

/** Copies of what we keep of a rider: made by a job, kept as files for a day. */
export interface DataExports {
  /** Sends the code that makes a copy, to the rider's own address: whoever found the phone has none of it. */
  sendCode(riderId: RiderId): Promise<Refusal | null>
  /** With the right code. `export_enough` after three within a day; while one is being made that one is told. */
  ask(riderId: RiderId, code: string): Promise<DataExport | Refusal>
  list(riderId: RiderId): Promise<DataExport[]>
  file(riderId: RiderId, exportId: string): Promise<{ readonly body: Buffer; readonly atMs: number } | Refusal>
  /** The job itself; safe to run twice. On the last try a failure is told to the rider, too. */
  make(exportId: string, isLastTry: boolean): Promise<void>
  /** Those still to be made that were asked for so long ago. */
  asked(agoMs: number): Promise<string[]>
  /** Deletes files whose time is over, and files that no row knows; bounded. */
  forget(): Promise<void>
  /** The copies themselves are the rider's data, too. */
  readonly personalData: PersonalData
}

const validForMs = 86_400_000
const mostPerDay = 3
const mostListed = 20
const madeAtOnce = 50
const deletedAtOnce = 200
/** A file that a dead process left half-way is nobody's after this long. */
const strayAfterMs = validForMs + 3_600_000
/** That there was a copy is forgotten with other traces. */
const keepRowsMs = 30 * 86_400_000

/** @param deps.rooms what each room keeps; `folder` is made readable by us alone */
export async function openDataExports(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly folder: string
  readonly codes: OneTimeCodes
  readonly addresses: Pick<AddressBook, 'open' | 'index'>
  readonly rooms: readonly Pick<PersonalData, 'export'>[]
  readonly enqueue: (exportId: string) => Promise<void>
}): Promise<DataExports> {
  const { db, clock, ids, logger, folder } = deps
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (exportId: string) => join(folder, `${exportId}.json`)
  const now = () => clock.realNowMs()

  async function askIn(tx: Queryable, riderId: RiderId, code: string): Promise<DataExport | Refusal> {
    const account = await accountHeld(tx, riderId)
    if (account === null) return refuse('session_ended')
    const known = await exportsOf(tx, riderId, mostListed)
    const under = known.find(({ state }) => state === 'asked')
    if (under) return under
    const today = known.filter(({ state, askedAt }) => state !== 'failed' && askedAt > now() - validForMs)
    if (today.length >= mostPerDay) return refuse('export_enough')
    const spent = await deps.codes.spend(tx, account.index, code, 'copy')
    if (isRefusal(spent)) return spent
    const exportId = ids.uuid()
    const nowMs = now()
    await insertExport(tx, { exportId, riderId, nowMs })
    return { exportId, state: 'asked', askedAt: epochMs(nowMs), readyAt: null, expiresAt: null, bytes: null }
  }

  async function write(exportId: string, riderId: RiderId): Promise<void> {
    const sections: Record<string, unknown> = {
      format: 'zwerm-my-data-1',
      madeAt: new Date(now()).toISOString(),
    }
    for (const room of deps.rooms) Object.assign(sections, await room.export(db, riderId))
    const body = Buffer.from(`${JSON.stringify(sections, null, 2)}\n`)
    const draft = join(folder, `${exportId}.${ids.uuid()}.draft`)
    await writeFile(draft, body, { mode: 0o600, flush: true })
    await rename(draft, pathOf(exportId))
    const nowMs = now()
    const isWanted = await exportReady(db, exportId, {
      bytes: body.length,
      nowMs,
      expiresAtMs: nowMs + validForMs,
    })
    // Its rider was deleted while it was being made; or another run was first, and this is the same file.
    if (!isWanted) await removeUnknown(exportId)
    logger.info({ exportId, bytes: body.length }, 'a copy of a rider’s data is ready')
  }

  async function removeUnknown(exportId: string): Promise<void> {
    const { rowCount } = await db.query(`SELECT 1 FROM data_export WHERE export_id = $1 AND state = 'ready'`, [
      exportId,
    ])
    if (rowCount === 0) await rm(pathOf(exportId), { force: true })
  }

  return {
    sendCode: (riderId) => sendOwnCode(deps, riderId, 'copy'),
    ask: async (riderId, code) => {
      const asked = await db.transaction((tx) => askIn(tx, riderId, code))
      if ('exportId' in asked && asked.state === 'asked') await deps.enqueue(asked.exportId)
      return asked
    },
    list: (riderId) => exportsOf(db, riderId, mostListed),
    file: async (riderId, exportId) => {
      const found = await ownExport(db, riderId, exportId)
      if (found === null) return refuse('not_found')
      if (found.state === 'asked' || found.state === 'failed') return refuse('export_not_ready')
      if (found.state === 'gone' || (found.expiresAt ?? 0) <= now()) return refuse('export_gone')
      return { body: await readFile(pathOf(exportId)), atMs: found.readyAt ?? found.askedAt }
    },
    make: async (exportId, isLastTry) => {
      const riderId = await riderOfAsked(db, exportId)
      if (riderId === null) return
      try {
        await write(exportId, riderId)
      } catch (fault) {
        if (isLastTry) await exportFailed(db, exportId)
        throw fault
      }
    },
    asked: (agoMs) => askedExports(db, now() - agoMs, madeAtOnce),
    forget: async () => {
      for (const exportId of await expiredExports(db, now(), deletedAtOnce)) {
        await rm(pathOf(exportId), { force: true })
        await exportGone(db, exportId)
      }
      await forgetExportsBefore(db, new Date(now() - keepRowsMs), deletedAtOnce)
      await removeOlderThan(folder, now() - strayAfterMs, deletedAtOnce)
    },
    personalData: {
      export: async (from, riderId) => ({ copies: await exportsOf(from, riderId, mostListed) }),
      forgetFiles: async (riderId) => {
        for (const { exportId } of await exportsOf(db, riderId, deletedAtOnce)) {
          await rm(pathOf(exportId), { force: true })
        }
      },
      forget: async (tx, riderId, most) => {
        const { rowCount } = await tx.query(
          'DELETE FROM data_export WHERE export_id IN (SELECT export_id FROM data_export WHERE rider_id = $1 LIMIT $2)',
          [riderId, most],
        )
        return rowCount
      },
    },
  }
}
