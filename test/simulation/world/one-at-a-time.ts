import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database } from '../../../server/platform/database.ts'

/**
 * The database as one session that works off what it is asked in the order of asking, as the embedded one does by
 * itself. On a real server several connections would answer in an order that depends on the machine's load, and a seed
 * would not repeat.
 */
export function oneAtATime(db: Database): Database {
  const insideTransaction = new AsyncLocalStorage<{ open: boolean }>()
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    // It would wait for itself: the database refuses it with its own words.
    if (insideTransaction.getStore()?.open === true) return work()
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    kind: 'embedded',
    query: (text, values) => inTurn(() => db.query(text, values)),
    transaction: (work) =>
      inTurn(() => {
        const scope = { open: true }
        return insideTransaction
          .run(scope, () => db.transaction(work))
          .finally(() => {
            scope.open = false
          })
      }),
    close: () => inTurn(() => db.close()),
  }
}
