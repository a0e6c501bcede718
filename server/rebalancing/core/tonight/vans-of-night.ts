import { nightMinute, shiftOf } from '../night-hours.ts'
import type { Van } from '../night-problem.ts'
import type { NightInputs } from './night-inputs.ts'

/** Index of the depot among the places of every night's problem. */
export const depotPlace = 0

type ShiftInputs = Pick<NightInputs, 'settings' | 'depotId' | 'busy' | 'zeroMs' | 'momentAt'>

/** The vans of the depot that go out and are not on the streets already. A shift that is over is left out. */
export function vansOfNight(inputs: ShiftInputs): Van[] {
  return inputs.settings.vans
    .filter((van) => van.goesOut && van.depotId === inputs.depotId && !inputs.busy.vanIds.includes(van.vanId))
    .map((van) => vanOfShift(van, inputs))
    .filter((van) => van.endS > van.startS)
}

type Hours = Pick<NightInputs, 'zeroMs' | 'momentAt'>

/** One van's shift in the seconds of a problem. */
export function vanOfShift(van: NightInputs['settings']['vans'][number], hours: Hours): Van {
  return {
    vanId: van.vanId,
    name: van.name,
    capacity: van.capacity,
    startPlace: depotPlace,
    endPlace: depotPlace,
    ...shiftSeconds(van, hours),
    usableAtStart: 0,
    brokenAtStart: 0,
    lockedPlaces: [],
  }
}

export function shiftSeconds(times: { readonly startsAt: string; readonly endsAt: string }, hours: Hours) {
  const { start, end } = shiftOf(times)
  const second = (minute: number) => Math.round((hours.momentAt(minute) - hours.zeroMs) / 1_000)
  return { startS: Math.max(0, second(start)), endS: second(end) }
}

/** Second 0: the first moment at which a van of the depot leaves, or now where that is later. */
export function zeroOfNight(inputs: Pick<NightInputs, 'settings' | 'depotId' | 'nowMs' | 'momentAt'>): number {
  const starts = inputs.settings.vans
    .filter((van) => van.goesOut && van.depotId === inputs.depotId)
    .map((van) => inputs.momentAt(nightMinute(van.startsAt)))
  return starts.length === 0 ? inputs.nowMs : Math.max(inputs.nowMs, Math.min(...starts))
}
