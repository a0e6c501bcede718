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
  /** Who did it; null where that was never known. */
  readonly crewId: string | null
  /** The server has it, and only its picture still waits. */
  readonly confirmed: boolean
  /** How often its picture could not be sent. */
  readonly photoTries: number
  /** How often the server broke over it, or over its picture once it is confirmed. */
  readonly faults: number
}

export type NextSend =
  | { readonly kind: 'photo'; readonly of: WaitingAct }
  | { readonly kind: 'acts'; readonly acts: readonly WaitingAct[] }
  /** Nothing may go yet: the last act can still be undone. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** What waits was done by somebody else than who is logged in. */
  | { readonly kind: 'other_crew' }
  | { readonly kind: 'nothing' }

/** So long an act stays on the phone even with a network, for a change of mind. */
export const undoWindowMs = 5_000
/** One request stays far below the server's body limit of 64 KB. */
export const mostActsAtOnce = 50

/**
 * What goes out now. Acts go in their order and only under the name of the crew that did them, a picture before its act.
 * Once a picture could not be sent, pictures hold up nothing any more: they follow when no act waits.
 * @param crewId who is logged in; null when that is not known
 */
export function nextSend(waiting: readonly WaitingAct[], nowMs: number, crewId: string | null): NextSend {
  const own = waiting.filter((one) => isOf(one, crewId))
  const acts = own.filter((one) => !one.confirmed)
  const photosFail = own.some((one) => one.hasPhoto && one.photoTries > 0)
  const ripe = acts.slice(0, ripeCount(acts, nowMs))
  const photoAt = photosFail ? -1 : ripe.findIndex((one) => one.hasPhoto)
  const sendable = (photoAt < 0 ? ripe : ripe.slice(0, photoAt)).slice(0, mostActsAtOnce)
  if (sendable.length > 0) return { kind: 'acts', acts: sendable }
  const first = acts[0]
  if (first !== undefined && photoAt === 0) return { kind: 'photo', of: first }
  if (first !== undefined) return { kind: 'wait', ms: Math.max(1, first.doneAtMs + undoWindowMs - nowMs) }
  // the one tried least, so that a bad picture does not hold up the good ones
  const [photo] = own.filter((one) => one.hasPhoto).toSorted((a, b) => a.photoTries - b.photoTries)
  if (photo !== undefined) return { kind: 'photo', of: photo }
  return { kind: own.length < waiting.length ? 'other_crew' : 'nothing' }
}

/** Whether whoever is logged in did this. */
const isOf = (one: WaitingAct, crewId: string | null): boolean => one.crewId === null || one.crewId === crewId

/** The acts of whoever is logged in that the server has not confirmed, in their order. */
export const unsentOf = (waiting: readonly WaitingAct[], crewId: string | null): readonly WaitingAct[] =>
  waiting.filter((one) => isOf(one, crewId) && !one.confirmed)

export const photoOf = (act: CrewAct): string | null => ('photoId' in act ? (act.photoId ?? null) : null)

/** The last act, when it never left the phone: it can be undone as if it had not been. */
export function undoable(waiting: readonly WaitingAct[], crewId: string | null): WaitingAct | null {
  const last = waiting.findLast((one) => isOf(one, crewId))
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
