const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Runs of at most this long have one rush, in their middle. */
const shortRunMs = 6 * hourMs
const quietFactor = 4

/** Resting times between rides are multiplied by it: 1 in the rush, more when fewer people are about. */
export type RestFactor = (sinceStartMs: number) => number

/** A short run has its rush in the middle half; a long one begins at midnight and has two a day. */
export function rushOf(runMs: number): RestFactor {
  if (runMs <= shortRunMs) {
    return (sinceMs) => (sinceMs >= runMs / 4 && sinceMs < (3 * runMs) / 4 ? 1 : quietFactor)
  }
  return (sinceMs) => byHour[Math.floor((sinceMs % dayMs) / hourMs)] ?? quietFactor
}

const byHour: readonly number[] = [
  ...[20, 40, 40, 40, 30, 10, 4, 1, 1, 3, 4, 4],
  ...[3, 4, 4, 3, 2, 1, 1, 3, 5, 8, 10, 15],
]
