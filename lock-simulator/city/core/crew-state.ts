import type { CrewAct, CrewRoute, RouteSummary } from '../../../contracts/http/crews.ts'
import type { Step } from '../../../contracts/step.ts'
import type { Position } from '../../../contracts/units.ts'

export type CrewPhase =
  | 'off_duty'
  | 'logging_in'
  | 'waiting_for_route'
  /** To the stop `stopId`; without one, to the depot. */
  | 'driving'
  | 'at_stop'
  /** At the depot: what is left in the van comes out, then the shift ends. */
  | 'handing_in'
  /** Home for this night. */
  | 'done'

export interface VanBike {
  readonly number: string
  readonly isBroken: boolean
}

export interface CrewState {
  readonly phase: CrewPhase
  /** As the server last told it; null without one. */
  readonly route: CrewRoute | null
  readonly stopId: string | null
  readonly van: readonly VanBike[]
  /** Numbers of bikes that this crew has dealt with, whatever an older list says. */
  readonly seen: readonly string[]
  /** Stops that this crew has left behind. */
  readonly left: readonly string[]
  /** Put down at this stop so far. */
  readonly put: { readonly usable: number; readonly broken: number }
  /** A bike at which somebody stood, to be looked at once more. */
  readonly lookAgain: { readonly number: string; readonly looks: number } | null
  /** The shift is all but over: home. */
  readonly isLate: boolean
  /** Somebody else says what becomes of this route: the van comes in. */
  readonly isLost: boolean
}

export const crewAtHome: CrewState = {
  phase: 'off_duty',
  route: null,
  stopId: null,
  van: [],
  seen: [],
  left: [],
  put: { usable: 0, broken: 0 },
  lookAgain: null,
  isLate: false,
  isLost: false,
}

export type CrewEvent =
  | { readonly kind: 'duty_begins' }
  | { readonly kind: 'duty_ends' }
  | { readonly kind: 'logged_in' }
  | { readonly kind: 'no_answer' }
  | { readonly kind: 'refused' }
  /** What the app lists, and until when a route that may be taken must have begun, city time. */
  | { readonly kind: 'routes'; readonly routes: readonly RouteSummary[]; readonly beginsByMs: number }
  /** Claimed, or the own one read again. */
  | { readonly kind: 'route'; readonly route: CrewRoute }
  /** The own route with everything that was said so far, in the answer to acts. */
  | { readonly kind: 'revised'; readonly route: CrewRoute }
  /** The server does not know this route as this crew's any more. */
  | { readonly kind: 'route_lost' }
  | { readonly kind: 'time_is_up' }
  /** The server did not let this crew have a bike that it had put into the van. */
  | { readonly kind: 'bike_refused'; readonly number: string }
  | { readonly kind: 'arrived' }
  | { readonly kind: 'waited' }
  | { readonly kind: 'found'; readonly number: string; readonly is: 'there' | 'gone' | 'with_somebody' }

type WithoutFrame<A> = A extends CrewAct ? Omit<A, 'actId' | 'routeId' | 'atMs' | 'lon' | 'lat'> : never
/** An act without what the phone adds: its id, the moment and the place. */
export type CrewWord = WithoutFrame<CrewAct>

export type CrewEffect =
  | { readonly kind: 'log_in' }
  | { readonly kind: 'look' }
  | { readonly kind: 'read'; readonly routeId: string }
  | { readonly kind: 'claim'; readonly routeId: string }
  | { readonly kind: 'drive'; readonly to: Position }
  | { readonly kind: 'wait'; readonly lastsMs: number }
  | { readonly kind: 'find'; readonly number: string; readonly at: Position }
  /** From here on nothing answers. */
  | { readonly kind: 'pick_up'; readonly number: string }
  | { readonly kind: 'put_down'; readonly number: string; readonly at: Position }
  /** Out of the van where it stands: the bike is not this crew's. */
  | { readonly kind: 'set_aside'; readonly number: string }
  | { readonly kind: 'say'; readonly routeId: string; readonly word: CrewWord }

export type CrewStep = Step<CrewState, CrewEffect>
