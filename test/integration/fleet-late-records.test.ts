import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { asId, type LockId } from '../../contracts/ids.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import type { StoredReport } from '../../server/fleet/core/lock-report.ts'
import { heard, unheardLock } from '../../server/fleet/core/lock-shadow.ts'
import { createUplinkIngest } from '../../server/fleet/uplink-ingest.ts'
import { silentLogger } from '../fixtures/lock-connection.ts'
import { boltEvent, deliver, hello, record, telemetry } from '../fixtures/lock-messages.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const lockId = asId<LockId>('lock-late')
const start = Date.UTC(2030, 0, 2, 12)

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

let nowMs = start
const clock = { nowMs: () => epochMs(nowMs), realNowMs: () => realMs(nowMs), speed: () => 1 }

beforeEach(async () => {
  await truncateAll(db)
  nowMs = start
})

describe('what comes late', () => {
  const hourMs = 3_600_000
  /** Says what the live map would believe, too. */
  function openLateIngest() {
    let shadow = unheardLock
    const applied: StoredReport[] = []
    const ingest = createUplinkIngest({
      ...{ db, clock, logger: silentLogger, schedule: () => undefined },
      listener: {
        heard: (_, word, receivedAtMs) => {
          shadow = heard(shadow, word, receivedAtMs)
        },
        present: () => undefined,
      },
    })
    ingest.onReport(async (_, report) => void applied.push(report))
    return { ...ingest, applied, shadow: () => shadow }
  }
  const positions = async () =>
    (
      await db.query<{ boot_id: number; sequence: number; made_at: number }>(
        'SELECT boot_id, sequence, made_at FROM position ORDER BY boot_id, sequence',
      )
    ).rows.map((row) => [row.boot_id, row.sequence, row.made_at - start])
  const deflatedBatch = (b: number, r: readonly object[]) => ({
    ...{ v: 1, b, bf: 1, z: 1 },
    d: deflateRawSync(JSON.stringify(r)).toString('base64'),
  })

  it('has the time of its own boot, and the map does not go back to it', async () => {
    const ingest = openLateIngest()
    void deliver(ingest.sink, lockId, 'hello', hello({ b: 7, u: 1_000, bolt: 'unlocked' }))
    await ingest.flush()
    nowMs = start + 5 * hourMs
    void deliver(ingest.sink, lockId, 'hello', hello({ b: 8, q: 0, u: 60_000 }))
    void deliver(ingest.sink, lockId, 'tel', telemetry([record({ q: 1, u: 61_000, la: 52.2 })], 8))
    void deliver(ingest.sink, lockId, 'evt', boltEvent({ bf: 1, q: 9, u: 1_801_000, to: 'locked', by: 'hand' }))
    void deliver(ingest.sink, lockId, 'tel', deflatedBatch(7, [record({ q: 10, u: 1_802_000, la: 52.1 })]))
    await ingest.flush()
    expect(ingest.applied.at(-1)).toMatchObject({ sequence: 9, madeAtMs: start + 1_800_000 })
    expect(await positions()).toEqual([
      [7, 10, 1_801_000],
      [8, 1, 5 * hourMs],
    ])
    expect(ingest.shadow()).toMatchObject({ bootId: 8, bolt: 'locked', position: { lat: 52.2 } })
  })

  it('of a boot that was never heard has the time that the network told it, or lies before the next boot', async () => {
    const ingest = openLateIngest()
    nowMs = start + 9 * hourMs
    void deliver(ingest.sink, lockId, 'hello', hello({ b: 9, q: 0, u: hourMs }))
    const told = { t: start + 600_000, tq: 2 }
    void deliver(ingest.sink, lockId, 'evt', boltEvent({ b: 7, bf: 1, u: 5_000, ...told, to: 'locked', by: 'hand' }))
    void deliver(ingest.sink, lockId, 'tel', deflatedBatch(7, [record({ q: 3, u: 6_000 }), record({ q: 4, u: 9_000 })]))
    void deliver(
      ingest.sink,
      lockId,
      'tel',
      deflatedBatch(8, [record({ q: 1, u: 10_000 }), record({ q: 2, u: 40_000 })]),
    )
    await ingest.flush()
    expect(ingest.applied.at(-1)).toMatchObject({ bootId: 7, madeAtMs: start + 600_000 })
    // Boot 9 began an hour before it was heard: boot 8 had said its last by then.
    expect(await positions()).toEqual([
      [7, 3, 601_000],
      [7, 4, 604_000],
      [8, 1, 8 * hourMs - 30_000],
      [8, 2, 8 * hourMs],
    ])
    // A repeat after a restart of the server meets the same rows.
    const again = openLateIngest()
    nowMs = start + 12 * hourMs
    void deliver(
      again.sink,
      lockId,
      'tel',
      deflatedBatch(8, [record({ q: 2, u: 40_000 }), record({ q: 1, u: 10_000 })]),
    )
    await again.flush()
    expect((await positions()).length).toBe(4)
  })

  it('out of order within its boot changes nothing that is newer', async () => {
    const ingest = openLateIngest()
    void deliver(ingest.sink, lockId, 'hello', hello({ u: 1_000 }))
    nowMs = start + 60_000
    void deliver(
      ingest.sink,
      lockId,
      'evt',
      boltEvent({ q: 6, u: 50_000, to: 'locked', by: 'hand', la: 52.3, lo: 5.3 }),
    )
    void deliver(ingest.sink, lockId, 'evt', boltEvent({ q: 4, u: 20_000, la: 52.1, lo: 5.1 }))
    void deliver(
      ingest.sink,
      lockId,
      'tel',
      telemetry([record({ q: 5, u: 30_000, la: 52.2, bolt: 'unlocked', soc: 12 })]),
    )
    await ingest.flush()
    expect(ingest.applied.map(({ sequence, madeAtMs }) => [sequence, madeAtMs - start])).toEqual([
      [1, 0],
      [6, 49_000],
      [4, 19_000],
    ])
    expect(ingest.shadow()).toMatchObject({ bolt: 'locked', soc: 90, position: { lat: 52.3 } })
  })

  it('as a whole backlog is stored record by record in its own hours, however often it is told', async () => {
    const ingest = openLateIngest()
    void deliver(ingest.sink, lockId, 'hello', hello({ u: 1_000 }))
    await ingest.flush()
    nowMs = start + 10 * hourMs
    const r = Array.from({ length: 2_400 }, (_, i) => record({ q: i + 10, u: 1_000 + i * 15_000 }))
    for (const size of [50, 25]) {
      for (let from = 0; from < r.length; from += size) {
        const batch = r.slice(from, from + size)
        void deliver(ingest.sink, lockId, 'tel', size === 50 ? deflatedBatch(7, batch) : telemetry(batch))
      }
      await ingest.flush()
    }
    const stored = await positions()
    expect(stored.length).toBe(2_400)
    expect([stored[0], stored.at(-1)]).toEqual([
      [7, 10, 0],
      [7, 2_409, 2_399 * 15_000],
    ])
  })
})
