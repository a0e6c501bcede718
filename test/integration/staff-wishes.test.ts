import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StaffCommand } from '../../contracts/http/bike-page.ts'
import { asId, type BikeId, type CommandId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import type { Command, Operation } from '../../contracts/mqtt/commands.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import { noProvider } from '../../server/payments/providers/no-provider.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { localOutbox } from '../../server/riders/code-sender.ts'
import { openRooms, type Rooms } from '../../server/rooms.ts'
import { silentLogger } from '../fixtures/lock-connection.ts'
import { acknowledgement, deliver, hello } from '../fixtures/lock-messages.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const start = Date.UTC(2030, 0, 2, 12)
const secondMs = 1_000
const staffId = secureIds.uuid()
const key = new Uint8Array(32).fill(7)

let db: TestDatabase
let rooms: Rooms
let nowMs = start
let speed = 1
let published: { kind: string; body: Command }[] = []
let told: DeskEvent[] = []
let bike: { readonly bikeId: BikeId; readonly lockId: string }
let boot = 7

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await truncateAll(db)
  nowMs = start
  speed = 1
  boot = 7
  published = []
  told = []
  await db.query(`INSERT INTO staff (staff_id, name, created_at, role) VALUES ($1, 'Li Na', $2, 'dispatcher')`, [
    staffId,
    new Date(start),
  ])
  rooms = await open()
  bike = await rooms.fleet.addBike({ lockId: 'wish-lock-1' as never })
})

/** The rooms as a process has them; the lock's words of an earlier process are forgotten. */
async function open(): Promise<Rooms> {
  const opened = await openRooms({
    db,
    clock: { nowMs: () => epochMs(nowMs), realNowMs: () => realMs(nowMs), speed: () => speed },
    ids: secureIds,
    logger: silentLogger,
    random: Math.random,
    publish: async (topic, payload) => {
      published.push({ kind: topic.split('/').at(-1) ?? '', body: JSON.parse(String(payload)) as Command })
    },
    provider: noProvider,
    codeSender: localOutbox(),
    publicUrl: 'http://zwerm',
    secrets: { lockMaster: key, riderMaster: key },
    localTime: localTimeIn('Europe/Amsterdam'),
    tellDesk: (event) => told.push(event),
  })
  await opened.ingest.start()
  return opened
}

const says = async (kind: 'hello' | 'ack', message: object) => {
  await deliver(rooms.ingest.sink, bike.lockId as never, kind, message)
  await rooms.ingest.flush()
}
const speaks = (over: object = {}) =>
  says('hello', hello({ b: boot, q: nowMs % 100_000, u: nowMs - start + 1_000, ...over }))

async function ask(op: Operation, commandId = randomUUID()): Promise<StaffCommand> {
  const order = { commandId, op, reason: 'a test wants it', ...(op === 'unlock' ? { leavesOpen: true as const } : {}) }
  const asked = await rooms.staffCommands.ask(bike.bikeId, staffId, order)
  if (isRefusal(asked)) throw new Error(asked.code)
  return asked.command
}
async function now(commandId: string): Promise<StaffCommand> {
  const list = await rooms.staffCommands.list(bike.bikeId)
  const found = isRefusal(list) ? undefined : list.find((one) => one.commandId === commandId)
  if (!found) throw new Error('no such command')
  return found
}
async function pass(ms: number): Promise<void> {
  nowMs += ms
  await rooms.unlocking.tick()
  await rooms.staffCommands.tick()
}
const sentCommands = () => published.filter(({ kind }) => kind === 'cmd').map(({ body }) => body.id)
const asksForStamp = () => published.filter(({ kind, body }) => kind === 'sync' && 'req' in body).length

async function ride(state: string): Promise<string> {
  const [riderId, paymentId, tripId] = [secureIds.uuid(), secureIds.uuid(), secureIds.uuid()]
  const at = new Date(nowMs)
  await db.query(`INSERT INTO tariff VALUES ('t', 'CNY', 0, 0, 0, 0, 0, 100, 9, $1) ON CONFLICT DO NOTHING`, [at])
  await db.query(`INSERT INTO rider VALUES ($1, $2, $2, 'en', false, $3)`, [riderId, Buffer.from(riderId), at])
  await db.query(
    `INSERT INTO payment (payment_id, rider_id, provider, state, currency, held_minor, hold_key, next_action, expires_at,
                          created_at, updated_at) VALUES ($1, $2, 'x', 'held', 'CNY', 100, $3, '{}', $4, $4, $4)`,
    [paymentId, riderId, paymentId, at],
  )
  await db.query(
    `INSERT INTO trip (trip_id, rider_id, bike_id, lock_id, payment_id, tariff_id, state, rider_free, created_at, paused_ms,
                       updated_at) VALUES ($1, $2, $3, $4, $5, 't', $6, false, $7, 0, $7)`,
    [tripId, riderId, bike.bikeId, bike.lockId, paymentId, state, at],
  )
  return tripId
}

describe('a wish for a silent lock', () => {
  it('asks it for a sign of life now and then, expires, and truthfully was never sent', async () => {
    const { commandId, state } = await ask('beep')
    expect(state).toBe('queued')
    for (let second = 0; second < 119; second++) await pass(secondMs)
    expect(await now(commandId)).toMatchObject({ state: 'queued' })
    expect(asksForStamp()).toBe(12)
    await pass(secondMs)
    expect(await now(commandId)).toMatchObject({
      state: 'expired',
      resultCode: 'never_sent',
      steps: [
        { state: 'queued', at: start },
        { state: 'expired', at: start + 120_000 },
      ],
    })
    await speaks()
    await pass(secondMs)
    expect(sentCommands()).toEqual([])
  })

  it('is sent when the lock speaks', async () => {
    const { commandId } = await ask('reboot')
    await pass(30_000)
    await speaks()
    await pass(200)
    expect(await now(commandId)).toMatchObject({ state: 'sent' })
    expect(sentCommands()).toEqual([commandId])
  })

  it('waits longer under a fast clock: the lock is not faster', async () => {
    speed = 100
    const { expiresAt } = await ask('beep')
    expect(expiresAt - start).toBe(1_500_000)
  })

  it('is sent by the next process when this one ends', async () => {
    const { commandId } = await ask('beep')
    rooms = await open()
    await pass(secondMs)
    await speaks()
    await pass(secondMs)
    expect(await now(commandId)).toMatchObject({ state: 'sent' })
    // and that one is followed by yet another process
    rooms = await open()
    await pass(2_500)
    expect(sentCommands()).toEqual([commandId, commandId])
    const counter = published.find(({ kind }) => kind === 'cmd')?.body.c
    await says('ack', acknowledgement({ b: boot, q: 900, u: 40_000, id: commandId, c: counter ?? 0, bolt: 'locked' }))
    expect(await now(commandId)).toMatchObject({ state: 'done' })
  })

  it('that was taken back is never sent, and only what waits can be', async () => {
    const { commandId } = await ask('beep')
    const cancelled = await rooms.staffCommands.cancel(bike.bikeId, asId<CommandId>(commandId))
    expect(cancelled).toMatchObject({ state: 'cancelled' })
    await speaks()
    await pass(secondMs)
    expect(sentCommands()).toEqual([])
    const other = await ask('beep')
    expect(other.state).toBe('sent')
    expect(await rooms.staffCommands.cancel(bike.bikeId, asId<CommandId>(other.commandId))).toMatchObject({
      code: 'command_sent',
    })
  })

  it('goes before those that were asked later, also when the lock was asked for a sign of life for it alone', async () => {
    const { commandId } = await ask('beep')
    await pass(5_000)
    await ask('locate')
    await pass(1_000)
    await speaks()
    await pass(200)
    expect(sentCommands()).toEqual([commandId])
  })

  it('is one of five at most', async () => {
    for (let count = 0; count < 5; count++) await ask('beep')
    await expect(ask('beep')).rejects.toThrow('commands_waiting')
  })
})

describe('a lock that is asked', () => {
  it('gets one command at a time, in the order of asking', async () => {
    await speaks()
    const first = await ask('beep')
    nowMs += 10
    const second = await ask('locate')
    nowMs += 10
    const third = await ask('beep')
    expect([first.state, second.state, third.state]).toEqual(['sent', 'queued', 'queued'])
    await pass(200)
    expect(await now(second.commandId)).toMatchObject({ state: 'queued' })
    const counter = published.find(({ kind }) => kind === 'cmd')?.body.c ?? 0
    await says('ack', acknowledgement({ b: boot, q: 901, u: 41_000, id: first.commandId, c: counter, bolt: 'locked' }))
    await pass(200)
    expect(await now(second.commandId)).toMatchObject({ state: 'sent' })
    expect(await now(third.commandId)).toMatchObject({ state: 'queued' })
  })

  it('and does not answer leaves it unknown, until its next boot proves that it never saw it', async () => {
    await speaks()
    const { commandId } = await ask('reboot')
    for (let second = 0; second < 21; second++) await pass(secondMs)
    expect(await now(commandId)).toMatchObject({ state: 'unknown', resultCode: null })
    boot += 1
    await speaks({ rr: 'watchdog', ctr: 0 })
    expect(await now(commandId)).toMatchObject({ state: 'expired', resultCode: 'stale_boot' })
    const states = told.flatMap((event) => (event.kind === 'command' ? [event.state] : []))
    expect(states).toEqual(['queued', 'sent', 'unknown', 'expired'])
  })

  it('and says in its next hello that it was done, was done', async () => {
    await speaks()
    const { commandId } = await ask('reboot')
    for (let second = 0; second < 21; second++) await pass(secondMs)
    boot += 1
    await speaks({ rr: 'cmd', ctr: 1, res: [{ id: commandId, st: 'done', rc: 'ok', u: 0 }] })
    expect(await now(commandId)).toMatchObject({ state: 'done', resultCode: 'ok' })
  })
})

describe('a ride', () => {
  it('that began meanwhile ends a wish to open the bike', async () => {
    const { commandId } = await ask('unlock')
    await ride('riding')
    await speaks()
    await pass(200)
    expect(await now(commandId)).toMatchObject({ state: 'rejected', resultCode: 'bike_in_use' })
    expect(sentCommands()).toEqual([])
  })

  it('that waits for its own unlock goes before what staff want', async () => {
    const tripId = await ride('promised')
    await speaks()
    const { commandId, state } = await ask('locate')
    expect(state).toBe('queued')
    await pass(200)
    expect(await now(commandId)).toMatchObject({ state: 'queued' })
    await db.query(`UPDATE trip SET state = 'riding' WHERE trip_id = $1`, [tripId])
    await pass(200)
    expect(await now(commandId)).toMatchObject({ state: 'sent' })
  })

  it('keeps staff from opening the bike', async () => {
    await ride('paused')
    await speaks()
    await expect(ask('unlock')).rejects.toThrow('bike_in_use')
  })
})

describe('a bike that staff opened', () => {
  const alarms = async () =>
    (await db.query<{ kind: string; state: string }>('SELECT kind, state FROM alarm ORDER BY raised_at')).rows
  const opened = async () => {
    await speaks()
    const { commandId } = await ask('unlock')
    const c = published.find(({ kind }) => kind === 'cmd')?.body.c ?? 0
    return { id: commandId, c }
  }

  it('is an alarm from the first word that says so, once', async () => {
    const { id, c } = await opened()
    await says('ack', acknowledgement({ b: boot, q: 902, u: 5_000, id, c, bolt: 'unlocked' }))
    await deliver(rooms.ingest.sink, bike.lockId as never, 'evt', {
      ...{
        v: 1,
        b: boot,
        q: 903,
        u: 4_900,
        t: 0,
        tq: 0,
        k: 'bolt',
        from: 'locked',
        to: 'unlocked',
        by: 'cmd',
        cid: id,
      },
    })
    await rooms.ingest.flush()
    expect(await alarms()).toEqual([{ kind: 'opened_by_staff', state: 'open' }])
  })

  it('and closed before its opening was heard is none', async () => {
    const { id, c } = await opened()
    nowMs += 10_000
    await deliver(rooms.ingest.sink, bike.lockId as never, 'evt', {
      ...{ v: 1, b: boot, q: 905, u: 9_000, t: 0, tq: 0, k: 'bolt', from: 'unlocked', to: 'locked', by: 'hand' },
    })
    await rooms.ingest.flush()
    await says('ack', acknowledgement({ b: boot, q: 904, u: 5_000, id, c, bolt: 'unlocked' }))
    expect(await now(id)).toMatchObject({ state: 'done' })
    expect(await alarms()).toEqual([])
  })
})
