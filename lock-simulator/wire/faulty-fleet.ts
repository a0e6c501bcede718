import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { present } from '../../contracts/assert.ts'
import { seededRandom } from '../../contracts/random.ts'
import type { CrowdCount } from './crowd-orders.ts'
import type { Crowds } from './crowds.ts'
import { type FleetBike, openDesk, openLock } from './desk.ts'
import { openFaultyProxy } from './faulty-proxy.ts'
import type { FleetPlatform, StoredVerdict } from './fleet-platform.ts'
import { cloneLock, publishRubbish } from './strangers.ts'
import { startTroubles, type Trouble, type WireSwarm, wireSwarmOf } from './wire-swarm.ts'

/** A fleet behind a network that fails, on a server that is killed: what happened, and what was left when it healed. */
export interface FaultyFleet {
  readonly swarm: WireSwarm
  readonly fired: Readonly<Record<Trouble, number>>
  readonly count: CrowdCount
  readonly verdict: StoredVerdict
  readonly commandsAsked: number
}

interface FaultyOrder {
  readonly platform: FleetPlatform
  readonly crowds: Crowds
  readonly bikes: readonly FleetBike[]
  readonly seed: string
  readonly rampMs: number
  readonly minutes: number
  readonly say: (sentence: string) => void
}

/** Quick, so that between two faults everybody has come back. */
const backOff = { baseMs: 300, capMs: 4_000, resetAfterMs: 1_000 }
const rattleEveryMs = 6_000
const wanderEveryMs = 1_000
const openEveryMs = 500
const closedAgainMs = 2_000
const lookEveryMs = 500
const everybodyLimitMs = 300_000

export async function rideOutFaults(order: FaultyOrder): Promise<FaultyFleet> {
  const { platform, crowds, bikes, seed, rampMs, say } = order
  const brokerPort = Number(new URL(platform.mqttUrl).port)
  const random = seededRandom(seed, 'wire faults')
  const proxy = await openFaultyProxy(brokerPort, random.split('lines'))
  const folder = await mkdtemp(join(tmpdir(), 'zwerm-faulty-fleet-'))
  try {
    const url = new URL(platform.mqttUrl)
    url.port = String(proxy.port)
    crowds.connect(bikes, { url: url.href, seed, rampMs, ca: platform.ca, backOff, remembers: true })
    await until(crowds, ({ heard }) => heard === bikes.length)
    // A third tells of bolts, a third of places, and a third is opened from the desk.
    const third = Math.ceil(bikes.length / 3)
    const idsOf = (some: readonly FleetBike[]) => some.map(({ lockId }) => lockId as string)
    crowds.rattle(idsOf(bikes.slice(0, third)), rattleEveryMs)
    crowds.wander(idsOf(bikes.slice(third, 2 * third)), wanderEveryMs)
    const desk = await startOpening(platform, crowds, bikes.slice(2 * third))
    const swarm = swarmFor(platform, seed)
    const others = { cloned: 0, hostile: 0, killed: 0 }
    const choice = random.split('strangers')
    const happening = startTroubles(swarm, random.split('moments'), async (trouble) => {
      if (trouble === 'cloned') others.cloned += Number(await cloneLock(brokerPort, choice.pick(bikes)))
      else if (trouble === 'hostile') {
        const [liar, victim] = [choice.pick(bikes), choice.pick(bikes)]
        others.hostile += Number(await publishRubbish(brokerPort, liar, victim, choice))
      } else if (trouble === 'killed') {
        await present(platform.restart, 'only a platform of our own is killed')()
        others.killed += 1
      } else proxy.strike(trouble)
    })
    const endMs = Date.now() + order.minutes * 60_000
    while (Date.now() < endMs) {
      await pause(Math.min(10_000, Math.max(0, endMs - Date.now())))
      const { heard, messagesStored, lostConnections } = await crowds.count()
      say(`  ${heard} heard, ${messagesStored} messages stored, ${lostConnections} connections lost`)
    }
    await happening.stop()
    const commandsAsked = await desk.stop()
    crowds.still()
    proxy.heal()
    say('  everything heals')
    const count = await until(crowds, (now) => now.heard === bikes.length && now.waitingEvents === 0)
    const verdict = await present(platform.judge, 'only a platform of our own is judged')(await crowds.write(folder))
    return { swarm, fired: { ...proxy.counts(), ...others }, count, verdict, commandsAsked }
  } finally {
    await proxy.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Strangers speak plain TCP. */
function swarmFor({ mqttUrl }: FleetPlatform, seed: string): WireSwarm {
  const swarm = wireSwarmOf(seed)
  return mqttUrl.startsWith('mqtts:') ? { ...swarm, cloned: null, hostile: null } : swarm
}

/** Opens one lock after another, each order sent twice, and pushes its lever a moment later. */
async function startOpening({ httpUrl, staffLink }: FleetPlatform, crowds: Crowds, bikes: readonly FleetBike[]) {
  const deskToken = await openDesk(httpUrl, present(staffLink, 'a platform of our own has a link'))
  let asked = 0
  let isOver = false
  async function openOne({ bikeId, lockId }: FleetBike): Promise<void> {
    const commandId = randomUUID()
    // A server that is being killed does not answer; whether it took the order is what the database will say.
    const order = () => openLock(httpUrl, deskToken, bikeId, commandId).catch(() => undefined)
    await Promise.all([order(), order()])
    asked += 1
    await pause(closedAgainMs)
    crowds.lever(lockId)
  }
  const running = (async () => {
    for (let turn = 0; !isOver; turn++) {
      const bike = bikes[turn % bikes.length]
      if (bike === undefined) break
      await Promise.all([openOne(bike), pause(openEveryMs)])
    }
  })()
  return {
    stop: async () => {
      isOver = true
      await running
      return asked
    },
  }
}

async function until(crowds: Crowds, isSo: (count: CrowdCount) => boolean): Promise<CrowdCount> {
  const limitMs = Date.now() + everybodyLimitMs
  for (;;) {
    const count = await crowds.count()
    if (isSo(count) || Date.now() > limitMs) return count
    await pause(lookEveryMs)
  }
}
