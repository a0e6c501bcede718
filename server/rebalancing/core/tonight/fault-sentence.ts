import type { PlanFault } from '../night-plan.ts'
import type { NightProblem } from '../night-problem.ts'

/** What a fault means, for the person who asked for the change. */
export function faultSentence(problem: NightProblem, fault: PlanFault): string {
  const van = 'vanId' in fault ? (problem.vans.find(({ vanId }) => vanId === fault.vanId)?.name ?? fault.vanId) : ''
  const stop = 'stop' in fault ? `stop ${fault.stop + 1}` : ''
  switch (fault.kind) {
    case 'over_capacity':
      return `${van} would carry ${bikes(fault.bikes)} more than fit after ${stop}.`
    case 'nothing_to_give':
      return `${van} would have no bike to put down at ${stop}.`
    case 'late':
      return `${van} would be back ${minutes(fault.byS)} late.`
    case 'outside_window':
      return `${van} would be at ${stop} ${minutes(fault.byS)} outside of its hours.`
    case 'unknown_bike':
      return `${van} would take a bike at ${stop} that does not stand there.`
    case 'bike_taken_twice':
      return 'One bike would be taken twice.'
    case 'too_many_given':
      return `${placeOf(problem, fault.placeId)} would get ${bikes(fault.bikes)} more than fit.`
    case 'broken_not_at_workshop':
      return `${van} would leave broken bikes at ${stop}, which is no workshop.`
    case 'broken_left_in_van':
      return `${van} would come back with ${bikes(fault.bikes)} for the workshop that it does not pass.`
    case 'locked_place_missing':
      return `${problem.places[fault.place]?.name ?? 'A stop'} is locked into the route of ${van}: unlock it first.`
    case 'wrong_figure':
      return `The figure "${fault.what}" does not add up.`
    case 'wrong_place':
      return `${van} has no such stop.`
  }
}

const bikes = (count: number): string => (count === 1 ? '1 bike' : `${count} bikes`)
const minutes = (seconds: number): string => {
  const whole = Math.max(1, Math.ceil(seconds / 60))
  return whole === 1 ? '1 minute' : `${whole} minutes`
}
const placeOf = (problem: NightProblem, placeId: string): string =>
  problem.places.find((place) => place.placeId === placeId)?.name ?? placeId
