import { readyForQuery, splitMessages } from './wire-messages.ts'

/** The part of PGlite that the queue drives. */
export interface WireDatabase {
  execProtocolRawStream(message: Uint8Array, options: { onRawData: (data: Uint8Array) => void }): Promise<void>
  runExclusive<T>(work: () => Promise<T>): Promise<T>
  isInTransaction(): boolean
  exec(text: string): Promise<unknown>
}

/** Names a connection; compared by identity. */
export type Connection = object

/** A finished batch that waits for its turn. */
interface Turn {
  readonly connection: Connection
  readonly batch: Uint8Array
  readonly resolve: (answer: Buffer) => void
  readonly reject: (error: Error) => void
}

export interface SessionQueue {
  /** Runs one whole batch (`Query`, or `Parse … Sync`) and resolves with the bytes to send back. */
  run(connection: Connection, batch: Uint8Array): Promise<Buffer>
  /** The connection has gone: its waiting batches fail, its open transaction is rolled back, the others go on. */
  forget(connection: Connection): Promise<void>
}

/**
 * Lets many connections share PGlite's single session. One whole batch at a time reaches the database, so batches of
 * two clients never interleave, and while a transaction is open the session belongs to the connection that began it.
 *
 * PGlite answers an error inside a batch with a ReadyForQuery of its own and then one for the Sync: two for one
 * question. Passed on, the second would complete the client's *next* query, and a refused row would look stored
 * (https://github.com/electric-sql/pglite/issues/1046). So of an answer only the last ReadyForQuery is kept.
 *
 * @param onBroken the database itself failed (not a statement): nothing more can be answered by it.
 */
export function createSessionQueue(db: WireDatabase, onBroken: (error: Error) => void): SessionQueue {
  let waiting: Turn[] = []
  let owner: Connection | undefined
  let running: Promise<void> | undefined
  let broken: Error | undefined

  const nextTurn = (): Turn | undefined => {
    const index = owner === undefined ? 0 : waiting.findIndex((turn) => turn.connection === owner)
    return index < 0 ? undefined : waiting.splice(index, 1)[0]
  }

  const take = async (turn: Turn): Promise<void> => {
    if (broken !== undefined) return turn.reject(broken)
    const chunks: Buffer[] = []
    try {
      const onRawData = (data: Uint8Array): void => void chunks.push(Buffer.from(data))
      await db.runExclusive(() => db.execProtocolRawStream(turn.batch, { onRawData }))
      owner = db.isInTransaction() ? turn.connection : undefined
      turn.resolve(keepLastReadyForQuery(Buffer.concat(chunks)))
    } catch (error) {
      // A failed statement is an answer; what is thrown is the end of the WebAssembly, and every later call would hang.
      broken = error instanceof Error ? error : new Error(`the embedded database stopped: ${describeExit(error)}`)
      owner = undefined
      turn.reject(broken)
      onBroken(broken)
    }
  }

  const drain = async (): Promise<void> => {
    for (let turn = nextTurn(); turn !== undefined; turn = nextTurn()) await take(turn)
  }

  const wake = (): void => {
    running ??= drain().finally(() => {
      running = undefined
      if (owner === undefined ? waiting.length > 0 : waiting.some((turn) => turn.connection === owner)) wake()
    })
  }

  return {
    run(connection, batch) {
      return new Promise((resolve, reject) => {
        waiting.push({ connection, batch, resolve, reject })
        wake()
      })
    },
    async forget(connection) {
      const [gone, kept] = [
        waiting.filter((t) => t.connection === connection),
        waiting.filter((t) => t.connection !== connection),
      ]
      waiting = kept
      for (const turn of gone) turn.reject(new Error('the connection was closed'))
      // Its running batch may be the very one that begins a transaction: look again when that is done.
      await running
      if (owner !== connection || broken !== undefined) return
      if (db.isInTransaction()) await db.exec('ROLLBACK')
      owner = undefined
      wake()
    },
  }
}

function keepLastReadyForQuery(answer: Buffer): Buffer {
  const messages = splitMessages(answer)
  const last = messages.findLastIndex((message) => message[0] === readyForQuery)
  return Buffer.concat(messages.filter((message, index) => message[0] !== readyForQuery || index === last))
}

/** Emscripten throws `{ name: 'ExitStatus', message }`, which is not an Error. */
function describeExit(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown)
}
