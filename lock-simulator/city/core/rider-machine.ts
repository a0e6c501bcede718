import { unchanged } from '../../../contracts/step.ts'
import { beforeTheRide } from './before-the-ride.ts'
import { fromRideToCharge } from './from-ride-to-charge.ts'
import { idleRider, type RiderEvent, type RiderPhase, type RiderState } from './rider-state.ts'
import { type RiderStep, to } from './rider-steps.ts'

/**
 * One step of a rider from setting out to the charged ride. Total: what does not concern a phase leaves it as it is.
 * At most one effect at a time, and each but `leave` answers with an event.
 */
export function stepRider(state: RiderState, event: RiderEvent): RiderStep {
  const { phase, journey } = state
  if (phase === 'idle' || journey === null) return fromIdle(state, event)
  switch (phase) {
    case 'looking':
    case 'walking':
    case 'reading_code':
    case 'logging_in':
    case 'promising':
    case 'at_payer_page':
    case 'waiting_for_hold':
    case 'asking_to_unlock':
    case 'waiting_for_open':
      return beforeTheRide(phase, state, journey, event)
    case 'riding':
    case 'asking_to_pause':
    case 'closing_to_pause':
    case 'paused':
    case 'asking_to_resume':
    case 'waiting_to_resume':
    case 'closing':
    case 'asking_free_exit':
    case 'ending_by_hand':
    case 'waiting_for_charge':
      return fromRideToCharge(phase, state, journey, event)
  }
}

const paperwork: ReadonlySet<RiderPhase> = new Set<RiderPhase>([
  'looking',
  'reading_code',
  'logging_in',
  'promising',
  'at_payer_page',
  'waiting_for_hold',
  'asking_to_unlock',
  'waiting_for_open',
])
const onBike: ReadonlySet<RiderPhase> = new Set<RiderPhase>([
  'riding',
  'asking_to_pause',
  'closing_to_pause',
  'paused',
  'asking_to_resume',
  'waiting_to_resume',
  'closing',
  'ending_by_hand',
])

/** Whether the rider waits for the server before the ride: what a slow server makes pile up. */
export const isAtPaperwork = ({ phase }: RiderState): boolean => paperwork.has(phase)

export const isOnBike = ({ phase }: RiderState): boolean => onBike.has(phase)

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
