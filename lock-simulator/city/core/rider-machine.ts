import { type Step, unchanged } from '../../../contracts/step.ts'
import type { Journey } from './journey.ts'
import { idleRider, type Outcome, type RiderEffect, type RiderEvent, type RiderState } from './rider-state.ts'

/** Questions about one hold; the first ones follow each other fast. */
export const mostHoldQuestions = 20
/** Questions about one unlock: longer than any unlock may live. */
export const mostOpenQuestions = 30
export const mostChargeQuestions = 12
const mostLogIns = 2

type RiderStep = Step<RiderState, RiderEffect>

/**
 * One step of a rider from setting out to the charged ride. Total: what does not concern a phase leaves it as it is.
 * At most one effect at a time, and each but `leave` answers with an event.
 */
export function stepRider(state: RiderState, event: RiderEvent): RiderStep {
  if (state.journey === null) return fromIdle(state, event)
  return stepOnTheWay(state, state.journey, event)
}

/** Whether the rider has work with the server before the ride: what a slow server makes pile up. */
export const isAtPaperwork = ({ phase }: RiderState): boolean =>
  phase === 'reading_code' ||
  phase === 'logging_in' ||
  phase === 'promising' ||
  phase === 'at_payer_page' ||
  phase === 'waiting_for_hold' ||
  phase === 'asking_to_unlock' ||
  phase === 'waiting_for_open'

export const isOnBike = ({ phase }: RiderState): boolean =>
  phase === 'riding' ||
  phase === 'asking_to_pause' ||
  phase === 'closing_to_pause' ||
  phase === 'paused' ||
  phase === 'asking_to_resume' ||
  phase === 'waiting_to_resume' ||
  phase === 'closing' ||
  phase === 'ending_by_hand'

function fromIdle(state: RiderState, event: RiderEvent): RiderStep {
  if (event.kind === 'set_out') {
    const { journey } = event
    return to({ ...idleRider, journey, triesLeft: journey.bikeTries }, 'looking', { kind: 'look' })
  }
  if (event.kind === 'go_on') {
    return to({ ...idleRider, journey: { ...event.journey, pause: null } }, 'riding', { kind: 'ride' })
  }
  return unchanged(state)
}

function stepOnTheWay(state: RiderState, journey: Journey, event: RiderEvent): RiderStep {
  switch (state.phase) {
    case 'idle':
      return unchanged(state)
    case 'looking':
      if (event.kind === 'bike_seen') return to(state, 'walking', { kind: 'walk' })
      return event.kind === 'no_bike' ? leave(state, 'no_bike') : elsewhere(state, event)
    case 'walking':
      if (event.kind === 'reached') return to(state, 'reading_code', { kind: 'read_code' })
      return event.kind === 'no_bike' ? nextBike(state) : elsewhere(state, event)
    case 'reading_code':
      if (event.kind === 'bike_fine') return to(state, 'logging_in', { kind: 'log_in' })
      return event.kind === 'refused' ? nextBike(state) : elsewhere(state, event)
    case 'logging_in':
      if (event.kind !== 'logged_in') return elsewhere(state, event)
      return state.promiseId === null ? to(state, 'promising', { kind: 'promise' }) : unlock(state, state.promiseId)
    case 'promising':
      if (event.kind === 'refused' && event.code === 'session_ended') return logInAgain(state)
      return event.kind === 'promise_seen' ? onHold(state, journey, event) : elsewhere(state, event)
    case 'at_payer_page':
      if (event.kind !== 'payer_answered' || state.promiseId === null) return elsewhere(state, event)
      return to(state, 'waiting_for_hold', { kind: 'ask_promise', promiseId: state.promiseId, asked: 0 })
    case 'waiting_for_hold':
      return event.kind === 'promise_seen' ? onHold(state, journey, event) : elsewhere(state, event)
    case 'asking_to_unlock':
      return afterUnlockAsked(state, event)
    case 'waiting_for_open':
      return event.kind === 'trip_seen' ? onTrip(state, journey, event) : elsewhere(state, event)
    case 'riding':
      return fromRiding(state, journey, event)
    case 'asking_to_pause':
    case 'closing_to_pause':
    case 'paused':
    case 'asking_to_resume':
    case 'waiting_to_resume':
      return duringPause(state, journey, event)
    case 'closing':
    case 'asking_free_exit':
    case 'ending_by_hand':
    case 'waiting_for_charge':
      return atTheEnd(state, journey, event)
  }
}

/** Before the ride a no is a no: the rider takes the bus. */
function elsewhere(state: RiderState, event: RiderEvent): RiderStep {
  if (event.kind === 'refused') return leave(state, 'not_served')
  return event.kind === 'no_answer' ? leave(state, 'no_answer') : unchanged(state)
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

function afterUnlockAsked(state: RiderState, event: RiderEvent): RiderStep {
  if (event.kind === 'trip_seen') {
    // The promise belongs to the trip from here on.
    const begun = { ...state, tripId: event.tripId, promiseId: null, asked: 0 }
    return to(begun, 'waiting_for_open', { kind: 'ask_trip', tripId: event.tripId, asked: 0 })
  }
  if (event.kind === 'refused') {
    if (event.code.startsWith('bike_')) return nextBike(state)
    if (event.code === 'session_ended') return logInAgain(state)
  }
  return elsewhere(state, event)
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
    if (asked >= mostOpenQuestions) return leave(state, 'no_unlock')
    return to({ ...state, asked }, 'waiting_for_open', { kind: 'ask_trip', tripId, asked })
  }
  return leave(state, trip === 'charged' ? 'charged' : 'no_unlock')
}

function fromRiding(state: RiderState, journey: Journey, event: RiderEvent): RiderStep {
  if (event.kind === 'pause_point' && journey.pause !== null && !state.hasPaused && state.tripId !== null) {
    return to({ ...state, hasPaused: true }, 'asking_to_pause', { kind: 'pause', tripId: state.tripId })
  }
  // A push on the lever by somebody else ends the ride where it is.
  if (event.kind === 'bolt_closed') return afterClosing(state, journey)
  return event.kind === 'destination' ? to(state, 'closing', { kind: 'push_lever' }) : unchanged(state)
}

function duringPause(state: RiderState, journey: Journey, event: RiderEvent): RiderStep {
  const { tripId } = state
  if (tripId === null) return unchanged(state)
  const refused = event.kind === 'refused' || event.kind === 'no_answer'
  if (state.phase === 'asking_to_pause') {
    if (event.kind === 'granted') return to(state, 'closing_to_pause', { kind: 'push_lever' })
    return refused ? to(state, 'riding', { kind: 'ride' }) : unchanged(state)
  }
  if (state.phase === 'closing_to_pause') {
    if (event.kind === 'bolt_stuck') return to(state, 'ending_by_hand', { kind: 'end_by_hand', tripId })
    if (event.kind !== 'bolt_closed') return unchanged(state)
    return to(state, 'paused', { kind: 'rest', lastsMs: journey.pause?.lastsMs ?? 0 })
  }
  if (state.phase === 'paused') {
    return event.kind === 'rested' ? to(state, 'asking_to_resume', { kind: 'resume', tripId }) : unchanged(state)
  }
  if (state.phase === 'asking_to_resume') {
    if (event.kind === 'granted') return askTrip({ ...state, asked: 0 }, 'waiting_to_resume', tripId)
    return refused ? to(state, 'ending_by_hand', { kind: 'end_by_hand', tripId }) : unchanged(state)
  }
  if (event.kind === 'trip_seen') {
    if (event.state === 'riding') return to(state, 'riding', { kind: 'ride' })
    if (event.state !== 'paused') return askTrip({ ...state, asked: 0 }, 'waiting_for_charge', tripId)
    const asked = state.asked + 1
    if (asked >= mostOpenQuestions) return to(state, 'ending_by_hand', { kind: 'end_by_hand', tripId })
    return askTrip({ ...state, asked }, 'waiting_to_resume', tripId)
  }
  return refused ? to(state, 'ending_by_hand', { kind: 'end_by_hand', tripId }) : unchanged(state)
}

function atTheEnd(state: RiderState, journey: Journey, event: RiderEvent): RiderStep {
  const { tripId } = state
  const refused = event.kind === 'refused' || event.kind === 'no_answer'
  if (state.phase === 'closing') {
    if (event.kind === 'bolt_closed') return afterClosing(state, journey)
    if (event.kind !== 'bolt_stuck') return unchanged(state)
    return tripId === null ? leave(state, 'lock_stuck') : to(state, 'ending_by_hand', { kind: 'end_by_hand', tripId })
  }
  if (state.phase === 'ending_by_hand')
    return event.kind === 'granted' || refused ? leave(state, 'lock_stuck') : unchanged(state)
  if (tripId === null) return unchanged(state)
  if (state.phase === 'asking_free_exit') {
    return event.kind === 'granted' || refused
      ? askTrip({ ...state, asked: 0 }, 'waiting_for_charge', tripId)
      : unchanged(state)
  }
  if (refused) return leave(state, 'not_charged_yet')
  if (event.kind !== 'trip_seen') return unchanged(state)
  if (event.state === 'charged' || event.state === 'failed') return leave(state, 'charged')
  const asked = state.asked + 1
  if (asked >= mostChargeQuestions) return leave(state, 'not_charged_yet')
  return askTrip({ ...state, asked }, 'waiting_for_charge', tripId)
}

function afterClosing(state: RiderState, journey: Journey): RiderStep {
  const { tripId } = state
  if (tripId === null) return leave(state, 'not_charged_yet')
  if (journey.freeExit !== null) {
    return to(state, 'asking_free_exit', { kind: 'free_exit', tripId, reason: journey.freeExit })
  }
  return askTrip({ ...state, asked: 0 }, 'waiting_for_charge', tripId)
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

const askTrip = (state: RiderState, phase: RiderState['phase'], tripId: string): RiderStep =>
  to(state, phase, { kind: 'ask_trip', tripId, asked: state.asked })

const leave = ({ promiseId }: RiderState, outcome: Outcome): RiderStep => ({
  state: idleRider,
  effects: [{ kind: 'leave', outcome, unusedPromiseId: promiseId }],
})

const to = (state: RiderState, phase: RiderState['phase'], effect: RiderEffect): RiderStep => ({
  state: { ...state, phase },
  effects: [effect],
})
