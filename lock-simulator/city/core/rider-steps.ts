import type { Step } from '../../../contracts/step.ts'
import { idleRider, type Outcome, type RiderEffect, type RiderEvent, type RiderState } from './rider-state.ts'

export type RiderStep = Step<RiderState, RiderEffect>

export const to = (state: RiderState, phase: RiderState['phase'], effect: RiderEffect): RiderStep => ({
  state: { ...state, phase },
  effects: [effect],
})

export const askTrip = (state: RiderState, phase: RiderState['phase'], tripId: string): RiderStep =>
  to(state, phase, { kind: 'ask_trip', tripId, asked: state.asked })

/** The journey by bike is over; a promise that is still the rider's own is taken back. */
export const leave = ({ promiseId }: RiderState, outcome: Outcome): RiderStep => ({
  state: idleRider,
  effects: [{ kind: 'leave', outcome, unusedPromiseId: promiseId }],
})

/** A no, or no word at all. */
export const isRebuff = ({ kind }: RiderEvent): boolean => kind === 'refused' || kind === 'no_answer'
