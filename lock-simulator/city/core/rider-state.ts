import type { FreeExitReason, TripState } from '../../../contracts/http/trips.ts'
import type { Journey } from './journey.ts'

export type RiderPhase =
  | 'idle'
  | 'looking'
  | 'walking'
  | 'reading_code'
  | 'logging_in'
  | 'promising'
  | 'at_payer_page'
  | 'waiting_for_hold'
  | 'asking_to_unlock'
  | 'waiting_for_open'
  | 'riding'
  | 'asking_to_pause'
  | 'closing_to_pause'
  | 'paused'
  | 'asking_to_resume'
  | 'waiting_to_resume'
  | 'closing'
  | 'asking_free_exit'
  | 'ending_by_hand'
  | 'waiting_for_charge'

export const riderPhases: readonly RiderPhase[] = [
  'idle',
  'looking',
  'walking',
  'reading_code',
  'logging_in',
  'promising',
  'at_payer_page',
  'waiting_for_hold',
  'asking_to_unlock',
  'waiting_for_open',
  'riding',
  'asking_to_pause',
  'closing_to_pause',
  'paused',
  'asking_to_resume',
  'waiting_to_resume',
  'closing',
  'asking_free_exit',
  'ending_by_hand',
  'waiting_for_charge',
]

export interface RiderState {
  readonly phase: RiderPhase
  /** null only when idle. */
  readonly journey: Journey | null
  readonly triesLeft: number
  /** Log-ins on this journey that turned out to be worth nothing. */
  readonly logIns: number
  /** How often the present question was asked. */
  readonly asked: number
  readonly promiseId: string | null
  readonly tripId: string | null
  readonly hasPaused: boolean
  readonly hasRetriedBike: boolean
}

export type HoldState = 'asks_payer' | 'pending' | 'held' | 'gone'

/** How a journey ended. */
export type Outcome =
  | 'charged'
  | 'not_charged_yet'
  | 'no_bike'
  | 'no_payment'
  | 'no_unlock'
  | 'not_served'
  | 'no_answer'
  | 'lock_stuck'

export type RiderEvent =
  | { readonly kind: 'set_out'; readonly journey: Journey }
  /** A ride that was under way when the city stopped. */
  | { readonly kind: 'go_on'; readonly journey: Journey }
  | { readonly kind: 'bike_seen' }
  | { readonly kind: 'no_bike' }
  | { readonly kind: 'reached' }
  | { readonly kind: 'bike_fine' }
  | { readonly kind: 'logged_in' }
  | { readonly kind: 'promise_seen'; readonly promiseId: string; readonly hold: HoldState }
  | { readonly kind: 'payer_answered' }
  | { readonly kind: 'trip_seen'; readonly tripId: string; readonly state: TripState; readonly riderFree: boolean }
  /** The server granted what was asked. */
  | { readonly kind: 'granted' }
  | { readonly kind: 'refused'; readonly code: string }
  /** The server could not be reached, for all the patience that the question deserved. */
  | { readonly kind: 'no_answer' }
  | { readonly kind: 'pause_point' }
  | { readonly kind: 'destination' }
  | { readonly kind: 'rested' }
  | { readonly kind: 'bolt_closed' }
  | { readonly kind: 'bolt_stuck' }

export type RiderEffect =
  | { readonly kind: 'look' }
  | { readonly kind: 'walk' }
  | { readonly kind: 'read_code' }
  | { readonly kind: 'log_in' }
  | { readonly kind: 'promise' }
  | { readonly kind: 'answer_payer'; readonly action: 'approve' | 'decline' }
  | { readonly kind: 'ask_promise'; readonly promiseId: string; readonly asked: number }
  | { readonly kind: 'unlock'; readonly promiseId: string }
  | { readonly kind: 'ask_trip'; readonly tripId: string; readonly asked: number }
  | { readonly kind: 'ride' }
  | { readonly kind: 'pause'; readonly tripId: string }
  | { readonly kind: 'rest'; readonly lastsMs: number }
  | { readonly kind: 'resume'; readonly tripId: string }
  | { readonly kind: 'push_lever' }
  | { readonly kind: 'free_exit'; readonly tripId: string; readonly reason: FreeExitReason }
  | { readonly kind: 'end_by_hand'; readonly tripId: string }
  /** Lets go of the bike; a promise that was not used is taken back. */
  | { readonly kind: 'leave'; readonly outcome: Outcome; readonly unusedPromiseId: string | null }

export const idleRider: RiderState = {
  phase: 'idle',
  journey: null,
  triesLeft: 0,
  logIns: 0,
  asked: 0,
  promiseId: null,
  tripId: null,
  hasPaused: false,
  hasRetriedBike: false,
}
