import { present } from '../../contracts/assert.ts'
import type { Database, Queryable } from './database.ts'

/** What must only happen once a transaction is in the database: telling the world, waking the relay, publishing. */
type Act = () => void

const waiting = new WeakMap<Queryable, Act[]>()

/** The same database, whose transactions perform what was put off with `afterCommit`. */
export function withAfterCommit(db: Database): Database {
  return {
    kind: db.kind,
    query: (text, values) => db.query(text, values),
    close: () => db.close(),
    transaction: async (work) => {
      let acts: Act[] = []
      const result = await db.transaction((tx) => {
        // A transaction that is tried again starts with nothing to do.
        acts = []
        waiting.set(tx, acts)
        return work(tx)
      })
      for (const act of acts) act()
      return result
    },
  }
}

/** Puts `act` off until `tx` has been committed; it never happens when `tx` is rolled back. */
export function afterCommit(tx: Queryable, act: Act): void {
  present(waiting.get(tx), 'afterCommit is called inside a transaction of a database opened withAfterCommit').push(act)
}
