import { unchanged } from '../../../contracts/step.ts'
import type { Journey } from './journey.ts'
import type { RiderEvent, RiderPhase, RiderState } from './rider-state.ts'
import { askTrip, leave, type RiderStep, to } from './rider-steps.ts'

/** Questions about one hold; the first ones follow each other fast. */
const mostHoldQuestions = 20
/** Questions about one unlock: longer than any unlock may live. */
export const mostOpenQuestions = 30
const mostLogIns = 2

export type PhaseBefore = Extract<
  RiderPhase,
  | 'looking'
  | 'walking'
  | 'reading_code'
  | 'logging_in'
  | 'promising'
  | 'at_payer_page'
  | 'waiting_for_hold'
  | 'asking_to_unlock'
  | 'waiting_for_open'
>

/** From the first look at the map to the open lock. */
export function beforeTheRide(phase: PhaseBefore, state: RiderState, journey: Journey, event: RiderEvent): RiderStep {
  switch (phase) {
    case 'looking':
    case 'walking':
    case 'reading_code':
      return towardsBike(phase, state, event)
    case 'logging_in':
      if (event.kind !== 'logged_in') return otherwise(state, event)
      return state.promiseId === null ? to(state, 'promising', { kind: 'promise' }) : unlock(state, state.promiseId)
    case 'promising':
      if (event.kind === 'refused' && event.code === 'session_ended') return logInAgain(state)
      return event.kind === 'promise_seen' ? onHold(state, journey, event) : otherwise(state, event)
    case 'at_payer_page':
      if (event.kind !== 'payer_answered' || state.promiseId === null) return otherwise(state, event)
      return to(state, 'waiting_for_hold', { kind: 'ask_promise', promiseId: state.promiseId, asked: 0 })
    case 'waiting_for_hold':
      return event.kind === 'promise_seen' ? onHold(state, journey, event) : otherwise(state, event)
    case 'asking_to_unlock':
      return afterAsking(state, event)
    case 'waiting_for_open':
      return event.kind === 'trip_seen' ? onTrip(state, journey, event) : otherwise(state, event)
  }
}

/** Before the ride a no is a no: the rider takes the bus. */
function otherwise(state: RiderState, event: RiderEvent): RiderStep {
  if (event.kind === 'refused') return leave(state, 'not_served')
  return event.kind === 'no_answer' ? leave(state, 'no_answer') : unchanged(state)
}

function towardsBike(phase: 'looking' | 'walking' | 'reading_code', state: RiderState, event: RiderEvent): RiderStep {
  if (phase === 'looking') {
    if (event.kind === 'bike_seen') return to(state, 'walking', { kind: 'walk' })
    return event.kind === 'no_bike' ? leave(state, 'no_bike') : otherwise(state, event)
  }
  if (phase === 'walking') {
    if (event.kind === 'reached') return to(state, 'reading_code', { kind: 'read_code' })
    return event.kind === 'no_bike' ? nextBike(state) : otherwise(state, event)
  }
  if (event.kind === 'bike_fine') return to(state, 'logging_in', { kind: 'log_in' })
  return event.kind === 'refused' ? nextBike(state) : otherwise(state, event)
}

function onHold(
  state: RiderState,
  journey: Journey,
  { promiseId, hold }: Extract<RiderEvent, { kind: 'promise_seen' }>,
): RiderStep {
  const known = { ...state, promiseId }
  if (hold === 'held') return unlock(known, promiseId)
  if (hold === 'gone') return leave({ ...state, promiseId: null }, 'no_payment')
  if (hold === 'asks_payer' && state.phase === 'promising') {
    // Who ignores the question goes away, and the promise runs out by itself.
    if (journey.payer === 'ignore') return leave({ ...state, promiseId: null }, 'no_payment')
    return to(known, 'at_payer_page', { kind: 'answer_payer', action: journey.payer })
  }
  const asked = state.phase === 'waiting_for_hold' ? state.asked + 1 : 0
  if (asked >= mostHoldQuestions) return leave(known, 'no_payment')
  return to({ ...known, asked }, 'waiting_for_hold', { kind: 'ask_promise', promiseId, asked })
}

const unlock = (state: RiderState, promiseId: string): RiderStep =>
  to(state, 'asking_to_unlock', { kind: 'unlock', promiseId })

function afterAsking(state: RiderState, event: RiderEvent): RiderStep {
  if (event.kind === 'trip_seen') {
    // The promise belongs to the trip from here on.
    const begun = { ...state, tripId: event.tripId, promiseId: null, asked: 0 }
    return askTrip(begun, 'waiting_for_open', event.tripId)
  }
  if (event.kind === 'refused') {
    if (event.code.startsWith('bike_')) return nextBike(state)
    if (event.code === 'session_ended') return logInAgain(state)
  }
  return otherwise(state, event)
}

function onTrip(
  state: RiderState,
  journey: Journey,
  { tripId, state: trip, riderFree }: Extract<RiderEvent, { kind: 'trip_seen' }>,
): RiderStep {
  if (trip === 'riding') return to(state, 'riding', { kind: 'ride' })
  if (trip === 'failed' || trip === 'cancelled' || riderFree) {
    const free = { ...state, tripId: null }
    if (riderFree || !journey.triesSameBikeAgain || state.hasRetriedBike) return nextBike(free)
    return to({ ...free, hasRetriedBike: true }, 'reading_code', { kind: 'read_code' })
  }
  if (trip === 'promised' || trip === 'unlocking') {
    const asked = state.asked + 1
    return asked >= mostOpenQuestions
      ? leave(state, 'no_unlock')
      : askTrip({ ...state, asked }, 'waiting_for_open', tripId)
  }
  return leave(state, trip === 'charged' ? 'charged' : 'no_unlock')
}

function nextBike(state: RiderState): RiderStep {
  const triesLeft = state.triesLeft - 1
  if (triesLeft <= 0) return leave(state, 'no_unlock')
  return to({ ...state, triesLeft, asked: 0, hasRetriedBike: false }, 'looking', { kind: 'look' })
}

function logInAgain(state: RiderState): RiderStep {
  const logIns = state.logIns + 1
  return logIns >= mostLogIns ? leave(state, 'not_served') : to({ ...state, logIns }, 'logging_in', { kind: 'log_in' })
}
