import { type Random, seededRandom } from '../../contracts/random.ts'
import type { Position } from '../../contracts/units.ts'
import { type Bike, placeOf } from './bike.ts'
import { type CrewState, crewAtHome } from './core/crew-state.ts'
import { stepAside } from './core/parking.ts'
import type { Fleet } from './fleet.ts'
import type { SavedCrew } from './saved-city.ts'

/** A van with two people and a phone: what the machine does not need to know to decide. */
export interface Crew {
  readonly index: number
  readonly name: string
  readonly random: Random
  state: CrewState
  /** Counts the effects that ask for an answer: an answer to an older one is void. */
  turn: number
  /** Calls off what is planned for a later moment of this turn. */
  callOff: (() => void) | null
  place: Position
  /** Has been at a depot once: `place` is where the van truly is. */
  isSomewhere: boolean
  token: string | null
  /** What is physically in the van, by number. */
  readonly bikes: Map<string, Bike>
  drivenM: number
}

/** So far around a place bikes are put down, east and north, metres: a rack, a kerb, a corner. */
const spreadM = 17
const metresPerDegree = 111_195

export function makeCrew(
  index: number,
  { seed, run }: { readonly seed: string; readonly run: number },
  depot: Position,
  saved: SavedCrew | null,
): Crew {
  return {
    index,
    name: `Night crew ${index + 1}`,
    random: seededRandom(seed, `crew ${index} of run ${run}`),
    state: { ...crewAtHome, van: (saved?.carries ?? []).map((number) => ({ number, isBroken: false })) },
    turn: 0,
    callOff: null,
    isSomewhere: saved?.isSomewhere ?? false,
    place: saved ? { lon: saved.lon, lat: saved.lat } : depot,
    token: null,
    bikes: new Map(),
    drivenM: 0,
  }
}

/** The bike is in the van from now on. Tells where it stood; null when there is no such bike here. */
export function lift(crew: Crew, fleet: Fleet, number: string): Position | null {
  const bike = fleet.byNumber(number)
  if (bike === null) return null
  const { lon, lat } = placeOf(bike)
  bike.heldByCrew = crew.index
  crew.bikes.set(number, bike)
  standAt(bike, crew.place, 0)
  return { lon, lat }
}

/** Out of the van, a few steps from `at`. Tells where the bike stands now; null when it was not in the van. */
export function setDown(crew: Crew, number: string, at: Position): Position | null {
  const bike = crew.bikes.get(number)
  if (bike === undefined) return null
  crew.bikes.delete(number)
  bike.heldByCrew = null
  const place = stepAside(spread(at, bike.random), true, bike.random)
  standAt(bike, place, 0)
  return place
}

/** The van is here now, and all that is in it. */
export function moveVan(crew: Crew, place: Position, speedMps: number): void {
  crew.place = { lon: place.lon, lat: place.lat }
  crew.isSomewhere = true
  for (const bike of crew.bikes.values()) standAt(bike, place, speedMps)
}

function standAt(bike: Bike, { lon, lat }: Position, speedMps: number): void {
  bike.lock.setPosition({ lon, lat, headingDeg: bike.lock.whereabouts().headingDeg, speedMps })
}

function spread({ lon, lat }: Position, random: Random): Position {
  const eastM = (random.next() * 2 - 1) * (spreadM / 2)
  const northM = (random.next() * 2 - 1) * (spreadM / 2)
  return {
    lon: lon + eastM / (metresPerDegree * Math.cos((lat * Math.PI) / 180)),
    lat: lat + northM / metresPerDegree,
  }
}
