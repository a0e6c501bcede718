import { asId, type LockId, type RiderId, type StaffId } from '../../contracts/ids.ts'
import { seededRandom } from '../../contracts/random.ts'
import { createVirtualClock } from '../../lock-simulator/body/virtual-clock.ts'
import { clearAir, createAir } from '../../lock-simulator/radio/air.ts'
import type { Database } from '../../server/platform/database.ts'
import { lockKeysFrom } from '../../server/unlocking/lock-keys.ts'
import { checkAtTheEnd, checkWhileRunning } from './checkers/all.ts'
import { isAtRest } from './checkers/at-rest.ts'
import { type Plant, sound } from './plants.ts'
import { type Swarm, swarmOf } from './swarm.ts'
import { type Bank, createBank } from './world/bank.ts'
import { createBusy } from './world/busy.ts'
import { createColleague } from './world/colleague.ts'
import { troubleTheServer, troubleTheStreet } from './world/mishaps.ts'
import { createNotes, type Notes, type Violation } from './world/notes.ts'
import { oneAtATime } from './world/one-at-a-time.ts'
import { createRider } from './world/rider.ts'
import { createServer, lockMaster } from './world/server.ts'
import { cornerAt, lockIdAt, putOnStreet } from './world/street.ts'
import { createSupporter } from './world/supporter.ts'

export interface SeedResult {
  readonly swarm: Swarm
  readonly violations: readonly Violation[]
  readonly hash: string
  readonly counts: Readonly<Record<string, number>>
  readonly virtualMinutes: number
}

const startMs = 1_750_000_000_000
const minuteMs = 60_000
/** Bikes are found by their locks' first words. */
const settlingInMs = 30_000
/** A healed world must come to rest in this time; the longest wait in it is ten minutes, and some follow another. */
const healingMs = 120 * minuteMs

/** One virtual hour with faults, then a healed world that must come to rest. `database` is emptied before it is used. */
export async function simulateSeed(
  database: Database,
  seed: number,
  options: { readonly plant?: Plant; readonly onLine?: (line: string) => void; readonly logLevel?: string } = {},
): Promise<SeedResult> {
  const db = oneAtATime(database)
  const { plant = sound, onLine = () => undefined, logLevel = 'error' } = options
  const swarm = swarmOf(seed)
  const random = seededRandom(seed, 'world')
  const clock = createVirtualClock(startMs)
  const notes: Notes = createNotes(onLine)
  const busy = createBusy()
  let isHealed = false
  const isOver = () => isHealed

  const air = createAir({
    random: random.split('air'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    sink: (...uplink) => server.take(...uplink),
  })
  const noConnections = { ...clearAir, drop: 1 }
  const airNow = () => (server.isUp() ? (isHealed ? clearAir : swarm.air) : noConnections)
  const lockIds: readonly LockId[] = Array.from({ length: swarm.locks }, (_, index) => lockIdAt(index))
  const downTimes = random.split('down')
  const bank: Bank = createBank({
    clock,
    notes,
    random: random.split('bank'),
    faults: swarm.bank,
    notify: async (body) => {
      const answer = await server.ask((rooms) => rooms.payments.handleNotification('alipay', body, {}))
      return answer.kind === 'answered' && answer.value.body === 'success'
    },
  })
  const server = createServer({
    db,
    clock,
    notes,
    busy,
    plant,
    logLevel,
    random: random.split('server'),
    bank: () => bank,
    publish: async (topic, payload) => {
      notes.trace(`${clock.nowMs()} down ${topic} ${payload.length}`)
      air.deliver(asId<LockId>(topic.split('/')[3] ?? ''), topic, payload)
    },
    onDeath: () => {
      // Its sockets die with it; nobody can connect until it is back.
      air.setFaults(noConnections)
      for (const lockId of lockIds) air.kick(lockId)
      const downMs = isHealed ? 1_000 : downTimes.integer(500, swarm.server.longestDownMs)
      clock.schedule(clock.nowMs() + downMs, () => {
        void busy.during(server.start()).then(() => air.setFaults(airNow()))
      })
    },
  })

  /** Every event of the heap in its turn, each awaited to its last consequence. */
  async function runUntil(untilMs: number): Promise<void> {
    while (clock.step(untilMs)) {
      await busy.quiet()
      if (server.hasTouchedTrips()) notes.found.push(...(await checkWhileRunning(db)))
      if (notes.found.length > 0) return
    }
    clock.runUntil(untilMs)
  }

  await plant.prepare(db)
  await server.start()
  const keys = lockKeysFrom(lockMaster)
  const locks = lockIds.map((lockId, index) =>
    putOnStreet({
      index,
      clock,
      air,
      notes,
      random: random.split('locks'),
      commandKey: keys.commandKey(lockId, 1, 1),
      gateOptions: plant.gateOptions,
    }),
  )
  const bikes = []
  const bikeIds: string[] = []
  for (const [index, lock] of locks.entries()) {
    const bike = await server.rooms()!.fleet.addBike({ lockId: lock.lockId, ...cornerAt(index) })
    bikes.push({ code: bike.code, lock })
    bikeIds.push(bike.bikeId)
  }
  await runUntil(startMs + settlingInMs)
  air.setFaults(airNow())

  const mishaps = { clock, random: random.split('mishaps'), notes, isOver }
  troubleTheStreet(mishaps, locks, swarm.street)
  troubleTheServer(mishaps, server, swarm.server)
  for (let index = 0; index < swarm.riders; index++) {
    const riderId = await addRider(db, index)
    const settings = { riderId, clock, random: random.split(riderId), server, bank, bikes, faults: swarm.people, notes }
    void createRider({ ...settings, isOver }).live()
  }
  const staffId = await addColleague(db)
  const desk = { clock, server, notes, isOver, staffId }
  if (swarm.desk.commandEvery !== null) {
    const lockDesk = { ...desk, bikeIds, everyMinutes: swarm.desk.commandEvery }
    createColleague({ ...lockDesk, random: random.split('desk') }).work()
  }
  if (swarm.desk.tripActEvery !== null) {
    const tripDesk = { ...desk, everyMinutes: swarm.desk.tripActEvery, random: random.split('trip desk') }
    void createSupporter(tripDesk).live()
  }
  await runUntil(startMs + swarm.minutes * minuteMs)

  isHealed = true
  notes.trace(`${clock.nowMs()} healed`)
  bank.heal()
  air.setFaults(airNow())
  for (const lock of locks) {
    lock.jam(false)
    lock.setAntenna(true)
    lock.setSky('street')
    lock.setBattery(80)
  }
  const healedAtMs = clock.nowMs()
  while (notes.found.length === 0 && clock.nowMs() < healedAtMs + healingMs) {
    await runUntil(clock.nowMs() + 5 * minuteMs)
    if (notes.found.length === 0 && (await isAtRest(db, locks))) break
  }
  if (notes.found.length === 0) {
    notes.found.push(...(await checkAtTheEnd({ db, notes, locks, rooms: server.rooms(), air })))
  }
  for (const lock of locks) lock.destroy()
  await plant.restore(db)
  const virtualMinutes = Math.round((clock.nowMs() - startMs) / minuteMs)
  // The last life must not go on working while the database is emptied for the next seed.
  server.retire()
  await busy.quiet()
  return { swarm, violations: notes.found, hash: notes.hash(), counts: notes.counts(), virtualMinutes }
}

async function addColleague(db: Database): Promise<StaffId> {
  const staffId = '00000000-0000-7000-9000-000000000001'
  await db.query(`INSERT INTO staff (staff_id, name, created_at, role) VALUES ($1, 'Desk', $2, 'dispatcher')`, [
    staffId,
    new Date(startMs),
  ])
  return asId<StaffId>(staffId)
}

async function addRider(db: Database, index: number): Promise<RiderId> {
  const riderId = `00000000-0000-7000-8000-${String(index + 1).padStart(12, '0')}`
  await db.query(
    `INSERT INTO rider (rider_id, address_index, address_sealed, language, blocked, created_at)
     VALUES ($1, $2, $2, 'en', false, $3)`,
    [riderId, Buffer.alloc(16, index + 1), new Date(startMs)],
  )
  return asId<RiderId>(riderId)
}
