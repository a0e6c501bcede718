import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StaffCommand, StaffCommands } from '../../contracts/http/bike-page.ts'
import type { BikeLockSettings, FleetLockSettings } from '../../contracts/http/lock-settings.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { openLockSettings } from '../../server/lock-settings/lock-settings-service.ts'
import { type DeskClient, deskClient } from '../fixtures/desk-client.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let dispatcher: DeskClient
let street: StreetLock
const locks: StreetLock[] = []
/** What the open desk was told, as it came. */
const told: DeskEvent[] = []
const hearing: (() => void)[] = []

beforeAll(async () => {
  // Motors, boots and waits of locks take city time.
  platform = await openTestPlatform({ speed: 8 })
  dispatcher = await deskClient(platform, 'dispatcher')
  const socket = await (platform.app as FastifyInstance).injectWS('/v1/staff/live', {
    headers: { authorization: `Bearer ${dispatcher.token}` },
  })
  socket.on('message', (data, isBinary) => {
    if (isBinary) return
    told.push(JSON.parse(String(data)) as DeskEvent)
    for (const wake of hearing.splice(0)) wake()
  })
  street = await newLock('desk-lock-1')
})
afterAll(async () => {
  for (const { lock } of locks) lock.destroy()
  await platform.close()
})

/** What a lock would have told of its place: seconds ago, and how fast it rolled. */
async function stood(
  lockId: string,
  told: ReadonlyArray<readonly [secondsAgo: number, speedMps: number]>,
): Promise<void> {
  const nowMs = platform.clock.nowMs()
  await platform.db.query(
    `INSERT INTO position (lock_id, boot_id, sequence, made_at, received_at, geom, speed_mps, soc, bolt)
     SELECT $1, 1, 900000 + row_number() OVER (), at, at, ST_SetSRID(ST_MakePoint(4.726, 52.3585), 4326), mps, 80, 'unlocked'
       FROM unnest($2::timestamptz[], $3::float4[]) AS told (at, mps)`,
    [lockId, told.map(([ago]) => new Date(nowMs - ago * 1_000)), told.map(([, mps]) => mps)],
  )
}

async function newLock(
  id: string,
  make: { readonly hardware?: 'ring-1'; readonly seed?: string } = {},
): Promise<StreetLock> {
  const placed = await placeLock(platform, id, make)
  locks.push(placed)
  return placed
}

const path = (bikeId: string) => `/v1/staff/bikes/${bikeId}/commands`
const order = (op: string, more: object = {}) => ({ commandId: randomUUID(), op, reason: 'a test wants it', ...more })
const ask = (bikeId: string, body: object, who = dispatcher) => who.send<StaffCommand>('POST', path(bikeId), body)

async function untilTold(is: (event: DeskEvent) => boolean): Promise<void> {
  while (!told.some(is)) await new Promise<void>((resolve) => hearing.push(resolve))
}
/** The states of a command that the desk was told of. */
const toldStates = (commandId: string) =>
  told.flatMap((event) => (event.kind === 'command' && event.commandId === commandId ? [event.state] : []))

/** Waits until the desk is told that a command is in this state; then reads it. */
async function toldOf(bikeId: string, commandId: string, state: string): Promise<StaffCommand> {
  await untilTold((event) => event.kind === 'command' && event.commandId === commandId && event.state === state)
  const { body } = await dispatcher.get<StaffCommands>(path(bikeId))
  const command = body.commands.find((one) => one.commandId === commandId)
  if (!command) throw new Error(`no command ${commandId}`)
  return command
}
/** Asks, and waits until the desk is told of that state. */
async function askUntil(bikeId: string, wanted: ReturnType<typeof order>, state: string): Promise<StaffCommand> {
  await ask(bikeId, wanted)
  return toldOf(bikeId, wanted.commandId, state)
}
const statesOf = (command: StaffCommand) => command.steps.map(({ state }) => state)

describe('a command of the desk to a lock that is there', () => {
  it.each(['beep', 'locate', 'reboot'])('%s comes to its end, and the desk sees every state', async (op) => {
    const { bikeId } = street.bike
    const wanted = order(op)
    const bootId = street.lock.bootId()
    expect(await ask(bikeId, wanted)).toMatchObject({ status: 201, body: { op, by: { name: 'A dispatcher' } } })
    const done = await toldOf(bikeId, wanted.commandId, 'done')
    expect(statesOf(done)).toEqual(['queued', 'sent', 'accepted', 'done'])
    expect(done).toMatchObject({ reason: 'a test wants it', resultCode: 'ok', by: { staffId: dispatcher.staffId } })
    expect(street.lock.bootId()).toBe(op === 'reboot' ? bootId + 1 : bootId)
    expect(toldStates(wanted.commandId)).toEqual(statesOf(done))
  })

  it('unlock opens it and raises an alarm, which its closing ends', async () => {
    const { bike, lock } = await newLock('desk-lock-2')
    const wanted = order('unlock', { leavesOpen: true })
    await askUntil(bike.bikeId, wanted, 'done')
    expect(lock.boltState()).toBe('unlocked')
    const alarms = async () =>
      (
        await platform.db.query<{ kind: string; state: string; severity: string }>(
          'SELECT kind, state, severity FROM alarm WHERE bike_id = $1',
          [bike.bikeId],
        )
      ).rows
    expect(await alarms()).toEqual([{ kind: 'opened_by_staff', state: 'open', severity: 'notice' }])
    lock.pushLever()
    await untilTold((event) => event.kind === 'alarm' && event.bikeId === bike.bikeId && event.state === 'resolved')
    expect(await alarms()).toMatchObject([{ state: 'resolved' }])
  })

  it('is refused by the lock when its battery is too low, with the lock’s own word', async () => {
    const { bike, lock } = await newLock('desk-lock-3')
    lock.setBattery(3)
    const wanted = order('unlock', { leavesOpen: true })
    expect(await askUntil(bike.bikeId, wanted, 'rejected')).toMatchObject({ resultCode: 'batt' })
  })

  it('fails when the bolt is stuck', async () => {
    const { bike, lock } = await newLock('desk-lock-4')
    lock.jam(true)
    const wanted = order('unlock', { leavesOpen: true })
    expect(await askUntil(bike.bikeId, wanted, 'failed')).toMatchObject({ resultCode: 'jam' })
    const { rows } = await platform.db.query(`SELECT 1 FROM alarm WHERE bike_id = $1 AND kind = 'opened_by_staff'`, [
      bike.bikeId,
    ])
    expect(rows).toEqual([])
  })

  it('is the same command when the page sends it twice, also at the same time', async () => {
    const { bike, lock } = await newLock('desk-lock-5')
    // The same bytes may come again: the lock has not answered in time.
    const orders = new Set<string>()
    lock.onMessage(({ direction, channel, payload }) => {
      if (direction === 'down' && channel === 'cmd') orders.add(payload)
    })
    const wanted = order('beep')
    const answers = await Promise.all([1, 2, 3].map(() => ask(bike.bikeId, wanted)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
    await toldOf(bike.bikeId, wanted.commandId, 'done')
    expect(await ask(bike.bikeId, wanted)).toMatchObject({ status: 200, body: { state: 'done' } })
    expect(orders.size).toBe(1)
    expect(await ask(bike.bikeId, { ...wanted, op: 'reboot' })).toMatchObject({
      status: 422,
      body: { code: 'command_id_used' },
    })
  })

  it('waits behind another one, and both come to their end', async () => {
    const { bike } = await newLock('desk-lock-6')
    const [first, second] = [order('reboot'), order('beep')]
    await ask(bike.bikeId, first)
    expect(await ask(bike.bikeId, second)).toMatchObject({ status: 201, body: { state: 'queued' } })
    await toldOf(bike.bikeId, first.commandId, 'done')
    expect(statesOf(await toldOf(bike.bikeId, second.commandId, 'done'))[0]).toBe('queued')
  })
})

describe('a lock that is asked to close', () => {
  it('closes, which ends the alarm of an opening', async () => {
    const { bike, lock } = await newLock('desk-lock-10')
    const [opening, closing] = [order('unlock', { leavesOpen: true }), order('lock')]
    await askUntil(bike.bikeId, opening, 'done')
    expect(await askUntil(bike.bikeId, closing, 'done')).toMatchObject({ op: 'lock', resultCode: 'ok' })
    expect(lock.boltPosition()).toBe('closed')
    await untilTold((event) => event.kind === 'alarm' && event.bikeId === bike.bikeId && event.state === 'resolved')
  })

  it('does not on a turning wheel, and says so', async () => {
    const { bike, lock } = await newLock('desk-lock-11')
    const [opening, closing] = [order('unlock', { leavesOpen: true }), order('lock')]
    await askUntil(bike.bikeId, opening, 'done')
    lock.setPosition({ lon: 4.726, lat: 52.3585, headingDeg: 0, speedMps: 4 })
    expect(await askUntil(bike.bikeId, closing, 'rejected')).toMatchObject({ resultCode: 'moving' })
    expect(lock.boltPosition()).toBe('open')
  })

  it('of the make without such a motor is not asked', async () => {
    const { bike } = await newLock('desk-lock-12', { hardware: 'ring-1' })
    expect(await ask(bike.bikeId, order('lock'))).toMatchObject({ status: 409, body: { code: 'lock_no_motor' } })
  })

  it('under a rider only does so when its bike has stood for a while, and whoever asks knows that the ride ends', async () => {
    const { bike, lock } = await newLock('desk-lock-13')
    const rider = await logInRider(platform.url, 'desk-closing@example.org')
    const trip = await rider.post<TripView>(
      '/v1/trips',
      { bikeCode: bike.code, promiseId: await rider.promise() },
      randomUUID(),
    )
    await rider.tripUntil(trip.body.tripId, ({ state }) => state === 'riding')
    expect(await ask(bike.bikeId, order('lock'))).toMatchObject({ status: 422, body: { code: 'lock_ends_ride' } })
    const closing = order('lock', { endsRide: true })
    expect(await ask(bike.bikeId, closing)).toMatchObject({ status: 409, body: { code: 'bike_rolls' } })
    await stood(bike.lockId, [
      [150, 5],
      [120, 0.2],
      [60, 0],
      [5, 0],
    ])
    await askUntil(bike.bikeId, closing, 'done')
    expect(lock.boltPosition()).toBe('closed')
    await rider.tripUntil(trip.body.tripId, ({ state }) => state === 'ended' || state === 'charged')
  })
})

describe('a self-test', () => {
  it('is done when all is well, and has failed when a part is broken', async () => {
    const { bike, lock } = await newLock('desk-lock-14')
    const [first, second] = [order('selftest'), order('selftest')]
    await askUntil(bike.bikeId, first, 'done')
    lock.breakPart('imu', true)
    expect(await askUntil(bike.bikeId, second, 'failed')).toMatchObject({ resultCode: 'fault' })
    const { told } = platform.rooms.fleet.shadowOf(asId<LockId>('desk-lock-14'))
    expect(told.selfTest).toMatchObject({ imu: false, bolt: true, flash: true })
  })
})

describe('what is set in locks', () => {
  const settings = (bikeId: string) => `/v1/staff/bikes/${bikeId}/lock-settings`
  const read = async (bikeId: string) => (await dispatcher.get<BikeLockSettings>(settings(bikeId))).body
  const set = (bikeId: string, wanted: object, who = dispatcher) =>
    who.send<BikeLockSettings>('PUT', settings(bikeId), { reason: 'a test wants it', ...wanted })
  async function untilStanding(bikeId: string, standing: string): Promise<BikeLockSettings> {
    for (;;) {
      const heard = new Promise<void>((resolve) => hearing.push(resolve))
      const view = await read(bikeId)
      if (view.standing === standing) return view
      await heard
    }
  }

  it('is as the factory made it until somebody sets something, which the lock takes and tells', async () => {
    const { bike, lock } = await newLock('desk-lock-20')
    expect(await read(bike.bikeId)).toMatchObject({ standing: 'factory', version: 0, own: null, changes: [] })
    const answer = await set(bike.bikeId, { settings: { guard: 0 }, basis: 0 })
    expect(answer).toMatchObject({ status: 200, body: { own: { guard: 0 }, wanted: { guard: 0, park_s: 300 } } })
    const view = await untilStanding(bike.bikeId, 'in_use')
    expect(view).toMatchObject({
      reportedVersion: view.version,
      changes: [{ of: 'bike', by: { name: 'A dispatcher' } }],
    })
    // A restart of the lock forgets nothing.
    lock.reboot('power')
    await untilTold((event) => event.kind === 'bike' && event.bikeId === bike.bikeId)
    expect(await untilStanding(bike.bikeId, 'in_use')).toMatchObject({ version: view.version })
    expect(await set(bike.bikeId, { settings: null, basis: 0 })).toMatchObject({ body: { code: 'settings_changed' } })
    expect(await set(bike.bikeId, { settings: null, basis: view.version })).toMatchObject({ body: { own: null } })
    expect((await untilStanding(bike.bikeId, 'in_use')).version).toBeGreaterThan(view.version)
  })

  it('in all of them reaches each, and waits for one that is away, even when it comes back with an empty memory', async () => {
    const [near, away] = [await newLock('desk-lock-21'), await newLock('desk-lock-22')]
    const lead = await deskClient(platform, 'crew_lead')
    away.lock.destroy()
    const all = { settings: { park_s: 900 }, reason: 'winter has come', basis: 0 }
    expect(await dispatcher.send('PUT', '/v1/staff/lock-settings', all)).toMatchObject({ status: 403 })
    expect(await lead.send('PUT', '/v1/staff/lock-settings', all)).toMatchObject({ status: 200 })
    const view = await untilStanding(near.bike.bikeId, 'in_use')
    expect(view).toMatchObject({ own: null, usual: { park_s: 900 }, wanted: { park_s: 900 } })
    const heartbeatOf = (id: string) => platform.rooms.fleet.shadowOf(asId<LockId>(id)).parkedHeartbeatMs
    await expect.poll(() => heartbeatOf('desk-lock-21'), { timeout: 60_000 }).toBe(900_000)
    // One that has not heard of it yet still speaks as the factory made it.
    expect(heartbeatOf('desk-lock-22')).toBe(300_000)
    expect(await read(away.bike.bikeId)).toMatchObject({ standing: 'waiting', reportedVersion: 0 })
    const published: string[] = []
    const { fleet, lockKeys } = platform.rooms
    const restarted = await openLockSettings({
      ...{ db: platform.rooms.db, clock: platform.clock, logger: pino({ level: 'silent' }), fleet, keys: lockKeys },
      tellDesk: () => undefined,
      publish: async (topic, _, options) => void published.push(`${topic} ${options?.retain}`),
    })
    // What somebody else decided counts as soon as it is stored, whoever has heard of it.
    await set(street.bike.bikeId, { settings: { beep: 0 }, basis: view.version })
    const blind = await restarted.setBike(asId<BikeId>(street.bike.bikeId), lead.staffId, {
      ...{ settings: { beep: 1 }, reason: 'a test wants it', basis: view.version },
    })
    expect(blind).toMatchObject({ code: 'settings_changed' })
    await restarted.tick()
    expect(published).toContain('bss/v1/dn/desk-lock-22/cfg true')
    expect(published).not.toContain('bss/v1/dn/desk-lock-21/cfg true')
    await newLock('desk-lock-22', { seed: 'another memory' })
    await untilStanding(away.bike.bikeId, 'in_use')
    const { body } = await lead.get<FleetLockSettings>('/v1/staff/lock-settings')
    expect(body).toMatchObject({ settings: { park_s: 900 }, changes: [{ of: 'fleet', reason: 'winter has come' }] })
    expect(body.standings.in_use).toBeGreaterThanOrEqual(2)
    const back = { settings: {}, reason: 'spring has come', basis: body.version }
    expect(await lead.send('PUT', '/v1/staff/lock-settings', back)).toMatchObject({ status: 200 })
  })

  it.each([
    ['out of range', { settings: { park_s: 5 }, basis: 0 }, 400],
    ['unheard of', { settings: { horn: 1 }, basis: 0 }, 400],
    ['without a reason', { settings: {}, basis: 0, reason: ' ' }, 400],
  ])('is refused when it is %s', async (_, wrong, status) => {
    expect((await set(street.bike.bikeId, wrong)).status).toBe(status)
  })

  it('is set by those who may, and seen by all', async () => {
    const viewer = await deskClient(platform, 'viewer')
    expect(await set(street.bike.bikeId, { settings: {}, basis: 0 }, viewer)).toMatchObject({ status: 403 })
    expect(await viewer.get(settings(street.bike.bikeId))).toMatchObject({ status: 200 })
    expect(await viewer.get(settings(randomUUID()))).toMatchObject({ status: 404 })
  })
})

describe('a lock that is silent', () => {
  it('gets the command when it speaks, and may be spared one that was taken back', async () => {
    const answer = await fetch(`${platform.url}/v1/staff/bikes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.factoryToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ bikes: [{ lockId: 'desk-lock-7' }] }),
    })
    const { bikes } = (await answer.json()) as { bikes: { bikeId: string }[] }
    const bikeId = bikes[0]?.bikeId ?? ''
    const [wanted, unwanted] = [order('beep'), order('reboot')]
    for (const one of [wanted, unwanted]) {
      expect(await ask(bikeId, one)).toMatchObject({ status: 201, body: { state: 'queued' } })
    }
    const cancel = (commandId: string) => dispatcher.send('POST', `${path(bikeId)}/${commandId}/cancel`)
    expect(await cancel(unwanted.commandId)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    expect(await cancel(unwanted.commandId)).toMatchObject({ status: 200 })
    await newLock('desk-lock-7')
    const done = await toldOf(bikeId, wanted.commandId, 'done')
    expect(statesOf(done)).toEqual(['queued', 'sent', 'accepted', 'done'])
    expect(await cancel(wanted.commandId)).toMatchObject({ status: 409, body: { code: 'command_sent' } })
    const { rows } = await platform.db.query(`SELECT 1 FROM command WHERE command_id = $1`, [unwanted.commandId])
    expect(rows).toEqual([])
  })
})

describe('a lock whose power fails in the middle', () => {
  it('leaves the command unknown until its next words, which say what became of it', async () => {
    const { bike, lock } = await newLock('desk-lock-8')
    lock.jam(true)
    lock.onActuation(() => lock.reboot('brownout'))
    const wanted = order('unlock', { leavesOpen: true })
    const ended = await askUntil(bike.bikeId, wanted, 'failed')
    expect(ended).toMatchObject({ resultCode: 'interrupted' })
    expect(platform.rooms.fleet.shadowOf(asId<LockId>('desk-lock-8')).bolt).toBe('locked')
  })
})

describe('during a ride', () => {
  it('a lock is not opened by staff, but may be asked where it is', async () => {
    const { bike } = await newLock('desk-lock-9')
    const rider = await logInRider(platform.url, 'desk-rider@example.org')
    const promiseId = await rider.promise()
    const trip = await rider.post<TripView>('/v1/trips', { bikeCode: bike.code, promiseId }, randomUUID())
    await rider.tripUntil(trip.body.tripId, ({ state }) => state === 'riding')
    expect(await ask(bike.bikeId, order('unlock', { leavesOpen: true }))).toMatchObject({
      status: 409,
      body: { code: 'bike_in_use' },
    })
    const wanted = order('locate')
    await askUntil(bike.bikeId, wanted, 'done')
  })
})

describe('who', () => {
  it('does not say that the bike is then open, does not open it', async () => {
    expect(await ask(street.bike.bikeId, order('unlock'))).toMatchObject({
      status: 422,
      body: { code: 'unlock_leaves_open' },
    })
  })

  it.each(['viewer', 'support', 'finance'] as const)('is %s sees commands and gives none', async (role) => {
    const colleague = await deskClient(platform, role)
    expect(await ask(street.bike.bikeId, order('beep'), colleague)).toMatchObject({ status: 403 })
    expect(await colleague.get(path(street.bike.bikeId))).toMatchObject({ status: 200 })
  })

  it.each([
    ['no reason', { reason: '  ' }, 400],
    ['a reason of two letters', { reason: 'ab' }, 400],
    ['another operation', { op: 'explode' }, 400],
    ['an id that is none', { commandId: 'x' }, 400],
  ])('gives %s is refused', async (_, wrong, status) => {
    expect((await ask(street.bike.bikeId, { ...order('beep'), ...wrong })).status).toBe(status)
  })

  it('asks for a bike that does not exist hears so', async () => {
    expect((await ask(randomUUID(), order('beep'))).status).toBe(404)
    expect((await dispatcher.get(path(randomUUID()))).status).toBe(404)
  })
})
