import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import { uplinkTopic } from '../../contracts/mqtt/topics.ts'
import type { Database } from '../../server/platform/database.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { migrate } from '../../server/platform/migrate.ts'
import { openPgDatabase } from '../../server/platform/pg-database.ts'
import { connectLock } from '../fixtures/lock-connection.ts'
import { boltEvent } from '../fixtures/lock-messages.ts'

const program = fileURLToPath(new URL('../fixtures/ingest-process.ts', import.meta.url))
const locks = Array.from({ length: 8 }, (_, index) => asId<LockId>(`lock-${index}-of-8`))
const eventsPerLock = 300
const killAfterAnswers = 600
const inFlightPerLock = 8

let folder: string
let postgres: EmbeddedPostgres
let db: Database
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zwerm-kill-'))
  postgres = await startEmbeddedPostgres({ folder })
  db = openPgDatabase({ kind: 'embedded', host: postgres.host, port: postgres.port })
  await migrate(db)
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await db.close()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

async function startIngest(): Promise<{ child: ChildProcess; port: number }> {
  const address = JSON.stringify({ kind: 'embedded', host: postgres.host, port: postgres.port })
  const child = spawn(process.execPath, ['--import', 'tsx', program, address], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  if (!child.stdout) throw new Error('the process has a standard output')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, port: Number(line.toString()) }
}

const nameOf = (lockId: LockId, sequence: number) => `${lockId} ${sequence}`

/** Sends events of a lock, some in flight at a time; tells of each answer. Ends when all are answered or none can be. */
async function send(lock: MqttClient, lockId: LockId, of: readonly number[], onAnswer: (name: string) => void) {
  const left = [...of]
  const lost = new Promise<void>((resolve) => lock.once('close', () => resolve()))
  const oneAfterAnother = async (): Promise<void> => {
    const q = left.shift()
    if (q === undefined) return
    await lock.publishAsync(uplinkTopic(lockId, 'evt'), encodeMessage(boltEvent({ q, u: q })), { qos: 1 })
    onAnswer(nameOf(lockId, q))
    return oneAfterAnother()
  }
  const all = Promise.allSettled(Array.from({ length: inFlightPerLock }, oneAfterAnother))
  await Promise.race([all, lost])
  await lock.endAsync(true)
}

async function storedNames(): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ lock_id: LockId; sequence: number }>('SELECT lock_id, sequence FROM lock_report')
  return new Set(rows.map((row) => nameOf(row.lock_id, row.sequence)))
}

it('a broker that is killed has lost nothing it acknowledged, and the repeats double nothing', async () => {
  const all = Array.from({ length: eventsPerLock }, (_, index) => index + 1)
  const answered = new Set<string>()
  const first = await startIngest()
  const onAnswer = (name: string) => {
    answered.add(name)
    if (answered.size === killAfterAnswers) first.child.kill('SIGKILL')
  }
  const connections = await Promise.all(locks.map((lockId) => connectLock(first.port, lockId)))
  await Promise.all(locks.map((lockId, index) => send(connections[index] as MqttClient, lockId, all, onAnswer)))

  const stored = await storedNames()
  expect(answered.size).toBeGreaterThanOrEqual(killAfterAnswers)
  expect(answered.size).toBeLessThan(locks.length * eventsPerLock)
  expect([...answered].filter((name) => !stored.has(name))).toEqual([])

  const second = await startIngest()
  await Promise.all(
    locks.map(async (lockId) => {
      const unanswered = all.filter((q) => !answered.has(nameOf(lockId, q)))
      await send(await connectLock(second.port, lockId), lockId, unanswered, (name) => void answered.add(name))
    }),
  )
  expect(answered.size).toBe(locks.length * eventsPerLock)
  const { rows } = await db.query<{ count: number }>('SELECT count(*) AS count FROM lock_report')
  expect(rows[0]?.count).toBe(locks.length * eventsPerLock)
})
