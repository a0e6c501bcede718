import type { LockId } from '../../../contracts/ids.ts'
import type { Random } from '../../../contracts/random.ts'
import type { Air } from '../../../lock-simulator/radio/air.ts'
import type { ServerFaults, StreetFaults } from '../swarm.ts'
import { countFault } from './fault-kinds.ts'
import { hostileMessage, hostileTopics } from './hostile.ts'
import { later, type MishapSettings, recurring } from './recurring.ts'
import type { Server } from './server.ts'

const brokerDownMs = [500, 30_000] as const
const databaseAwayMs = [5_000, 75_000] as const
/** By hand, or by a time service that was out of reach for long. */
const clockStepsMs = { back: [-600_000, -200], forward: [200, 600_000] } as const
const cloneEveryMs = { from: 2_000, to: 20_000 }
const cloneForMs = { from: 20_000, to: 180_000 }

interface ServerSurroundings extends MishapSettings {
  readonly server: Server
  readonly air: Air
  readonly lockIds: readonly LockId[]
  /** While it is down nobody can connect. */
  readonly setBrokerDown: (isDown: boolean) => void
  /** Commands as they were sent, newest last. */
  readonly sent: readonly { readonly lockId: LockId; readonly topic: string; readonly payload: string }[]
}

/** What happens to the server's process and what it stands on. */
export function troubleTheServer(world: ServerSurroundings, faults: ServerFaults): void {
  const { server, air, clock, notes, lockIds } = world
  recurring(world, 'server kill', faults.crashEvery, (random) => {
    if (!faults.crashesAtStatements || !random.chance(0.8)) {
      if (server.isUp()) countFault(notes, 'server killed')
      server.kill()
    } else server.killAtStatement(random.integer(1, 40), () => countFault(notes, 'server killed at a statement'))
  })
  recurring(world, 'broker restart', faults.brokerRestartEvery, (random) => {
    notes.trace(`${clock.nowMs()} broker restarts`)
    countFault(notes, 'broker restarted')
    world.setBrokerDown(true)
    air.restartBroker()
    later(world, random, brokerDownMs, () => world.setBrokerDown(false))
  })
  recurring(world, 'clock step', faults.clockStepEvery, (random) => {
    const [fromMs, toMs] = clockStepsMs[random.pick(['back', 'forward'] as const)]
    const byMs = random.integer(fromMs, toMs)
    notes.trace(`${clock.nowMs()} clock set by ${byMs}`)
    countFault(notes, byMs < 0 ? 'server clock set back' : 'server clock set forward')
    server.stepClock(byMs)
  })
  recurring(world, 'database away', faults.databaseAwayEvery, (random) => {
    notes.trace(`${clock.nowMs()} database away`)
    countFault(notes, 'database away')
    server.setDatabaseAway(true)
    later(world, random, databaseAwayMs, () => {
      notes.trace(`${clock.nowMs()} database back`)
      server.setDatabaseAway(false)
    })
  })
  recurring(world, 'hostile', faults.hostileEvery, (random) => {
    const lockId = random.pick(lockIds)
    const topic = random.pick(hostileTopics(lockId))
    if (server.isUp() && server.takeHostile(lockId, topic, hostileMessage(random))) {
      countFault(notes, 'hostile message refused')
    }
  })
}

/** Strangers on the air: under a lock's own name, and with commands that nobody gave. */
export function troubleTheAir(world: ServerSurroundings, faults: StreetFaults): void {
  const { air, clock, notes, lockIds, isOver } = world
  recurring(world, 'clone', faults.cloneEvery, (random) => {
    const lockId = random.pick(lockIds)
    const untilMs = clock.nowMs() + random.integer(cloneForMs.from, cloneForMs.to)
    const again = (): void => {
      if (isOver() || clock.nowMs() > untilMs) return
      if (air.isConnected(lockId)) {
        notes.trace(`${clock.nowMs()} stranger under ${lockId}`)
        countFault(notes, 'lock under a stranger')
        air.takeOver(lockId)
      }
      clock.schedule(clock.nowMs() + random.integer(cloneEveryMs.from, cloneEveryMs.to), again)
    }
    again()
  })
  recurring(world, 'forged', faults.forgedEvery, (random) => {
    const old = world.sent.length === 0 ? undefined : random.pick(world.sent)
    if (old === undefined || !air.isConnected(old.lockId)) return
    notes.trace(`${clock.nowMs()} forged ${old.lockId}`)
    countFault(notes, 'command forged')
    air.deliver(old.lockId, old.topic, forged(random, old.payload))
  })
}

/** A command as it was, or with one thing changed that its MAC holds; sometimes for a whole new id. */
function forged(random: Random, payload: string): string {
  const command = JSON.parse(payload) as Record<string, unknown>
  switch (random.integer(0, 4)) {
    case 0:
      return payload
    case 1:
      return JSON.stringify({ ...command, c: Number(command.c) + random.integer(1, 1_000) })
    case 2:
      return JSON.stringify({ ...command, dl: Number(command.dl) + 86_400_000 })
    case 3:
      return JSON.stringify({ ...command, op: 'unlock', id: 'made-up', c: Number(command.c) + 1_000 })
    default:
      return JSON.stringify({ ...command, b: Number(command.b) + 1, m: 'AAAAAAAAAAAAAAAAAAAAAA' })
  }
}
