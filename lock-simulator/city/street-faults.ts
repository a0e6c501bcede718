import type { DemoFault, StreetFault } from '../../contracts/http/demo.ts'
import type { Random } from '../../contracts/random.ts'
import type { Schedule } from '../body/schedule.ts'
import { type Bike, isFree, placeOf, setAntenna, setJam } from './bike.ts'
import type { Fleet } from './fleet.ts'
import { rideAlong } from './ride-along.ts'
import type { StreetMap } from './street-map.ts'

/** Faults that a person orders for the street, and how they are put right. */
export interface StreetFaults {
  /** Numbers of the bikes that it happened to. */
  happen(order: DemoFault): readonly string[]
  /** How many bikes it was put right for. */
  heal(): number
  happened(): Readonly<Record<StreetFault, number>>
  suffering(): number
}

export interface FaultSurroundings {
  readonly fleet: () => Fleet | null
  readonly map: StreetMap
  readonly schedule: Schedule
  readonly clock: { nowMs(): number; speed(): number }
  readonly random: Random
}

const flatPercent = 4
const freshPercent = 97
/** A stolen bike rides in a car. */
const carMps = 9
const carriedM = { least: 500, most: 2_500 }
const wayDraws = 30

export function createStreetFaults(surroundings: FaultSurroundings): StreetFaults {
  const { clock, random } = surroundings
  const counts: Record<StreetFault, number> = { jam: 0, dead_zone: 0, flat_battery: 0, reboot: 0, forced: 0, theft: 0 }
  /** What is to be done for each bike to be as before. */
  const cures = new Map<Bike, (() => void)[]>()

  const suffer = (bike: Bike, cure: () => void): void => {
    bike.isKeptBroken = true
    cures.set(bike, [...(cures.get(bike) ?? []), cure])
  }

  function strike(bike: Bike, kind: StreetFault): void {
    switch (kind) {
      case 'jam':
        // The lock notices when it next moves: at the next rider's unlock.
        setJam(bike, true)
        suffer(bike, () => setJam(bike, false))
        break
      case 'dead_zone':
        setAntenna(bike, false)
        suffer(bike, () => setAntenna(bike, true))
        break
      case 'flat_battery':
        setCharge(bike, flatPercent)
        suffer(bike, () => setCharge(bike, freshPercent))
        break
      case 'reboot':
        bike.lock.reboot('watchdog')
        break
      case 'forced':
        bike.lock.forceOpen()
        suffer(bike, () => {
          // A lever that is pushed against a jam sticks half-way.
          setJam(bike, false)
          bike.lock.pushLever()
        })
        break
      case 'theft':
        suffer(bike, carryOff(surroundings, bike))
        break
    }
    counts[kind]++
  }

  return {
    happen: ({ kind, bikes = 1, number }) => {
      const fleet = surroundings.fleet()
      if (fleet === null) return []
      const named = number === undefined ? null : fleet.byNumber(number)
      const struck =
        number === undefined
          ? drawn(
              random,
              fleet.bikes.filter((bike) => isTarget(bike, clock.nowMs())),
              bikes,
            )
          : [named].filter((bike): bike is Bike => bike !== null)
      for (const bike of struck) strike(bike, kind)
      return struck.map((bike) => bike.number)
    },
    heal: () => {
      for (const [bike, undo] of cures) {
        for (const cure of undo.reverse()) cure()
        bike.isKeptBroken = false
      }
      const healed = cures.size
      cures.clear()
      return healed
    },
    happened: () => ({ ...counts }),
    suffering: () => cures.size,
  }
}

const isTarget = (bike: Bike, nowMs: number): boolean =>
  isFree(bike, nowMs) && bike.lock.isConnected() && bike.lock.boltPosition() === 'closed' && !bike.isJammed

function drawn(random: Random, from: readonly Bike[], count: number): readonly Bike[] {
  const left = [...from]
  const some: Bike[] = []
  while (some.length < count && left.length > 0) some.push(...left.splice(random.integer(0, left.length - 1), 1))
  return some
}

function setCharge(bike: Bike, percent: number): void {
  bike.batteryPercent = percent
  bike.lock.setBattery(percent)
}

/** Along the streets at a car's pace, the lock closed all the time. Returns how to stop the thief. */
function carryOff(surroundings: FaultSurroundings, bike: Bike): () => void {
  const { map, random, clock } = surroundings
  for (let draws = 0; draws < wayDraws; draws++) {
    const way = map.way(placeOf(bike), random.integer(0, map.streets.nodes.length - 1))
    if (way === null || way.lengthM < carriedM.least) continue
    bike.handsOffTillMs = Math.max(bike.handsOffTillMs, clock.nowMs() + (carriedM.most / carMps) * 1_000)
    return rideAlong(surroundings, {
      bike,
      way,
      fromM: 0,
      toM: Math.min(way.lengthM, carriedM.most),
      speedMps: carMps,
      isCarried: true,
      onArrived: () => undefined,
    })
  }
  return () => undefined
}
