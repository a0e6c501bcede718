/**
 * How durations are spread, as counts of steps that grow by 2 % each: days can be added up and their percentiles asked
 * afterwards, to within 1 %. [step, count], by step.
 */
export type Spread = readonly (readonly [step: number, count: number])[]

export const stepGrowth = 1.02
/** The longest that is told apart: a week. What is longer counts as one. */
export const longestMs = 604_800_000

/** The step of a duration, 0 for a millisecond or less; the store computes the same in SQL. */
export const stepOf = (durationMs: number): number =>
  Math.round(Math.log(Math.min(longestMs, Math.max(1, durationMs))) / Math.log(stepGrowth))

/** The middle of a step, ms. */
export const durationOf = (step: number): number => Math.round(stepGrowth ** step)

export function addSpreads(a: Spread, b: Spread): Spread {
  const counts = new Map<number, number>(a)
  for (const [step, count] of b) counts.set(step, (counts.get(step) ?? 0) + count)
  return [...counts].sort(([one], [other]) => one - other)
}

/** The smallest duration (ms) that `share` of all are not above, nearest rank; null of none. */
export function percentileOf(spread: Spread, share: number): number | null {
  const total = spread.reduce((sum, [, count]) => sum + count, 0)
  const rank = Math.max(1, Math.ceil(share * total))
  let seen = 0
  for (const [step, count] of spread) {
    seen += count
    if (seen >= rank) return durationOf(step)
  }
  return null
}
