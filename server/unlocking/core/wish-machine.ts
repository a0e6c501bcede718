import type { StaffCommandState } from '../../../contracts/http/bike-page.ts'
import type { CommandState } from '../../../contracts/http/trips.ts'
import type { ResultCode } from '../../../contracts/mqtt/reports.ts'
import { type Step, unchanged } from '../../../contracts/step.ts'
import { type EpochMs, epochMs } from '../../../contracts/units.ts'

/** Why a wish ended that no lock ever saw; all other codes are the lock's own. */
export type WishCode = ResultCode | 'never_sent' | 'bike_in_use'

/**
 * What staff want of a lock. It waits until a command can be made of it, and then follows that command to its end; only
 * an `unknown` one may still be resolved after it ended.
 */
export interface Wish {
  readonly state: StaffCommandState
  readonly resultCode: WishCode | null
  readonly expiresAt: EpochMs
  /** When the silent lock is asked for a sign of life again; null: not asked yet. */
  readonly askAt: EpochMs | null
}

export type WishEvent =
  | { readonly kind: 'tick'; readonly nowMs: EpochMs }
  /** What came of making a command of it. */
  | { readonly kind: 'tried'; readonly outcome: 'sent' | 'silent' | 'busy' | 'in_ride'; readonly nowMs: EpochMs }
  /** Its command has changed. */
  | { readonly kind: 'command'; readonly state: CommandState; readonly resultCode: ResultCode | null }
  | { readonly kind: 'cancel' }

export type WishEffect = { readonly kind: 'ask_for_stamp' }

/** City time that a wish waits for its lock to speak. Later the one who asked no longer stands behind it. */
export const wishLifetimeMs = 120_000
/** A silent lock is asked for a sign of life this often. */
export const askAgainMs = 10_000

type WishStep = Step<Wish, WishEffect>

/** One step of a wish. Total; repeats change nothing. */
export function stepWish(wish: Wish, event: WishEvent): WishStep {
  switch (wish.state) {
    case 'queued':
      return waiting(wish, event)
    case 'sent':
    case 'accepted':
    case 'unknown':
      return event.kind === 'command' ? follow(wish, event.state, event.resultCode) : unchanged(wish)
    case 'done':
    case 'rejected':
    case 'failed':
    case 'expired':
    case 'cancelled':
      return unchanged(wish)
  }
}

/** Whether a command may still be made of it. */
export const mayBeSent = (wish: Wish, nowMs: EpochMs): boolean => wish.state === 'queued' && nowMs < wish.expiresAt

/** Whether the clock has something to do for a wish whose lock is silent. */
export const isDue = (wish: Wish, nowMs: EpochMs): boolean =>
  nowMs >= wish.expiresAt || wish.askAt === null || nowMs >= wish.askAt

function waiting(wish: Wish, event: WishEvent): WishStep {
  switch (event.kind) {
    case 'cancel':
      return end(wish, 'cancelled', null)
    case 'command':
      return unchanged(wish)
    case 'tick':
      return event.nowMs >= wish.expiresAt ? end(wish, 'expired', 'never_sent') : unchanged(wish)
    case 'tried':
      return tried(wish, event.outcome, event.nowMs)
  }
}

function tried(wish: Wish, outcome: Extract<WishEvent, { kind: 'tried' }>['outcome'], nowMs: EpochMs): WishStep {
  switch (outcome) {
    case 'sent':
      return end(wish, 'sent', null)
    case 'in_ride':
      return end(wish, 'rejected', 'bike_in_use')
    case 'busy':
      return unchanged(wish)
    case 'silent':
      if (wish.askAt !== null && nowMs < wish.askAt) return unchanged(wish)
      return { state: { ...wish, askAt: epochMs(nowMs + askAgainMs) }, effects: [{ kind: 'ask_for_stamp' }] }
  }
}

/** A command never goes back; what it says twice is said once. */
function follow(wish: Wish, state: CommandState, resultCode: ResultCode | null): WishStep {
  const isBack = state === 'queued' || state === 'sent' || (state === 'accepted' && wish.state !== 'sent')
  if (isBack || state === wish.state) return unchanged(wish)
  return end(wish, state, resultCode)
}

const end = (wish: Wish, state: StaffCommandState, resultCode: WishCode | null): WishStep => ({
  state: { ...wish, state, resultCode, askAt: null },
  effects: [],
})
