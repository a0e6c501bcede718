import type { RiderId } from '../../contracts/ids.ts'
import type { RefusalCode } from '../../contracts/refusals.ts'
import type { Database, Queryable } from './database.ts'

/** What one room keeps of a rider, given to the rider and forgotten on the rider's word. */
export interface PersonalData {
  /** Part of the rider's copy: names of the document's sections and what stands in them, as JSON. */
  readonly export: (db: Database, riderId: RiderId) => Promise<Readonly<Record<string, unknown>>>
  /** What has to come to an end before this rider can be forgotten; null: nothing here. */
  readonly hindrance?: (tx: Queryable, riderId: RiderId) => Promise<RefusalCode | null>
  /** In the transaction in which the account ends: what others wait for is ended and told as if the rider had done it. */
  readonly leave?: (tx: Queryable, riderId: RiderId) => Promise<void>
  /** Deletes what lies outside of the database; before the rows that name it. Bears being run twice. */
  readonly forgetFiles?: (riderId: RiderId) => Promise<void>
  /**
   * Forgets up to `most` rows: the rider's own go, what must be kept becomes nobody's. The number of rows changed; 0
   * says that nothing is left.
   */
  readonly forget: (tx: Queryable, riderId: RiderId, most: number) => Promise<number>
}

/** Rows of one section of a copy; nobody has more, and a copy must fit into memory. */
export const mostExportedRows = 20_000
const exportedAtOnce = 500

/** A section, page after page: `page` gets the number of rows so far, and how many it may give. */
export async function inPages<Row>(page: (offset: number, limit: number) => Promise<readonly Row[]>): Promise<Row[]> {
  const all: Row[] = []
  for (;;) {
    const rows = await page(all.length, Math.min(exportedAtOnce, mostExportedRows - all.length))
    all.push(...rows)
    if (rows.length < exportedAtOnce || all.length >= mostExportedRows) return all
  }
}

/** How many rows a statement of this kind changed, as `PersonalData.forget` counts. */
export const changed = async (tx: Queryable, sql: string, values: readonly unknown[]): Promise<number> =>
  (await tx.query(sql, values)).rowCount
