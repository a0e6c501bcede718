const minuteS = 60
const hourS = 3_600
const dayS = 86_400

/** A span in the fewest letters, for columns: "12s", "5m", "3h", "2d". Two days are told in days. */
export function formatShortAge(language: string, ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000))
  const [value, unit] =
    seconds < minuteS
      ? [seconds, 'second']
      : seconds < hourS
        ? [Math.round(seconds / minuteS), 'minute']
        : seconds < 2 * dayS
          ? [Math.round(seconds / hourS), 'hour']
          : [Math.round(seconds / dayS), 'day']
  const key = `${language}/${unit}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay: 'narrow' })
    formats.set(key, format)
  }
  return format.format(value as number)
}

/** Making one takes longer than using it, and a list uses it for each row each second. */
const formats = new Map<string, Intl.NumberFormat>()
