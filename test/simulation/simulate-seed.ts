import type { Scenario } from '../../lock-simulator/scenarios/scenario.ts'
import type { Database } from '../../server/platform/database.ts'
import { checkAtCheckpoint, checkAtTheEnd, checkOnEvent, checkWhileRunning } from './checkers/all.ts'
import { isAtRest } from './checkers/at-rest.ts'
import { askEveryLock, networkIsWell } from './checkers/liveness.ts'
import { type Plant, sound } from './plants.ts'
import { type StreetOrder, type Swarm, shortStreet, swarmOf } from './swarm.ts'
import { createColleague } from './world/colleague.ts'
import { mendLock } from './world/mend-lock.ts'
import { troubleTheStreet } from './world/mishaps.ts'
import { createNotes, type Notes, type Violation } from './world/notes.ts'
import { oneAtATime } from './world/one-at-a-time.ts'
import { addColleague, addRider, openWorld, startMs, type World } from './world/open-world.ts'
import { claimsThatFail, playScenario } from './world/play-scenario.ts'
import { createRider } from './world/rider.ts'
import { type RestFactor, rushOf } from './world/rush.ts'
import { troubleTheAir, troubleTheServer } from './world/server-mishaps.ts'
import { createSupporter } from './world/supporter.ts'

export interface SeedResult {
  readonly swarm: Swarm
  readonly violations: readonly Violation[]
  readonly hash: string
  readonly counts: Readonly<Record<string, number>>
  readonly virtualMinutes: number
  /** Events of the heap until it ended, or until the first violation. */
  readonly events: number
}

const minuteMs = 60_000
/** Bikes are found by their locks' first words. */
const settlingInMs = 30_000
/** A healed world must come to rest in this time; the longest wait in it is ten minutes, and some follow another. */
const healingMs = 120 * minuteMs
/** Of a healed network every lock that can be reached is back, and has told everything, within this. */
const livelyAgainMs = 10 * minuteMs
/** What is too dear to look at after every event. */
const checkpointEveryMs = 20 * minuteMs

export interface SeedOptions {
  readonly plant?: Plant
  readonly street?: StreetOrder
  /** Played on its own street, without any other faults. */
  readonly scenario?: Scenario
  readonly onLine?: (line: string) => void
  readonly logLevel?: string
}

/** Some virtual time with faults, then a healed world that must come to rest. `database` is emptied before it is used. */
export async function simulateSeed(database: Database, seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const { plant = sound, street = shortStreet, scenario, onLine = () => undefined, logLevel = 'error' } = options
  const db = oneAtATime(database)
  // Made for the tables as they are now, not as an earlier seed left them.
  await db.query('DISCARD PLANS')
  const swarm = scenario === undefined ? swarmOf(seed, street) : swarmOfScenario(seed, scenario)
  const notes: Notes = createNotes(onLine)
  const world = await openWorld({ db, swarm, notes, plant, logLevel })
  const run = createRun(world)
  const { clock } = world
  await run.until(startMs + settlingInMs)
  world.settleAir()
  const isLarge = street.bikes !== null || street.hours !== null
  const usualRest = isLarge ? rushOf(swarm.minutes * minuteMs) : () => 1
  await populate(world, plant, scenario === undefined ? usualRest : (sinceMs) => restIn(scenario, sinceMs))
  if (scenario !== undefined) playScenario(world, scenario, startMs)
  const endMs = startMs + swarm.minutes * minuteMs
  while (run.goesOn() && clock.nowMs() < endMs) {
    await run.until(Math.min(endMs, clock.nowMs() + checkpointEveryMs))
    if (run.goesOn()) notes.found.push(...(await checkAtCheckpoint(world)))
    await sweep(db)
  }
  if (run.goesOn()) await heal(world, run)
  if (run.goesOn() && scenario !== undefined) notes.found.push(...(await claimsThatFail(world, scenario)))
  for (const lock of world.locks) lock.destroy()
  await plant.restore(db)
  const virtualMinutes = Math.round((clock.nowMs() - startMs) / minuteMs)
  // The last life must not go on working while the database is emptied for the next seed.
  world.server.retire()
  await world.busy.quiet()
  const { found: violations } = notes
  return { swarm, violations, hash: notes.hash(), counts: notes.counts(), virtualMinutes, events: run.events() }
}

/**
 * What a server's autovacuum does; the embedded database has none, and reads every row that ever waited to find those that
 * wait now. Nothing is analysed: its samples are random, and a plan, and with it the order of rows, would hang on them.
 */
async function sweep(db: Database): Promise<void> {
  await db.query(`VACUUM ${oftenChanged.join(', ')}`)
}
const oftenChanged = [
  ...['trip', 'command', 'staff_command', 'no_coverage_grant', 'payment', 'outbox', 'lock_report', 'alarm'],
  ...['bike_latest', 'lock', 'city_clock'],
]

function swarmOfScenario(seed: number, { bikes, riders, minutes }: Scenario): Swarm {
  const calm = swarmOf(seed, { bikes, hours: minutes / 60, faults: 'none' })
  return { ...calm, riders, desk: { commandEvery: null, tripActEvery: null } }
}

const restIn = ({ restFactors }: Scenario, sinceMs: number): number =>
  restFactors.findLast(({ fromMinute }) => sinceMs >= fromMinute * minuteMs)?.factor ?? 1

/** Events one by one, each to its last consequence, until something is found. */
function createRun({ clock, busy, server, db, notes, locks }: World) {
  let events = 0
  const goesOn = () => notes.found.length === 0
  return {
    goesOn,
    events: () => events,
    until: async (untilMs: number) => {
      while (clock.step(untilMs)) {
        events += 1
        await busy.quiet()
        notes.found.push(...checkOnEvent(notes, locks, events))
        if (server.hasTouchedTrips()) notes.found.push(...(await checkWhileRunning(db)))
        if (!goesOn()) return
      }
      clock.runUntil(untilMs)
    },
  }
}

async function populate(world: World, plant: Plant, restFactor: RestFactor): Promise<void> {
  const { swarm, clock, random, server, bank, bikes, notes, db, locks, air, lockIds, commands } = world
  const isOver = world.isHealed
  const mishaps = { clock, random: random.split('mishaps'), notes, isOver }
  troubleTheStreet(mishaps, locks, swarm.street)
  const beneath = { ...mishaps, server, air, lockIds, setBrokerDown: world.setBrokerDown, sent: commands.recent }
  troubleTheServer(beneath, swarm.server)
  troubleTheAir(beneath, swarm.street)
  for (let index = 0; index < swarm.riders; index++) {
    const riderId = await addRider(db, index)
    const settings = { riderId, clock, random: random.split(riderId), server, bank, bikes, faults: swarm.people, notes }
    void createRider({ ...settings, isOver, restFactor: () => restFactor(clock.nowMs() - startMs) }).live()
  }
  const desk = { clock, server, notes, isOver, staffId: await addColleague(db) }
  if (swarm.desk.commandEvery !== null) {
    const lockDesk = { ...desk, bikeIds: bikes.map(({ bikeId }) => bikeId), everyMinutes: swarm.desk.commandEvery }
    createColleague({ ...lockDesk, random: random.split('desk') }).work()
  }
  if (swarm.desk.tripActEvery !== null) {
    const tripDesk = { ...desk, everyMinutes: swarm.desk.tripActEvery, random: random.split('trip desk') }
    void createSupporter(tripDesk).live()
  }
  plant.trouble?.({ clock, locks })
}

/** The second phase: nothing goes wrong any more, so everything must come right. */
async function heal(world: World, run: ReturnType<typeof createRun>): Promise<void> {
  const { clock, notes, locks, db } = world
  notes.trace(`${clock.nowMs()} healed`)
  world.heal()
  for (const lock of locks) mendLock(lock)
  const healedAtMs = clock.nowMs()
  await run.until(healedAtMs + livelyAgainMs)
  if (run.goesOn()) notes.found.push(...networkIsWell(world))
  while (run.goesOn() && clock.nowMs() < healedAtMs + healingMs) {
    await run.until(clock.nowMs() + 5 * minuteMs)
    if (run.goesOn() && (await isAtRest(db, locks))) break
  }
  if (run.goesOn()) notes.found.push(...(await checkAtTheEnd(world)))
  if (run.goesOn()) notes.found.push(...(await askEveryLock(world, run.until)))
}
