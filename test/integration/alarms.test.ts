import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlarmBatchAnswer, AlarmDeed, AlarmList, AlarmStory, AlarmView } from '../../contracts/http/alarms.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import type { Problem } from '../../contracts/refusals.ts'
import { distanceM } from '../../contracts/units.ts'
import { type DeskClient, deskClient } from '../fixtures/desk-client.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let anna: DeskClient
let bram: DeskClient
let viewer: DeskClient
const locks: StreetLock[] = []
const told: Extract<DeskEvent, { kind: 'alarm' }>[] = []
const hearing: (() => void)[] = []

beforeAll(async () => {
  platform = await openTestPlatform()
  anna = await deskClient(platform, 'dispatcher')
  bram = await deskClient(platform, 'support')
  viewer = await deskClient(platform, 'viewer')
  const socket = await (platform.app as FastifyInstance).injectWS('/v1/staff/live', {
    headers: { authorization: `Bearer ${anna.token}` },
  })
  socket.on('message', (data, isBinary) => {
    if (isBinary) return
    const event = JSON.parse(String(data)) as DeskEvent
    if (event.kind !== 'alarm') return
    told.push(event)
    for (const wake of hearing.splice(0)) wake()
  })
})
afterAll(async () => {
  for (const { lock } of locks) lock.destroy()
  await platform.close()
})

async function newLock(id: string): Promise<StreetLock> {
  const placed = await placeLock(platform, id)
  locks.push(placed)
  return placed
}
const toldOf = async (bikeId: string, state: string, times = 1): Promise<void> => {
  while (told.filter((event) => event.bikeId === bikeId && event.state === state).length < times) {
    await new Promise<void>((resolve) => hearing.push(resolve))
  }
}
const alarmsOf = async (bikeId: string, more = 'state=live') =>
  (await anna.get<AlarmList>(`/v1/staff/alarms?bikeId=${bikeId}&${more}`)).body
async function alarmOf(bikeId: string): Promise<AlarmView> {
  const [alarm] = (await alarmsOf(bikeId)).alarms
  if (!alarm) throw new Error('no alarm')
  return alarm
}
const act = (who: DeskClient, alarm: AlarmView, deed: AlarmDeed) =>
  who.send<AlarmStory & Problem>('POST', `/v1/staff/alarms/${alarm.alarmId}/acts`, { version: alarm.version, deed })

/** A rider tries to open a bike whose bolt does not move. */
async function tryInVain({ bike }: StreetLock): Promise<void> {
  const rider = await logInRider(platform.url, `jam-${randomUUID()}@example.org`)
  const started = await rider.post<{ tripId: string }>(
    '/v1/trips',
    { bikeCode: bike.code, promiseId: await rider.promise() },
    randomUUID(),
  )
  expect(started.status).toBe(201)
  await rider.tripUntil(started.body.tripId, ({ state }) => state === 'failed')
}
const refusalOf = async ({ bike }: StreetLock) => {
  await platform.rooms.fleet.tick()
  return platform.rooms.fleet.bikeByCode(bike.code)?.refusal?.code ?? null
}
/** An alarm that keeps the bike from riders, raised by hand. */
const raise = (bikeId: string, cause: string) =>
  platform.rooms.db.transaction((tx) =>
    platform.rooms.alarms.raise(tx, {
      ...{ kind: 'forced', bikeId: bikeId as never, tripId: null, causeKey: cause },
      ...{ detail: {}, atMs: platform.clock.nowMs() },
    }),
  )

describe('a lock that jams', () => {
  it('is told to open desks at once, blocks at the second jam, and is over when it opens', async () => {
    const street = await newLock('alarm-lock-jam')
    const { bikeId } = street.bike
    street.lock.jam(true)
    await tryInVain(street)
    await toldOf(bikeId, 'open')
    expect(await alarmOf(bikeId)).toMatchObject({
      kind: 'jammed_open',
      severity: 'warning',
      blocksRental: false,
      times: 1,
    })
    expect(await refusalOf(street)).toBeNull()
    expect((await alarmsOf(bikeId)).counts).toMatchObject({ jammed_open: 1 })

    await tryInVain(street)
    while (!(await alarmOf(bikeId)).blocksRental) await toldOf(bikeId, 'open', told.length + 1)
    expect(await alarmOf(bikeId)).toMatchObject({ times: 2, blocksRental: true })
    expect(await refusalOf(street)).toBe('bike_out_of_service')
    expect((await act(anna, await alarmOf(bikeId), { act: 'acknowledge' })).status).toBe(200)
    expect(await refusalOf(street)).toBe('bike_out_of_service')

    street.lock.jam(false)
    const command = { commandId: randomUUID(), op: 'unlock', reason: 'oiled', leavesOpen: true }
    await anna.send('POST', `/v1/staff/bikes/${bikeId}/commands`, command)
    await toldOf(bikeId, 'resolved')
    const { alarms } = await alarmsOf(bikeId, 'state=resolved&kind=jammed_open')
    expect(alarms).toMatchObject([{ resolution: 'by_itself', times: 2 }])
    const story = (await anna.get<AlarmStory>(`/v1/staff/alarms/${alarms[0]?.alarmId}`)).body
    expect(story.history.map(({ act: line }) => line)).toEqual(['raised', 'worse', 'acknowledge', 'ended'])
  })
})

describe('two colleagues at once', () => {
  it('are both served: the first has it, the second is told by whom', async () => {
    const street = await newLock('alarm-lock-two')
    await raise(street.bike.bikeId, 'two')
    const alarm = await alarmOf(street.bike.bikeId)
    const answers = await Promise.all([
      act(anna, alarm, { act: 'assign', to: 'me' }),
      act(bram, alarm, { act: 'resolve', how: 'false_alarm' }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const late = answers.find(({ status }) => status === 409)
    expect(late?.body).toMatchObject({ code: 'alarm_changed', detail: expect.stringMatching(/\w/) })
  })

  it('may both write notes, at any time', async () => {
    const street = await newLock('alarm-lock-notes')
    await raise(street.bike.bikeId, 'notes')
    const alarm = await alarmOf(street.bike.bikeId)
    await act(anna, alarm, { act: 'resolve', how: 'fixed', note: 'new bolt' })
    const noted = await act(bram, alarm, { act: 'note', note: 'I saw it too' })
    expect(noted).toMatchObject({ status: 200 })
    const { history } = (await anna.get<AlarmStory>(`/v1/staff/alarms/${alarm.alarmId}`)).body
    expect(history).toMatchObject([
      { act: 'raised', by: null },
      { act: 'resolve', how: 'fixed', note: 'new bolt' },
      { act: 'note', note: 'I saw it too' },
    ])
    expect(new Set(history.map(({ by }) => by)).size).toBe(3)
  })
})

describe('an alarm', () => {
  it('sleeps until the morning of the operator, and only whoever may handle it does that', async () => {
    const street = await newLock('alarm-lock-sleep')
    await raise(street.bike.bikeId, 'sleep')
    const alarm = await alarmOf(street.bike.bikeId)
    expect((await act(viewer, alarm, { act: 'acknowledge' })).status).toBe(403)
    const asleep = (await act(anna, alarm, { act: 'snooze', wait: 'morning' })).body.alarm
    expect(asleep.state).toBe('snoozed')
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', hour: '2-digit', minute: '2-digit' })
    expect(clock.format(asleep.snoozedUntil ?? 0)).toBe('07:00')
    expect(await refusalOf(street)).toBe('bike_out_of_service')
    const open = await act(anna, asleep, { act: 'reopen' })
    expect(open.body.alarm).toMatchObject({ state: 'open', snoozedUntil: null })
    expect((await act(anna, open.body.alarm, { act: 'resolve', how: 'fixed' })).status).toBe(200)
    expect(await refusalOf(street)).toBeNull()
  })

  it('that was resolved is opened again, unless a newer one is', async () => {
    const street = await newLock('alarm-lock-again')
    const { bikeId } = street.bike
    await raise(bikeId, 'again-1')
    const first = (await act(anna, await alarmOf(bikeId), { act: 'resolve', how: 'fixed' })).body.alarm
    expect((await act(anna, first, { act: 'acknowledge' })).body.code).toBe('alarm_resolved')
    await raise(bikeId, 'again-2')
    expect((await act(anna, first, { act: 'reopen' })).body.code).toBe('alarm_open_already')
    await act(anna, await alarmOf(bikeId), { act: 'resolve', how: 'other' })
    expect((await act(anna, first, { act: 'reopen' })).body.alarm.state).toBe('open')
  })

  it('is handled with many others at once, each on its own', async () => {
    const [one, two] = [await newLock('alarm-lock-b1'), await newLock('alarm-lock-b2')]
    await raise(one.bike.bikeId, 'b1')
    await raise(two.bike.bikeId, 'b2')
    const alarms = [await alarmOf(one.bike.bikeId), await alarmOf(two.bike.bikeId)]
    const said = alarms.map(({ alarmId, version }, index) => ({ alarmId, version: version + index }))
    const deed = { act: 'acknowledge' }
    const answer = await anna.send<AlarmBatchAnswer>('POST', '/v1/staff/alarms/acts', { alarms: said, deed })
    expect(answer.body.results.map(({ code }) => code)).toEqual([null, 'alarm_changed'])
  })

  it('comes in pages, worst first', async () => {
    const seen: string[] = []
    let before = ''
    for (;;) {
      const { body } = await anna.get<AlarmList>(`/v1/staff/alarms?state=live&sort=worst&limit=2${before}`)
      seen.push(...body.alarms.map(({ alarmId }) => alarmId))
      if (body.next === null) break
      before = `&before=${body.next}`
    }
    const { body } = await anna.get<AlarmList>('/v1/staff/alarms?state=live&sort=worst&limit=200')
    expect(seen).toEqual(body.alarms.map(({ alarmId }) => alarmId))
    expect(new Set(seen).size).toBe(seen.length)
  })
})

/** A night goes by a hundred times as fast; answers of the network do not. */
const nightSpeed = 100
const stepRealMs = 40

/** Carried on to the north at a van's pace, until `isOver`; then put down. */
async function carryOff({ lock }: StreetLock, isOver: () => Promise<boolean>): Promise<void> {
  let metres = 0
  const from = lock.whereabouts()
  const at = () => ({ ...from, lat: from.lat + metres / 111_195, headingDeg: 0 })
  const carrying = setInterval(() => {
    metres += 20
    lock.carry({ ...at(), speedMps: 5 })
  }, stepRealMs)
  try {
    while (!(await isOver())) await new Promise<void>((resolve) => hearing.push(resolve))
  } finally {
    clearInterval(carrying)
    lock.carry({ ...at(), speedMps: 0 })
  }
}

describe('a night of thieves', () => {
  it('is told by the lock: carried off, cut, jammed, restarted and flat, and what is over ends', async () => {
    const street = await newLock('alarm-lock-night')
    const { bike, lock } = street
    const { bikeId } = bike
    const kindOf = async (kind: string, state = 'live') =>
      (await alarmsOf(bikeId, `state=${state}&kind=${kind}`)).alarms[0] ?? null
    const until = async (kind: string, state = 'live'): Promise<AlarmView> => {
      for (;;) {
        const heard = new Promise<void>((resolve) => hearing.push(resolve))
        const alarm = await kindOf(kind, state)
        if (alarm !== null) return alarm
        await heard
      }
    }
    lock.setPubackTimeout(20_000 * nightSpeed)
    platform.clock.setSpeed(nightSpeed)
    try {
      const before = lock.whereabouts()
      await carryOff(street, async () => (await kindOf('stolen')) !== null)
      const stolen = await until('stolen')
      expect(stolen).toMatchObject({ severity: 'urgent', blocksRental: true })
      expect(stolen.detail.metres).toBeGreaterThan(50)
      expect(await kindOf('shaken')).toMatchObject({ severity: 'notice', detail: { what: 'move' } })
      expect(await refusalOf(street)).toBe('bike_out_of_service')
      const believed = platform.rooms.fleet.shadowOf(lock.lockId).position
      expect(believed && distanceM(before, believed)).toBeGreaterThan(50)
      expect((await act(anna, stolen, { act: 'resolve', how: 'bike_collected' })).status).toBe(200)

      lock.cutCable(true)
      await until('cable_cut')
      lock.cutCable(false)
      expect(await until('cable_cut', 'resolved')).toMatchObject({ resolution: 'by_itself' })

      for (let boots = 0; boots < 4; boots++) {
        const bootId = lock.bootId()
        lock.panic()
        while (lock.bootId() === bootId || !lock.isConnected()) await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const restarts = await until('restarts')
      expect(restarts).toMatchObject({ severity: 'warning', detail: { watchdog: 0 } })
      // Raised at the fourth start in an hour, of which the lock's first one may be one.
      expect(restarts.detail.panic).toBeGreaterThanOrEqual(3)

      lock.setBattery(1)
      expect(await until('low_battery')).toMatchObject({ severity: 'warning', detail: { why: 'flat' } })
      expect(await kindOf('stolen')).toBeNull()
      expect(await kindOf('moved_without_trip')).toBeNull()
    } finally {
      platform.clock.setSpeed(1)
    }
  })
})
