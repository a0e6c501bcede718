import type { Random } from '../../contracts/random.ts'
import type { Position } from '../../contracts/units.ts'
import type { Bike } from './bike.ts'
import type { Person } from './core/population.ts'
import { idleRider, type RiderState } from './core/rider-state.ts'
import type { Way } from './street-map.ts'

/** One person with a phone: what the machine does not need to know to decide. */
export interface Rider {
  readonly person: Person
  readonly address: string
  readonly random: Random
  state: RiderState
  /** Counts the machine's steps: an answer to an older step is void. */
  turn: number
  place: Position
  atNode: number
  token: string | null
  keys: number
  payUrl: string | null
  bike: Bike | null
  /** Bikes that were no good on this journey. */
  readonly avoids: Set<string>
  ride: { readonly way: Way; readonly toM: number; readonly isHotspot: boolean; metres: number } | null
  /** Calls off what is planned for a later moment of this step. */
  callOff: (() => void) | null
  /** City time before which this person does not set out again. */
  restsTillMs: number
  sleptTillDay: number
}

export function makeRider(person: Person, seed: Random, home: Position): Rider {
  return {
    person,
    // RFC 2606 reserves `.invalid`: no message to it can ever reach a person.
    address: `rider-${person.index + 1}@city.invalid`,
    random: seed.split(`rider ${person.index}`),
    state: idleRider,
    turn: 0,
    place: home,
    atNode: person.home,
    token: null,
    keys: 0,
    payUrl: null,
    bike: null,
    avoids: new Set(),
    ride: null,
    callOff: null,
    restsTillMs: 0,
    sleptTillDay: 0,
  }
}
