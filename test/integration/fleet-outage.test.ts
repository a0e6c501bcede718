import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import { downlinkFilter, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import { openFleet } from '../../server/fleet/fleet-service.ts'
import { createUplinkIngest } from '../../server/fleet/uplink-ingest.ts'
import { takenIn } from '../../server/no-coverage/taken-in.ts'
import type { LockBroker } from '../../server/platform/broker.ts'
import { realClock } from '../../server/platform/clock.ts'
import type { Database } from '../../server/platform/database.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { connectLock, nextMessage, openTestBroker, silentLogger } from '../fixtures/lock-connection.ts'
import { boltEvent, hello, record, telemetry } from '../fixtures/lock-messages.ts'
import { openTestDatabase, type TestDatabase } from '../fixtures/test-database.ts'

const lockId = asId<LockId>('lock-outage')

let db: TestDatabase
let closes: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  db = await openTestDatabase()
})
afterEach(async () => {
  for (const close of closes.reverse()) await close()
  closes = []
})
afterAll(() => db.close())

/** Rejects while it is down, and tells when somebody was turned away. */
function outage(): Database & { down: boolean; turnedAway: Promise<void> } {
  let tell: () => void = () => undefined
  const turnedAway = new Promise<void>((resolve) => {
    tell = resolve
  })
  const check = () => {
    if (!wrapped.down) return
    tell()
    throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
  }
  const wrapped = {
    ...{ kind: db.kind, down: false, turnedAway, close: db.close },
    query: async <Row>(text: string, values?: readonly unknown[]) => {
      check()
      return db.query<Row>(text, values)
    },
    transaction: async <T>(work: Parameters<typeof db.transaction<T>>[0]) => {
      check()
      return db.transaction(work)
    },
  }
  return wrapped
}

it('while the database is away a lock stays connected and waits; afterwards everything is there, in order', async () => {
  const database = outage()
  const world = { db: database, clock: realClock, logger: silentLogger }
  let broker: (LockBroker & { readonly port: number }) | null = null
  const publish: LockBroker['publish'] = async (...to) => broker?.publish(...to)
  const grant: LockBroker['grant'] = (...to) => broker?.grant(...to) ?? 0
  const fleet = await openFleet({ ...world, ids: secureIds, publish, grant, schedule: () => undefined })
  const ingest = createUplinkIngest({ ...world, listener: fleet.listener })
  await fleet.addBike({ lockId })
  broker = await openTestBroker({ sink: ingest.sink })
  const applied: number[] = []
  let lastApplied: () => void = () => undefined
  const allApplied = new Promise<void>((resolve) => {
    lastApplied = resolve
  })
  ingest.onReport(async (_, report) => {
    applied.push(report.sequence)
    if (report.sequence === 12) lastApplied()
    return undefined
  })
  const opened = broker
  closes.push(() => opened.close())

  const lock = await connectLock(broker.port, lockId)
  closes.push(() => lock.endAsync(true))
  await lock.subscribeAsync(downlinkFilter(lockId), { qos: 1 })
  const say = (kind: 'hello' | 'evt' | 'tel', message: object) =>
    lock.publishAsync(uplinkTopic(lockId, kind), encodeMessage(message), { qos: 1 })
  const synced = nextMessage(lock)
  await say('hello', hello({ ob: { evt: 30, tel: 900 } }))
  // What it may send at once to get rid of its backlog, as the broker lets it.
  expect(JSON.parse((await synced).payload)).toMatchObject({ v: 1, grant: 48 })
  expect(broker.grant(lockId, 48)).toBe(0)
  expect(fleet.shadowOf(lockId)).toMatchObject({ bootId: 7, connected: true, bolt: 'locked' })

  database.down = true
  const answered: number[] = []
  const told = Array.from({ length: 10 }, (_, index) => index + 3).map((q) =>
    say('evt', boltEvent({ q, u: q * 1_000 })).then(() => void answered.push(q)),
  )
  const positions = say('tel', telemetry([record({ q: 20 }), record({ q: 21 })]))
  await database.turnedAway
  expect(answered).toEqual([])
  expect(lock.connected).toBe(true)
  // A phone with a receipt of it is not kept waiting, and brings it again.
  const soon = (_: number, act: () => void) => void setImmediate(act)
  expect(await takenIn(ingest, lockId, boltEvent({ q: 3, u: 3_000 }), soon)).toBe('late')

  database.down = false
  await Promise.all([...told, positions, allApplied])
  expect(answered).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(applied).toEqual([1, ...answered])
  const { rows } = await db.query('SELECT sequence FROM position ORDER BY sequence')
  expect(rows).toEqual([{ sequence: 20 }, { sequence: 21 }])
  expect(fleet.shadowOf(lockId).bolt).toBe('unlocked')
  await ingest.flush()
})
