import { weekdayOf } from '../server/rebalancing/core/demand/local-half-hour.ts'

const fixed = ['01-01', '07-04', '11-11', '12-25']
/** Month, weekday (0 Monday), and which of the month: 1 to 4, or -1 for the last. */
const floating = [
  { month: 1, weekday: 0, nth: 3 },
  { month: 2, weekday: 0, nth: 3 },
  { month: 5, weekday: 0, nth: -1 },
  { month: 9, weekday: 0, nth: 1 },
  { month: 10, weekday: 0, nth: 2 },
  { month: 11, weekday: 3, nth: 4 },
]

/** The federal holidays of the United States (5 U.S.C. 6103) on their own dates; Juneteenth since 2021. */
export function isUsHoliday(date: string): boolean {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  if (fixed.includes(date.slice(5)) || (date.slice(5) === '06-19' && year >= 2021)) return true
  const daysOfMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return floating.some(
    (one) =>
      one.month === month &&
      one.weekday === weekdayOf(date) &&
      (one.nth === -1 ? day + 7 > daysOfMonth : Math.ceil(day / 7) === one.nth),
  )
}
