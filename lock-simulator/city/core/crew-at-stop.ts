import type { CrewBike, CrewRoute, CrewStop } from '../../../contracts/http/crews.ts'
import type { Random } from '../../../contracts/random.ts'
import { unchanged } from '../../../contracts/step.ts'
import type { Position } from '../../../contracts/units.ts'
import { headOn, stopOf, stopsAhead } from './crew-on-the-way.ts'
import type { CrewEffect, CrewEvent, CrewState, CrewStep, CrewWord, VanBike } from './crew-state.ts'

const parkMs = { from: 60_000, to: 150_000 }
const perBikeMs = { from: 35_000, to: 75_000 }
const pauseChance = 0.03
const pauseMs = { from: 480_000, to: 900_000 }
const skipChance = 0.015
const brokenChance = 0.015
/** Somebody stands at the bike: so often the crew looks again, then it leaves the bike alone. */
const mostLooks = 3
const lookAgainAfterMs = 60_000

/** The van has stopped: parks, sometimes after a pause, sometimes cannot get to the bikes at all. */
export function beginStop(state: CrewState, random: Random): CrewStep {
  const stop = stopOf(state)
  const { route } = state
  if (route !== null && stop !== null && stop.kind !== 'depot' && random.chance(skipChance)) {
    const onwards = headOn({ ...state, left: [...state.left, stop.stopId] })
    const word: CrewWord = { act: 'skip_stop', stopId: stop.stopId, reason: 'no_access' }
    return { state: onwards.state, effects: [say(route, word), ...onwards.effects] }
  }
  const isLast = stop === null || (stop.kind === 'depot' && stopsAhead(state).length <= 1)
  const restMs = random.chance(pauseChance) ? draw(random, pauseMs) : 0
  return {
    state: { ...state, phase: isLast ? 'handing_in' : 'at_stop', put: { usable: stop?.given ?? 0, broken: 0 } },
    effects: [{ kind: 'wait', lastsMs: restMs + draw(random, parkMs) }],
  }
}

/** Hands are free: the next bike in or out, and when there is none, onwards. */
export function goOnWorking(state: CrewState, random: Random): CrewStep {
  const { route } = state
  if (route === null) return { state: { ...state, phase: 'done', stopId: null }, effects: [] }
  const stop = stopOf(state)
  const listed = stop === null ? null : nextToTake(state, stop)
  if (listed) return { state, effects: [{ kind: 'find', number: listed.number, at: placeOf(listed, stop) }] }
  const bike = nextToPut(state, stop)
  if (bike) return putDown(state, { route, stop, bike }, random)
  return leave(state, route, stop)
}

function nextToTake({ van, seen, route, isLate, isLost }: CrewState, stop: CrewStop): CrewBike | null {
  if (isLate || isLost || stop.state !== 'planned' || van.length >= (route?.capacity ?? 0)) return null
  return stop.take.find(({ number, state }) => state === 'planned' && !seen.includes(number)) ?? null
}

function nextToPut({ phase, van, put }: CrewState, stop: CrewStop | null): VanBike | null {
  if (phase === 'handing_in') return van[0] ?? null
  if (stop === null || stop.state !== 'planned') return null
  const usable = put.usable < stop.give ? van.find(({ isBroken }) => !isBroken) : undefined
  return usable ?? (put.broken < stop.giveBroken ? van.find(({ isBroken }) => isBroken) : undefined) ?? null
}

interface Putting {
  readonly route: CrewRoute
  readonly stop: CrewStop | null
  readonly bike: VanBike
}

function putDown(state: CrewState, { route, stop, bike }: Putting, random: Random): CrewStep {
  const { number, isBroken } = bike
  const { usable, broken } = state.put
  const at = stop ?? route.depot
  return {
    state: {
      ...state,
      van: state.van.filter((one) => one.number !== number),
      put: isBroken ? { usable, broken: broken + 1 } : { usable: usable + 1, broken },
    },
    effects: [
      { kind: 'put_down', number, at: { lon: at.lon, lat: at.lat } },
      say(route, { act: 'unload', bike: number, stopId: stop?.stopId ?? null }),
      { kind: 'wait', lastsMs: draw(random, perBikeMs) },
    ],
  }
}

function leave(state: CrewState, route: CrewRoute, stop: CrewStop | null): CrewStep {
  const said = stop === null || state.isLost ? [] : [say(route, { act: 'finish_stop', stopId: stop.stopId })]
  const left = stop === null ? state.left : [...state.left, stop.stopId]
  if (state.phase !== 'handing_in') {
    const onwards = headOn({ ...state, left })
    return { state: onwards.state, effects: [...said, ...onwards.effects] }
  }
  const ended = state.isLost ? [] : [say(route, { act: 'end_shift' })]
  return { state: { ...state, phase: 'done', stopId: null, left, lookAgain: null }, effects: [...said, ...ended] }
}

/** The crew stands where a bike should be. */
export function onFound(state: CrewState, event: Extract<CrewEvent, { kind: 'found' }>, random: Random): CrewStep {
  const { route, stopId } = state
  const stop = stopOf(state)
  const { number } = event
  if (route === null || state.seen.includes(number)) return unchanged(state)
  const done = { ...state, seen: [...state.seen, number], lookAgain: null }
  // A newer plan, or a lost route, wants it no more.
  const isWanted = stop !== null && nextToTake(state, stop)?.number === number
  if (!isWanted) return goOnWorking(state, random)
  switch (event.is) {
    case 'there': {
      const isListedBroken = stop.take.some((bike) => bike.number === number && bike.isBroken)
      const isFoundBroken = !isListedBroken && random.chance(brokenChance)
      const van = [...state.van, { number, isBroken: isListedBroken || isFoundBroken }]
      const word: CrewWord = { act: isFoundBroken ? 'broken' : 'load', bike: number, stopId }
      const wait: CrewEffect = { kind: 'wait', lastsMs: draw(random, perBikeMs) }
      return { state: { ...done, van }, effects: [{ kind: 'pick_up', number }, say(route, word), wait] }
    }
    case 'gone': {
      const wait: CrewEffect = { kind: 'wait', lastsMs: draw(random, perBikeMs) }
      return { state: done, effects: [say(route, { act: 'not_found', bike: number, stopId }), wait] }
    }
    case 'with_somebody': {
      const looks = (state.lookAgain?.number === number ? state.lookAgain.looks : 0) + 1
      const isGivenUp = looks >= mostLooks
      const waits: CrewEffect = { kind: 'wait', lastsMs: lookAgainAfterMs }
      return { state: isGivenUp ? done : { ...state, lookAgain: { number, looks } }, effects: [waits] }
    }
  }
}

const placeOf = (bike: CrewBike, stop: CrewStop | null): Position => {
  if (bike.lon !== null && bike.lat !== null) return { lon: bike.lon, lat: bike.lat }
  return { lon: stop?.lon ?? 0, lat: stop?.lat ?? 0 }
}

const say = ({ routeId }: CrewRoute, word: CrewWord): CrewEffect => ({ kind: 'say', routeId, word })

const draw = (random: Random, { from, to }: { readonly from: number; readonly to: number }): number =>
  random.integer(from, to)
