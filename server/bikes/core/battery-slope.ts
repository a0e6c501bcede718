import type { BatteryHour } from '../../../contracts/http/bike-page.ts'

const dayMs = 86_400_000
/** A step up of this much is a charge: what was before says nothing of now. */
const chargedPercent = 5
/** A slope over less than this is noise of the gauge. */
const shortestMs = 6 * 3_600_000

/**
 * How fast a battery empties, percent per day since it was last charged, by least squares; null while too little is known.
 * @param hours oldest first
 */
export function batterySlope(hours: readonly BatteryHour[]): number | null {
  const since = sinceCharge(hours)
  const [first, last] = [since.at(0), since.at(-1)]
  if (first === undefined || last === undefined || last.at - first.at < shortestMs) return null
  const days = since.map(({ at }) => (at - first.at) / dayMs)
  const meanDay = mean(days)
  const meanPercent = mean(since.map(({ percent }) => percent))
  const spread = days.reduce((sum, day) => sum + (day - meanDay) ** 2, 0)
  if (spread === 0) return null
  const common = since.reduce((sum, { percent }, index) => {
    return sum + ((days[index] ?? 0) - meanDay) * (percent - meanPercent)
  }, 0)
  return Math.round((common / spread) * 100) / 100
}

/** When it falls to `flatPercent` if it goes on so; null when it does not fall, or is there already. */
export function emptyAtMs(
  percent: number | null,
  percentPerDay: number | null,
  flatPercent: number,
  nowMs: number,
): number | null {
  if (percent === null || percentPerDay === null || percentPerDay >= 0 || percent <= flatPercent) return null
  return Math.round(nowMs + ((percent - flatPercent) / -percentPerDay) * dayMs)
}

function sinceCharge(hours: readonly BatteryHour[]): readonly BatteryHour[] {
  let start = 0
  for (const [index, { percent }] of hours.entries()) {
    const before = hours[index - 1]
    if (before !== undefined && percent - before.percent >= chargedPercent) start = index
  }
  return hours.slice(start)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
