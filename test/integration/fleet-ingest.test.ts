import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import type { StoredReport } from '../../server/fleet/core/lock-report.ts'
import { dropPositionsBefore, ensurePositionPartitions } from '../../server/fleet/position-partitions.ts'
import type { Schedule } from '../../server/fleet/schedule.ts'
import { createUplinkIngest } from '../../server/fleet/uplink-ingest.ts'
import type { Database } from '../../server/platform/database.ts'
import { acknowledgement, boltEvent, deliver, hello, record, telemetry } from '../fixtures/lock-messages.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const lockId = asId<LockId>('lock-a')
const other = asId<LockId>('lock-b')
const start = Date.UTC(2030, 0, 2, 12)
const silent = pino({ level: 'silent' })

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

let nowMs = start
const clock = { nowMs: () => epochMs(nowMs), realNowMs: () => realMs(nowMs), speed: () => 1 }

/** Nothing happens by itself: what was scheduled is done by `later`. */
let scheduled: (() => void)[] = []
const schedule: Schedule = (_, work) => void scheduled.push(work)
const later = () => {
  const due = scheduled
  scheduled = []
  for (const work of due) work()
}

beforeEach(async () => {
  await truncateAll(db)
  nowMs = start
  scheduled = []
})

function openIngest(over: { readonly db?: Database; readonly rowsPerCommit?: number } = {}) {
  const heard: string[] = []
  const applied: StoredReport[] = []
  const ingest = createUplinkIngest({
    ...{ db, clock, logger: silent, schedule },
    listener: { heard: (lock, word) => void heard.push(`${lock} ${word.kind}`), present: () => undefined },
    ...over,
  })
  ingest.onReport(async (_, report) => void applied.push(report))
  return { ...ingest, heard, applied, sequences: () => applied.map((report) => `${report.lockId} ${report.sequence}`) }
}

/** A database that rejects while it is `down`; with `answersLost` it does what it is asked, but nobody hears of it. */
function fragile(): Database & { down: boolean; answersLost: boolean } {
  const lost = () => Object.assign(new Error('connection lost'), { code: 'ECONNRESET' })
  const wrapped = {
    ...{ kind: db.kind, down: false, answersLost: false, close: db.close },
    query: async <Row>(text: string, values?: readonly unknown[]) => {
      if (wrapped.down) throw lost()
      const answer = await db.query<Row>(text, values)
      if (wrapped.answersLost) throw lost()
      return answer
    },
    transaction: async <T>(work: Parameters<typeof db.transaction<T>>[0]) => {
      if (wrapped.down) throw lost()
      return db.transaction(work)
    },
  }
  return wrapped
}

const countOf = async (table: string) =>
  (await db.query<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)).rows[0]?.count

describe('a report', () => {
  it('is stored, answered, and then applied with its own time', async () => {
    const ingest = openIngest()
    const answers = [
      deliver(ingest.sink, lockId, 'hello', hello({ u: 60_000 })),
      deliver(ingest.sink, lockId, 'evt', boltEvent({ u: 30_000, la: 52.1, lo: 5.1, ha: 7, fa: 900 })),
    ]
    await ingest.flush()
    expect(await Promise.all(answers)).toEqual(['stored', 'stored'])
    expect(ingest.heard).toEqual(['lock-a hello', 'lock-a evt'])
    expect(ingest.applied[1]).toMatchObject({
      ...{ lockId, bootId: 7, sequence: 2, kind: 'evt', madeAtMs: start - 30_000, receivedAtMs: start },
      position: { lon: 5.1, lat: 52.1, accuracyM: 7, fixAgeMs: 900 },
    })
    expect(await countOf('lock_report WHERE applied_at IS NOT NULL')).toBe(2)
  })

  it('is stored and applied once, however often it comes', async () => {
    const ingest = openIngest()
    const answers: Promise<string>[] = []
    for (const delayMs of [0, 0, 400_000, 9_000_000]) {
      nowMs = start + delayMs
      answers.push(deliver(ingest.sink, lockId, 'evt', boltEvent()))
      answers.push(deliver(ingest.sink, lockId, 'tel', telemetry([record(), record({ q: 5, u: 5_000 })])))
      await ingest.flush()
    }
    expect(await Promise.all(answers)).toEqual(Array(8).fill('stored'))
    expect(ingest.sequences()).toEqual(['lock-a 2'])
    expect(await countOf('lock_report')).toBe(1)
    expect(await countOf('position')).toBe(2)
  })

  it('is not applied twice after the answer of its commit was lost', async () => {
    const database = fragile()
    const ingest = openIngest({ db: database })
    const answer = deliver(ingest.sink, lockId, 'evt', boltEvent())
    database.answersLost = true
    await ingest.flush()
    database.answersLost = false
    await ingest.flush()
    expect(await answer).toBe('stored')
    expect(ingest.sequences()).toEqual(['lock-a 2'])
  })

  it('that an earlier run left is applied before a new one of the same lock', async () => {
    const before = openIngest()
    before.onReport(async () => {
      throw new Error('the run ends here')
    })
    void deliver(before.sink, lockId, 'hello', hello())
    void deliver(before.sink, lockId, 'evt', boltEvent())
    await before.flush()
    const after = openIngest()
    void deliver(after.sink, lockId, 'ack', acknowledgement())
    await after.flush()
    expect(after.sequences()).toEqual(['lock-a 1', 'lock-a 2', 'lock-a 3'])
  })

  it('that is not applied when its process stops is applied by the next one, and the database is left alone', async () => {
    const database = fragile()
    const before = openIngest({ db: database })
    const stopped: Promise<void>[] = []
    before.onReport(async () => void stopped.push(before.stop()))
    for (const q of [2, 3, 4]) void deliver(before.sink, lockId, 'evt', boltEvent({ q }))
    await before.flush()
    await Promise.all(stopped)
    expect(before.sequences()).toEqual(['lock-a 2'])
    database.down = true
    void deliver(before.sink, lockId, 'evt', boltEvent({ q: 5 }))
    later()
    expect(before.pendingMessages()).toBe(1)
    const after = openIngest()
    await after.start()
    await after.flush()
    expect(after.sequences()).toEqual(['lock-a 3', 'lock-a 4'])
  })

  it('that an earlier run left is applied without any new word of its lock', async () => {
    const before = openIngest()
    before.onReport(async () => {
      throw new Error('the run ends here')
    })
    void deliver(before.sink, lockId, 'hello', hello())
    await before.flush()
    const database = fragile()
    database.down = true
    const after = openIngest({ db: database })
    await after.start()
    await after.flush()
    expect(after.sequences()).toEqual([])
    database.down = false
    later()
    await after.flush()
    expect(after.sequences()).toEqual(['lock-a 1'])
  })

  it('whose handler fails holds back its own lock only, and is tried again', async () => {
    const ingest = openIngest()
    let broken = true
    ingest.onReport(async (tx, report) => {
      await tx.query("INSERT INTO account (code, kind) VALUES ($1, 'asset')", [`${report.lockId}/${report.sequence}`])
      if (broken && report.lockId === lockId) throw new Error('not yet')
    })
    for (const sender of [lockId, other]) {
      void deliver(ingest.sink, sender, 'hello', hello())
      void deliver(ingest.sink, sender, 'evt', boltEvent())
    }
    await ingest.flush()
    const codes = async () => (await db.query<{ code: string }>('SELECT code FROM account ORDER BY account_id')).rows
    expect(await codes()).toEqual([{ code: 'lock-b/1' }, { code: 'lock-b/2' }])
    broken = false
    later()
    await ingest.flush()
    expect((await codes()).map((row) => row.code)).toEqual(['lock-b/1', 'lock-b/2', 'lock-a/1', 'lock-a/2'])
  })

  it('keeps its order when there are more than memory holds', async () => {
    const ingest = openIngest()
    for (let q = 1; q <= 150; q++) void deliver(ingest.sink, lockId, 'evt', boltEvent({ q, u: q }))
    await ingest.flush()
    expect(ingest.applied.map((report) => report.sequence)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1))
  })
})

describe('a message', () => {
  it.each([
    ['that is not JSON', 'evt', 'x'],
    ['with a latitude of -99.99', 'tel', telemetry([record({ la: -99.99 })])],
    ['of a firmware job', 'ota', '{}'],
  ] as const)('%s is acknowledged and dropped', async (_, kind, message) => {
    const ingest = openIngest()
    expect(await deliver(ingest.sink, lockId, kind, message)).toBe('refused')
    await ingest.flush()
    expect(await countOf('lock_report')).toBe(0)
  })

  it('that the database cannot hold is dropped alone', async () => {
    const ingest = openIngest()
    const answers = [
      deliver(ingest.sink, lockId, 'hello', hello()),
      deliver(ingest.sink, other, 'hello', hello({ fw: 'a\u0000b' })),
      deliver(ingest.sink, lockId, 'evt', boltEvent()),
      deliver(ingest.sink, other, 'tel', telemetry([record()])),
    ]
    await ingest.flush()
    expect(await Promise.all(answers)).toEqual(['stored', 'refused', 'stored', 'stored'])
    expect(ingest.sequences()).toEqual(['lock-a 1', 'lock-a 2'])
    expect(await countOf('position')).toBe(1)
  })

  it('waits while the database is away, and none is lost or doubled', async () => {
    const database = fragile()
    const ingest = openIngest({ db: database, rowsPerCommit: 3 })
    database.down = true
    const told: string[] = []
    for (let q = 1; q <= 10; q++) {
      void deliver(ingest.sink, lockId, 'evt', boltEvent({ q, u: q })).then((outcome) => told.push(outcome))
    }
    await ingest.flush()
    later()
    await ingest.flush()
    expect(told).toEqual([])
    expect(ingest.pendingMessages()).toBe(10)
    database.down = false
    later()
    await ingest.flush()
    expect(told).toEqual(Array(10).fill('stored'))
    expect(ingest.applied.map((report) => report.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('a telemetry record', () => {
  it('goes to the partition of its own day, and to the default one when the clock is far off', async () => {
    const ingest = openIngest()
    const yesterday = start - 86_400_000
    void deliver(ingest.sink, lockId, 'hello', hello({ u: 86_400_000 * 3 }))
    void deliver(ingest.sink, lockId, 'tel', telemetry([record({ u: 86_400_000 * 2 }), record({ q: 5, u: 0 })]))
    await ingest.flush()
    const { rows } = await db.query<{ partition: string; made_at: number }>(
      'SELECT tableoid::regclass::text AS partition, made_at FROM position ORDER BY made_at DESC',
    )
    expect(rows).toEqual([
      { partition: 'position_20300101', made_at: yesterday },
      { partition: 'position_other', made_at: start - 3 * 86_400_000 },
    ])
  })

  it('moves out of the default partition when its day gets one', async () => {
    const ingest = openIngest()
    void deliver(ingest.sink, lockId, 'hello', hello({ u: 0 }))
    await ingest.flush()
    const ahead = { u: 86_400_000 * 30, soc: 41 }
    void deliver(ingest.sink, lockId, 'tel', telemetry([record(ahead)]))
    await ingest.flush()
    expect(await countOf('position_other')).toBe(1)
    nowMs = start + 86_400_000 * 30
    void deliver(ingest.sink, lockId, 'tel', telemetry([record({ q: 9, u: 86_400_000 * 30 }), record(ahead)]))
    await ingest.flush()
    expect(await countOf('position_other')).toBe(0)
    expect(await countOf('position_20300201')).toBe(2)
  })

  it('is forgotten with its whole day', async () => {
    const ingest = openIngest()
    const dayBack = 86_400_000
    void deliver(ingest.sink, lockId, 'hello', hello({ u: 3 * dayBack }))
    for (const days of [0, 2, 3]) {
      void deliver(ingest.sink, lockId, 'tel', telemetry([record({ q: 10 + days, u: days * dayBack })]))
    }
    await ingest.flush()
    await dropPositionsBefore(db, epochMs(start))
    expect((await db.query('SELECT sequence FROM position')).rows).toEqual([{ sequence: 13 }])
    await ensurePositionPartitions(db, epochMs(start))
  })

  it('without a fix is still a record', async () => {
    const ingest = openIngest()
    const { la: _, lo: __, ...blind } = record()
    void deliver(ingest.sink, lockId, 'tel', telemetry([blind]))
    await ingest.flush()
    expect((await db.query('SELECT geom, soc, bolt FROM position')).rows).toEqual([
      { geom: null, soc: 90, bolt: 'locked' },
    ])
  })
})
