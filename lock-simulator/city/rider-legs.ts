import { distanceM } from '../../contracts/units.ts'
import type { Schedule } from '../body/schedule.ts'
import { type Bike, chanceOf, placeOf } from './bike.ts'
import type { Journey } from './core/journey.ts'
import { parkingNode, stepAside, stopShortM } from './core/parking.ts'
import type { RiderEvent } from './core/rider-state.ts'
import { pushUntilClosed } from './lever.ts'
import { rideAlong } from './ride-along.ts'
import type { Rider } from './rider.ts'
import type { StreetMap } from './street-map.ts'
import { enterDeadSpot } from './street-mishaps.ts'

export interface LegsSurroundings {
  readonly map: StreetMap
  readonly schedule: Schedule
  readonly clock: { nowMs(): number; speed(): number; isServerHere(): boolean }
}

export type Tell = (event: RiderEvent) => void

const walkMps = 1.35
const streetsAreNotStraight = 1.25
const freeExitAfterM = 140
const deadSpotOnTheWayChance = 0.01

/** On foot from where the rider is to the bike that the rider saw on the map. */
export function walkToBike({ schedule, clock }: LegsSurroundings, rider: Rider, bike: Bike, tell: Tell): void {
  const walkedM = distanceM(rider.place, placeOf(bike)) * streetsAreNotStraight
  rider.callOff = schedule(clock.nowMs() + (walkedM / walkMps) * 1_000, () => {
    rider.place = placeOf(bike)
    if (!clock.isServerHere()) tell({ kind: 'no_answer' })
    // Somebody stands at it and plays with it.
    else if (bike.handsOffTillMs > clock.nowMs()) tell({ kind: 'no_bike' })
    else tell({ kind: 'reached' })
  })
}

/** Rides on from where the ride stands, to the place of the pause or to the end. */
export function rideOn(surroundings: LegsSurroundings, rider: Rider, bike: Bike, journey: Journey, tell: Tell): void {
  const { schedule, clock } = surroundings
  rider.ride ??= planRide(surroundings.map, rider, bike, journey)
  const plan = rider.ride
  if (plan === null) {
    tell({ kind: 'destination' })
    return
  }
  const pauses = journey.pause !== null && !rider.state.hasPaused
  const toM = pauses && journey.pause !== null ? plan.toM * journey.pause.afterShare : plan.toM
  const street = { schedule, nowMs: clock.nowMs }
  if (bike.random.chance(deadSpotOnTheWayChance * Math.min(1, bike.mood.factors().deadSpots)))
    enterDeadSpot(street, bike)
  rider.callOff = rideAlong(surroundings, {
    bike,
    way: plan.way,
    fromM: plan.metres,
    toM,
    speedMps: rider.person.pace,
    onMoved: (metres) => {
      plan.metres = metres
    },
    onArrived: () => {
      rider.callOff = null
      if (!pauses) {
        const { headingDeg } = bike.lock.whereabouts()
        bike.lock.setPosition({ ...stepAside(placeOf(bike), plan.isHotspot, bike.random), headingDeg, speedMps: 0 })
        if (bike.random.chance(chanceOf(bike, 'deadSpotChance'))) enterDeadSpot(street, bike)
      }
      tell({ kind: pauses ? 'pause_point' : 'destination' })
    },
  })
}

export function closeLock({ schedule, clock }: LegsSurroundings, rider: Rider, bike: Bike, tell: Tell): void {
  rider.callOff = pushUntilClosed({ schedule, nowMs: clock.nowMs }, bike, (isClosed) =>
    tell({ kind: isClosed ? 'bolt_closed' : 'bolt_stuck' }),
  )
}

function planRide(map: StreetMap, rider: Rider, bike: Bike, journey: Journey): Rider['ride'] {
  const wanted = map.positionOf(journey.toNode)
  const { node, isHotspot } = parkingNode(journey.toNode, wanted, journey.parksAtHotspot, map.places.hotspots)
  const way = map.way(placeOf(bike), node)
  if (way === null) return null
  const wholeM = Math.max(1, way.lengthM - stopShortM(isHotspot, rider.random))
  return { way, toM: journey.freeExit === null ? wholeM : Math.min(wholeM, freeExitAfterM), isHotspot, metres: 0 }
}
