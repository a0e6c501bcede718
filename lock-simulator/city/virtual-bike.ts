import type { VirtualAct, VirtualBike } from '../../contracts/http/demo.ts'
import { asId, type BikeCode, type BikeNumber } from '../../contracts/ids.ts'
import type { Random } from '../../contracts/random.ts'
import type { Position } from '../../contracts/units.ts'
import type { Schedule } from '../body/schedule.ts'
import { type Bike, placeOf, setAntenna, setJam } from './bike.ts'
import { rideAlong } from './ride-along.ts'
import type { StreetMap } from './street-map.ts'

export interface VirtualSurroundings {
  readonly map: StreetMap
  readonly schedule: Schedule
  readonly clock: { nowMs(): number; speed(): number }
  readonly random: Random
}

/** Simulated riders leave a bike alone so long that a person touched or looked at. */
const handsOffCityMs = 600_000
/** People do not get faster with the city's clock: finding a phone and paying takes them so long. */
const handsOffRealMs = 120_000
const rideMps = 4.5
const nodeDraws = 20
const shortestWayM = 600

/** Keeps simulated riders away from the bike for a while. */
export function holdFor(bike: Bike, clock: { nowMs(): number; speed(): number }): void {
  bike.handsOffTillMs = clock.nowMs() + Math.max(handsOffCityMs, handsOffRealMs * clock.speed())
}

/** The bike as the panel shows it. Looking at it begins its log. */
export function viewOf(bike: Bike): VirtualBike {
  bike.messages ??= []
  const { lon, lat, speedMps } = bike.lock.whereabouts()
  const bolt = bike.lock.boltPosition()
  return {
    code: asId<BikeCode>(bike.code),
    number: asId<BikeNumber>(bike.number),
    lon,
    lat,
    bolt: bike.lock.boltState(),
    lever: bolt === 'closed' ? 'down' : 'up',
    antenna: bike.hasAntenna,
    jammed: bike.isJammed,
    riding: bike.stopVirtualRide !== null || speedMps > 0,
    batteryPercent: bike.batteryPercent,
    log: bike.messages.map(({ atMs, line }) => ({ atMs: atMs as VirtualBike['log'][number]['atMs'], line })),
  }
}

/** What a person does to a bike with the own hands. */
export function actOn(bike: Bike, act: VirtualAct, surroundings: VirtualSurroundings): void {
  holdFor(bike, surroundings.clock)
  switch (act.act) {
    case 'push_lever':
      stopRide(bike)
      bike.lock.pushLever()
      break
    case 'antenna':
      setAntenna(bike, act.on)
      break
    case 'jam':
      setJam(bike, act.on)
      break
    case 'ride':
      if (act.on) startRide(bike, surroundings)
      else stopRide(bike)
      break
    case 'reboot':
      bike.lock.reboot('watchdog')
      break
    case 'take_to':
      takeTo(bike, act)
      break
  }
}

function stopRide(bike: Bike): void {
  bike.stopVirtualRide?.()
  bike.stopVirtualRide = null
}

/** A locked bike is ridden nowhere. */
function takeTo(bike: Bike, { lon, lat }: Position): void {
  if (bike.lock.boltPosition() !== 'open') return
  stopRide(bike)
  bike.lock.setPosition({ lon, lat, headingDeg: bike.lock.whereabouts().headingDeg, speedMps: 0 })
}

/** Along the streets from one place to the next, for as long as the lock is open and the person rides. */
function startRide(bike: Bike, surroundings: VirtualSurroundings): void {
  if (bike.stopVirtualRide !== null || bike.lock.boltPosition() !== 'open' || bike.claimedBy !== null) return
  const { map, random, clock } = surroundings
  for (let draws = 0; draws < nodeDraws; draws++) {
    const way = map.way(placeOf(bike), random.integer(0, map.streets.nodes.length - 1))
    if (way === null || way.lengthM < shortestWayM) continue
    bike.stopVirtualRide = rideAlong(surroundings, {
      bike,
      way,
      fromM: 0,
      toM: way.lengthM,
      speedMps: rideMps,
      onMoved: () => {
        holdFor(bike, clock)
        if (bike.lock.boltPosition() !== 'open') stopRide(bike)
      },
      onArrived: () => {
        bike.stopVirtualRide = null
        startRide(bike, surroundings)
      },
    })
    return
  }
}
