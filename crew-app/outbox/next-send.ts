import type { CrewAct } from '../../contracts/http/crews.ts'

/** An act that the server has not confirmed yet. */
export interface WaitingAct {
  /** Order in which things were done. */
  readonly seq: number
  readonly act: CrewAct
  /** Real time on the phone. */
  readonly doneAtMs: number
  /** Once it was on its way, the server may have it. */
  readonly tried: boolean
  /** The picture it tells of still waits on the phone. */
  readonly hasPhoto: boolean
}

export type NextSend =
  | { readonly kind: 'photo'; readonly photoId: string }
  | { readonly kind: 'acts'; readonly acts: readonly WaitingAct[] }
  /** Nothing may go yet: the last act can still be undone. */
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'nothing' }

/** So long an act stays on the phone even with a network, for a change of mind. */
export const undoWindowMs = 5_000
/** One request stays far below the server's body limit of 64 KB. */
export const mostActsAtOnce = 50

/**
 * What goes out now. Acts go in their order, a picture before its act; acts before the first one that has a picture
 * do not wait for it.
 */
export function nextSend(waiting: readonly WaitingAct[], nowMs: number): NextSend {
  const first = waiting[0]
  if (first === undefined) return { kind: 'nothing' }
  const ripe = waiting.slice(0, ripeCount(waiting, nowMs))
  if (ripe.length === 0) return { kind: 'wait', ms: Math.max(1, first.doneAtMs + undoWindowMs - nowMs) }
  const photoAt = ripe.findIndex((one) => one.hasPhoto)
  const sendable = (photoAt < 0 ? ripe : ripe.slice(0, photoAt)).slice(0, mostActsAtOnce)
  if (sendable.length > 0) return { kind: 'acts', acts: sendable }
  return { kind: 'photo', photoId: photoOf(first.act) ?? '' }
}

export const photoOf = (act: CrewAct): string | null => ('photoId' in act ? (act.photoId ?? null) : null)

/** The last act, when it never left the phone: it can be undone as if it had not been. */
export function undoable(waiting: readonly WaitingAct[]): WaitingAct | null {
  const last = waiting.at(-1)
  return last === undefined || last.tried || endsWork(last.act) ? null : last
}

/** After these the route is no longer this crew's. They were asked for twice, and go at once. */
export const endsWork = (act: CrewAct): boolean => act.act === 'hand_over' || act.act === 'end_shift'

/** All acts up to the last one that is old enough, or that ends the work with the route. */
function ripeCount(waiting: readonly WaitingAct[], nowMs: number): number {
  const isRipe = ({ act, tried, doneAtMs }: WaitingAct) =>
    tried || endsWork(act) || nowMs - doneAtMs >= undoWindowMs || nowMs < doneAtMs
  return waiting.findLastIndex(isRipe) + 1
}
