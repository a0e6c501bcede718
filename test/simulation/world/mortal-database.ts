import type { Database, Queryable } from '../../../server/platform/database.ts'
import type { Busy } from './busy.ts'
import { type Life, never } from './life.ts'
import { connectionLost, type Outage } from './outage.ts'

/** Told of every statement before it is sent; may answer it itself (a planted bug) by returning rows. */
export type StatementWatch = (text: string, values: readonly unknown[]) => { readonly rows: object[] } | null

/**
 * The database as one life of the server sees it. When the life ends, whatever was not committed is rolled back and no
 * answer comes any more, not even an error: the code that waited for it is gone with its process.
 */
export function mortalDatabase(settings: {
  readonly db: Database
  readonly life: Life
  readonly busy: Busy
  readonly outage: Outage
  readonly watch: StatementWatch
}): Database {
  const { db, life, busy, outage, watch } = settings
  /** Reading changes nothing, and the outbox's own look only claims. */
  const strikesAt = (text: string) =>
    isWrite.test(text) && !text.startsWith('UPDATE outbox SET attempts') && life.strikes()

  async function send<Row>(to: Queryable, text: string, values?: readonly unknown[]) {
    if (outage.isAway()) throw connectionLost()
    const answer = watch(text, values ?? [])
    if (answer) return { rows: answer.rows as Row[], rowCount: answer.rows.length }
    return to.query<Row>(text, values)
  }

  async function inTransaction<T>(tx: Queryable, work: (tx: Queryable) => Promise<T>): Promise<T> {
    if (life.isOver()) throw new ProcessDied()
    const result = await work({
      query: async (text, values) => {
        if (life.isOver() || strikesAt(text)) throw new ProcessDied()
        const answer = await send(tx, text, values)
        if (life.isOver() || strikesAt(text)) throw new ProcessDied()
        return answer as never
      },
    })
    if (life.isOver() || life.strikes()) throw new ProcessDied()
    if (outage.isAway()) throw connectionLost()
    return result
  }

  return {
    kind: db.kind,
    close: () => db.close(),
    query: async (text, values) => {
      if (life.isOver() || strikesAt(text)) return never()
      const answer = await busy.during(send(db, text, values))
      return life.isOver() || strikesAt(text) ? never() : (answer as never)
    },
    transaction: async (work) => {
      if (life.isOver()) return never()
      if (outage.isAway()) throw connectionLost()
      try {
        const result = await busy.during(db.transaction((tx) => inTransaction(tx, work)))
        return life.isOver() || life.strikes() ? never() : result
      } catch (error) {
        if (life.isOver()) return never()
        throw error
      }
    },
  }
}

const isWrite = /^\s*(INSERT|UPDATE|WITH)\b/

/** Rolls the open transaction back, as the database does when its client is gone. */
class ProcessDied extends Error {
  override readonly name = 'ProcessDied'
}
