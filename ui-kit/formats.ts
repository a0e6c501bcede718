import { cityZone } from './city-zone.ts'

/** Numbers as people read them. `language` is a BCP 47 tag; money is integer minor units of its currency. */

/** 250 CNY minor → "¥2.50"; currencies without minor digits are told so by Intl. */
export function formatMoney(language: string, amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amountMinor / 10 ** digits)
}

/** Metres, rounded as far as a walker cares: 40 m, 250 m, 1.2 km. */
export function formatDistance(language: string, metres: number): string {
  const unit = metres < 1_000 ? 'meter' : 'kilometer'
  const value = metres < 1_000 ? Math.round(metres / 10) * 10 : metres / 1_000
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value)
}

/** Minutes on foot at 80 m a minute, at least 1. */
export const walkMinutes = (metres: number): number => Math.max(1, Math.round(metres / 80))

/** A running clock: 4:07, 1:04:07. Never negative. */
export function formatStopwatch(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000))
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}

/** A span told in the largest fitting unit: "12 sec", "5 min", "3 hr". */
export function formatAge(language: string, ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000))
  const [value, unit] =
    seconds < 60
      ? [seconds, 'second']
      : seconds < 3_600
        ? [Math.round(seconds / 60), 'minute']
        : seconds < 172_800
          ? [Math.round(seconds / 3_600), 'hour']
          : [Math.round(seconds / 86_400), 'day']
  return new Intl.NumberFormat(language, { style: 'unit', unit: unit as string, unitDisplay: 'short' }).format(
    value as number,
  )
}

/** Time of day of an instant, in the city's zone: 14:05. */
export const formatClock = (language: string, epochMs: number): string =>
  new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: cityZone(),
  }).format(epochMs)

export const formatDay = (language: string, epochMs: number): string =>
  new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: cityZone() }).format(
    epochMs,
  )

/** "12345" → "12 345", as it is printed on the bike. */
export const formatBikeNumber = (number: string): string => number.replace(/\B(?=(\d{3})+$)/g, ' ')
