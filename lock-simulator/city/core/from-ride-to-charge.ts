import { unchanged } from '../../../contracts/step.ts'
import { mostOpenQuestions } from './before-the-ride.ts'
import type { Journey } from './journey.ts'
import type { RiderEvent, RiderPhase, RiderState } from './rider-state.ts'
import { askTrip, isRebuff, leave, type RiderStep, to } from './rider-steps.ts'

const mostChargeQuestions = 12
const questionsPerResume = 8

export type PhaseOfRide = Extract<
  RiderPhase,
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
>

/** From the open lock to the charged ride. A ride that went on from an earlier run has no trip to ask about. */
export function fromRideToCharge(
  phase: PhaseOfRide,
  state: RiderState,
  journey: Journey,
  event: RiderEvent,
): RiderStep {
  const { tripId } = state
  if (phase === 'riding') return fromRiding(state, journey, event)
  if (phase === 'closing') {
    if (event.kind === 'bolt_closed') return afterClosing(state, journey)
    return event.kind === 'bolt_stuck' ? endByHand(state) : unchanged(state)
  }
  if (tripId === null) return unchanged(state)
  switch (phase) {
    case 'asking_to_pause':
    case 'closing_to_pause':
    case 'paused':
      return intoPause(phase, state, journey, event, tripId)
    case 'asking_to_resume':
    case 'waiting_to_resume':
      return outOfPause(phase, state, event, tripId)
    case 'asking_free_exit':
      if (event.kind !== 'granted' && !isRebuff(event)) return unchanged(state)
      return askTrip({ ...state, asked: 0 }, 'waiting_for_charge', tripId)
    case 'ending_by_hand':
      return event.kind === 'granted' || isRebuff(event) ? leave(state, 'lock_stuck') : unchanged(state)
    case 'waiting_for_charge':
      return waitingForCharge(state, event)
  }
}

function intoPause(
  phase: 'asking_to_pause' | 'closing_to_pause' | 'paused',
  state: RiderState,
  journey: Journey,
  event: RiderEvent,
  tripId: string,
): RiderStep {
  if (phase === 'asking_to_pause') {
    if (event.kind === 'granted') return to(state, 'closing_to_pause', { kind: 'push_lever' })
    return isRebuff(event) ? to(state, 'riding', { kind: 'ride' }) : unchanged(state)
  }
  if (phase === 'closing_to_pause') {
    if (event.kind === 'bolt_stuck') return endByHand(state)
    if (event.kind !== 'bolt_closed') return unchanged(state)
    return to(state, 'paused', { kind: 'rest', lastsMs: journey.pause?.lastsMs ?? 0 })
  }
  return event.kind === 'rested' ? askToResume({ ...state, asked: 0 }, tripId) : unchanged(state)
}

function outOfPause(
  phase: 'asking_to_resume' | 'waiting_to_resume',
  state: RiderState,
  event: RiderEvent,
  tripId: string,
): RiderStep {
  if (isRebuff(event)) return endByHand(state)
  if (phase === 'asking_to_resume') {
    return event.kind === 'granted' ? askTrip(state, 'waiting_to_resume', tripId) : unchanged(state)
  }
  return event.kind === 'trip_seen' ? onResumed(state, event) : unchanged(state)
}

function fromRiding(state: RiderState, journey: Journey, event: RiderEvent): RiderStep {
  if (event.kind === 'pause_point' && journey.pause !== null && !state.hasPaused && state.tripId !== null) {
    return to({ ...state, hasPaused: true }, 'asking_to_pause', { kind: 'pause', tripId: state.tripId })
  }
  // A push on the lever by somebody else ends the ride where it is.
  if (event.kind === 'bolt_closed') return afterClosing(state, journey)
  return event.kind === 'destination' ? to(state, 'closing', { kind: 'push_lever' }) : unchanged(state)
}

function onResumed(state: RiderState, { tripId, state: trip }: Extract<RiderEvent, { kind: 'trip_seen' }>): RiderStep {
  if (trip === 'riding') return to(state, 'riding', { kind: 'ride' })
  if (trip !== 'paused') return askTrip({ ...state, asked: 0 }, 'waiting_for_charge', tripId)
  const asked = state.asked + 1
  if (asked >= mostOpenQuestions) return endByHand(state)
  // A lock that was not heard for a while gets no command: the rider tries once more.
  if (asked % questionsPerResume === 0) return askToResume({ ...state, asked }, tripId)
  return askTrip({ ...state, asked }, 'waiting_to_resume', tripId)
}

function afterClosing(state: RiderState, journey: Journey): RiderStep {
  const { tripId } = state
  if (tripId === null) return leave(state, 'not_charged_yet')
  if (journey.freeExit !== null) {
    return to(state, 'asking_free_exit', { kind: 'free_exit', tripId, reason: journey.freeExit })
  }
  return askTrip({ ...state, asked: 0 }, 'waiting_for_charge', tripId)
}

function waitingForCharge(state: RiderState, event: RiderEvent): RiderStep {
  if (isRebuff(event)) return leave(state, 'not_charged_yet')
  if (event.kind !== 'trip_seen') return unchanged(state)
  if (event.state === 'charged' || event.state === 'failed') return leave(state, 'charged')
  const asked = state.asked + 1
  if (asked >= mostChargeQuestions) return leave(state, 'not_charged_yet')
  return askTrip({ ...state, asked }, 'waiting_for_charge', event.tripId)
}

const askToResume = (state: RiderState, tripId: string): RiderStep =>
  to(state, 'asking_to_resume', { kind: 'resume', tripId })

const endByHand = (state: RiderState): RiderStep =>
  state.tripId === null
    ? leave(state, 'lock_stuck')
    : to(state, 'ending_by_hand', { kind: 'end_by_hand', tripId: state.tripId })
