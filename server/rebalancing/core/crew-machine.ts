import type { CrewAct, CrewBike, CrewStop } from '../../../contracts/http/crews.ts'
import type { RefusalCode } from '../../../contracts/refusals.ts'
import { type EpochMs, epochMs } from '../../../contracts/units.ts'

/** Everything that an act hangs on, as it is when the act arrives. */
export interface Situation {
  readonly crewId: string
  readonly route: RouteFacts
  /** The stop that the act names; null when it names none, or one that a newer plan has left out. */
  readonly stop: StopFacts | null
  /** Null when the act is about none, or nobody has such a bike. */
  readonly bike: BikeFacts | null
}

export interface RouteFacts {
  readonly routeId: string
  readonly state: 'open' | 'claimed' | 'done'
  readonly crewId: string | null
  readonly crewName: string | null
  readonly capacity: number
  /** Bikes in the van. */
  readonly load: number
  /** Bikes kept for this route that it has not taken yet; where the act names a stop, those of that stop. */
  readonly waiting: readonly string[]
}

export interface StopFacts {
  readonly stopId: string
  readonly kind: CrewStop['kind']
  readonly state: CrewStop['state']
  readonly give: number
  readonly given: number
}

export interface BikeFacts {
  readonly bikeId: string
  /** A rider has it. */
  readonly inUse: boolean
  readonly custody: {
    readonly routeId: string
    readonly state: 'claimed' | 'in_van'
    readonly isBroken: boolean
    readonly routeIsOver: boolean
    /** The crew that has it, or the van. */
    readonly by: string
  } | null
  /** Its place on this route's list. */
  readonly listed: { readonly stopId: string; readonly state: CrewBike['state']; readonly isBroken: boolean } | null
  /** Kinds of what crews reported of it and nobody has closed. */
  readonly reported: readonly CrewAlarm[]
}

export type CrewAlarm = 'not_found' | 'blocked' | 'broken'

/** What follows from an act; the bike, where one is meant, is the act's. All of them are saved, or none. */
export type CrewChange =
  | { readonly kind: 'keep_in_van'; readonly isBroken: boolean }
  | { readonly kind: 'release'; readonly bikeIds: readonly string[] }
  | { readonly kind: 'list'; readonly stopId: string; readonly state: CrewBike['state']; readonly isBroken: boolean }
  | { readonly kind: 'begin_move'; readonly isBroken: boolean }
  | { readonly kind: 'mark_move_broken' }
  | { readonly kind: 'end_move'; readonly stopId: string | null }
  | { readonly kind: 'take_out_of_service' }
  | { readonly kind: 'raise'; readonly alarm: CrewAlarm }
  | { readonly kind: 'close'; readonly alarms: readonly CrewAlarm[] }
  | { readonly kind: 'end_stop'; readonly stopId: string; readonly as: 'done' | 'skipped' }
  /** Open to the next crew. */
  | { readonly kind: 'give_back' }
  | { readonly kind: 'end_route' }

export type Verdict =
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly by: string | null }
  | {
      readonly kind: 'applied'
      readonly changes: readonly CrewChange[]
      /** What is left of the route should be planned anew. */
      readonly restChanged: boolean
    }

/**
 * What an act does, decided in the order in which acts arrive: what was written first holds. Total, and an act that says
 * what is so already changes nothing.
 */
export function decideAct(situation: Situation, act: CrewAct): Verdict {
  const { route } = situation
  const notNow = whyNotNow(route, situation.crewId, act)
  if (notNow) return notNow
  switch (act.act) {
    case 'load':
      return withBike(situation, (bike) => take(situation, bike, bike.listed?.isBroken ?? false))
    case 'unload':
      return withBike(situation, (bike) => putDown(situation, bike))
    case 'broken':
      return withBike(situation, (bike) => markBroken(situation, bike))
    case 'not_found':
    case 'blocked':
      return withBike(situation, (bike) => missed(route, bike, act.act))
    case 'finish_stop':
    case 'skip_stop':
      return leaveStop(situation, act.act === 'finish_stop' ? 'done' : 'skipped')
    case 'hand_over':
      return applied([...released(route.waiting), { kind: 'give_back' }])
    case 'end_shift':
      return applied([...released(route.waiting), { kind: 'end_route' }])
  }
}

/**
 * When an act was done, as far as that can be: not before the route was taken and not after it became known. A phone
 * whose clock says something else does not know, and the time of arrival stands in.
 */
export function actedAt(saidMs: number, claimedAtMs: number | null, receivedAtMs: EpochMs): EpochMs {
  const earliestMs = Math.max(claimedAtMs ?? 0, receivedAtMs - longestOfflineMs)
  return saidMs >= earliestMs - clockSlackMs && saidMs <= receivedAtMs ? epochMs(saidMs) : receivedAtMs
}

/** A night and a day without reception. */
const longestOfflineMs = 86_400_000
const clockSlackMs = 300_000

function whyNotNow(route: RouteFacts, crewId: string, act: CrewAct): Verdict | null {
  const isMine = route.crewId === crewId
  if (route.state === 'claimed' && isMine) return null
  // A van that comes in after its shift still puts its bikes down; where it has no crew, whoever stands there does.
  const mayUnload = isMine || route.crewId === null
  if (route.state === 'done') return mayUnload && act.act === 'unload' ? null : no('route_ended')
  return no('route_not_yours', route.crewName)
}

function withBike(situation: Situation, decide: (bike: BikeFacts) => Verdict): Verdict {
  return situation.bike === null ? no('bike_unknown') : decide(situation.bike)
}

function take({ route, stop }: Situation, bike: BikeFacts, isBroken: boolean): Verdict {
  const { listed, custody } = bike
  if (bike.inUse) return no('bike_in_use')
  if (isInVan(bike, route)) return no('bike_in_van')
  // When its own route is over, whoever scans it stands before it.
  if (custody && custody.routeId !== route.routeId && !custody.routeIsOver) return no('bike_with_crew', custody.by)
  if (route.load >= route.capacity) return no('van_full')
  const stopId = listed?.stopId ?? stop?.stopId ?? null
  const found = bike.reported.filter((kind) => kind !== 'broken')
  return applied(
    [
      { kind: 'keep_in_van', isBroken },
      { kind: 'begin_move', isBroken },
      ...(stopId === null ? [] : [{ kind: 'list', stopId, state: 'loaded', isBroken } as const]),
      ...(found.length === 0 ? [] : [{ kind: 'close', alarms: found } as const]),
    ],
    listed?.state !== 'planned' || listed.isBroken !== isBroken,
  )
}

function putDown({ route, stop }: Situation, bike: BikeFacts): Verdict {
  const { listed, custody } = bike
  if (custody === null || !isInVan(bike, route)) return no('bike_not_in_van')
  const { isBroken } = custody
  return applied([
    { kind: 'release', bikeIds: [bike.bikeId] },
    { kind: 'end_move', stopId: stop?.stopId ?? null },
    ...(listed ? [{ kind: 'list', stopId: listed.stopId, state: 'left', isBroken } as const] : []),
    // Wherever it is put down: nobody may ride it.
    ...(isBroken ? [{ kind: 'take_out_of_service' } as const, ...raised(bike, 'broken')] : []),
  ])
}

function markBroken(situation: Situation, bike: BikeFacts): Verdict {
  if (!isInVan(bike, situation.route)) return take(situation, bike, true)
  if (bike.custody?.isBroken) return applied([])
  const { listed } = bike
  return applied(
    [
      { kind: 'keep_in_van', isBroken: true },
      { kind: 'mark_move_broken' },
      ...(listed ? [{ kind: 'list', stopId: listed.stopId, state: listed.state, isBroken: true } as const] : []),
    ],
    true,
  )
}

/** It is not there, or cannot be taken: riders must not be sent to it, and staff must look. */
function missed(route: RouteFacts, bike: BikeFacts, as: 'not_found' | 'blocked'): Verdict {
  const { custody, listed } = bike
  if (bike.inUse) return no('bike_in_use')
  if (isInVan(bike, route)) return no('bike_in_van')
  if (custody && custody.routeId !== route.routeId) return no('bike_with_crew', custody.by)
  const isWanted = listed !== null && listed.state !== 'left' && listed.state !== as
  return applied(
    [
      ...released(custody ? [bike.bikeId] : []),
      ...(isWanted ? [{ kind: 'list', stopId: listed.stopId, state: as, isBroken: listed.isBroken } as const] : []),
      ...raised(bike, as),
    ],
    listed?.state === 'planned',
  )
}

function leaveStop({ route, stop }: Situation, as: 'done' | 'skipped'): Verdict {
  if (stop === null) return no('stop_unknown')
  if (stop.state !== 'planned') return applied([])
  const asPlanned = as === 'done' && route.waiting.length === 0 && stop.given === stop.give
  return applied(
    [...released(route.waiting), { kind: 'end_stop', stopId: stop.stopId, as }],
    stop.kind !== 'depot' && !asPlanned,
  )
}

const isInVan = ({ custody }: BikeFacts, route: RouteFacts): boolean =>
  custody !== null && custody.routeId === route.routeId && custody.state === 'in_van'

const released = (bikeIds: readonly string[]): CrewChange[] =>
  bikeIds.length === 0 ? [] : [{ kind: 'release', bikeIds }]

const raised = (bike: BikeFacts, alarm: CrewAlarm): CrewChange[] =>
  bike.reported.includes(alarm) ? [] : [{ kind: 'raise', alarm }]

const no = (code: RefusalCode, by: string | null = null): Verdict => ({ kind: 'refused', code, by })

const applied = (changes: readonly CrewChange[], restChanged = false): Verdict => ({
  kind: 'applied',
  changes,
  restChanged,
})
