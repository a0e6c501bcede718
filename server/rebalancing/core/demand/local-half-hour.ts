/** Half hours of a local day: slot 0 begins at 00:00, slot 47 at 23:30. */
export const slotsPerDay = 48
const halfHourMs = 1_800_000
const dayMs = 86_400_000

/** Minutes that local time is ahead of UTC at that moment (summer time included), -720 to 840. */
export type OffsetMinutes = (atMs: number) => number

export interface HalfHour {
  /** `YYYY-MM-DD`, local. */
  readonly date: string
  /** 0 to 47. */
  readonly slot: number
}

/** The local date and half hour of a moment (ms since 1970 UTC). */
export function localHalfHour(atMs: number, offsetMinutes: OffsetMinutes): HalfHour {
  const localMs = atMs + offsetMinutes(atMs) * 60_000
  const day = Math.floor(localMs / dayMs)
  return { date: dateOfDay(day), slot: Math.floor((localMs - day * dayMs) / halfHourMs) }
}

/** Minutes of a span of time in each local half hour that it touches. `fromMs` ≤ `toMs`. */
export function minutesBySlot(fromMs: number, toMs: number, offset: OffsetMinutes): (HalfHour & { minutes: number })[] {
  const parts: (HalfHour & { minutes: number })[] = []
  let at = fromMs
  while (at < toMs) {
    const shiftMs = offset(at) * 60_000
    const end = Math.min(toMs, (Math.floor((at + shiftMs) / halfHourMs) + 1) * halfHourMs - shiftMs)
    parts.push({ ...localHalfHour(at, offset), minutes: (end - at) / 60_000 })
    at = end
  }
  return parts
}

/** Days since 1970-01-01 of a `YYYY-MM-DD` (proleptic Gregorian; the algorithm of days_from_civil, H. Hinnant). */
export function dayOfDate(date: string): number {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number)
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The date of a day since 1970-01-01, `YYYY-MM-DD`. */
export function dateOfDay(daysSince1970: number): string {
  const z = daysSince1970 + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** 0 for Monday to 6 for Sunday. */
export const weekdayOf = (date: string): number => (((dayOfDate(date) + 3) % 7) + 7) % 7
