import type { Whereabouts } from '../body/gnss.ts'
import type { Schedule } from '../body/schedule.ts'
import { type Bike, placeOf } from './bike.ts'
import type { StreetMap, Way } from './street-map.ts'

export interface RideOrder {
  readonly bike: Bike
  readonly way: Way
  readonly fromM: number
  readonly toM: number
  readonly speedMps: number
  /** Its lock is closed: its accelerometer feels every step. */
  readonly isCarried?: boolean
  /** How far along the way the bike is. */
  readonly onMoved?: (metres: number) => void
  readonly onArrived: () => void
}

/** The receiver solves every 5 s: nobody could see more. In a fast city one step a second of real time is enough. */
const stepCityMs = 5_000
const stepRealMs = 1_000

/** Moves a bike along a way in city time; returns how to get off before the end. */
export function rideAlong(
  { map, schedule, clock }: { map: StreetMap; schedule: Schedule; clock: { nowMs(): number; speed(): number } },
  { bike, way, fromM, toM, speedMps, isCarried = false, onMoved, onArrived }: RideOrder,
): () => void {
  let metres = fromM
  let atMs = clock.nowMs()
  let cancel: () => void = () => undefined
  const move = (to: Whereabouts) => (isCarried ? bike.lock.carry(to) : bike.lock.setPosition(to))

  function step(): void {
    const nowMs = clock.nowMs()
    metres = Math.min(toM, metres + ((nowMs - atMs) / 1_000) * speedMps)
    atMs = nowMs
    const arrived = metres >= toM
    move(map.along(way, metres, arrived ? 0 : speedMps))
    onMoved?.(metres)
    if (arrived) onArrived()
    else next()
  }
  function next(): void {
    const stepMs = Math.max(stepCityMs, stepRealMs * clock.speed())
    const restMs = ((toM - metres) / speedMps) * 1_000
    cancel = schedule(atMs + Math.min(stepMs, Math.max(1, restMs)), step)
  }
  // Onto the street first: the bike stood beside it.
  move(map.along(way, metres, speedMps))
  next()
  return () => {
    cancel()
    const here = placeOf(bike)
    move({ ...here, headingDeg: bike.lock.whereabouts().headingDeg, speedMps: 0 })
  }
}
