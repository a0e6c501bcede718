import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { assert } from '../contracts/assert.ts'
import { asId, type LockId } from '../contracts/ids.ts'
import { epochMs } from '../contracts/units.ts'
import { type NewPosition, storeWords } from '../server/fleet/ingest-store.ts'
import { ensurePositionPartitions } from '../server/fleet/position-partitions.ts'
import { createUplinkIngest } from '../server/fleet/uplink-ingest.ts'
import { openAedesBroker } from '../server/platform/aedes-broker.ts'
import { type Clock, realClock } from '../server/platform/clock.ts'
import type { Database } from '../server/platform/database.ts'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { migrate } from '../server/platform/migrate.ts'
import { openPgDatabase } from '../server/platform/pg-database.ts'
import { type PublishOrder, telemetryRecord } from './ingest-publishers.ts'

const rounds = 3
const publishers = 2
const locksPerPublisher = 64
const messagesPerLock = 16
const recordsPerMessage = 25
/** As many rows as one straight statement takes at its best. */
const straightRows = 2_000
const password = 'bench'
/** Lifts the broker's rate limit, which is not what is measured. */
const hurried: Clock = { ...realClock, speed: () => 100_000 }

/**
 * Telemetry records per second from MQTT QoS 1 publish to committed row and PUBACK, beside the same rows inserted
 * straight into the same database, taking turns. The publishers run in processes of their own.
 */
export async function run(): Promise<Record<string, unknown>> {
  const target = await openTarget()
  const logger = pino({ level: 'error' })
  const { db } = target
  await ensurePositionPartitions(db, realClock.nowMs())
  const ingest = createUplinkIngest({
    ...{ db, logger, clock: hurried },
    listener: { heard: () => undefined, present: () => undefined },
  })
  const broker = await openAedesBroker({
    ...{ port: 0, host: '127.0.0.1', clock: hurried, logger, passwordOf: () => password, sink: ingest.sink },
  })
  const children = Array.from({ length: publishers }, () =>
    fork(fileURLToPath(new URL('./ingest-publishers.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] }),
  )
  try {
    const straight: number[] = []
    const through: number[] = []
    for (let round = 0; round < rounds; round++) {
      straight.push(await insertStraight(db, round))
      through.push(await publish(children, broker.port, round))
    }
    await expectAllStored(db)
    const [recordsPerS, straightPerS] = [median(through), median(straight)]
    return {
      database: db.kind,
      records_per_s: Math.round(recordsPerS),
      straight_insert_per_s: Math.round(straightPerS),
      ratio: Math.round((recordsPerS / straightPerS) * 100) / 100,
    }
  } finally {
    for (const child of children) child.disconnect()
    await broker.close()
    await target.close()
  }
}

const lockOf = (kind: string, round: number, index: number) => asId<LockId>(`bench-${kind}-${round}-${index}`)
const perSecond = (count: number, startedMs: number) => (count / (performance.now() - startedMs)) * 1_000
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

async function publish(children: readonly ChildProcess[], port: number, round: number): Promise<number> {
  const tell = (child: ChildProcess, order: PublishOrder) => {
    const answered = once(child, 'message')
    child.send(order)
    return answered
  }
  await Promise.all(
    children.map((child, index) =>
      tell(child, {
        ...{ kind: 'connect', port, password, messagesPerLock, recordsPerMessage },
        lockIds: Array.from({ length: locksPerPublisher }, (_, lock) => lockOf('mqtt', round, index * 1_000 + lock)),
      }),
    ),
  )
  const startedMs = performance.now()
  await Promise.all(children.map((child) => tell(child, { kind: 'go' })))
  return perSecond(publishers * locksPerPublisher * messagesPerLock * recordsPerMessage, startedMs)
}

async function insertStraight(db: Database, round: number): Promise<number> {
  const nowMs = epochMs(Date.now())
  const all: NewPosition[] = []
  for (let lock = 0; lock < publishers * locksPerPublisher; lock++) {
    for (let q = 0; q < messagesPerLock * recordsPerMessage; q++) {
      const record = telemetryRecord(q)
      all.push({ lockId: lockOf('sql', round, lock), bootId: 1, record, madeAtMs: nowMs, receivedAtMs: nowMs })
    }
  }
  const startedMs = performance.now()
  for (let from = 0; from < all.length; from += straightRows) {
    await storeWords(db, [], all.slice(from, from + straightRows))
  }
  return perSecond(all.length, startedMs)
}

async function expectAllStored(db: Database): Promise<void> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*) AS count FROM position WHERE lock_id LIKE 'bench-%'`,
  )
  const expected = 2 * rounds * publishers * locksPerPublisher * messagesPerLock * recordsPerMessage
  assert(rows[0]?.count === expected, 'every acknowledged record is a row')
}

/** DATABASE_URL, whose rows of earlier runs are removed, or the embedded database in a folder of its own. */
async function openTarget(): Promise<{ readonly db: Database; close(): Promise<void> }> {
  const connectionString = process.env.DATABASE_URL
  if (connectionString !== undefined) {
    const db = openPgDatabase({ kind: 'server', connectionString })
    await migrate(db)
    const clean = () => db.query(`DELETE FROM position WHERE lock_id LIKE 'bench-%'`)
    await clean()
    const close = async () => {
      await clean()
      await db.close()
    }
    return { db, close }
  }
  const folder = await mkdtemp(join(tmpdir(), 'zwerm-bench-'))
  const postgres = await startEmbeddedPostgres({ folder })
  const db = openPgDatabase({ kind: 'embedded', host: postgres.host, port: postgres.port })
  await migrate(db)
  return {
    db,
    close: async () => {
      await db.close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
