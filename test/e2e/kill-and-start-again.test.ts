import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerSums } from '../../server/payments/ledger-store.ts'
import type { Database } from '../../server/platform/database.ts'
import { openPgDatabase } from '../../server/platform/pg-database.ts'
import { patienceMs } from '../fixtures/browser.ts'
import { newDataDir, type RunningZwerm, removeDataDir, runZwerm } from '../fixtures/running-zwerm.ts'

let dataDir: string
let zwerm: RunningZwerm | null = null
beforeAll(async () => {
  dataDir = await newDataDir()
})
afterAll(async () => {
  await zwerm?.stop()
  await removeDataDir(dataDir)
})

const openDatabase = (): Database =>
  openPgDatabase({ kind: 'embedded', host: join(dataDir, 'postgres', 'socket'), port: 5432, max: 1 })

interface Trip {
  trip_id: string
  state: string
}
async function tripsIn(db: Database, states: readonly string[]): Promise<Trip[]> {
  const { rows } = await db.query<Trip>('SELECT trip_id, state FROM trip WHERE state = ANY($1)', [states])
  return rows
}
/** The next look at a platform that runs by itself. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 500))

describe('a platform that is killed in mid-work', () => {
  it('goes on where it was: no trip lost, none charged twice, no bike stuck', async () => {
    zwerm = await runZwerm({ dataDir, env: { CITY_BIKES: '40', CITY_SPEED: '20' } })
    await zwerm.line('the city lives')
    const before = openDatabase()
    let riding: Trip[] = []
    while (riding.length < 3) {
      await aMoment()
      riding = await tripsIn(before, ['unlocking', 'riding', 'paused'])
    }
    await zwerm.kill()
    await before.close()

    zwerm = await runZwerm({ dataDir, env: { CITY_BIKES: '40', CITY_SPEED: '20' } })
    await zwerm.line('the city lives')
    const db = openDatabase()
    const known = await db.query<Trip>('SELECT trip_id, state FROM trip WHERE trip_id::text = ANY($1)', [
      riding.map((trip) => trip.trip_id),
    ])
    expect(known.rows).toHaveLength(riding.length)

    const unfinished = async () => {
      const active = await tripsIn(db, ['promised', 'unlocking', 'riding', 'paused', 'ending', 'ended'])
      return active.filter((trip) => riding.some((one) => one.trip_id === trip.trip_id))
    }
    while ((await unfinished()).length > 0) await aMoment()

    const twice = await db.query(
      `SELECT payment_id FROM journal WHERE event = 'captured' GROUP BY payment_id HAVING count(*) > 1`,
    )
    expect(twice.rows).toEqual([])
    const overcharged = await db.query(
      `SELECT trip.trip_id FROM trip JOIN payment USING (payment_id)
       WHERE captured_minor > coalesce((trip.price ->> 'total')::bigint, 0) + refunded_minor`,
    )
    expect(overcharged.rows).toEqual([])
    expect(await ledgerSums(db)).toEqual([{ currency: 'CNY', sumMinor: 0 }])
    // A machine that stands still for seconds is minutes late in a city this fast, and catches up.
    const { url } = zwerm
    const metrics = async () => (await fetch(`${url}/metrics`)).text()
    await expect.poll(metrics, { timeout: patienceMs, interval: 500 }).toContain('zwerm_trips_stuck 0')
    await db.close()
  })

  it('says so when its data folder is in use, and touches nothing', async () => {
    await expect(runZwerm({ dataDir })).rejects.toThrow(/in use by the database process \d+/)
    expect((await fetch(`${zwerm?.url}/health`)).status).toBe(200)
  })
})
