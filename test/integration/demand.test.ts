import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DemandCells, DemandSummary } from '../../contracts/http/demand.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { createDemandCounter } from '../../server/city/demand-counter.ts'
import { demandHistory } from '../../server/city/demand-history.ts'
import { createEmptyCells } from '../../server/city/empty-cells.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import { type LockShadow, unheardLock } from '../../server/fleet/core/lock-shadow.ts'
import type { Clock } from '../../server/platform/clock.ts'
import type { Database } from '../../server/platform/database.ts'
import { cellOf } from '../../server/rebalancing/core/demand/count-demand.ts'
import { forgetWhatIsOver } from '../../server/retention.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const here = { lon: 4.726, lat: 52.3585 }
/** 600 m north: too far to walk, and about us still. */
const away = { lon: 4.726, lat: 52.364 }
const localTime = localTimeIn('Europe/Amsterdam')
const logger = pino({ level: 'silent' })

let platform: TestPlatform
let street: StreetLock
let token: string

beforeAll(async () => {
  platform = await openTestPlatform()
  street = await placeLock(platform, 'demand-lock-1')
  const session = await platform.rooms.staff.useLink(await platform.rooms.staff.newLink(), 'desk')
  token = 'token' in session ? session.token : ''
  // The search reads positions that the fleet writes once a second.
  await platform.rooms.fleet.tick()
})
beforeEach(async () => {
  await platform.rooms.demand.flush()
  await platform.db.query('DELETE FROM demand_count')
})
afterAll(async () => {
  street.lock.destroy()
  await platform.close()
})

const staffGet = async <Body>(path: string) => {
  const answer = await fetch(`${platform.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
  return { status: answer.status, body: (await answer.json()) as Body }
}
const aroundNow = () => {
  const nowMs = platform.clock.nowMs()
  return `from=${nowMs - 3_600_000}&to=${nowMs + 1}`
}
const summary = async () => (await staffGet<DemandSummary>(`/v1/staff/demand/summary?${aroundNow()}`)).body
const cells = async () => (await staffGet<DemandCells>(`/v1/staff/demand?${aroundNow()}`)).body.cells

async function look({ lon, lat }: { lon: number; lat: number }, more: string): Promise<number> {
  const answer = await fetch(`${platform.url}/v1/bikes?lon=${lon}&lat=${lat}${more}`)
  await answer.arrayBuffer()
  return answer.status
}
const search = (place: { lon: number; lat: number }, id: string, more = '') => look(place, `&search=${id}${more}`)

describe('a search', () => {
  it('is counted once for one person, however often the app looks, and a move of the map is not', async () => {
    const id = randomUUID()
    for (let i = 0; i < 3; i++) expect(await search(here, id)).toBe(200)
    await look(here, '')
    expect(await summary()).toEqual({ searches: 1, unmet: 0 })
    await search(here, randomUUID())
    expect(await summary()).toEqual({ searches: 2, unmet: 0 })
    expect(await cells()).toMatchObject([{ cell: cellOf(here.lon, here.lat), searches: 2, unmet: 0 }])
  })

  it('that finds no bike within a walk is unmet, also when the map shows one further away', async () => {
    await search(away, randomUUID(), '&radiusM=1500')
    await search(away, randomUUID(), '&radiusM=50')
    expect(await summary()).toEqual({ searches: 2, unmet: 2 })
  })

  it('that asks for less than a walk is met by a bike within a walk', async () => {
    await search({ lon: here.lon, lat: here.lat + 0.001 }, randomUUID(), '&radiusM=20')
    expect(await summary()).toEqual({ searches: 1, unmet: 0 })
  })

  it('far from all our bikes is not about us', async () => {
    await search({ lon: 116.4, lat: 39.9 }, randomUUID())
    expect(await summary()).toEqual({ searches: 0, unmet: 0 })
  })

  it('with an id that is none is refused', async () => {
    for (const id of ['short', 'x'.repeat(41), 'a%20b%20c%20d%20e']) expect(await search(here, id)).toBe(400)
  })

  it('leaves no trace of its id', async () => {
    const id = `trace-${randomUUID().slice(0, 20)}`
    await search(here, id)
    await platform.rooms.demand.flush()
    const { rows } = await platform.db.query<{ row: string }>('SELECT demand_count::text AS row FROM demand_count')
    expect(rows.filter(({ row }) => row.includes(id))).toEqual([])
    expect(rows.length).toBeGreaterThan(0)
  })
})

describe('a ride', () => {
  it('is a pickup where and when it began, and a drop-off where it ended; a pause is neither', async () => {
    const rider = await logInRider(platform.url, 'demand@example.org')
    const promiseId = await rider.promise()
    const order = { bikeCode: street.bike.code, promiseId }
    const { tripId } = (await rider.post<TripView>('/v1/trips', order, randomUUID())).body
    await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    expect(await cells()).toMatchObject([{ cell: cellOf(here.lon, here.lat), pickups: 1, dropoffs: 0 }])
    await rider.post(`/v1/trips/${tripId}/pause`)
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ state }) => state === 'paused')
    await rider.post(`/v1/trips/${tripId}/resume`)
    await rider.tripUntil(tripId, ({ state }) => state === 'riding')
    street.lock.pushLever()
    const ended = await rider.tripUntil(tripId, ({ state }) => state === 'ended' || state === 'charged')
    expect(await cells()).toMatchObject([{ pickups: 1, dropoffs: 1 }])
    const day = localTime.dateAt(ended.endedAt ?? 0)
    const [row] = await demandHistory(platform.db, { fromDay: localTime.dateAt(ended.startedAt ?? 0), toDay: day })
    expect(row).toMatchObject({ cell: cellOf(here.lon, here.lat), pickups: 1, searches: 0 })
  })
})

/** A fleet of one bike and a clock that is moved by hand. */
function smallWorld(begin: string, db: Database = platform.db) {
  let nowMs = Date.parse(begin)
  let position: LockShadow['position'] = {
    ...here,
    accuracyM: 3,
    headingDeg: null,
    speedMps: null,
    bootId: 1,
    uptimeMs: 1,
  }
  const clock: Clock = { nowMs: () => epochMs(nowMs), realNowMs: () => realMs(nowMs), speed: () => 1 }
  const bikes = () => [
    {
      ...{ trip: null, inService: true, blockingAlarms: 0, urgentAlarms: 0, custody: null },
      shadow: { ...unheardLock, bolt: 'locked', soc: 80, position, lastHeardAtMs: epochMs(nowMs) } as LockShadow,
    },
  ]
  const counter = createDemandCounter({ db, clock, logger, localTime, bikes, placeOf: () => position })
  const empty = createEmptyCells({ db, clock, localTime, counter, bikes })
  return {
    clock,
    counter,
    empty,
    pass: (minutes: number) => {
      nowMs += minutes * 60_000
    },
    moveBike: (to: { lon: number; lat: number }) => {
      position = position && { ...position, ...to }
    },
  }
}
const lockId = asId<LockId>('lock-of-the-world')
const day = { fromDay: '2026-10-25', toDay: '2026-10-26' }

describe('counting', () => {
  it('goes by the operator’s own half hours, also in the night in which the clock is changed', async () => {
    const { counter } = smallWorld('2026-10-25T12:00:00Z')
    // 02:30 comes twice that night.
    for (const at of ['00:45', '01:45']) counter.rideBegan(lockId, epochMs(Date.parse(`2026-10-25T${at}:00Z`)))
    counter.rideEnded(lockId, epochMs(Date.parse('2026-10-25T23:10:00Z')))
    await counter.flush()
    expect(await demandHistory(platform.db, day)).toMatchObject([
      { date: '2026-10-25', slot: 5, pickups: 2, returns: 0 },
      { date: '2026-10-26', slot: 0, pickups: 0, returns: 1 },
    ])
  })

  it('adds to what is there, and loses nothing while the database is away', async () => {
    let isAway = false
    const db: Database = {
      ...platform.db,
      query: (text, values) => (isAway ? Promise.reject(new Error('away')) : platform.db.query(text, values)),
    }
    const { counter } = smallWorld('2026-10-25T12:00:00Z', db)
    const ride = () => counter.rideBegan(lockId, epochMs(Date.parse('2026-10-25T12:01:00Z')))
    ride()
    await counter.flush()
    ride()
    isAway = true
    await expect(counter.flush()).rejects.toThrow('away')
    ride()
    isAway = false
    await Promise.all([counter.flush(), counter.flush()])
    expect(await demandHistory(platform.db, day)).toMatchObject([{ pickups: 3 }])
  })

  it('counts a person again in the next half hour', async () => {
    const { counter, pass } = smallWorld('2026-10-25T12:00:00Z')
    const one = () => counter.searched({ searchId: 'the-same-person', ...here, isMet: true })
    one()
    one()
    pass(31)
    one()
    await counter.flush()
    expect((await demandHistory(platform.db, day)).map(({ searches }) => searches)).toEqual([1, 1])
  })

  it('is kept for four hundred days', async () => {
    const { counter, clock } = smallWorld('2026-10-25T12:00:00Z')
    for (const day of ['2025-09-01', '2025-10-01']) counter.rideBegan(lockId, epochMs(Date.parse(`${day}T12:00:00Z`)))
    await counter.flush()
    await forgetWhatIsOver(platform.db, clock)
    const kept = await demandHistory(platform.db, { fromDay: '2025-01-01', toDay: '2026-12-31' })
    expect(kept.map(({ date }) => date)).toEqual(['2025-10-01'])
  })
})

describe('a cell without a bike', () => {
  it('is watched where people wanted bikes, in steps of five minutes, by half hour', async () => {
    const { counter, empty, pass, moveBike } = smallWorld('2026-10-25T12:00:00Z')
    counter.rideBegan(lockId, epochMs(Date.parse('2026-10-25T12:00:00Z')))
    await counter.flush()
    const watch = async (minutes: number) => {
      for (let passed = 0; passed < minutes; passed++) {
        await empty.look()
        pass(1)
      }
      await empty.look()
      await counter.flush()
      return (await demandHistory(platform.db, day)).map(({ slot, emptyMinutes }) => [slot, emptyMinutes])
    }
    expect(await watch(20)).toEqual([[26, 0]])
    moveBike(away)
    expect(await watch(20)).toEqual([
      [26, 10],
      [27, 10],
    ])
    moveBike(here)
    expect(await watch(60)).toEqual([
      [26, 10],
      [27, 10],
    ])
  })

  it('is not guessed for a time in which nobody watched', async () => {
    const { counter, empty, pass, moveBike } = smallWorld('2026-10-25T12:00:00Z')
    counter.rideBegan(lockId, epochMs(Date.parse('2026-10-25T12:00:00Z')))
    await counter.flush()
    moveBike(away)
    await empty.look()
    pass(600)
    await empty.look()
    await counter.flush()
    const minutes = (await demandHistory(platform.db, day)).map(({ emptyMinutes }) => emptyMinutes)
    expect(minutes.reduce((sum, one) => sum + one, 0)).toBe(15)
  })
})

describe('a stop', () => {
  it('loses nothing that was counted', async () => {
    const other = await openTestPlatform()
    const lock = await placeLock(other, 'demand-lock-9')
    await other.rooms.fleet.tick()
    let written = 0
    const { query } = other.db
    other.db.query = async (text, values) => {
      if (text.includes('INSERT INTO demand_count')) written += 1
      return query(text, values)
    }
    await fetch(`${other.url}/v1/bikes?lon=${here.lon}&lat=${here.lat}&search=${randomUUID()}`)
    lock.lock.destroy()
    await other.close()
    expect(written).toBe(1)
  })
})
