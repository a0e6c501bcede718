import { cityZone } from '../../ui-kit/city-zone.ts'
import { momentInZone } from '../places/moment-in-zone.ts'

/** The first moment of a day of the city, `YYYY-MM-DD`. */
export const dayInCity = (day: string): number | null => momentInZone(`${day}T00:00`, cityZone())

/** What stands in a field of date and time, on the city's clock. */
export const fromField = (text: string): number | null => momentInZone(text, cityZone())

/** A moment as a field of date and time wants it: `2026-11-22T14:05:09` on the city's clock. */
export function toField(epochMs: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: cityZone(), hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(epochMs)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`
}

/** Day and time with seconds on the city's clock: a trip's story is told by them. */
export const formatMoment = (language: string, epochMs: number): string =>
  new Intl.DateTimeFormat(language, {
    ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    ...{ hourCycle: 'h23', timeZone: cityZone() },
  }).format(epochMs)
