import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  BikeNote,
  BikeNotes,
  BikePage,
  RawMessage,
  ServiceChange,
  Timeline,
  TimelineItem,
} from '../../contracts/http/bike-page.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import { timelineKinds } from '../../contracts/live/timeline-kinds.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { bikeHistory, kindOf, madeKinds } from '../fixtures/bike-history.ts'
import { type DeskClient, deskClient } from '../fixtures/desk-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let support: DeskClient
let viewer: DeskClient
let street: StreetLock
beforeAll(async () => {
  platform = await openTestPlatform()
  support = await deskClient(platform, 'support')
  viewer = await deskClient(platform, 'viewer')
  street = await placeLock(platform, 'page-lock-1')
})
afterAll(async () => {
  street.lock.destroy()
  await platform.close()
})

const of = (bikeId: string, rest: string) => `/v1/staff/bikes/${bikeId}${rest}`
const newBike = () => platform.rooms.fleet.addBike({ lockId: `page-${randomUUID().slice(0, 12)}` as never })
const run = (text: string, values: readonly unknown[] = []) => platform.db.query(text, values)

const raise = (bikeId: string, kind: 'forced' | 'jammed_open') =>
  platform.rooms.db.transaction((tx) =>
    platform.rooms.alarms.raise(tx, {
      ...{ kind, bikeId: asId<BikeId>(bikeId), tripId: null, causeKey: `${kind}:${randomUUID()}`, detail: {} },
      atMs: platform.clock.nowMs(),
    }),
  )

/** A bike that somebody rides, as far as its row says. */
async function beginRide(bikeId: string, lockId: string): Promise<string> {
  const [riderId, paymentId, tripId] = [secureIds.uuid(), secureIds.uuid(), secureIds.uuid()]
  const at = new Date(platform.clock.nowMs())
  await run(`INSERT INTO rider VALUES ($1, $2, $2, 'en', false, $3)`, [riderId, Buffer.from(riderId), at])
  await run(
    `INSERT INTO payment (payment_id, rider_id, provider, state, currency, held_minor, hold_key, next_action, expires_at,
                          created_at, updated_at) VALUES ($1, $2, 'x', 'held', 'CNY', 100, $3, '{}', $4, $4, $4)`,
    [paymentId, riderId, paymentId, at],
  )
  await run(
    `INSERT INTO trip (trip_id, rider_id, bike_id, lock_id, payment_id, tariff_id, state, rider_free, created_at, paused_ms,
                       updated_at)
     SELECT $1, $2, $3, $4, $5, tariff_id, 'riding', false, $6, 0, $6 FROM tariff LIMIT 1`,
    [tripId, riderId, bikeId, lockId, paymentId, at],
  )
  return tripId
}

describe('the page of a bike', () => {
  it('is found by the number printed on it, and tells how it is', async () => {
    const { number, bikeId, code, lockId } = street.bike
    const page = await viewer.get<BikePage>(`/v1/staff/bikes/by-number/${number}`)
    expect(page).toMatchObject({
      status: 200,
      body: { bikeId, number, code, lockId, bolt: 'locked', connected: true, service: { state: 'in', by: null } },
    })
    expect(page.body.stickerUrl).toBe(`${platform.url}/b/${code}`)
    expect(page.body.lastHeardAt).toBeLessThanOrEqual(page.body.now)
    expect((await viewer.get('/v1/staff/bikes/by-number/99999')).status).toBe(404)
  })

  it('tells how fast its battery empties', async () => {
    const bike = await newBike()
    const now = platform.clock.nowMs()
    for (let hour = 0; hour < 48; hour++) {
      await run(
        `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, soc, bolt, milli_volts)
         VALUES ($1, 1, $2, $3, $3, $4, 'locked', 3900)`,
        [bike.lockId, hour, new Date(now - (48 - hour) * 3_600_000), 90 - Math.floor(hour / 12)],
      )
    }
    const { battery } = (await viewer.get<BikePage>(`/v1/staff/bikes/by-number/${bike.number}`)).body
    expect(battery.hours.length).toBeGreaterThanOrEqual(48)
    expect(battery.percentPerDay).toBeCloseTo(-2, 0)
    expect(battery.hours[0]).toMatchObject({ percent: 90, milliVolts: 3_900 })
  })
})

describe('the service of a bike', () => {
  it('out and back: riders feel it at once, and it is written who and why', async () => {
    const { bikeId, code } = street.bike
    const out = await support.send<ServiceChange>('POST', of(bikeId, '/service'), { to: 'out', reason: 'cleaning' })
    expect(out).toMatchObject({
      status: 200,
      body: { state: 'out', reason: 'cleaning', by: 'A support', inRide: false },
    })
    expect(platform.rooms.fleet.bikeByCode(code)?.refusal?.code).toBe('bike_out_of_service')
    expect(await support.send('POST', of(bikeId, '/service'), { to: 'in', note: 'shines' })).toMatchObject({
      status: 200,
      body: { state: 'in', note: 'shines' },
    })
    expect(platform.rooms.fleet.bikeByCode(code)?.refusal).toBeNull()
    await platform.rooms.fleet.tick()
    expect(platform.rooms.fleet.bikeByCode(code)?.refusal).toBeNull()
    const { items } = (await viewer.get<Timeline>(of(bikeId, '/timeline?kinds=service'))).body
    expect(items.map(({ title, by }) => [title, by])).toEqual([
      ['in', 'A support'],
      ['out', 'A support'],
    ])
  })

  it('does not come back with an alarm that keeps it from riders, unless that is resolved with it', async () => {
    const bike = await newBike()
    await raise(bike.bikeId, 'forced')
    await support.send('POST', of(bike.bikeId, '/service'), { to: 'out', reason: 'broken' })
    expect(await support.send('POST', of(bike.bikeId, '/service'), { to: 'in' })).toMatchObject({
      status: 409,
      body: { code: 'bike_has_alarms', detail: 'forced' },
    })
    const back = await support.send('POST', of(bike.bikeId, '/service'), { to: 'in', resolveAlarms: true })
    expect(back.status).toBe(200)
    const { rows } = await run(
      `SELECT a.state, a.resolution, x.staff_id FROM alarm a JOIN alarm_act x USING (alarm_id)
        WHERE bike_id = $1 AND x.staff_id IS NOT NULL`,
      [bike.bikeId],
    )
    expect(rows).toEqual([{ state: 'resolved', resolution: 'fixed', staff_id: support.staffId }])
  })

  it('taken out during a ride leaves the riders when it ends, and says so', async () => {
    const bike = await newBike()
    const tripId = await beginRide(bike.bikeId, bike.lockId)
    const out = await support.send<ServiceChange>('POST', of(bike.bikeId, '/service'), { to: 'out', reason: 'broken' })
    expect(out.body.inRide).toBe(true)
    const { rows } = await run('SELECT state FROM trip WHERE trip_id = $1', [tripId])
    expect(rows).toEqual([{ state: 'riding' }])
    const retire = await support.send('POST', of(bike.bikeId, '/service'), { to: 'retired', note: 'old' })
    expect(retire).toMatchObject({ status: 409, body: { code: 'bike_in_use' } })
  })

  it('ends for good with its retirement', async () => {
    const bike = await newBike()
    expect((await support.send('POST', of(bike.bikeId, '/service'), { to: 'retired', note: 'rust' })).status).toBe(200)
    const back = await support.send('POST', of(bike.bikeId, '/service'), { to: 'in' })
    expect(back).toMatchObject({ status: 409, body: { code: 'bike_retired' } })
    const { rows } = await run('SELECT in_service, retired_at IS NOT NULL AS gone FROM bike WHERE bike_id = $1', [
      bike.bikeId,
    ])
    expect(rows).toEqual([{ in_service: false, gone: true }])
  })

  it('is written too when a crew takes it out', async () => {
    const bike = await newBike()
    const by = { staffId: support.staffId, atMs: platform.clock.nowMs() }
    for (let times = 0; times < 2; times++) {
      await platform.rooms.db.transaction((tx) => platform.rooms.fleet.takeOutOfService(tx, bike.bikeId, by))
    }
    const { items } = (await viewer.get<Timeline>(of(bike.bikeId, '/timeline?kinds=service'))).body
    expect(items).toMatchObject([{ title: 'out', facts: { reason: 'broken' }, by: 'A support' }])
  })

  it('is not for a viewer to change', async () => {
    const answer = await viewer.send('POST', of(street.bike.bikeId, '/service'), { to: 'out', reason: 'broken' })
    expect(answer.status).toBe(403)
  })

  it.each([
    ['out without a reason', { to: 'out' }],
    ['retired without a word', { to: 'retired' }],
    ['a reason nobody knows', { to: 'out', reason: 'haunted' }],
    ['more than is asked', { to: 'in', reason: 'broken' }],
  ])('refuses %s', async (_, body) => {
    expect((await support.send('POST', of(street.bike.bikeId, '/service'), body)).status).toBe(400)
  })
})

describe('a note', () => {
  const write = async (bikeId: string, text: string, who = support) => {
    const noteId = randomUUID()
    return { noteId, answer: await who.send<BikeNote>('POST', of(bikeId, '/notes'), { noteId, text }) }
  }
  const notesOf = async (bikeId: string) => (await viewer.get<BikeNotes>(of(bikeId, '/notes'))).body.notes

  it('is written once, however often the page sends it', async () => {
    const bike = await newBike()
    const { noteId, answer } = await write(bike.bikeId, 'The bell is gone')
    expect(answer).toMatchObject({ status: 201, body: { text: 'The bell is gone', isEdited: false } })
    await support.send('POST', of(bike.bikeId, '/notes'), { noteId, text: 'again' })
    expect((await notesOf(bike.bikeId)).map(({ text }) => text)).toEqual(['The bell is gone'])
  })

  it('is changed by its writer for ten minutes, by nobody else', async () => {
    const bike = await newBike()
    const { noteId } = await write(bike.bikeId, 'The bell')
    const path = of(bike.bikeId, `/notes/${noteId}`)
    const colleague = await deskClient(platform, 'dispatcher')
    expect(await colleague.send('PUT', path, { text: 'mine' })).toMatchObject({
      status: 403,
      body: { code: 'note_not_yours' },
    })
    expect(await support.send('PUT', path, { text: 'The horn' })).toMatchObject({
      status: 200,
      body: { text: 'The horn', isEdited: true },
    })
    await run('UPDATE bike_note SET real_at = $2 WHERE note_id = $1', [
      noteId,
      new Date(platform.clock.realNowMs() - 600_001),
    ])
    expect(await support.send('PUT', path, { text: 'late' })).toMatchObject({
      status: 409,
      body: { code: 'note_settled' },
    })
  })

  it('that is deleted leaves who deleted it, and not its words', async () => {
    const bike = await newBike()
    const { noteId } = await write(bike.bikeId, 'Call 06-12345678')
    const gone = await support.send('DELETE', of(bike.bikeId, `/notes/${noteId}`))
    expect(gone).toMatchObject({ status: 200, body: { text: null, deletedBy: 'A support' } })
    const { rows } = await run('SELECT text FROM bike_note WHERE note_id = $1', [noteId])
    expect(rows).toEqual([{ text: null }])
    const { items } = (await viewer.get<Timeline>(of(bike.bikeId, '/timeline'))).body
    expect(items).toMatchObject([{ title: 'deleted', facts: { text: null, deletedBy: 'A support' } }])
  })

  it('of another bike is not found, and a viewer writes none', async () => {
    const [bike, other] = [await newBike(), await newBike()]
    const { noteId } = await write(bike.bikeId, 'here')
    expect((await support.send('PUT', of(other.bikeId, `/notes/${noteId}`), { text: 'x' })).status).toBe(404)
    expect((await support.send('DELETE', of(other.bikeId, `/notes/${noteId}`))).status).toBe(404)
    expect((await write(bike.bikeId, 'no', viewer)).answer.status).toBe(403)
  })
})

describe('the timeline', () => {
  it('tells the lock’s words, and each of them as it came', async () => {
    const { bikeId, lockId } = street.bike
    const { items } = (await viewer.get<Timeline>(of(bikeId, '/timeline?kinds=message'))).body
    expect(items.map(({ title }) => title)).toEqual(expect.arrayContaining(['hello', 'evt_boot']))
    const hello = items.find(({ title }) => title === 'hello') as TimelineItem
    const raw = await viewer.get<RawMessage>(of(bikeId, `/messages/${hello.link}`))
    expect(raw.body).toMatchObject({ kind: 'hello', body: { rr: 'power', fw: '1.0.0' } })
    const stranger = await newBike()
    expect((await viewer.get(of(stranger.bikeId, `/messages/${hello.link}`))).status).toBe(404)
    expect(lockId).toBe('page-lock-1')
  })

  it('never says who rode', async () => {
    const bike = await newBike()
    const tripId = await beginRide(bike.bikeId, bike.lockId)
    const { rows } = await run('SELECT rider_id FROM trip WHERE trip_id = $1', [tripId])
    const page = await viewer.get<Timeline>(of(bike.bikeId, '/timeline'))
    expect(page.body.items).toMatchObject([{ kind: 'trip', title: 'riding', link: tripId }])
    expect(JSON.stringify(page.body)).not.toContain((rows[0] as { rider_id: string }).rider_id)
  })

  it('refuses a place that is none, a kind that is none, and a bike that is none', async () => {
    const { bikeId } = street.bike
    expect((await viewer.get(of(bikeId, '/timeline?before=yesterday'))).status).toBe(400)
    expect((await viewer.get(of(bikeId, '/timeline?kinds=gossip'))).status).toBe(400)
    expect((await viewer.get(of(bikeId, '/timeline?limit=1000'))).status).toBe(400)
    expect((await viewer.get(of(randomUUID(), '/timeline'))).status).toBe(404)
  })

  it('of any history is whole, once, and newest first, page by page', { timeout: 300_000 }, async () => {
    const event = fc.record({
      kind: fc.constantFrom(...madeKinds),
      // few moments, so that many things happen at the same one
      minute: fc.integer({ min: 0, max: 30 }),
    })
    const make = bikeHistory(run, support.staffId)
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.option(fc.subarray([...timelineKinds], { minLength: 1 })),
        async (events, limit, kinds) => {
          const bike = await newBike()
          const expected: string[] = []
          const start = platform.clock.nowMs() - 86_400_000
          for (const [index, { kind, minute }] of events.entries()) {
            const id = await make[kind](bike, new Date(start + minute * 60_000), index)
            expected.push(`${kind}:${id}`)
          }
          const wanted = expected.filter((id) => kinds === null || kinds.includes(kindOf(id)))
          const seen: TimelineItem[] = []
          let next: string | null = ''
          while (next !== null) {
            const query: string = `limit=${limit}${next === '' ? '' : `&before=${next}`}${kinds === null ? '' : `&kinds=${kinds.join(',')}`}`
            const page: Timeline = (await viewer.get<Timeline>(of(bike.bikeId, `/timeline?${query}`))).body
            expect(page.items.length).toBeLessThanOrEqual(limit)
            seen.push(...page.items)
            next = page.next
          }
          expect(seen.map(({ id }) => id).sort()).toEqual([...new Set(wanted)].sort())
          expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort((a, b) => b - a))
        },
      ),
      { numRuns: 25 },
    )
  })
})
