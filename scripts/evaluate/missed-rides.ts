import { seededRandom } from '../../contracts/random.ts'
import type { DocklessTrip } from './read-trips.ts'
import { type Plane, replay, type Standing, walkM } from './replay.ts'

/** A ride that found no bike on a day that could be; places in metres. */
export interface MissedRide {
  readonly sample: number
  readonly x: number
  readonly y: number
  readonly endX: number
  readonly endY: number
  readonly startS: number
  readonly endS: number
  /** A bike that was put here in time serves it, and perhaps the next one where this ride ends. */
  next: MissedRide | null
  /** Rides won by such a bike, this one and those after it. */
  value: number
  isOpen: boolean
}

export interface LikelyDays {
  readonly missed: readonly MissedRide[]
  readonly samples: number
  /** Share of the days on which somebody rides the bike, by its index. */
  readonly ridden: Float64Array
}

/** Enough that what is missed on nearly every day stands out; each is one replay. */
const samples = 60
/** Fewer trips than a whole day’s: what is missed even then is missed on most days. 0.4 to 1 were much alike. */
const dayShare = 0.6
/** People are not on the minute: standard deviation of a trip's start. */
const jitterS = 900
/** How much of the rides after the first is counted: 0.7 was no better, none much worse. */
const onwardShare = 1

/**
 * Days that tomorrow could be: each trip of the past days with a chance, at about its hour,
 * replayed from where the bikes stand tonight (sample average approximation; Kleywegt, Shapiro, Homem-de-Mello 2002).
 *
 * @param past trips of earlier days with their times in seconds after local midnight
 */
export function likelyDays(
  standing: Standing,
  past: readonly (readonly DocklessTrip[])[],
  plane: Plane,
  seed: number,
): LikelyDays {
  const random = seededRandom(seed, 'likely days')
  const chance = dayShare / past.length
  const ridden = new Float64Array(standing.x.length)
  const missed: MissedRide[] = []
  for (let sample = 0; sample < samples; sample++) {
    const day: DocklessTrip[] = []
    for (const trip of past.flat()) {
      if (!random.chance(chance)) continue
      const shiftS = random.normal(0, jitterS)
      day.push({ ...trip, startS: trip.startS + shiftS, endS: trip.endS + shiftS })
    }
    day.sort((a, b) => a.startS - b.startS)
    const outcome = replay(standing, day, plane)
    for (let bike = 0; bike < ridden.length; bike++) {
      ridden[bike] = (ridden[bike] as number) + (outcome.ridden[bike] as number) / samples
    }
    const ofDay = outcome.lost.map((index) => missedRide(day[index] as DocklessTrip, sample, plane))
    chain(ofDay)
    missed.push(...ofDay)
  }
  return { missed, samples, ridden }
}

const missedRide = (trip: DocklessTrip, sample: number, plane: Plane): MissedRide => ({
  sample,
  x: plane.x(trip.startLon),
  y: plane.y(trip.startLat),
  endX: plane.x(trip.endLon),
  endY: plane.y(trip.endLat),
  startS: trip.startS,
  endS: trip.endS,
  next: null,
  value: 1,
  isOpen: true,
})

/** Links each missed ride of one day to the first that its bike could serve after it. From the last to the first. */
export function chain(ofDay: readonly MissedRide[]): void {
  const near = nearby(ofDay, walkM)
  for (let i = ofDay.length - 1; i >= 0; i--) {
    const ride = ofDay[i] as MissedRide
    if (!ride.isOpen) continue
    ride.next = null
    for (const other of near(ride.endX, ride.endY)) {
      if (other.isOpen && other.startS >= ride.endS && (ride.next === null || other.startS < ride.next.startS)) {
        ride.next = other
      }
    }
    ride.value = 1 + (ride.next === null ? 0 : onwardShare * ride.next.value)
  }
}

/** Looks things up by place; those within `radiusM` of it. */
export function nearby<T extends { readonly x: number; readonly y: number }>(
  things: readonly T[],
  radiusM: number,
): (x: number, y: number) => T[] {
  const cells = new Map<number, T[]>()
  const keyOf = (column: number, row: number): number => column * 1_000_003 + row
  for (const thing of things) {
    const key = keyOf(Math.floor(thing.x / radiusM), Math.floor(thing.y / radiusM))
    const cell = cells.get(key)
    if (cell) cell.push(thing)
    else cells.set(key, [thing])
  }
  return (x, y) => {
    const found: T[] = []
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const thing of cells.get(keyOf(Math.floor(x / radiusM) + dx, Math.floor(y / radiusM) + dy)) ?? []) {
          if (Math.hypot(thing.x - x, thing.y - y) <= radiusM) found.push(thing)
        }
      }
    }
    return found
  }
}
