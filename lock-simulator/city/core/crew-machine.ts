import type { CrewRoute, RouteSummary } from '../../../contracts/http/crews.ts'
import type { Random } from '../../../contracts/random.ts'
import { unchanged } from '../../../contracts/step.ts'
import { beginStop, goOnWorking, onFound } from './crew-at-stop.ts'
import { headOn, stopOf } from './crew-on-the-way.ts'
import { type CrewEffect, type CrewEvent, type CrewState, type CrewStep, crewAtHome } from './crew-state.ts'

const tryAgainMs = { from: 30_000, to: 120_000 }
const lookEveryMs = { from: 180_000, to: 300_000 }

/**
 * One step of a night crew from the log-in to the end of its shift. Total: what does not concern a phase leaves it as it
 * is. At most one effect at a time asks for an answer, and it is the last; chance comes from `random` alone.
 */
export function stepCrew(state: CrewState, event: CrewEvent, random: Random): CrewStep {
  switch (event.kind) {
    case 'duty_begins':
      if (state.phase !== 'off_duty') return unchanged(state)
      return { state: { ...crewAtHome, van: state.van, phase: 'logging_in' }, effects: [{ kind: 'log_in' }] }
    case 'duty_ends':
      // Nobody goes home with bikes in the van.
      return isOnRoute(state) || state.van.length > 0 ? unchanged(state) : { state: crewAtHome, effects: [] }
    case 'revised':
      return onRevised(state, event.route)
    case 'route_lost':
      return comeIn(state)
    case 'time_is_up':
      return onTimeIsUp(state)
    case 'bike_refused':
      return onBikeRefused(state, event.number)
    case 'logged_in':
    case 'no_answer':
    case 'refused':
    case 'routes':
    case 'route':
    case 'arrived':
    case 'waited':
    case 'found':
      return inPhase(state, event, random)
  }
}

function inPhase(state: CrewState, event: CrewEvent, random: Random): CrewStep {
  switch (state.phase) {
    case 'off_duty':
    case 'done':
      return unchanged(state)
    case 'logging_in':
      return loggingIn(state, event, random)
    case 'waiting_for_route':
      return waitingForRoute(state, event, random)
    case 'driving':
      return event.kind === 'arrived' ? beginStop(state, random) : unchanged(state)
    case 'at_stop':
    case 'handing_in':
      if (event.kind === 'waited') return goOnWorking(state, random)
      return event.kind === 'found' ? onFound(state, event, random) : unchanged(state)
  }
}

/** Has a route in hand. */
export const isOnRoute = ({ phase }: CrewState): boolean =>
  phase === 'driving' || phase === 'at_stop' || phase === 'handing_in'

function loggingIn(state: CrewState, event: CrewEvent, random: Random): CrewStep {
  if (event.kind === 'logged_in')
    return { state: { ...state, phase: 'waiting_for_route' }, effects: [{ kind: 'look' }] }
  if (event.kind === 'waited') return { state, effects: [{ kind: 'log_in' }] }
  if (event.kind === 'no_answer' || event.kind === 'refused') return { state, effects: [waitFor(random, tryAgainMs)] }
  return unchanged(state)
}

function waitingForRoute(state: CrewState, event: CrewEvent, random: Random): CrewStep {
  switch (event.kind) {
    case 'waited':
      return { state, effects: [{ kind: 'look' }] }
    case 'no_answer':
    case 'refused':
      // Another crew was quicker, or the phone has no signal.
      return { state, effects: [waitFor(random, tryAgainMs)] }
    case 'routes':
      return choose(state, event.routes, event.beginsByMs, random)
    case 'route':
      return setOut(event.route)
    default:
      return unchanged(state)
  }
}

function choose(state: CrewState, routes: readonly RouteSummary[], beginsByMs: number, random: Random): CrewStep {
  const mine = routes.filter((route) => route.isMine)
  const own = mine.find((route) => route.state === 'claimed') ?? (state.van.length > 0 ? mine.find(isOver) : undefined)
  if (own) return { state, effects: [{ kind: 'read', routeId: own.routeId }] }
  // Bikes of a night that nobody remembers stand where the van was.
  const orphans = state.van.map(({ number }): CrewEffect => ({ kind: 'set_aside', number }))
  const empty = { ...state, van: [] }
  const open = routes.filter((route) => route.state === 'open' && route.startsAt <= beginsByMs)
  const chosen = open.length > 0 ? random.pick(open) : null
  const next: CrewEffect = chosen ? { kind: 'claim', routeId: chosen.routeId } : waitFor(random, lookEveryMs)
  return { state: empty, effects: [...orphans, next] }
}

const isOver = ({ state }: RouteSummary): boolean => state === 'done'

function setOut(route: CrewRoute): CrewStep {
  const van = route.load.map(({ number, isBroken }) => ({ number, isBroken }))
  const ready: CrewState = { ...crewAtHome, phase: 'driving', route, van }
  if (!isStillMine(route)) return comeIn(ready)
  return headOn(ready)
}

const isStillMine = (route: CrewRoute): boolean => route.isMine && route.state === 'claimed'

function onRevised(state: CrewState, route: CrewRoute): CrewStep {
  if (!isOnRoute(state) || state.route?.routeId !== route.routeId || state.isLost) return unchanged(state)
  if (!isStillMine(route)) return comeIn(state)
  const revised = { ...state, route }
  if (state.phase !== 'driving') return { state: revised, effects: [] }
  const onTheWay = headOn(revised)
  return onTheWay.state.stopId === state.stopId ? { state: revised, effects: [] } : onTheWay
}

/** The route is not this crew's any more: what is in the van goes to the depot. */
function comeIn(state: CrewState): CrewStep {
  if (!isOnRoute(state) || state.isLost) return unchanged(state)
  const lost = { ...state, isLost: true }
  return state.phase === 'handing_in' ? { state: lost, effects: [] } : headOn(lost)
}

function onTimeIsUp(state: CrewState): CrewStep {
  if (!isOnRoute(state) || state.isLate) return unchanged(state)
  const late = { ...state, isLate: true }
  if (state.phase !== 'driving' || stopOf(state)?.kind === 'depot') return { state: late, effects: [] }
  return headOn(late)
}

function onBikeRefused(state: CrewState, number: string): CrewStep {
  if (!state.van.some((bike) => bike.number === number)) return unchanged(state)
  const van = state.van.filter((bike) => bike.number !== number)
  return { state: { ...state, van }, effects: [{ kind: 'set_aside', number }] }
}

const waitFor = (random: Random, { from, to }: { readonly from: number; readonly to: number }): CrewEffect => ({
  kind: 'wait',
  lastsMs: random.integer(from, to),
})
