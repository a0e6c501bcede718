import { Duplex } from 'node:stream'
import type { Database } from './database.ts'
import { converse } from './embedded-postgres/client-conversation.ts'
import type { PgliteSource } from './embedded-postgres/open-pglite.ts'
import { openPglite } from './embedded-postgres/open-pglite.ts'
import { createSessionQueue, type SessionQueue } from './embedded-postgres/session-queue.ts'
import { openPgDatabase } from './pg-database.ts'

export interface InProcessDatabase extends Database {
  /** The whole database as a gzipped tar (6 MB when empty, 65 MB unpacked), to be given to `savedDataDir` later. */
  save(): Promise<Blob>
}

/**
 * The embedded database inside this process: for tests and the headless simulation. One connection, one queue, no
 * socket and no timer, so the same calls give the same order of things every time. The bytes between `pg` and the
 * database are the same as over a socket; only their carrier differs.
 */
export async function openInProcessDatabase(source: PgliteSource = {}): Promise<InProcessDatabase> {
  const pglite = await openPglite(source)
  let fault: Error | undefined
  const queue = createSessionQueue(pglite, (error) => {
    fault ??= error
  })
  const database = openPgDatabase({ kind: 'embedded', openStream: () => streamTo(queue) })
  return {
    ...database,
    async save() {
      await database.query('CHECKPOINT')
      return pglite.dumpDataDir('gzip')
    },
    async close() {
      await database.close()
      // After a crash of the WebAssembly there is nothing left to close, and trying would throw a second time.
      if (fault === undefined) await pglite.close()
    },
  }
}

/** What `pg` takes for a socket: a stream with `connect` and the few knobs of a TCP connection. */
function streamTo(queue: SessionQueue): Duplex {
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      conversation.receive(chunk)
      done()
    },
    final(done) {
      stream.push(null)
      done()
    },
    destroy(error, done) {
      conversation.end().then(
        () => done(error),
        (failed: Error) => done(error ?? failed),
      )
    },
  })
  const conversation = converse(
    queue,
    (bytes) => stream.push(bytes),
    () => stream.push(null),
  )
  return Object.assign(stream, {
    connect: () => process.nextTick(() => stream.emit('connect')),
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  })
}
