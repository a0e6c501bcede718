/** Which days are asked for: the last so many, today included, or from one day to another. */
export type AskedRange =
  | { readonly kind: 'last'; readonly days: number }
  | { readonly kind: 'own'; readonly from: string; readonly to: string }

export const usualRanges = [1, 7, 28, 90] as const
const usual: AskedRange = { kind: 'last', days: 7 }
const mostDays = 400
const dayMs = 86_400_000

/** From the query of the page's address; what is wrong there counts as not said. */
export function rangeInAddress(query: URLSearchParams): AskedRange {
  const [from, to] = [query.get('from'), query.get('to')]
  if (from !== null && to !== null && whyNotOwn(from, to) === null) return { kind: 'own', from, to }
  const days = Number(query.get('days'))
  return Number.isInteger(days) && days >= 1 && days <= mostDays ? { kind: 'last', days } : usual
}

/** The same query about other days; everything else in it stays. */
export function withRange(query: URLSearchParams, range: AskedRange): URLSearchParams {
  const next = new URLSearchParams(query)
  for (const name of ['days', 'from', 'to']) next.delete(name)
  for (const [name, value] of Object.entries(namesOf(range))) next.set(name, value)
  return next
}

/** What is asked of the server. */
export const questionOf = (range: AskedRange): string => new URLSearchParams(namesOf(range)).toString()

/** Why two fields of days are no range; null when they are one. */
export function whyNotOwn(from: string, to: string): 'incomplete' | 'backwards' | 'too_long' | null {
  const [first, last] = [dayOf(from), dayOf(to)]
  if (first === null || last === null) return 'incomplete'
  if (first > last) return 'backwards'
  return last - first + 1 > mostDays ? 'too_long' : null
}

/** Days from the first to the last, `YYYY-MM-DD`, both included. */
export function daysFrom(first: string, last: string): readonly string[] {
  const [from, to] = [dayOf(first), dayOf(last)]
  if (from === null || to === null) return []
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) =>
    new Date((from + i) * dayMs).toISOString().slice(0, 10),
  )
}

const namesOf = (range: AskedRange): Record<string, string> =>
  range.kind === 'last' ? { days: String(range.days) } : { from: range.from, to: range.to }

function dayOf(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? null : ms / dayMs
}
