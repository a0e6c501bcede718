/** Minutes of a night count from its date's midnight: 22:00 is 1,320, the next morning's 06:00 is 1,800. */
export type NightMinute = number

export const minutesPerDay = 1_440
/** A night begins at noon: what the clock shows before noon belongs to the night of the day before. */
export const noonMinute = 720

/** Minutes of `HH:MM`. */
export function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

/** When a night's clock shows `HH:MM`: in its evening, or in the morning after it. */
export function nightMinute(time: string): NightMinute {
  const minute = minuteOf(time)
  return minute < noonMinute ? minute + minutesPerDay : minute
}

/** A shift that ends at or before its start would be over before it began: its end is a day later. */
export function shiftOf(van: { readonly startsAt: string; readonly endsAt: string }): {
  readonly start: NightMinute
  readonly end: NightMinute
} {
  const start = nightMinute(van.startsAt)
  const end = nightMinute(van.endsAt)
  return { start, end: end <= start ? end + minutesPerDay : end }
}
