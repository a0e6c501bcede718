import type { NightSettings } from '../../../contracts/http/nights.ts'
import { minutesPerDay, nightMinute, shiftOf } from './night-hours.ts'

/** Longer than any law allows a driver; a longer one is a slip of the pen. */
const longestShiftMinutes = 14 * 60

/** What does not fit together, as sentences for people; empty when everything does. Fields have passed their schema. */
export function settingsProblems(settings: NightSettings): string[] {
  const { depots, vans } = settings
  const problems = [
    ...twice(depots.map(({ depotId }) => depotId)).map((id) => `Two depots are called "${id}".`),
    ...twice(vans.map(({ vanId }) => vanId)).map((id) => `Two vans are called "${id}".`),
  ]
  for (const van of vans) {
    if (!depots.some(({ depotId }) => depotId === van.depotId)) {
      problems.push(`${van.name} belongs to the depot "${van.depotId}", which does not exist.`)
    }
    const { start, end } = shiftOf(van)
    if (end - start > longestShiftMinutes) {
      problems.push(`${van.name} would be out from ${van.startsAt} to ${van.endsAt}: more than 14 hours.`)
    }
    if (end > nightMinute('12:00') + minutesPerDay) {
      problems.push(`${van.name} would come back at ${van.endsAt}, when the next night has begun.`)
    }
    if (van.goesOut && start < nightMinute(settings.planAt)) {
      problems.push(`${van.name} starts at ${van.startsAt}, before the plan is made at ${settings.planAt}.`)
    }
    if (van.goesOut && nightMinute(settings.reportAt) < start) {
      problems.push(`The report at ${settings.reportAt} would come before ${van.name} starts at ${van.startsAt}.`)
    }
  }
  return problems
}

const twice = (ids: readonly string[]): string[] => [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))]
