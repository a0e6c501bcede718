import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { answerAppealsWithinMs, appealWindowMs } from '../../contracts/appeal-limits.ts'
import type { Appeals, AppealView, NewAppeal, StaffAppeal, StaffAppeals } from '../../contracts/http/appeals.ts'
import type { RiderPhotoKept } from '../../contracts/http/photos.ts'
import type { ReportList } from '../../contracts/http/tasks.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type RiderId } from '../../contracts/ids.ts'
import { largestPhotoBytes } from '../../contracts/photo-limits.ts'
import { isRefusal, type Problem } from '../../contracts/refusals.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { openRiderPhotos } from '../../server/photos/rider-photos.ts'
import type { DeskClient } from '../fixtures/desk-client.ts'
import { type DeskRide, type DeskTrips, openDeskTrips } from '../fixtures/desk-trips.ts'
import { logInRider, type RiderClient } from '../fixtures/rider-client.ts'

let desk: DeskTrips
beforeAll(async () => {
  desk = await openDeskTrips()
})
afterAll(() => desk?.end())
/** Whatever was decided: no money came out of nothing, and ours is the provider's. */
afterEach(async () => {
  const { atProvider, inBooks, sums } = await desk.money()
  expect(inBooks).toBe(atProvider)
  expect(sums.every((sum) => sum === 0)).toBe(true)
})

const secret = 'Exif GPS 52.3585 4.726'
const segment = (marker: number, body: Buffer) =>
  Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body])
const scan = Buffer.concat([segment(0xda, Buffer.alloc(6, 1)), Buffer.from([1, 2, 3])])
const picture = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  segment(0xe1, Buffer.from(secret)),
  scan,
  Buffer.from([0xff, 0xd9]),
])
const stripped = Buffer.concat([Buffer.from([0xff, 0xd8]), scan, Buffer.from([0xff, 0xd9])])

async function put(rider: RiderClient, photoId: string, body: Buffer = picture, type = 'image/jpeg') {
  const response = await fetch(`${desk.platform.url}/v1/photos/${photoId}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${rider.token}`, 'content-type': type },
    body: new Uint8Array(body),
  })
  return { status: response.status, body: (await response.json()) as RiderPhotoKept & Problem }
}
async function sent(rider: RiderClient): Promise<string> {
  const photoId = randomUUID()
  expect(await put(rider, photoId)).toMatchObject({ status: 200 })
  return photoId
}
const look = (token: string, path: string) =>
  fetch(`${desk.platform.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
const newRider = () => logInRider(desk.platform.url, `appeals-${randomUUID()}@city.invalid`)

const appeal = ({ rider, tripId }: DeskRide, said: Partial<NewAppeal> = {}) =>
  rider.post<AppealView & Problem>(`/v1/trips/${tripId}/appeals`, {
    ...{ appealId: randomUUID(), about: 'price', text: 'I rode for half of that.', photoIds: [] },
    ...said,
  })
const decide = (who: DeskClient, appealId: string, decision: object) =>
  who.send<StaffAppeal & Problem>('POST', `/v1/staff/appeals/${appealId}/decision`, { decision })
const answer = 'We looked at it, and this is what we found.'
const dueNow = (appealId: string) =>
  desk.platform.db.query(`UPDATE appeal SET decide_by = $2 WHERE appeal_id = $1`, [
    appealId,
    new Date(desk.platform.clock.nowMs() - 1),
  ])

describe("a rider's picture", () => {
  it('is kept without what the camera wrote into it, and is the rider’s own until it is sent off', async () => {
    const rider = await newRider()
    const photoId = await sent(rider)
    expect(await put(rider, photoId)).toMatchObject({ body: { photoId, bytes: stripped.length } })
    const seen = await look(rider.token, `/v1/photos/${photoId}`)
    expect(Buffer.from(await seen.arrayBuffer())).toEqual(stripped)
    const headers = ['content-type', 'x-content-type-options', 'cache-control', 'content-security-policy']
    expect(headers.map((name) => seen.headers.get(name))).toEqual([
      ...['image/jpeg', 'nosniff', 'private, no-store', "sandbox; default-src 'none'"],
    ])
    const stranger = await newRider()
    expect((await look(stranger.token, `/v1/photos/${photoId}`)).status).toBe(404)
    expect((await put(stranger, photoId)).body.code).toBe('photo_wrong')
    for (const of of ['rider-reports', 'appeals'])
      expect((await look(desk.support.token, `/v1/staff/${of}/photos/${photoId}`)).status).toBe(404)
  })

  it('is a picture of its type and its size', async () => {
    const rider = await newRider()
    const html = Buffer.from('<script>alert(1)</script>')
    const large = Buffer.concat([picture, Buffer.alloc(largestPhotoBytes)])
    for (const [body, type] of [
      [html, 'image/jpeg'],
      [picture, 'image/png'],
      [html, 'text/html'],
      [picture.subarray(0, 20), 'image/jpeg'],
      [large, 'image/jpeg'],
      [Buffer.alloc(0), 'image/jpeg'],
    ] as const)
      expect(await put(rider, randomUUID(), body, type)).toMatchObject({ status: 422, body: { code: 'photo_wrong' } })
  })

  it('is bounded per day, goes after a day when nothing named it, after 90 days, and with its rider', async () => {
    const { db } = desk.platform
    const folder = await mkdtemp(join(tmpdir(), 'zwerm-rider-photos-'))
    let nowMs = Date.now()
    const clock = { nowMs: () => epochMs(nowMs), realNowMs: () => realMs(nowMs), speed: () => 1 }
    const photos = await openRiderPhotos({ db, clock, folder })
    const { rows } = await db.query<{ rider_id: string }>('SELECT rider_id FROM rider LIMIT 1')
    const riderId = asId<RiderId>(rows[0]?.rider_id ?? '')
    const keep = async () => {
      const photoId = randomUUID()
      const kept = await photos.keep(riderId, photoId, { contentType: 'image/jpeg', body: picture })
      return isRefusal(kept) ? kept.code : photoId
    }
    const first = await keep()
    await db.query(
      `INSERT INTO rider_photo (photo_id, rider_id, content_type, bytes, sha256, kept_at)
       SELECT gen_random_uuid(), $1, 'image/png', 9, '', $2 FROM generate_series(1, 29)`,
      [riderId, new Date(nowMs - 1)],
    )
    expect(await keep()).toBe('photos_enough')
    nowMs += 86_400_001
    const named = await keep()
    const { rows: trips } = await db.query<{ trip_id: string }>('SELECT trip_id FROM trip LIMIT 1')
    const ride = trips[0] ? { tripId: trips[0].trip_id } : await desk.charged()
    await db.query(
      `WITH made AS (INSERT INTO appeal (appeal_id, trip_id, about, text, state, disputed_minor, created_at, decide_by,
         decided_at) VALUES ($1, $2, 'price', '', 'withdrawn', 0, $3, $3, $3) RETURNING appeal_id)
       UPDATE rider_photo SET appeal_id = $1 WHERE photo_id = $4`,
      [randomUUID(), ride.tripId, new Date(nowMs - 30 * 86_400_000), named],
    )
    await photos.forget()
    expect(await readdir(folder)).toEqual([named])
    expect(await photos.read(first, { kind: 'rider', riderId })).toBeNull()
    expect((await photos.photosOf(riderId)).map(({ photoId }) => photoId)).toEqual([named])
    nowMs += 90 * 86_400_000
    await photos.forget()
    expect(await readdir(folder)).toEqual([])
    await keep()
    await photos.forgetPhotosOf(riderId)
    expect([await readdir(folder), await photos.photosOf(riderId)]).toEqual([[], []])
    await rm(folder, { recursive: true })
  })
})

describe('a report with pictures', () => {
  it('shows them to the desk in their order, and takes nobody else’s', async () => {
    const { rider, street, tripId } = await desk.charged()
    const photoIds = [await sent(rider), await sent(rider)]
    const report = (ids: readonly string[], kind: string) =>
      rider.post<{ reportId: string } & Problem>(`/v1/bikes/${street.bike.number}/reports`, { kind, photoIds: ids })
    const stranger = await newRider()
    expect((await report([await sent(stranger)], 'sticker')).body.code).toBe('photo_missing')
    expect((await report([randomUUID()], 'sticker')).body.code).toBe('photo_missing')
    const kept = await report(photoIds, 'sticker')
    expect(kept.status).toBe(201)
    // A refused one left nothing behind, and what is named once is not named again.
    expect((await report([photoIds[0] ?? ''], 'tyre')).body.code).toBe('photo_missing')
    const { reports } = (
      await desk.viewer.get<ReportList>(`/v1/staff/rider-reports?bikeId=${street.bike.bikeId}&limit=9`)
    ).body
    expect(reports).toMatchObject([{ reportId: kept.body.reportId, kind: 'sticker', tripId, photoIds }])
    const seen = await look(desk.viewer.token, `/v1/staff/rider-reports/photos/${photoIds[0]}`)
    expect([seen.status, seen.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
    expect((await look(desk.support.token, `/v1/staff/appeals/photos/${photoIds[0]}`)).status).toBe(404)
  })
})

describe('an appeal', () => {
  it('is made once under its id, with pictures, and says until when it is answered', async () => {
    const ride = await desk.charged()
    const before = (await ride.rider.get<TripView>(`/v1/trips/${ride.tripId}`)).body
    expect(before).toMatchObject({ appeal: null, mayAppealUntil: (before.endedAt ?? 0) + appealWindowMs })
    const photoIds = [await sent(ride.rider)]
    const said = { appealId: randomUUID(), photoIds }
    const made = await appeal(ride, said)
    expect(made).toMatchObject({
      status: 201,
      body: { state: 'open', disputedMinor: 180, refundMinor: 0, photoIds, currency: 'CNY', bySystem: false },
    })
    expect(made.body.decideBy - made.body.createdAt).toBe(answerAppealsWithinMs)
    expect((await appeal(ride, said)).body).toEqual({ ...made.body, cityTime: expect.any(Number) })
    expect((await appeal(ride)).body.code).toBe('appeal_open_already')
    const trip = (await ride.rider.get<TripView>(`/v1/trips/${ride.tripId}`)).body
    expect(trip).toMatchObject({ appeal: { appealId: said.appealId, state: 'open' }, mayAppealUntil: null })
    expect((await ride.rider.get<{ trips: TripView[] }>('/v1/trips')).body.trips).toMatchObject([
      { appeal: trip.appeal },
    ])
    expect((await ride.rider.get<Appeals>('/v1/appeals')).body).toMatchObject({ appeals: [{ ...said }], next: null })
  })

  it('is the rider’s own: to anybody else there is none', async () => {
    const ride = await desk.charged()
    const { appealId } = (await appeal(ride)).body
    const stranger = await newRider()
    expect((await appeal({ ...ride, rider: stranger })).status).toBe(404)
    expect((await stranger.get(`/v1/appeals/${appealId}`)).status).toBe(404)
    expect((await stranger.post(`/v1/appeals/${appealId}/withdraw`)).status).toBe(404)
    expect((await stranger.get<Appeals>('/v1/appeals')).body.appeals).toEqual([])
    expect((await look('', `/v1/appeals/${appealId}`)).status).toBe(401)
  })

  it('needs something to give back, words where only words can tell, and the right time', async () => {
    const running = await desk.riding()
    expect((await appeal(running)).body.code).toBe('appeal_nothing')
    await desk.close(running)
    expect((await appeal(running, { about: 'wrong_place' })).body.code).toBe('appeal_nothing')
    expect((await appeal(running, { about: 'other', text: '  ' })).body.code).toBe('appeal_text_needed')
    expect((await appeal(running, { photoIds: [randomUUID()] })).body.code).toBe('photo_missing')
    await desk.platform.db.query("UPDATE trip SET ended_at = ended_at - $2 * interval '1 ms' WHERE trip_id = $1", [
      running.tripId,
      appealWindowMs,
    ])
    expect((await appeal(running)).body.code).toBe('appeal_too_late')
  })

  it('may be taken back and made again, three times in all', async () => {
    const ride = await desk.charged()
    for (let times = 1; times <= 3; times += 1) {
      const { appealId } = (await appeal(ride)).body
      for (let again = 0; again < 2; again += 1)
        expect((await ride.rider.post<AppealView>(`/v1/appeals/${appealId}/withdraw`)).body.state).toBe('withdrawn')
      expect((await decide(desk.support, appealId, { verdict: 'accept' })).body.code).toBe('appeal_decided')
    }
    expect((await appeal(ride)).body.code).toBe('appeal_enough')
    expect((await ride.rider.get<TripView>(`/v1/trips/${ride.tripId}`)).body.mayAppealUntil).toBeNull()
  })

  it('that is accepted gives the money back once, on the receipt and in the trip’s story', async () => {
    const ride = await desk.charged()
    const { appealId } = (await appeal(ride)).body
    const accepted = await decide(desk.support, appealId, { verdict: 'accept', answer })
    expect(accepted).toMatchObject({
      status: 200,
      body: { state: 'accepted', refundMinor: 180, decidedBy: 'A support' },
    })
    expect((await decide(desk.support, appealId, { verdict: 'accept', answer })).status).toBe(200)
    expect((await decide(desk.support, appealId, { verdict: 'deny', answer })).body.code).toBe('appeal_decided')
    await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.refunded === 180)
    await desk.settledAtProvider()
    expect((await ride.rider.get<AppealView>(`/v1/appeals/${appealId}`)).body).toMatchObject({
      ...{ state: 'accepted', answer, refundMinor: 180, refundedMinor: 180, bySystem: false },
    })
    // Of a debt that was paid by another promise it goes back by that one.
    const paidBy = (own: number, other: number) =>
      desk.platform.db.query(
        `UPDATE payment SET captured_minor = $2, refunded_minor = $2, refund_asked_minor = $2, elsewhere_minor = $3,
           elsewhere_back_minor = $3 WHERE trip_id = $1`,
        [ride.tripId, own, other],
      )
    await paidBy(0, 180)
    expect((await ride.rider.get<AppealView>(`/v1/appeals/${appealId}`)).body.refundedMinor).toBe(180)
    await paidBy(180, 0)
    expect(await desk.receiptOf(ride.tripId)).toMatchObject({ corrections: [{ kind: 'refund', amount: 180 }] })
    expect(await desk.seen(ride.tripId)).toMatchObject({
      acts: [{ actId: appealId, act: 'refund', reason: answer, result: { totalBefore: 180, totalAfter: 0 } }],
      refunds: [{ amount: 180, state: 'done', by: 'A support', reason: answer }],
    })
  })

  it('that is accepted in part or denied says why, and what is left can be appealed again', async () => {
    const ride = await desk.charged()
    const first = (await appeal(ride)).body.appealId
    expect((await decide(desk.support, first, { verdict: 'partly', amountMinor: 181, answer })).body.code).toBe(
      'appeal_amount_wrong',
    )
    for (const wrong of [
      { verdict: 'deny' },
      { verdict: 'partly', amountMinor: 0, answer },
      { verdict: 'deny', answer: ' . ' },
    ])
      expect((await decide(desk.support, first, wrong)).status).toBe(400)
    const partly = { verdict: 'partly', amountMinor: 30, answer }
    expect((await decide(desk.support, first, partly)).body).toMatchObject({ state: 'partly', refundMinor: 30 })
    await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.refunded === 30)
    const second = (await appeal(ride, { about: 'lock' })).body
    expect(second.disputedMinor).toBe(150)
    expect((await decide(desk.support, second.appealId, { verdict: 'deny', answer })).body).toMatchObject({
      ...{ state: 'denied', refundMinor: 0, answer, earlier: 1 },
    })
    await desk.settledAtProvider()
    expect((await desk.seen(ride.tripId)).trip).toMatchObject({ price: { total: 150 }, payment: { refunded: 30 } })
  })

  it('that nobody answers in time is accepted by itself, and nobody can deny it any more', async () => {
    const ride = await desk.charged()
    const { appealId } = (await appeal(ride)).body
    await dueNow(appealId)
    expect((await decide(desk.support, appealId, { verdict: 'deny', answer })).body.code).toBe('appeal_decided')
    await Promise.all([desk.platform.rooms.appeals.tick(), desk.platform.rooms.appeals.tick()])
    expect((await ride.rider.get<AppealView>(`/v1/appeals/${appealId}`)).body).toMatchObject({
      ...{ state: 'accepted', bySystem: true, refundMinor: 180, answer: null },
    })
    await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.refunded === 180)
    expect(await desk.seen(ride.tripId)).toMatchObject({ acts: [], refunds: [{ amount: 180, by: null }] })
  })

  it('is decided once when two colleagues and the deadline come together', async () => {
    const ride = await desk.charged()
    const { appealId } = (await appeal(ride)).body
    const answers = await Promise.all([
      decide(desk.support, appealId, { verdict: 'partly', amountMinor: 100, answer }),
      decide(desk.support, appealId, { verdict: 'accept' }),
      ride.rider.post(`/v1/appeals/${appealId}/withdraw`),
      desk.platform.rooms.appeals.tick(),
      appeal(ride),
    ])
    expect(answers.slice(0, 3).filter((one) => one && one.status === 200)).toHaveLength(1)
    const decided = (await ride.rider.get<AppealView>(`/v1/appeals/${appealId}`)).body
    await desk.settledAtProvider()
    expect((await desk.seen(ride.tripId)).trip.payment.refunded).toBe(decided.refundMinor)
  })

  it('against a debt makes it smaller, and all of it lets it go', async () => {
    const ride = await desk.riding()
    await desk.control('POST', '/control/faults', {
      ...{ fault: { kind: 'insufficient-funds' }, target: 'alipay.trade.pay', probability: 1 },
    })
    ride.street.lock.pushLever()
    await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.state === 'debt')
    const { appealId } = (await appeal(ride, { about: 'not_my_ride' })).body
    expect((await decide(desk.support, appealId, { verdict: 'accept' })).body).toMatchObject({ refundMinor: 180 })
    await ride.rider.tripUntil(ride.tripId, ({ payment }) => payment.state !== 'debt')
    await desk.control('DELETE', '/control/faults')
    // Nothing was taken, so nothing is on its way back: not on the ride's page, and not in the list of appeals.
    expect((await ride.rider.get<Appeals>('/v1/appeals')).body.appeals).toMatchObject([
      { appealId, owes: true, refundMinor: 180, refundedMinor: 0 },
    ])
    expect((await ride.rider.get<TripView>(`/v1/trips/${ride.tripId}`)).body.price.total).toBe(0)
  })
})

describe('the desk', () => {
  it('lists open appeals by deadline, decided ones newest first, and those of one ride', async () => {
    const rides = [await desk.charged(), await desk.charged()]
    const photoId = await sent(rides[0]?.rider as RiderClient)
    const made: AppealView[] = []
    for (const [i, ride] of rides.entries())
      made.push((await appeal(ride, { photoIds: i === 0 ? [photoId] : [] })).body)
    const open = (await desk.dispatcher.get<StaffAppeals>('/v1/staff/appeals')).body
    const deadlines = open.appeals.map(({ decideBy }) => decideBy)
    expect(deadlines).toEqual([...deadlines].sort((a, b) => a - b))
    const pages: string[] = []
    for (let before: string | null = ''; before !== null; ) {
      const path: string = `/v1/staff/appeals?limit=1${before === '' ? '' : `&before=${before}`}`
      const page: StaffAppeals = (await desk.support.get<StaffAppeals>(path)).body
      pages.push(...page.appeals.map(({ appealId }) => appealId))
      before = page.next
    }
    expect(pages).toEqual(open.appeals.map(({ appealId }) => appealId))
    expect(open.totals).toEqual({ open: pages.length, soon: 0 })
    for (const { appealId } of made) await decide(desk.support, appealId, { verdict: 'deny', answer })
    const decided = (await desk.support.get<StaffAppeals>('/v1/staff/appeals?state=decided&limit=2')).body
    expect(decided.appeals.map(({ appealId }) => appealId)).toEqual(made.map(({ appealId }) => appealId).reverse())
    const ofRide = (await desk.support.get<StaffAppeals>(`/v1/staff/appeals?tripId=${rides[0]?.tripId}`)).body
    expect(ofRide.appeals).toMatchObject([{ appealId: made[0]?.appealId, photoIds: [photoId] }])
    expect((await look(desk.support.token, `/v1/staff/appeals/photos/${photoId}`)).status).toBe(200)
    expect((await look(desk.viewer.token, `/v1/staff/appeals/photos/${photoId}`)).status).toBe(403)
    expect((await look(desk.viewer.token, `/v1/staff/rider-reports/photos/${photoId}`)).status).toBe(404)
  })

  it('lets nobody decide who may not, and a viewer not even look', async () => {
    const { appealId } = (await appeal(await desk.charged())).body
    for (const who of [desk.viewer, desk.dispatcher])
      expect((await decide(who, appealId, { verdict: 'accept' })).body.code).toBe('not_allowed')
    for (const path of ['/v1/staff/appeals', `/v1/staff/appeals/${appealId}`]) {
      expect((await desk.viewer.get(path)).status).toBe(403)
      expect((await desk.dispatcher.get(path)).status).toBe(200)
    }
    expect((await decide(desk.support, randomUUID(), { verdict: 'accept' })).status).toBe(404)
  })
})
