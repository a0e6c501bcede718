import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StaffTrips, StaffTripsFound, TripAct, TripPreview, TripTrace } from '../../contracts/http/staff-trips.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import type { BoltEvent } from '../../contracts/mqtt/reports.ts'
import { deskClient } from '../fixtures/desk-client.ts'
import { type DeskRide, type DeskTrips, openDeskTrips, whyActed } from '../fixtures/desk-trips.ts'
import { boltEvent, deliver } from '../fixtures/lock-messages.ts'

let desk: DeskTrips
beforeAll(async () => {
  desk = await openDeskTrips()
})
afterAll(() => desk?.end())
/** Whatever was done: no money came out of nothing, and ours is the provider's. */
afterEach(async () => {
  const { atProvider, inBooks, sums } = await desk.money()
  expect(inBooks).toBe(atProvider)
  expect(sums.every((sum) => sum === 0)).toBe(true)
})

describe('the list of trips', () => {
  it('shows rides that go on and ended ones apart, newest first, page by page, and names no rider', async () => {
    const one = await desk.charged()
    const two = await desk.riding()
    const active = (await desk.viewer.get<StaffTrips>('/v1/staff/trips?state=active')).body
    expect(active.trips.map(({ tripId }) => tripId)).toContain(two.tripId)
    expect(active.trips.map(({ tripId }) => tripId)).not.toContain(one.tripId)
    await desk.charged()
    const first = (await desk.viewer.get<StaffTrips>('/v1/staff/trips?state=ended&limit=1')).body
    const second = (await desk.viewer.get<StaffTrips>(`/v1/staff/trips?state=ended&limit=1&before=${first.next}`)).body
    expect(second.trips[0]?.createdAt).toBeLessThan(first.trips[0]?.createdAt ?? 0)
    const ofBike = (await desk.viewer.get<StaffTrips>(`/v1/staff/trips?number=${one.street.bike.number}`)).body
    expect(ofBike.trips.map(({ tripId }) => tripId)).toEqual([one.tripId])
    expect(JSON.stringify(active)).not.toContain('riderId')
    expect(await desk.viewer.get('/v1/staff/trips?before=nonsense')).toMatchObject({ status: 400 })
    two.street.lock.pushLever()
    await two.rider.tripUntil(two.tripId, ({ state }) => state === 'charged')
  })

  it('gives two rides of one rider two names, and marks a ride that lasts too long', async () => {
    const { rider, street, tripId } = await desk.riding()
    await desk.beganEarlier(tripId, 300)
    const [long] = (await desk.viewer.get<StaffTrips>(`/v1/staff/trips?number=${street.bike.number}`)).body.trips
    expect(long).toMatchObject({ isLong: true })
    const until = desk.platform.clock.nowMs() + 3_600_000
    expect(await desk.act(desk.dispatcher, tripId, 'extend', { until })).toMatchObject({
      status: 200,
      body: { result: { allowedUntil: until } },
    })
    expect((await desk.seen(tripId)).trip).toMatchObject({ isLong: false, allowedUntil: until })
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    const again = await desk.ride(rider)
    const names = [(await desk.seen(tripId)).trip.rider, (await desk.seen(again.tripId)).trip.rider]
    expect(names[0]).not.toBe(names[1])
    await desk.close(again)
  })

  it('is found by receipt, payment reference, bike and id', async () => {
    const { tripId, street } = await desk.charged()
    const { receipt, paymentReference } = await desk.seen(tripId)
    for (const [by, q] of [
      ['receipt', receipt?.number],
      ['payment', paymentReference],
      ['bike', street.bike.number],
      ['trip', tripId],
    ]) {
      const found = (await desk.viewer.get<StaffTripsFound>(`/v1/staff/trips/search?q=${q}`)).body
      expect([found.by, found.trips.map((trip) => trip.tripId)]).toEqual([by, [tripId]])
    }
    expect((await desk.viewer.get<StaffTripsFound>('/v1/staff/trips/search?q=9999999')).body).toMatchObject({
      by: null,
      trips: [],
    })
  })
})

describe('ending a ride for a rider', () => {
  it('frees the rider at once, takes the money, and tells that the bike may stand open', async () => {
    const { tripId, rider, street } = await desk.riding()
    const ended = await desk.act<TripAct>(desk.dispatcher, tripId, 'end')
    expect(ended).toMatchObject({ status: 200, body: { act: 'end', reason: whyActed, result: { totalAfter: 180 } } })
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    const story = await desk.seen(tripId)
    expect(story.trip).toMatchObject({ endedBy: 'staff', payment: { state: 'captured', captured: 180 } })
    expect(story.story.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['asked', 'opened', 'act', 'ended', 'priced', 'captured', 'receipt']),
    )
    const bikeId = asId<BikeId>(street.bike.bikeId)
    const alarms = await desk.platform.db.query<{ kind: string }>(
      `SELECT kind FROM alarm WHERE bike_id = $1 AND state <> 'resolved'`,
      [bikeId],
    )
    expect(alarms.rows).toEqual([{ kind: 'lock_did_not_close' }])
    street.lock.pushLever()
  })

  it('as of a moment in the past asks no more than until then, and never before it was last ridden', async () => {
    const { tripId, rider, street } = await desk.riding()
    await desk.beganEarlier(tripId, 60)
    const { trip } = await desk.seen(tripId)
    const startedAt = trip.startedAt ?? 0
    const endedAt = startedAt + 10 * 60_000
    for (const wrong of [startedAt - 1, desk.platform.clock.nowMs() + 60_000]) {
      expect(await desk.act(desk.dispatcher, tripId, 'end', { endedAt: wrong })).toMatchObject({
        status: 422,
        body: { code: 'end_time_wrong' },
      })
    }
    await desk.platform.db.query(
      `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, geom, speed_mps, soc, bolt)
       VALUES ($1, 1, 999999, $2, $2, ST_SetSRID(ST_MakePoint(4.7, 52.3), 4326), 4, 80, 'unlocked')`,
      [street.lock.lockId, new Date(endedAt + 1_000)],
    )
    expect((await desk.act<{ code: string }>(desk.dispatcher, tripId, 'end', { endedAt })).body.code).toBe(
      'end_time_wrong',
    )
    const later = endedAt + 60_000
    const preview = await desk.viewer.get<TripPreview>(`/v1/staff/trips/${tripId}/preview?act=end&endedAt=${later}`)
    expect(preview.body.after.total).toBe(150 + 11 * 30)
    expect(await desk.act(desk.dispatcher, tripId, 'end', { endedAt: later })).toMatchObject({
      body: { result: { totalAfter: 480, endedAt: later } },
    })
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    street.lock.pushLever()
  })

  it('is one act however often it is asked, and another act under its id is refused', async () => {
    const { tripId, rider, street } = await desk.riding()
    const actId = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => desk.act(desk.dispatcher, tripId, 'end', {}, actId)))
    const bodies = answers.map(({ status, body }) => ({ status, body }))
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).toEqual(bodies[0])
    expect((await desk.seen(tripId)).acts).toHaveLength(1)
    expect(
      await desk.act(desk.dispatcher, tripId, 'extend', { until: desk.platform.clock.nowMs() + 60_000 }, actId),
    ).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect(await desk.act(desk.dispatcher, tripId, 'end')).toMatchObject({
      status: 409,
      body: { code: 'trip_wrong_state' },
    })
    street.lock.pushLever()
  })
})

describe('the closing that a lock tells hours later', () => {
  /** Out of the outbox of a boot that nobody heard while it ran. */
  function tell({ street }: DeskRide, atMs: number, more: { readonly q: number } & Partial<BoltEvent>) {
    const b = street.lock.bootId() - 1
    const told = { b, u: more.q * 1_000, bf: 1, t: atMs, tq: 2, from: 'unlocked', to: 'locked', by: 'hand' } as const
    return deliver(desk.platform.rooms.ingest.sink, street.lock.lockId, 'evt', boltEvent({ ...told, ...more }))
  }

  it('makes a paid ride shorter, gives the difference back by itself, and never asks for more', async () => {
    const ride = await desk.riding()
    const { tripId, rider, street } = ride
    await desk.beganEarlier(tripId, 300)
    await desk.act(desk.dispatcher, tripId, 'end')
    const paid = await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    expect(paid.payment.captured).toBe(4_800)
    const startedAt = paid.startedAt ?? 0

    expect(await tell(ride, startedAt + 20 * 60_000, { q: 5, u: 5_000 })).toBe('stored')
    const refunded = await rider.tripUntil(tripId, ({ payment }) => payment.state === 'partially_refunded')
    expect(refunded.price.total).toBe(150 + 20 * 30)
    expect(refunded.payment).toMatchObject({ captured: 4_800, refunded: 4_050 })
    // The receipt itself never changes: what was given back stands under it.
    expect(await desk.receiptOf(tripId)).toMatchObject({
      total: 4_800,
      refunded: 4_050,
      corrections: [{ kind: 'refund', amount: 4_050 }],
    })
    expect((await desk.seen(tripId)).trip.endedBy).toBe('lock')

    const { rows } = await desk.platform.db.query<{ cid: string }>(
      'SELECT command_id AS cid FROM trip WHERE trip_id = $1',
      [tripId],
    )
    const cid = rows[0]?.cid ?? ''
    // Told again, told later than it was, and an opening of that very command: none of it costs anything.
    await tell(ride, startedAt + 20 * 60_000, { q: 5, u: 5_000 })
    await tell(ride, startedAt + 200 * 60_000, { q: 6, u: 6_000 })
    await tell(ride, startedAt + 210 * 60_000, { q: 7, u: 7_000, to: 'unlocked', by: 'cmd', cid })
    await tell(ride, startedAt + 220 * 60_000, { q: 8, u: 8_000, to: 'unlocked', by: 'force' })
    await desk.platform.rooms.ingest.flush()
    const { sums, atProvider, inBooks } = await desk.money()
    expect([sums, inBooks]).toEqual([[0], atProvider])
    const after = (await rider.get<TripView>(`/v1/trips/${tripId}`)).body
    expect([after.price.total, after.payment, after.endedAt]).toEqual([750, refunded.payment, startedAt + 20 * 60_000])
    const trips = await desk.platform.db.query('SELECT trip_id FROM trip WHERE bike_id = $1', [street.bike.bikeId])
    expect(trips.rows).toEqual([{ trip_id: tripId }])
    street.lock.pushLever()
  })
})

describe('where a rider went', () => {
  it('is told for a reason that is written down, and kept in no cache', async () => {
    const { tripId, street, rider } = await desk.riding()
    const { trip } = await desk.seen(tripId)
    await desk.platform.db.query(
      `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, geom, accuracy_m, speed_mps, soc, bolt)
       SELECT $1, 1, 900000 + i, $2::timestamptz + i * interval '1 millisecond', $2,
              ST_SetSRID(ST_MakePoint(4.7 + i * 0.001, 52.3), 4326), 5, 4, 80, 'unlocked' FROM generate_series(1, 5) AS i`,
      [street.lock.lockId, new Date(trip.startedAt ?? 0)],
    )
    street.lock.pushLever()
    await rider.tripUntil(tripId, ({ state }) => state === 'charged')
    const bare = await desk.support.send('POST', `/v1/staff/trips/${tripId}/replay`, {
      actId: randomUUID(),
      reason: '  ',
    })
    expect(bare).toMatchObject({ status: 400 })
    expect((await desk.seen(tripId)).acts).toEqual([])
    const shown = await desk.act<TripTrace>(desk.support, tripId, 'replay')
    expect(shown.body.points.length).toBeGreaterThanOrEqual(5)
    expect(shown.body.events.map(({ kind }) => kind)).toEqual(['open', 'closed'])
    const again = await fetch(`${desk.platform.url}/v1/staff/trips/${tripId}/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${desk.support.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ actId: (await desk.seen(tripId)).acts[0]?.actId, reason: whyActed }),
    })
    expect([again.status, again.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const { rows: log } = await desk.platform.db.query<{ reason: string; status: number; outcome: object | null }>(
      `SELECT reason, status, outcome FROM audit WHERE subject_id = $1 AND action LIKE 'trip.replay:%' ORDER BY audit_id`,
      [tripId],
    )
    expect(log.map(({ status }) => status)).toEqual([400, 200, 200])
    expect(log[1]).toMatchObject({ reason: whyActed, outcome: { points: shown.body.points.length } })
    const { acts } = await desk.seen(tripId)
    expect(acts).toMatchObject([{ act: 'replay', reason: whyActed, by: { name: 'A support' } }])
  })

  it('is gone after a week, and was never kept of what was not ridden', async () => {
    const { tripId } = await desk.charged()
    await desk.platform.db.query(
      `UPDATE trip SET started_at = started_at - interval '8 days', ended_at = ended_at - interval '8 days' WHERE trip_id = $1`,
      [tripId],
    )
    expect(await desk.act(desk.support, tripId, 'replay')).toMatchObject({
      status: 410,
      body: { code: 'trip_trace_gone' },
    })
    expect((await desk.seen(tripId)).trace).toBe('gone')
    expect(await desk.act(desk.support, randomUUID(), 'replay')).toMatchObject({ status: 404 })
  })

  it('is told sixty times an hour to one colleague, and no more', async () => {
    const { tripId } = await desk.charged()
    const admin = await deskClient(desk.platform, 'admin')
    expect((await desk.act(admin, tripId, 'replay')).status).toBe(200)
    await desk.platform.db.query(
      `INSERT INTO trip_act (act_id, trip_id, staff_id, act, reason, asked, result, at, real_at)
       SELECT gen_random_uuid(), trip_id, staff_id, act, reason, asked, result, at, real_at FROM trip_act, generate_series(1, 59)
       WHERE trip_id = $1`,
      [tripId],
    )
    expect(await desk.act(admin, tripId, 'replay')).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
  })
})
