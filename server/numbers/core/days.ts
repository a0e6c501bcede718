import { dateOfDay, dayOfDate } from '../../rebalancing/core/demand/local-half-hour.ts'

/** Local dates (`YYYY-MM-DD`) from the first to the last, both included. */
export function daysBetween(first: string, last: string): readonly string[] {
  const from = dayOfDate(first)
  return Array.from({ length: Math.max(0, dayOfDate(last) - from + 1) }, (_, i) => dateOfDay(from + i))
}

export const dayAfter = (day: string, days: number): string => dateOfDay(dayOfDate(day) + days)

/** As many days as there are from the first to the last, right before them. */
export function periodBefore(first: string, last: string): { readonly from: string; readonly to: string } {
  const length = dayOfDate(last) - dayOfDate(first) + 1
  return { from: dayAfter(first, -length), to: dayAfter(first, -1) }
}

/** Whether a text is a day of the calendar. */
export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && dateOfDay(dayOfDate(text)) === text
