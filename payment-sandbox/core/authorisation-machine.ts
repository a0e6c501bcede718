/**
 * The life of one frozen amount: `INIT → AUTHORIZED → FINISH | CLOSED`, and `INIT → CLOSED`.
 * FINISH means that nothing is held any more and something was captured; CLOSED that nothing was ever captured.
 * Amounts are integer fen; `paidFen + unfrozenFen ≤ frozenFen` holds in every state.
 */
export type Authorisation =
  | { readonly kind: 'INIT'; readonly askedFen: number; readonly approveByMs: number }
  | ({ readonly kind: 'AUTHORIZED'; readonly releaseAtMs: number } & Split)
  | ({ readonly kind: 'FINISH' } & Split)
  | ({ readonly kind: 'CLOSED'; readonly reason: ClosedReason } & Split)

export interface Split {
  readonly frozenFen: number
  readonly paidFen: number
  readonly unfrozenFen: number
}

export type ClosedReason = 'declined' | 'expired' | 'cancelled' | 'unfrozen'

export type AuthorisationEvent =
  | { readonly kind: 'approve'; readonly releaseAtMs: number }
  | { readonly kind: 'decline' }
  | { readonly kind: 'lapse' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'pay'; readonly fen: number; readonly complete: boolean }
  | { readonly kind: 'unfreeze'; readonly fen: number }
  | { readonly kind: 'release' }

/** Alipay's own words for "not in this state" and "more than is left". */
export type AuthorisationRefusal =
  | 'ILLEGAL_STATUS'
  | 'ORDER_ALREADY_FINISH'
  | 'ORDER_ALREADY_CLOSED'
  | 'REQUEST_AMOUNT_EXCEED'

export interface Moved {
  readonly kind: 'freeze' | 'unfreeze' | 'capture' | 'refund'
  readonly fen: number
}

export type AuthorisationStep =
  | { readonly ok: true; readonly next: Authorisation; readonly moved: readonly Moved[] }
  | { readonly ok: false; readonly code: AuthorisationRefusal }

/** What one event does to one authorisation, and which money it moves. Total: never throws. */
export function stepAuthorisation(state: Authorisation, event: AuthorisationEvent): AuthorisationStep {
  switch (state.kind) {
    case 'INIT':
      return stepInit(state, event)
    case 'AUTHORIZED':
      return stepAuthorized(state, event)
    case 'FINISH':
      return { ok: false, code: 'ORDER_ALREADY_FINISH' }
    case 'CLOSED':
      return { ok: false, code: 'ORDER_ALREADY_CLOSED' }
  }
}

/** What is still held for the merchant. */
export function restFen(state: Authorisation): number {
  return state.kind === 'AUTHORIZED' ? state.frozenFen - state.paidFen - state.unfrozenFen : 0
}

/** The split of an authorisation's money; all zero while the payer has not approved. */
export function splitOf(state: Authorisation): Split {
  return state.kind === 'INIT' ? { frozenFen: 0, paidFen: 0, unfrozenFen: 0 } : state
}

function stepInit(state: Extract<Authorisation, { kind: 'INIT' }>, event: AuthorisationEvent): AuthorisationStep {
  switch (event.kind) {
    case 'approve':
      return {
        ok: true,
        next: {
          kind: 'AUTHORIZED',
          frozenFen: state.askedFen,
          paidFen: 0,
          unfrozenFen: 0,
          releaseAtMs: event.releaseAtMs,
        },
        moved: [{ kind: 'freeze', fen: state.askedFen }],
      }
    case 'decline':
      return closeUnapproved('declined')
    case 'lapse':
      return closeUnapproved('expired')
    case 'cancel':
      return closeUnapproved('cancelled')
    case 'pay':
    case 'unfreeze':
    case 'release':
      return { ok: false, code: 'ILLEGAL_STATUS' }
  }
}

function stepAuthorized(
  state: Extract<Authorisation, { kind: 'AUTHORIZED' }>,
  event: AuthorisationEvent,
): AuthorisationStep {
  const rest = restFen(state)
  switch (event.kind) {
    case 'approve':
    case 'decline':
    case 'lapse':
      return { ok: false, code: 'ILLEGAL_STATUS' }
    case 'cancel':
      // A freeze that was used cannot be undone as if it had never been; its rest can be unfrozen.
      if (rest !== state.frozenFen) return { ok: false, code: 'ILLEGAL_STATUS' }
      return settle(state, 0, rest, 'cancelled')
    case 'pay':
      if (!isWithin(event.fen, rest)) return { ok: false, code: 'REQUEST_AMOUNT_EXCEED' }
      return settle(state, event.fen, event.complete ? rest - event.fen : 0, 'unfrozen')
    case 'unfreeze':
      if (!isWithin(event.fen, rest)) return { ok: false, code: 'REQUEST_AMOUNT_EXCEED' }
      return settle(state, 0, event.fen, 'unfrozen')
    case 'release':
      return settle(state, 0, rest, 'unfrozen')
  }
}

function settle(
  state: Extract<Authorisation, { kind: 'AUTHORIZED' }>,
  captureFen: number,
  unfreezeFen: number,
  reason: ClosedReason,
): AuthorisationStep {
  const split = {
    frozenFen: state.frozenFen,
    paidFen: state.paidFen + captureFen,
    unfrozenFen: state.unfrozenFen + unfreezeFen,
  }
  const moved: Moved[] = []
  if (captureFen > 0) moved.push({ kind: 'capture', fen: captureFen })
  if (unfreezeFen > 0) moved.push({ kind: 'unfreeze', fen: unfreezeFen })
  return { ok: true, next: withSplit(state.releaseAtMs, split, reason), moved }
}

function withSplit(releaseAtMs: number, split: Split, reason: ClosedReason): Authorisation {
  if (split.paidFen + split.unfrozenFen < split.frozenFen) return { kind: 'AUTHORIZED', releaseAtMs, ...split }
  return split.paidFen > 0 ? { kind: 'FINISH', ...split } : { kind: 'CLOSED', reason, ...split }
}

function closeUnapproved(reason: ClosedReason): AuthorisationStep {
  return { ok: true, next: { kind: 'CLOSED', reason, frozenFen: 0, paidFen: 0, unfrozenFen: 0 }, moved: [] }
}

function isWithin(fen: number, rest: number): boolean {
  return Number.isSafeInteger(fen) && fen >= 1 && fen <= rest
}
