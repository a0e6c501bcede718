import type { PlanPlace, PlanRoute, PlanStop, PlanView } from '../../contracts/http/nights.ts'

type Named = Pick<PlanView, 'places'>

export const placeOf = (plan: Named, stop: Pick<PlanStop, 'place'>): PlanPlace | null => plan.places[stop.place] ?? null

/** What is written on a stop: 1, 2, 3 … in driving order; a visit to a depot has no number. */
export function stopLabels(plan: Named, route: Pick<PlanRoute, 'stops'>): readonly string[] {
  let number = 0
  return route.stops.map((stop) => {
    if (placeOf(plan, stop)?.kind === 'depot') return '⌂'
    number++
    return String(number)
  })
}

/** Whether a stop is the way home: it is always there and always last. */
export const isHomeward = (plan: Named, route: Pick<PlanRoute, 'stops'>, stop: number): boolean => {
  const last = route.stops.at(-1)
  return last !== undefined && stop === route.stops.length - 1 && placeOf(plan, last)?.kind === 'depot'
}
