import { type Random, seededRandom } from '../../contracts/random.ts'
import { type AirFaults, clearAir } from '../../lock-simulator/radio/air.ts'

/** Everything that a run derives from its seed: printed with a failure, and enough to repeat it. */
export interface Swarm {
  readonly seed: number
  /** Too many bikes to look at each one often. */
  readonly isCrowd: boolean
  readonly locks: number
  readonly riders: number
  /** Virtual minutes of the first phase, with faults. */
  readonly minutes: number
  /** Receivers and modems of the field, with what they cost in time and luck, or of the bench. */
  readonly parts: { readonly receiver: 'field' | 'bench'; readonly modem: 'field' | 'bench' }
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
  readonly brokerRestartEvery: EveryMinutes
  /** The machine's clock is set. */
  readonly clockStepEvery: EveryMinutes
  readonly databaseAwayEvery: EveryMinutes
  /** Somebody with a lock's password publishes what no lock says. */
  readonly hostileEvery: EveryMinutes
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
  /** A reset at one of the steps from a command's arrival to its last acknowledgement. */
  readonly commandResetEvery: EveryMinutes
  /** A spoke is in the way at the n-th attempt of the motor. */
  readonly actuationJamEvery: EveryMinutes
  /** Frost, and a cell that is half empty: the next turn of the motor is too much for it. */
  readonly brownOutEvery: EveryMinutes
  /** A part of the street loses its coverage. */
  readonly holeEvery: EveryMinutes
  /** A stranger connects under a lock's name, again and again. */
  readonly cloneEvery: EveryMinutes
  /** A stranger sends commands: altered, made up, or recorded long ago. */
  readonly forgedEvery: EveryMinutes
  /** A child plays with the lever of an open lock for many minutes, out of coverage. */
  readonly fidgetEvery: EveryMinutes
  /** Stuck firmware, wrong clocks, false or no satellites, refused subscriptions, hands, cold. */
  readonly oddEvery: EveryMinutes
  /** A switch of a bolt is stuck, or has no good contact. */
  readonly switchEvery: EveryMinutes
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
  /** Opens by the phone beside the lock what the network does not open. */
  readonly usesPhone: number
  readonly phoneBreaks: number
  readonly phoneEavesdrops: number
  /** Chance that a rider's phone has a clock that is wrong, and is set now and then. */
  readonly phoneClockWrong: number
}
/** Staff who ask locks, and who look after trips. */
export interface DeskActs {
  readonly commandEvery: EveryMinutes
  readonly tripActEvery: EveryMinutes
}

/** How large a street, for how long, and whether anything goes wrong on it. */
export interface StreetOrder {
  /** Null: a handful, drawn from the seed. */
  readonly bikes: number | null
  readonly hours: number | null
  readonly faults: 'swarm' | 'none'
}

export const shortStreet: StreetOrder = { bikes: null, hours: null, faults: 'swarm' }
/** Of a large street: so many bikes to a person who rides. */
const bikesPerRider = 3

export function swarmOf(seed: number, order: StreetOrder = shortStreet): Swarm {
  const random = seededRandom(seed, 'swarm')
  const some = (most: number) => (random.chance(0.5) ? random.next() * most : 0)
  const every = (least: number, most: number): EveryMinutes =>
    random.chance(0.45) ? random.integer(least, most) : null
  const size = {
    locks: random.integer(4, 6),
    riders: random.integer(4, 7),
    minutes: random.integer(45, 75),
  }
  const swarm: Swarm = {
    seed,
    ...size,
    isCrowd: false,
    parts: partsOf(random.split('parts')),
    air: airOf(random.split('air'), some),
    server: {
      crashEvery: every(5, 25),
      crashesAtStatements: random.chance(0.7),
      longestDownMs: random.integer(1_000, 90_000),
      ...serverTrouble(random.split('server trouble')),
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
      ...moreStreetTrouble(random.split('street trouble')),
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
      ...phonesOf(random.split('phones')),
      phoneClockWrong: clocksOf(random.split('phone clocks')),
    },
    desk: deskOf(random.split('desk')),
  }
  const kind = order.faults === 'swarm' ? swarm : withoutFaults(swarm)
  if (order.bikes === null && order.hours === null) return kind
  const locks = order.bikes ?? size.locks
  return {
    ...crowded(kind, locks),
    locks,
    riders: order.bikes === null ? size.riders : Math.max(4, Math.ceil(locks / bikesPerRider)),
    minutes: order.hours === null ? size.minutes : Math.max(1, Math.round(order.hours * 60)),
  }
}

const streetOfLocks = 6
/** More locks have more mishaps between them, but not so many more that nobody ever rides in peace. */
const crowdRoot = 0.6
/** All locks come back after each: on a large street that is the larger part of the work. */
const crowdedServerFactor = 3

function crowded(swarm: Swarm, locks: number): Swarm {
  const faster = Math.max(1, (locks / streetOfLocks) ** crowdRoot)
  const scaled = <Faults extends object>(faults: Faults, factor: number): Faults =>
    Object.fromEntries(
      Object.entries(faults).map(([name, value]) => [
        name,
        name.endsWith('Every') && typeof value === 'number' ? value * factor : value,
      ]),
    ) as Faults
  const isCrowd = locks > 4 * streetOfLocks
  return {
    ...swarm,
    isCrowd,
    street: scaled(swarm.street, 1 / faster),
    desk: scaled(swarm.desk, 1 / faster),
    server: isCrowd ? scaled(swarm.server, crowdedServerFactor) : swarm.server,
  }
}

/** The same people, in a world where everything works. */
function withoutFaults(swarm: Swarm): Swarm {
  const never = <Faults extends object>(faults: Faults): Faults =>
    Object.fromEntries(
      Object.entries(faults).map(([name, value]) => [name, name.endsWith('Every') ? null : value]),
    ) as Faults
  const nobody = <Faults extends object>(faults: Faults): Faults =>
    Object.fromEntries(Object.keys(faults).map((name) => [name, 0])) as Faults
  return {
    ...swarm,
    air: clearAir,
    server: never(swarm.server),
    street: never(swarm.street),
    bank: nobody(swarm.bank),
    people: { ...nobody(swarm.people), pauses: swarm.people.pauses },
  }
}

/** With this chance there are hardly ever 20 streets that are all spared by one of them. */
const rarely =
  (random: Random) =>
  (least: number, most: number): EveryMinutes =>
    random.chance(0.35) ? random.integer(least, most) : null

function serverTrouble(random: Random) {
  const every = rarely(random)
  return {
    brokerRestartEvery: every(8, 30),
    clockStepEvery: every(10, 20),
    databaseAwayEvery: every(15, 40),
    hostileEvery: every(1, 6),
  }
}

function moreStreetTrouble(random: Random) {
  const every = rarely(random)
  return {
    commandResetEvery: every(1, 4),
    actuationJamEvery: every(4, 15),
    brownOutEvery: every(5, 20),
    holeEvery: every(10, 30),
    cloneEvery: every(6, 20),
    forgedEvery: every(1, 6),
    fidgetEvery: every(25, 60),
    oddEvery: every(2, 6),
    switchEvery: every(4, 15),
  }
}

const deskOf = (random: Random): DeskActs => ({
  commandEvery: random.chance(0.6) ? random.integer(1, 6) : null,
  tripActEvery: random.chance(0.6) ? random.integer(1, 6) : null,
})

const partsOf = (random: Random): Swarm['parts'] => ({
  receiver: random.chance(0.5) ? 'field' : 'bench',
  modem: random.chance(0.5) ? 'field' : 'bench',
})

const phonesOf = (random: Random) => ({
  usesPhone: random.chance(0.5) ? 0.3 + random.next() * 0.7 : 0,
  phoneBreaks: random.next() * 0.6,
  phoneEavesdrops: random.next() * 0.5,
})

const clocksOf = (random: Random): number => (random.chance(0.5) ? 0.3 + random.next() * 0.7 : 0)

const someRefusals = (random: Random): number => (random.chance(0.5) ? random.next() * 0.2 : 0)

function airOf(random: Random, some: (most: number) => number): AirFaults {
  const isHarsh = random.chance(0.2)
  return {
    drop: some(isHarsh ? 0.6 : 0.3),
    duplicate: some(0.3),
    reorder: some(isHarsh ? 0.6 : 0.3),
    replay: some(isHarsh ? 0.6 : 0.3),
    disconnect: some(0.03),
    halfOpen: some(0.01),
    refuse: someRefusals(random.split('refuse')),
    delayMs: { from: 20, to: random.pick([80, 500, 3_000]) },
  }
}
