import { type Random, seededRandom } from '../../contracts/random.ts'
import type { AirFaults } from '../../lock-simulator/radio/air.ts'

/** Everything that a run derives from its seed: printed with a failure, and enough to repeat it. */
export interface Swarm {
  readonly seed: number
  readonly locks: number
  readonly riders: number
  /** Virtual minutes of the first phase, with faults. */
  readonly minutes: number
  readonly air: AirFaults
  readonly server: ServerFaults
  readonly street: StreetFaults
  readonly bank: BankFaults
  readonly people: PeopleFaults
  readonly desk: DeskActs
}

/** Mean minutes between two faults of a kind; null: never in this run. */
type EveryMinutes = number | null

export interface ServerFaults {
  readonly crashEvery: EveryMinutes
  /** Some crashes come at a statement instead of between two steps. */
  readonly crashesAtStatements: boolean
  readonly longestDownMs: number
}
export interface StreetFaults {
  readonly rebootEvery: EveryMinutes
  readonly powerCutEvery: EveryMinutes
  readonly jamEvery: EveryMinutes
  readonly leverEvery: EveryMinutes
  readonly antennaEvery: EveryMinutes
  readonly forceEvery: EveryMinutes
  readonly skyEvery: EveryMinutes
  readonly batteryEvery: EveryMinutes
}
/** Chances per call or message. */
export interface BankFaults {
  readonly unknownBefore: number
  readonly unknownAfter: number
  readonly slow: number
  readonly payerIsShort: number
  readonly loseNotification: number
  readonly duplicateNotification: number
}
/** Chances per ride. */
export interface PeopleFaults {
  readonly payerDeclines: number
  readonly payerForgets: number
  readonly cancels: number
  readonly pauses: number
  readonly endsByApp: number
  readonly freeExits: number
  readonly leavesOpen: number
}
/** Staff who ask locks, and who look after trips. */
export interface DeskActs {
  readonly commandEvery: EveryMinutes
  readonly tripActEvery: EveryMinutes
}

export function swarmOf(seed: number): Swarm {
  const random = seededRandom(seed, 'swarm')
  const some = (most: number) => (random.chance(0.5) ? random.next() * most : 0)
  const every = (least: number, most: number): EveryMinutes =>
    random.chance(0.45) ? random.integer(least, most) : null
  return {
    seed,
    locks: random.integer(4, 6),
    riders: random.integer(4, 7),
    minutes: random.integer(45, 75),
    air: airOf(random.split('air'), some),
    server: {
      crashEvery: every(5, 25),
      crashesAtStatements: random.chance(0.7),
      longestDownMs: random.integer(1_000, 90_000),
    },
    street: {
      rebootEvery: every(4, 20),
      powerCutEvery: every(2, 10),
      jamEvery: every(5, 20),
      leverEvery: every(4, 20),
      antennaEvery: every(5, 20),
      forceEvery: every(20, 60),
      skyEvery: every(5, 20),
      batteryEvery: every(15, 45),
    },
    bank: {
      unknownBefore: some(0.3),
      unknownAfter: some(0.3),
      slow: some(0.5),
      payerIsShort: some(0.2),
      loseNotification: some(1),
      duplicateNotification: some(0.5),
    },
    people: {
      payerDeclines: some(0.15),
      payerForgets: some(0.1),
      cancels: some(0.2),
      pauses: some(0.6),
      endsByApp: some(0.3),
      freeExits: some(0.4),
      leavesOpen: some(0.2),
    },
    desk: deskOf(random.split('desk')),
  }
}

const deskOf = (random: Random): DeskActs => ({
  commandEvery: random.chance(0.6) ? random.integer(1, 6) : null,
  tripActEvery: random.chance(0.6) ? random.integer(1, 6) : null,
})

function airOf(random: Random, some: (most: number) => number): AirFaults {
  const isHarsh = random.chance(0.2)
  return {
    drop: some(isHarsh ? 0.6 : 0.3),
    duplicate: some(0.3),
    reorder: some(isHarsh ? 0.6 : 0.3),
    replay: some(isHarsh ? 0.6 : 0.3),
    disconnect: some(0.03),
    halfOpen: some(0.01),
    delayMs: { from: 20, to: random.pick([80, 500, 3_000]) },
  }
}
