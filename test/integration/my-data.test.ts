import { randomUUID } from 'node:crypto'
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { DataExport, DataExports, RiderDevices } from '../../contracts/http/my-data.ts'
import type { PromiseView } from '../../contracts/http/payments.ts'
import type { Me } from '../../contracts/http/riders.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { nobody } from '../../contracts/nobody.ts'
import { ledgerSums } from '../../server/payments/ledger-store.ts'
import type { PersonalData } from '../../server/platform/personal-data.ts'
import { forgetWhatIsOver } from '../../server/retention.ts'
import { type MyDataWorld, openMyDataWorld, type Person } from '../fixtures/my-data-world.ts'
import { addHistoryBikes, addPastRides } from '../fixtures/ride-history.ts'
import { logInRider, type RiderClient } from '../fixtures/rider-client.ts'
import type { TestPlatform } from '../fixtures/test-platform.ts'

const dayMs = 86_400_000
let world: MyDataWorld
let platform: TestPlatform
beforeAll(async () => {
  world = await openMyDataWorld()
  platform = world.platform
})
afterAll(() => world.close())

const patiently = { timeout: 30_000, interval: 20 }
const firstRun = { attempt: 1, isLast: false, progress: async () => undefined }
const broken: PersonalData = {
  export: () => Promise.reject(new Error('broken on purpose')),
  forget: () => Promise.reject(new Error('broken on purpose')),
}

/** All that a stream tells of a ride, from its first word until it breaks off or the ride is over. */
async function rideToldTo(rider: RiderClient, tripId: string): Promise<{ readonly told: Promise<string> }> {
  const headers = { authorization: `Bearer ${rider.token}` }
  const { body } = await fetch(`${platform.url}/v1/trips/${tripId}/events`, { headers })
  const reader = present(body, 'a stream').pipeThrough(new TextDecoderStream()).getReader()
  let text = (await reader.read()).value ?? ''
  const told = async (): Promise<string> => {
    while (!text.includes('"state":"charged"')) {
      const next = await reader.read().catch(() => null)
      if (next === null || next.done) return text
      text += next.value
    }
    await reader.cancel()
    return text
  }
  return { told: told() }
}

describe('what a rider sees of the own account', () => {
  it('is the masked address, the language and the devices, and never a token', async () => {
    const phone = await world.newPerson('mia@example.org')
    const laptop = await logInRider(platform.url, 'mia@example.org').then((client) => client)
    const me = await phone.get<Me>('/v1/me')
    expect(me.body).toMatchObject({ addressHint: 'm•••@example.org', language: 'en' })
    const { sessions } = (await phone.get<RiderDevices>('/v1/me/sessions')).body
    expect(sessions.map(({ isThis }) => isThis).sort()).toEqual([false, true])
    expect(JSON.stringify(sessions)).not.toContain(laptop.token)

    const other = present(
      sessions.find(({ isThis }) => !isThis),
      'the other device',
    )
    const stranger = await world.newPerson()
    expect((await world.ask(stranger, 'DELETE', `/v1/me/sessions/${other.sessionId}`)).status).toBe(404)
    expect((await world.ask(phone, 'DELETE', `/v1/me/sessions/${other.sessionId}`)).status).toBe(204)
    expect([(await laptop.get('/v1/me')).status, (await phone.get('/v1/me')).status]).toEqual([401, 200])
  })

  it('is told in the kept language where the page names none', async () => {
    const person = await world.newPerson('li@example.org')
    expect((await world.ask(person, 'PATCH', '/v1/me', { language: 'zh' })).status).toBe(200)
    expect((await person.get<Me>('/v1/me')).body.language).toBe('zh')
    expect((await world.ask(person, 'PATCH', '/v1/me', { language: 'fr' })).status).toBe(400)
    // A new rider has the language of the page that asked for the code.
    await person.post('/v1/login/codes', { to: 'piet@example.org', language: 'nl' })
    const piet = await world.newPerson('piet@example.org')
    expect((await piet.get<Me>('/v1/me')).body.language).toBe('nl')
  })
})

describe('a copy of my data', () => {
  it('needs a code of its own: neither a wrong one nor one for deleting makes it', async () => {
    const person = await world.newPerson()
    const copies = (body: object) => person.post('/v1/me/exports', body)
    expect((await copies({})).status).toBe(400)
    const deletes = await world.codeFor(person, 'erasure')
    expect(await copies({ code: deletes })).toMatchObject({ body: { code: 'code_expired' } })
    const code = await world.codeFor(person, 'exports')
    expect(await copies({ code: code === '000000' ? '111111' : '000000' })).toMatchObject({
      body: { code: 'code_wrong' },
    })
    expect((await person.get<DataExports>('/v1/me/exports')).body.exports).toEqual([])
  })

  it('is the rider’s alone, a file that only we may read, and there are three a day', async () => {
    const person = await world.newPerson()
    const { exportId } = await world.copyOf(person)
    const stranger = await world.newPerson()
    expect((await world.ask(stranger, 'GET', `/v1/me/exports/${exportId}/file`)).status).toBe(404)
    const folder = await stat(join(world.dataDir, 'exports'))
    const file = await stat(join(world.dataDir, 'exports', `${exportId}.json`))
    expect([folder.mode & 0o777, file.mode & 0o777]).toEqual([0o700, 0o600])
    await world.copyOf(person)
    await world.copyOf(person)
    expect(await person.post('/v1/me/exports', { code: '493027' })).toMatchObject({
      status: 429,
      body: { code: 'export_enough' },
    })
  })

  it('is deleted after a day', async () => {
    const person = await world.newPerson()
    const { exportId } = await world.copyOf(person)
    // What a dead process left half-way, behind more files than are deleted at once.
    const folder = join(world.dataDir, 'exports')
    const longAgo = new Date(Date.now() - 3 * 3_600_000)
    for (let i = 0; i < 201; i++) await writeFile(join(folder, `0-living-${i}`), '')
    await writeFile(join(folder, 'zz.draft'), '')
    await utimes(join(folder, 'zz.draft'), longAgo, longAgo)
    const later = await world.openOurs({ aheadMs: dayMs + 1 })
    expect(await later.exports.file(person.riderId, exportId)).toMatchObject({ code: 'export_gone' })
    await later.exports.forget()
    const left = await readdir(folder)
    expect(left.filter((name) => name === `${exportId}.json` || name === 'zz.draft')).toEqual([])
    expect(await world.ask(person, 'GET', `/v1/me/exports/${exportId}/file`)).toMatchObject({
      status: 410,
      body: { code: 'export_gone' },
    })
  })

  it('is made after a restart, and told when it cannot be made', async () => {
    const person = await world.newPerson()
    const dying = await world.openOurs({ rooms: [broken] })
    const asks = async (mine: typeof dying) =>
      (await mine.exports.ask(person.riderId, await world.codeFor(person, 'exports'))) as DataExport
    const { exportId } = await asks(dying)
    await expect(dying.exports.make(exportId, false)).rejects.toThrow('broken on purpose')
    expect((await dying.exports.list(person.riderId))[0]).toMatchObject({ state: 'asked' })
    await expect(dying.exports.make(exportId, true)).rejects.toThrow('broken on purpose')
    expect((await dying.exports.list(person.riderId))[0]).toMatchObject({ exportId, state: 'failed' })

    const second = await asks(dying)
    const restarted = await world.openOurs({ rooms: [] })
    const done: Promise<void>[] = []
    restarted.handOverTo(async (key) => {
      if (key === `export-${second.exportId}`) done.push(restarted.work(key, firstRun))
    })
    await restarted.look(0)
    await Promise.all(done)
    expect((await restarted.exports.list(person.riderId))[0]).toMatchObject({ state: 'ready' })
  })
})

describe('all that there is of a rider', () => {
  let person: Person
  let trip: TripView
  let photoIds: readonly string[]
  beforeAll(async () => {
    person = await world.newPerson('forgotten.person@example.org')
    const left = await world.leaveTraces(person)
    trip = left.trip
    photoIds = left.photoIds
  })

  it('is in the copy: rides and places, money, reports, appeals, pictures, but no secret', async () => {
    const copy = await world.copyOf(person)
    expect(copy).toMatchObject({ state: 'ready', bytes: expect.any(Number) })
    const file = await world.ask(person, 'GET', `/v1/me/exports/${copy.exportId}/file`)
    expect([file.status, file.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="zwerm-my-data-\d{4}-\d\d-\d\d\.json"$/,
    )
    const bikeNumber = world.street.bike.number
    const { tripId, price, payment } = trip
    const { verdict, feeMinor } = present(trip.parking, 'where it was left')
    expect(file.body).toMatchObject({
      account: { riderId: person.riderId, address: person.address },
      sessions: [{ endsAt: expect.any(String) }],
      trips: [
        {
          ...{ tripId, bikeNumber, price: { total: price.total }, endedBy: 'lock', waived: [], givenBackMinor: 0 },
          parking: { verdict, feeMinor, cleared: false },
        },
      ],
      places: {
        type: 'FeatureCollection',
        features: [{ geometry: { type: 'Point' } }, { properties: { end: 'end' } }],
      },
      payments: [{ tripId, state: 'captured', capturedMinor: payment.captured }],
      receipts: [{ total: price.total }],
      refunds: [],
      reports: [{ bikeNumber, kind: 'other', text: 'It sings.' }],
      reservations: [{ bikeNumber, state: 'used', tripId }],
      rings: [{ bikeNumber }],
      appeals: [{ tripId, about: 'price', state: 'denied' }],
    })
    const { photos } = file.body as { photos: { photoId: string }[] }
    expect(photos.map(({ photoId }) => photoId).sort()).toEqual([...photoIds].sort())
    const text = JSON.stringify(file.body)
    const { rows } = await platform.db.query<{ provider_ref: string }>(
      'SELECT provider_ref FROM payment WHERE rider_id = $1',
      [person.riderId],
    )
    for (const secret of [person.token, rows[0]?.provider_ref]) expect(text).not.toContain(present(secret, 'a secret'))
  })

  it('leaves neither the address nor the rider’s id in any column once it is deleted; the books stay whole', async () => {
    const { exportId } = await world.copyOf(person)
    await person.post('/v1/login/codes', { to: person.address })
    const index = platform.rooms.addresses.index(person.address).toString('hex')
    const everywhere = [
      'rider',
      'trip',
      'payment',
      'session',
      'rider_report',
      'rider_photo',
      'reservation',
      'rider_ring',
    ]
    expect(await world.whereabouts([person.riderId, index])).toEqual(
      expect.arrayContaining([...everywhere, 'appeal'].map((table) => `${table}.rider_id`)),
    )
    await world.erase(person)
    expect((await person.get('/v1/me')).status).toBe(401)
    await world.untilErased(person.riderId)

    expect(await world.whereabouts([person.address, 'forgotten.person', person.riderId, index])).toEqual([])
    expect(await readdir(join(world.dataDir, 'exports'))).not.toContain(`${exportId}.json`)
    expect(await readdir(join(world.dataDir, 'rider-photos'))).toEqual([])
    expect(await readFile(join(world.dataDir, 'erasures.log'), 'utf8')).not.toContain(person.riderId)
    const { rows } = await platform.db.query<{ rider_id: string; places_rounded: boolean }>(
      'SELECT rider_id, places_rounded FROM trip WHERE trip_id = $1',
      [trip.tripId],
    )
    expect(rows).toEqual([{ rider_id: nobody, places_rounded: true }])
    expect(await ledgerSums(platform.db)).toEqual([{ currency: 'CNY', sumMinor: 0 }])
    expect((await fetch(`${platform.url}${trip.receiptPath}`)).status).toBe(200)

    const again = await world.newPerson(person.address)
    expect(again.riderId).not.toBe(person.riderId)
    expect((await again.get<{ trips: unknown[] }>('/v1/trips')).body.trips).toEqual([])
  })
})

describe('deleting an account', () => {
  it('needs a code of its own: neither a wrong one nor one for logging in does it', async () => {
    const person = await world.newPerson()
    const code = await world.codeFor(person, 'erasure')
    const wrong = code === '000000' ? '111111' : '000000'
    const deny = (body: object) => person.post('/v1/me/erasure', body)
    expect(await deny({ confirm: 'delete', code: wrong })).toMatchObject({ body: { code: 'code_wrong' } })
    expect((await deny({ confirm: 'yes', code })).status).toBe(400)
    expect((await person.get('/v1/me')).status).toBe(200)

    const other = await world.newPerson()
    await other.post('/v1/login/codes', { to: other.address })
    const sent = await other.get<{ messages: { code: string }[] }>('/demo/outbox/mine')
    const logsIn = present(sent.body.messages[0], 'a code').code
    expect(await other.post('/v1/me/erasure', { confirm: 'delete', code: logsIn })).toMatchObject({
      body: { code: 'code_expired' },
    })
  })

  it('waits for a ride, for money that is reserved, and for an appeal', async () => {
    const person = await world.newPerson()
    const code = await world.codeFor(person, 'erasure')
    const deletes = () => person.post('/v1/me/erasure', { confirm: 'delete', code })
    const promiseId = await person.promise()
    expect(await deletes()).toMatchObject({ status: 409, body: { code: 'erasure_money' } })
    const body = { bikeCode: world.street.bike.code, promiseId }
    const { tripId } = (await person.post<TripView>('/v1/trips', body, randomUUID())).body
    expect(await deletes()).toMatchObject({ status: 409, body: { code: 'erasure_ride' } })
    await person.tripUntil(tripId, ({ state }) => state === 'riding')
    const elsewhere = await logInRider(platform.url, person.address)
    const { told } = await rideToldTo(elsewhere, tripId)
    const { sessions } = (await person.get<RiderDevices>('/v1/me/sessions')).body
    const other = present(
      sessions.find(({ isThis }) => !isThis),
      'the other device',
    )
    await world.ask(person, 'DELETE', `/v1/me/sessions/${other.sessionId}`)
    world.street.lock.pushLever()
    await person.tripUntil(tripId, (trip) => trip.payment.state === 'captured')
    // Who was logged out there hears no more of the ride.
    expect(await told).not.toMatch(/"state":"(ended|charged)"/)
    await platform.db.query(`UPDATE payment SET state = 'debt' WHERE trip_id = $1`, [tripId])
    expect(await deletes()).toMatchObject({ status: 409, body: { code: 'erasure_debt' } })
    await platform.db.query(`UPDATE payment SET state = 'captured' WHERE trip_id = $1`, [tripId])
    await platform.db.query(
      `INSERT INTO appeal (appeal_id, trip_id, rider_id, about, text, state, disputed_minor, created_at, decide_by)
       VALUES ($1, $2, $3, 'price', 'Too much', 'open', 10, $4, $4)`,
      [randomUUID(), tripId, person.riderId, new Date(platform.clock.nowMs() + dayMs)],
    )
    expect(await deletes()).toMatchObject({ status: 409, body: { code: 'erasure_appeal' } })
    await platform.db.query(`UPDATE appeal SET state = 'denied', decided_at = created_at WHERE trip_id = $1`, [tripId])
    expect(await deletes()).toMatchObject({ status: 202 })
  })

  it('goes on where a killed process left it, and happens once', async () => {
    const person = await world.newPerson()
    const promiseId = await person.promise()
    await world.ask(person, 'DELETE', `/v1/promises/${promiseId}`)
    const promise = () => person.get<PromiseView>(`/v1/promises/${promiseId}`)
    await expect.poll(async () => (await promise()).body.state, patiently).toBe('released')
    await person.post('/v1/reservations', { bike: world.street.bike.number }, randomUUID())
    const rooms = world.roomsOf()
    const dying = await world.openOurs({ rooms: [...rooms.slice(0, 3), broken] })
    const code = await world.codeFor(person, 'erasure')
    expect(await dying.erasures.ask(person.riderId, code)).toBeNull()
    expect(await dying.erasures.ask(person.riderId, code)).toMatchObject({ code: 'session_ended' })
    // The bike is everybody's at once, and whoever looks at it is told, as if the rider had cancelled.
    const reservations = await platform.db.query('SELECT state, reason FROM reservation WHERE rider_id = $1', [
      person.riderId,
    ])
    expect(reservations.rows).toEqual([{ state: 'cancelled', reason: 'rider' }])
    const [erasureId] = await dying.erasures.asked(0)
    await expect(dying.erasures.finish(present(erasureId, 'it is asked'))).rejects.toThrow('broken on purpose')
    // Half forgotten: already nobody's, and still to be finished.
    expect(await world.whereabouts([person.riderId])).toEqual(
      expect.arrayContaining(['erasure.rider_id', 'payment.rider_id']),
    )

    const restarted = await world.openOurs({ rooms })
    await Promise.all([1, 2].map(() => restarted.erasures.finish(present(erasureId, 'it is asked'))))
    expect(await world.whereabouts([person.riderId, person.address])).toEqual([])
    expect(await restarted.erasures.asked(0)).toEqual([])
  })

  it('is done again when a backup brings the rider back', async () => {
    const person = await world.newPerson()
    const { rows } = await platform.db.query<{ sealed: Uint8Array }>(
      'SELECT address_sealed AS sealed FROM rider WHERE rider_id = $1',
      [person.riderId],
    )
    const first = await world.openOurs({ rooms: world.roomsOf() })
    expect(await first.erasures.ask(person.riderId, await world.codeFor(person, 'erasure'))).toBeNull()
    for (const erasureId of await first.erasures.asked(0)) await first.erasures.finish(erasureId)
    await platform.db.query('DELETE FROM erasure')
    await platform.db.query(`INSERT INTO rider VALUES ($1, $2, $3, 'en', false, $4)`, [
      person.riderId,
      platform.rooms.addresses.index(person.address),
      Buffer.from(present(rows[0], 'the rider').sealed),
      new Date(platform.clock.realNowMs()),
    ])
    const bystander = await world.newPerson()
    const restarted = await world.openOurs({ rooms: world.roomsOf() })
    expect(await restarted.erasures.again()).toBe(1)
    for (const erasureId of await restarted.erasures.asked(0)) await restarted.erasures.finish(erasureId)
    expect(await world.whereabouts([person.riderId, person.address])).toEqual([])
    expect((await bystander.get('/v1/me')).status).toBe(200)
  })
})

describe('time that passes', () => {
  it('rounds where a ride began after 90 days, and forgets whose it was after thirteen months', async () => {
    const nowMs = platform.clock.nowMs()
    const bikes = await addHistoryBikes(platform.db, 3, nowMs - 500 * dayMs)
    const from = { lon: 4.712_345, lat: 52.361_234 }
    const made = await addPastRides(
      platform.db,
      [80, 100, 400].map((days, i) => ({
        bike: present(bikes[i], 'a bike'),
        askedAtMs: nowMs - days * dayMs,
        openMs: 3_000,
        minutes: 10,
        from,
        to: from,
      })),
    )
    await platform.db.query(`UPDATE payment SET state = 'captured' WHERE payment_id = ANY($1::uuid[])`, [
      made.map(({ paymentId }) => paymentId),
    ])
    await forgetWhatIsOver(platform.db, platform.clock)
    const { rows } = await platform.db.query<{ lon: number; rider_id: string; payer: string }>(
      `SELECT ST_X(start_geom) AS lon, t.rider_id, p.rider_id AS payer FROM trip t JOIN payment p USING (payment_id)
        WHERE t.trip_id = ANY($1::uuid[]) ORDER BY t.created_at DESC`,
      [made.map(({ tripId }) => tripId)],
    )
    const [fresh, older, oldest] = rows
    expect([fresh?.lon, fresh?.rider_id]).toEqual([from.lon, made[0]?.riderId])
    expect(older?.rider_id).toBe(made[1]?.riderId)
    expect(older?.lon).not.toBe(from.lon)
    expect(older?.lon).toBeCloseTo(from.lon, 2)
    expect([oldest?.rider_id, oldest?.payer]).toEqual([nobody, nobody])
  })
})
