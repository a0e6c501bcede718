import { fromField, toField } from './city-moment.ts'

/** What a field of date and time was filled with. */
export interface FilledField {
  readonly text: string
  readonly atMs: number
}

/** Where a clock is turned back it is by an hour; on Lord Howe Island by half of one. Either pass may have been read. */
const otherPassMs = [-3_600_000, -1_800_000, 0, 1_800_000, 3_600_000] as const

export const filledIn = (atMs: number): FilledField => ({ text: toField(atMs), atMs })

/**
 * The moment that a field of date and time says; null: it says none. Untouched it is the one it was filled with, which
 * has milliseconds and knows which of two hours it is in. Typed, in an hour that the clock repeats, it is the first
 * that lies in the range.
 */
export function momentOf(
  text: string,
  filled: FilledField | null,
  { leastMs, mostMs }: { readonly leastMs: number; readonly mostMs: number },
): number | null {
  if (text === filled?.text) return filled.atMs
  const read = fromField(text)
  if (read === null) return null
  const said = toField(read)
  const passes = otherPassMs.map((ms) => read + ms).filter((atMs) => toField(atMs) === said)
  return passes.find((atMs) => atMs >= leastMs && atMs <= mostMs) ?? read
}
