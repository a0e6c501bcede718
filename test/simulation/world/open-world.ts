import { asId, type LockId, type RiderId, type StaffId } from '../../../contracts/ids.ts'
import { type Random, seededRandom } from '../../../contracts/random.ts'
import type { Lock } from '../../../lock-simulator/body/lock.ts'
import { createVirtualClock, type VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import { type Air, clearAir, createAir } from '../../../lock-simulator/radio/air.ts'
import type { Database } from '../../../server/platform/database.ts'
import { lockKeysFrom } from '../../../server/unlocking/lock-keys.ts'
import type { Plant } from '../plants.ts'
import type { Swarm } from '../swarm.ts'
import { type Bank, createBank } from './bank.ts'
import { type Busy, createBusy } from './busy.ts'
import { type CommandLog, createCommandLog } from './command-log.ts'
import { airFaultKinds, countFault } from './fault-kinds.ts'
import type { Notes } from './notes.ts'
import { createServer, lockMaster, type Server } from './server.ts'
import { cornerAt, lockIdAt, putOnStreet } from './street.ts'

export const startMs = 1_750_000_000_000

/** A street with its bikes, the server and its bank, in virtual time; nobody is on it yet. */
export interface World {
  readonly swarm: Swarm
  readonly db: Database
  readonly clock: VirtualClock
  readonly random: Random
  readonly notes: Notes
  readonly busy: Busy
  readonly air: Air
  readonly server: Server
  readonly bank: Bank
  readonly lockIds: readonly LockId[]
  readonly locks: readonly Lock[]
  /** As stickers and locks can be seen on the street. */
  readonly bikes: readonly { readonly code: string; readonly bikeId: string; readonly lock: Lock }[]
  readonly commands: CommandLog
  readonly isHealed: () => boolean
  heal(): void
  setBrokerDown(isDown: boolean): void
}

/** Nothing goes wrong before `settleAir` is called with the faults of the swarm. */
export async function openWorld(settings: {
  readonly db: Database
  readonly swarm: Swarm
  readonly notes: Notes
  readonly plant: Plant
  readonly logLevel: string
}): Promise<World & { settleAir(): void }> {
  const { db, swarm, notes, plant } = settings
  const random = seededRandom(swarm.seed, 'world')
  const clock = createVirtualClock(startMs)
  const busy = createBusy()
  const state = { isHealed: false, hasSettled: false, isBrokerDown: false }
  const noConnections = { ...clearAir, drop: 1 }
  const airNow = () => {
    if (!server.isUp() || state.isBrokerDown) return noConnections
    return state.isHealed || !state.hasSettled ? clearAir : swarm.air
  }
  const air = createAir({
    random: random.split('air'),
    nowMs: clock.nowMs,
    schedule: clock.schedule,
    sink: (...uplink) => server.take(...uplink),
    onFault: (fault) => {
      if (state.hasSettled && !state.isHealed) countFault(notes, airFaultKinds[fault])
    },
  })
  const lockIds: readonly LockId[] = Array.from({ length: swarm.locks }, (_, index) => lockIdAt(index))
  const commands = createCommandLog({ clock, notes })
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
  const server: Server = createServer({
    db,
    clock,
    notes,
    busy,
    plant,
    logLevel: settings.logLevel,
    hasClockSteps: swarm.server.clockStepEvery !== null,
    random: random.split('server'),
    bank: () => bank,
    publish: async (topic, payload) => {
      notes.trace(`${clock.nowMs()} down ${topic} ${payload.length}`)
      const lockId = asId<LockId>(topic.split('/')[3] ?? '')
      if (topic.endsWith('/cmd')) commands.sent(lockId, topic, String(payload), server.cityAheadMs())
      air.deliver(lockId, topic, payload)
    },
    onDeath: () => {
      // Its sockets die with it; nobody can connect until it is back.
      air.setFaults(noConnections)
      for (const lockId of lockIds) air.kick(lockId)
      const downMs = state.isHealed ? 1_000 : downTimes.integer(500, swarm.server.longestDownMs)
      clock.schedule(clock.nowMs() + downMs, () => void server.start().then(() => air.setFaults(airNow())))
    },
  })

  await plant.prepare(db)
  await server.start()
  const keys = lockKeysFrom(lockMaster)
  const locks = lockIds.map((lockId, index) =>
    putOnStreet({
      index,
      clock,
      air,
      notes,
      commands,
      cityAheadMs: server.cityAheadMs,
      random: random.split('locks'),
      commandKey: keys.commandKey(lockId, 1, 1),
      phoneKey: keys.phoneKey(lockId, 1, 1),
      parts: swarm.parts,
      gateOptions: plant.gateOptions,
    }),
  )
  const bikes = []
  for (const [index, lock] of locks.entries()) {
    const { code, bikeId } = await server.rooms()!.fleet.addBike({ lockId: lock.lockId, ...cornerAt(index) })
    bikes.push({ code, bikeId, lock })
  }
  return {
    ...{ swarm, db, clock, random, notes, busy, air, server, bank, lockIds, locks, bikes, commands },
    isHealed: () => state.isHealed,
    heal: () => {
      state.isHealed = true
      state.isBrokerDown = false
      bank.heal()
      server.setDatabaseAway(false)
      air.setFaults(airNow())
    },
    setBrokerDown: (isDown) => {
      state.isBrokerDown = isDown
      air.setFaults(airNow())
    },
    settleAir: () => {
      state.hasSettled = true
      air.setFaults(airNow())
    },
  }
}

/** The one at the desk. */
export const colleagueId = asId<StaffId>('00000000-0000-7000-9000-000000000001')

export async function addColleague(db: Database): Promise<StaffId> {
  await db.query(`INSERT INTO staff (staff_id, name, created_at, role) VALUES ($1, 'Desk', $2, 'dispatcher')`, [
    colleagueId,
    new Date(startMs),
  ])
  return colleagueId
}

export async function addRider(db: Database, index: number): Promise<RiderId> {
  const riderId = `00000000-0000-7000-8000-${String(index + 1).padStart(12, '0')}`
  const sealed = Buffer.alloc(16)
  sealed.writeUInt32BE(index + 1)
  await db.query(
    `INSERT INTO rider (rider_id, address_index, address_sealed, language, blocked, created_at)
     VALUES ($1, $2, $2, 'en', false, $3)`,
    [riderId, sealed, new Date(startMs)],
  )
  return asId<RiderId>(riderId)
}
