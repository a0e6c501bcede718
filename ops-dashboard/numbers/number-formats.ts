import { formatMoney } from '../../ui-kit/formats.ts'

export type Unit = 'count' | 'ratio' | 'percent' | 'minutes' | 'ms' | 'metres' | 'money'

/** A figure as people read it; a dash where there is none. `currency` for money, which is in minor units. */
export function formatFigure(tag: string, value: number | null, unit: Unit, currency = 'EUR'): string {
  if (value === null) return '–'
  const plain = (digits: number, options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(tag, { maximumFractionDigits: digits, ...options })
  switch (unit) {
    case 'count':
      return plain(0).format(value)
    case 'ratio':
      return plain(2, { minimumFractionDigits: 2 }).format(value)
    case 'percent':
      return plain(1, { style: 'percent' }).format(value)
    case 'minutes':
      return plain(1, { style: 'unit', unit: 'minute', unitDisplay: 'short' }).format(value)
    case 'metres':
      return plain(1, { style: 'unit', unit: 'kilometer', unitDisplay: 'short' }).format(value / 1_000)
    case 'ms':
      return formatSpan(tag, value)
    case 'money':
      return formatMoney(tag, value, currency)
  }
}

/** 840 ms → 0.8 s, 2310 → 2.3 s, 184000 → 3.1 min. */
function formatSpan(tag: string, ms: number): string {
  const [value, unit] =
    ms < 120_000 ? [ms / 1_000, 'second'] : ms < 7_200_000 ? [ms / 60_000, 'minute'] : [ms / 3_600_000, 'hour']
  return new Intl.NumberFormat(tag, {
    ...{ style: 'unit', unit: unit as string, unitDisplay: 'short', maximumFractionDigits: 1 },
  }).format(value as number)
}

export interface Change {
  readonly text: string
  readonly direction: 'up' | 'down' | 'same'
}

/** Against the period before: in percent, and for shares in percentage points. Null where there is nothing to compare. */
export function changeOf(tag: string, now: number | null, before: number | null, unit: Unit): Change | null {
  if (now === null || before === null) return null
  if (unit !== 'percent' && before === 0) return null
  const change = unit === 'percent' ? (now - before) * 100 : (now / before - 1) * 100
  const digits = unit === 'percent' || Math.abs(change) < 10 ? 1 : 0
  const rounded = Math.round(change * 10 ** digits) / 10 ** digits
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: digits, signDisplay: 'exceptZero' }).format(
    rounded,
  )
  const direction = rounded > 0 ? 'up' : rounded < 0 ? 'down' : 'same'
  return { text: unit === 'percent' ? `${number} pp` : `${number} %`, direction }
}

/** `YYYY-MM-DD` of the operator: 20 Nov; with the weekday where there is room. */
export const formatLocalDay = (tag: string, day: string, weekday = false): string =>
  new Intl.DateTimeFormat(tag, {
    ...(weekday ? { weekday: 'short' } : {}),
    ...{ day: 'numeric', month: 'short', timeZone: 'UTC' },
  }).format(Date.parse(`${day}T00:00:00Z`))
