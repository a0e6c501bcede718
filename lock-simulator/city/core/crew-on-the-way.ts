import type { CrewStop } from '../../../contracts/http/crews.ts'
import type { CrewEffect, CrewState, CrewStep } from './crew-state.ts'

/** The stop where the crew is or where it drives to; null on the way to the depot, or when a new plan left it out. */
export const stopOf = ({ route, stopId }: CrewState): CrewStop | null =>
  route?.stops.find((stop) => stop.stopId === stopId) ?? null

/** Stops to come, in driving order. */
export const stopsAhead = ({ route, left, isLost }: CrewState): readonly CrewStop[] =>
  isLost ? [] : (route?.stops ?? []).filter((stop) => stop.state === 'planned' && !left.includes(stop.stopId))

/** Drives to the next stop of the plan; late, past all that is not a depot; without any, to the depot. */
export function headOn(state: CrewState): CrewStep {
  const { route } = state
  if (route === null) return { state: { ...state, phase: 'done', stopId: null }, effects: [] }
  const ahead = stopsAhead(state)
  const passed = state.isLate ? ahead.filter(({ kind }) => kind !== 'depot') : []
  const next = ahead.find((stop) => !passed.includes(stop)) ?? null
  const said = passed.map(({ stopId }): CrewEffect => {
    return { kind: 'say', routeId: route.routeId, word: { act: 'skip_stop', stopId, reason: 'no_time' } }
  })
  const to = next ?? route.depot
  return {
    state: {
      ...state,
      phase: 'driving',
      stopId: next?.stopId ?? null,
      left: [...state.left, ...passed.map(({ stopId }) => stopId)],
      lookAgain: null,
    },
    effects: [...said, { kind: 'drive', to: { lon: to.lon, lat: to.lat } }],
  }
}
