import type { EndReason, FreeExitReason, TripState } from '../../../contracts/http/trips.ts'
import { type Step, unchanged } from '../../../contracts/step.ts'
import { type EpochMs, epochMs, type MinorUnits } from '../../../contracts/units.ts'
import { type Goodwill, noGoodwill } from './fare.ts'

/** Who or what ended the ride. Only the lock's own word is final; the others give way to it when it comes late. */
export type EndedBy = 'lock' | EndReason | 'pause_too_long' | 'staff'

/** Why a trip never became a ride: text key `failure.<key>`. */
export type TripFailure =
  | 'bike_silent'
  | 'lock_jammed'
  | 'lock_refused'
  | 'lock_interrupted'
  | 'unlock_expired'
  | 'unlock_unanswered'
  | 'opened_too_late'
  | 'ended_by_staff'

/** The facts of a trip that decisions hang on. Times are city time; start and end are the lock's own clock. */
export interface TripFacts {
  readonly state: TripState
  /** The unlock was not answered: the trip no longer occupies its rider, only its bike. */
  readonly riderFree: boolean
  readonly createdAt: EpochMs
  readonly startedAt: EpochMs | null
  readonly endedAt: EpochMs | null
  readonly pausedMs: number
  readonly pausedSince: EpochMs | null
  /** A closing up to here pauses instead of ending. */
  readonly pauseWantedTill: EpochMs | null
  /** When `due` must be looked at. */
  readonly dueAt: EpochMs | null
  readonly failure: TripFailure | null
  readonly endedBy: EndedBy | null
  readonly freeExitReason: FreeExitReason | null
  /** Staff let the ride last until then. */
  readonly allowedUntil: EpochMs | null
  readonly goodwill: Goodwill
}

export type TripEvent =
  | { readonly kind: 'unlock_sent' }
  | { readonly kind: 'unlock_failed'; readonly failure: TripFailure }
  | { readonly kind: 'unlock_unknown'; readonly nowMs: EpochMs }
  | { readonly kind: 'opened'; readonly atMs: EpochMs }
  /** `means`: what the rider's phone told the lock of this closing, without network; else the wish that we know holds. */
  | { readonly kind: 'closed'; readonly atMs: EpochMs; readonly means?: 'pause' | 'end' }
  /** A hello of a lock with nothing left to tell says *locked*, made at `atMs`. */
  | { readonly kind: 'seen_locked'; readonly atMs: EpochMs }
  /** The rider's phone may open the lock, which has no coverage. */
  | { readonly kind: 'phone_asked' }
  | { readonly kind: 'pause_wanted'; readonly nowMs: EpochMs }
  | { readonly kind: 'resume_wanted' }
  | { readonly kind: 'cancel_asked' }
  /** `attemptAt`: when the lock last tried to close and could not, as far as it has told. */
  | {
      readonly kind: 'end_asked'
      readonly reason: EndReason
      readonly nowMs: EpochMs
      readonly attemptAt?: EpochMs | null
    }
  /** The lever was pushed at `atMs` and the bolt did not come home. */
  | { readonly kind: 'close_attempted'; readonly atMs: EpochMs }
  | { readonly kind: 'free_exit_asked'; readonly reason: FreeExitReason }
  | { readonly kind: 'due'; readonly nowMs: EpochMs }
  | { readonly kind: 'settled' }
  /** A colleague ends it, as of `atMs`; `isClosed`: the lock says so. */
  | { readonly kind: 'staff_ended'; readonly atMs: EpochMs; readonly isClosed: boolean }
  | { readonly kind: 'staff_extended'; readonly untilMs: EpochMs }
  /** A colleague makes it cheaper: `dueMinor` is what the rider owes for it from now on. */
  | {
      readonly kind: 'staff_repriced'
      readonly actId: string
      readonly endedAt: EpochMs
      readonly pausedMs: number
      readonly goodwill: Goodwill
      readonly dueMinor: MinorUnits
    }

export type TripEffect =
  | { readonly kind: 'send_unlock' }
  | { readonly kind: 'ask_for_stamp' }
  /** Nothing of the trip changed, but what its rider should see did. */
  | { readonly kind: 'show_again' }
  | { readonly kind: 'release_hold' }
  /** Price the ride and take the money. */
  | { readonly kind: 'settle' }
  /** A ride that was priced before costs less than was asked. */
  | { readonly kind: 'adjust' }
  /** A colleague decided what is due. */
  | { readonly kind: 'adjust_to'; readonly actId: string; readonly dueMinor: MinorUnits }
  | { readonly kind: 'alarm'; readonly alarm: 'opened_after_release' | 'lock_did_not_close' | 'pause_too_long' }

/** How long an unlock may wait for a fresh stamp of its lock before the bike counts as silent. */
export const stampWaitMs = 10_000
/** An unanswered unlock keeps the hold this long, unless the lock itself tells what happened. */
export const unansweredHoldMs = 600_000
/**
 * A lock that obeyed but whose *open* does not come may ride in a dead zone: its word still counts when it arrives
 * hours later. After this long nobody waits for it any more.
 */
export const longestUnlockMs = 86_400_000
/** Closing within this time after asking for a pause pauses. */
export const pauseIntentMs = 180_000
/** A rider says that the lock will not close: the lock has this long to tell otherwise. */
export const endGraceMs = 600_000
/** A closing that failed stops the clock of a ride that is said to be over no longer than this after it. */
export const closingAttemptMs = 1_800_000
/** A pause longer than this ends the ride. */
export const longestPauseMs = 86_400_000

type TripStep = Step<TripFacts, TripEffect>

/** A new trip: its money is promised, its lock was not asked yet. */
export const newTrip = (nowMs: EpochMs, waitMs: number): TripFacts => ({
  state: 'promised',
  riderFree: false,
  createdAt: nowMs,
  startedAt: null,
  endedAt: null,
  pausedMs: 0,
  pausedSince: null,
  pauseWantedTill: null,
  dueAt: epochMs(nowMs + waitMs),
  failure: null,
  endedBy: null,
  freeExitReason: null,
  allowedUntil: null,
  goodwill: noGoodwill,
})

/** One step of a trip. Total: what does not concern a state leaves it as it is. */
export function stepTrip(trip: TripFacts, event: TripEvent): TripStep {
  switch (trip.state) {
    case 'promised':
      return fromPromised(trip, event)
    case 'unlocking':
      return fromUnlocking(trip, event)
    case 'riding':
      return fromRiding(trip, event)
    case 'paused':
      return fromPaused(trip, event)
    case 'ending':
      return fromEnding(trip, event)
    case 'ended':
    case 'charged':
      return afterTheRide(trip, event)
    case 'failed':
    case 'cancelled':
      return event.kind === 'opened'
        ? { state: trip, effects: [{ kind: 'alarm', alarm: 'opened_after_release' }] }
        : unchanged(trip)
  }
}

/** Whether the trip occupies its bike. */
export const isActive = (state: TripState): boolean =>
  state === 'promised' || state === 'unlocking' || state === 'riding' || state === 'paused' || state === 'ending'

function fromPromised(trip: TripFacts, event: TripEvent): TripStep {
  if (event.kind === 'unlock_sent') {
    const dueAt = epochMs(trip.createdAt + longestUnlockMs)
    return { state: { ...trip, state: 'unlocking', dueAt }, effects: [] }
  }
  if (event.kind === 'phone_asked') return askedByPhone(trip)
  if (event.kind === 'unlock_failed') return failed(trip, event.failure)
  if (event.kind === 'due') return failed(trip, 'bike_silent')
  if (event.kind === 'cancel_asked') {
    return { state: { ...trip, state: 'cancelled', dueAt: null }, effects: [{ kind: 'release_hold' }] }
  }
  if (event.kind === 'staff_ended') return failed(trip, 'ended_by_staff')
  return unchanged(trip)
}

function fromUnlocking(trip: TripFacts, event: TripEvent): TripStep {
  if (event.kind === 'opened') {
    return {
      state: { ...trip, state: 'riding', riderFree: false, startedAt: event.atMs, dueAt: null },
      effects: [],
    }
  }
  if (event.kind === 'phone_asked' && trip.riderFree) return askedByPhone(trip)
  if (event.kind === 'unlock_failed') return failed(trip, event.failure)
  if (event.kind === 'unlock_unknown' && !trip.riderFree) {
    return { state: { ...trip, riderFree: true, dueAt: epochMs(event.nowMs + unansweredHoldMs) }, effects: [] }
  }
  if (event.kind === 'due') {
    const step = failed(trip, 'unlock_unanswered')
    if (trip.riderFree) return step
    // The lock said that it obeyed and was never heard again: the bike may stand open somewhere.
    return { ...step, effects: [...step.effects, { kind: 'alarm', alarm: 'opened_after_release' }] }
  }
  if (event.kind === 'staff_ended') {
    const step = failed(trip, 'ended_by_staff')
    if (event.isClosed) return step
    return { ...step, effects: [...step.effects, { kind: 'alarm', alarm: 'opened_after_release' }] }
  }
  return unchanged(trip)
}

function fromRiding(trip: TripFacts, event: TripEvent): TripStep {
  if (event.kind === 'closed') {
    const isWished = trip.pauseWantedTill !== null && event.atMs <= trip.pauseWantedTill
    const pauses = event.means === undefined ? isWished : event.means === 'pause'
    if (!pauses) return ended(trip, event.atMs, 'lock')
    return {
      state: {
        ...trip,
        state: 'paused',
        pausedSince: event.atMs,
        pauseWantedTill: null,
        dueAt: later(epochMs(event.atMs + longestPauseMs), trip.allowedUntil),
      },
      effects: [],
    }
  }
  if (event.kind === 'seen_locked' && trip.startedAt !== null && event.atMs > trip.startedAt) {
    return ended(trip, event.atMs, 'lock')
  }
  if (event.kind === 'pause_wanted') {
    return { state: { ...trip, pauseWantedTill: epochMs(event.nowMs + pauseIntentMs) }, effects: [] }
  }
  if (event.kind === 'end_asked') {
    return {
      state: {
        ...trip,
        state: 'ending',
        endedAt: stoppedAt(trip, event),
        endedBy: event.reason,
        pauseWantedTill: null,
        dueAt: epochMs(event.nowMs + endGraceMs),
      },
      effects: [{ kind: 'ask_for_stamp' }],
    }
  }
  if (event.kind === 'close_attempted') return { state: trip, effects: [{ kind: 'show_again' }] }
  if (event.kind === 'free_exit_asked') return { state: { ...trip, freeExitReason: event.reason }, effects: [] }
  if (event.kind === 'staff_ended') return endedByStaff(trip, event)
  if (event.kind === 'staff_extended') return { state: { ...trip, allowedUntil: event.untilMs }, effects: [] }
  return unchanged(trip)
}

function fromPaused(trip: TripFacts, event: TripEvent): TripStep {
  if (event.kind === 'opened') {
    const pausedMs = trip.pausedMs + Math.max(0, event.atMs - (trip.pausedSince ?? event.atMs))
    return { state: { ...trip, state: 'riding', pausedMs, pausedSince: null, dueAt: null }, effects: [] }
  }
  // Ended at the closed lock, without network.
  if (event.kind === 'closed' && event.means === 'end') return ended(endPause(trip, event.atMs), event.atMs, 'lock')
  if (event.kind === 'resume_wanted') return { state: trip, effects: [{ kind: 'send_unlock' }] }
  if (event.kind === 'end_asked') {
    // A paused bike is closed: that the lock will not close cannot be the reason.
    const reason = event.reason === 'lock_will_not_close' ? 'other' : event.reason
    return ended(endPause(trip, event.nowMs), event.nowMs, reason)
  }
  if (event.kind === 'due') {
    const step = ended(endPause(trip, event.nowMs), event.nowMs, 'pause_too_long')
    return { ...step, effects: [...step.effects, { kind: 'alarm', alarm: 'pause_too_long' }] }
  }
  if (event.kind === 'free_exit_asked') return { state: { ...trip, freeExitReason: event.reason }, effects: [] }
  if (event.kind === 'staff_ended') return endedByStaff(endPause(trip, event.atMs), event)
  if (event.kind === 'staff_extended') {
    const dueAt = trip.dueAt === null ? null : later(trip.dueAt, event.untilMs)
    return { state: { ...trip, allowedUntil: event.untilMs, dueAt }, effects: [] }
  }
  return unchanged(trip)
}

function fromEnding(trip: TripFacts, event: TripEvent): TripStep {
  // What the lock's fault waived stays waived, also when the lock closes after all.
  // Time stopped when the rider asked; a closing counts when it was earlier.
  if (event.kind === 'closed') return ended(trip, earlier(event.atMs, trip.endedAt), lockFaultOr(trip, 'lock'))
  if (event.kind === 'free_exit_asked') return { state: { ...trip, freeExitReason: event.reason }, effects: [] }
  // First seen closed after the rider asked: the rider's word is the earlier one and holds.
  if (event.kind === 'seen_locked') return ended(trip, earlier(event.atMs, trip.endedAt), trip.endedBy ?? 'other')
  if (event.kind === 'due') {
    const step = ended(trip, trip.endedAt ?? event.nowMs, trip.endedBy ?? 'other')
    return { ...step, effects: [...step.effects, { kind: 'alarm', alarm: 'lock_did_not_close' }] }
  }
  if (event.kind === 'close_attempted' && stopsClock(trip, event.atMs)) {
    return { state: { ...trip, endedAt: event.atMs }, effects: [] }
  }
  if (event.kind === 'staff_ended') return endedByStaff(trip, { ...event, atMs: earlier(event.atMs, trip.endedAt) })
  return unchanged(trip)
}

/** The rider stands at the bike and tries again: the hold stays until that has been answered, or has not. */
const askedByPhone = (trip: TripFacts): TripStep => ({
  state: { ...trip, state: 'unlocking', riderFree: false, dueAt: epochMs(trip.createdAt + longestUnlockMs) },
  effects: [],
})

/** Only what makes the ride cheaper still matters, and the money having moved. */
function afterTheRide(trip: TripFacts, event: TripEvent): TripStep {
  if (event.kind === 'settled' && trip.state === 'ended') return { state: { ...trip, state: 'charged' }, effects: [] }
  if (event.kind === 'closed' && trip.endedBy !== 'lock' && trip.endedAt !== null && trip.startedAt !== null) {
    if (event.atMs >= trip.endedAt || event.atMs < trip.startedAt) return unchanged(trip)
    const endedBy = lockFaultOr(trip, 'lock')
    return { state: { ...trip, endedAt: event.atMs, endedBy }, effects: [{ kind: 'adjust' }] }
  }
  if (event.kind === 'close_attempted' && stopsClock(trip, event.atMs)) {
    return { state: { ...trip, endedAt: event.atMs }, effects: [{ kind: 'adjust' }] }
  }
  if (event.kind === 'free_exit_asked' && trip.freeExitReason === null) {
    return { state: { ...trip, freeExitReason: event.reason }, effects: [{ kind: 'adjust' }] }
  }
  if (event.kind === 'staff_repriced') {
    const { actId, pausedMs, goodwill, dueMinor } = event
    // Who ended the ride stays: the price is a colleague's word, the end was not.
    return {
      state: { ...trip, endedAt: notBeforeStart(trip, event.endedAt), pausedMs, goodwill },
      effects: [{ kind: 'adjust_to', actId, dueMinor }],
    }
  }
  return unchanged(trip)
}

/** The rider is free and the money moves at once; a bike that may stand open is for a person to look at. */
function endedByStaff(trip: TripFacts, { atMs, isClosed }: { atMs: EpochMs; isClosed: boolean }): TripStep {
  const step = ended(trip, atMs, lockFaultOr(trip, 'staff'))
  return isClosed ? step : { ...step, effects: [...step.effects, { kind: 'alarm', alarm: 'lock_did_not_close' }] }
}

/** Where time stops when the rider says that it is over: at the lock's last attempt to close, when it was its fault. */
function stoppedAt(trip: TripFacts, event: Extract<TripEvent, { kind: 'end_asked' }>): EpochMs {
  const { attemptAt = null, nowMs, reason } = event
  const counts = reason === 'lock_will_not_close' && attemptAt !== null && nowMs - attemptAt <= closingAttemptMs
  return notBeforeStart(trip, counts ? earlier(attemptAt, nowMs) : nowMs)
}

/** Whether an attempt to close that is told late makes a ride shorter whose lock would not close. */
const stopsClock = ({ endedBy, startedAt, endedAt }: TripFacts, atMs: EpochMs): boolean =>
  endedBy === 'lock_will_not_close' &&
  startedAt !== null &&
  endedAt !== null &&
  atMs >= startedAt &&
  atMs < endedAt &&
  endedAt - atMs <= closingAttemptMs

const lockFaultOr = (trip: TripFacts, by: EndedBy): EndedBy =>
  trip.endedBy === 'lock_will_not_close' ? trip.endedBy : by

const failed = (trip: TripFacts, failure: TripFailure): TripStep => ({
  state: { ...trip, state: 'failed', failure, dueAt: null },
  effects: [{ kind: 'release_hold' }],
})

const ended = (trip: TripFacts, atMs: EpochMs, by: EndedBy): TripStep => ({
  state: {
    ...trip,
    state: 'ended',
    endedAt: notBeforeStart(trip, atMs),
    endedBy: by,
    pauseWantedTill: null,
    dueAt: null,
  },
  effects: [{ kind: 'settle' }],
})

const endPause = (trip: TripFacts, nowMs: EpochMs): TripFacts => ({
  ...trip,
  pausedMs: trip.pausedMs + Math.max(0, nowMs - (trip.pausedSince ?? nowMs)),
  pausedSince: null,
})

const notBeforeStart = (trip: TripFacts, atMs: EpochMs): EpochMs =>
  trip.startedAt !== null && atMs < trip.startedAt ? trip.startedAt : atMs

const earlier = (a: EpochMs, b: EpochMs | null): EpochMs => (b !== null && b < a ? b : a)
const later = (a: EpochMs, b: EpochMs | null): EpochMs => (b !== null && b > a ? b : a)
