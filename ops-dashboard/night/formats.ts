/** Numbers of the plan as people read them. `tag` is a BCP 47 tag. A true minus, so that a sign is never a hyphen. */

const withMinus = (text: string) => text.replace('-', '−')

/** Rides with their sign: "+41", "−0.8", "0". One decimal below 20, where a tenth of a ride decides. */
export function signedRides(tag: string, rides: number): string {
  return withMinus(new Intl.NumberFormat(tag, { signDisplay: 'exceptZero', ...digitsFor(rides) }).format(rides))
}

export const plainRides = (tag: string, rides: number): string =>
  withMinus(new Intl.NumberFormat(tag, digitsFor(rides)).format(rides))

const digitsFor = (rides: number) => {
  const size = Math.abs(rides)
  const digits = size < 20 && size >= 0.05 ? 1 : 0
  return { minimumFractionDigits: digits, maximumFractionDigits: digits }
}

const unit = (tag: string, value: number, name: string, options: Intl.NumberFormatOptions = {}): string =>
  withMinus(
    new Intl.NumberFormat(tag, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: 1,
      ...options,
    }).format(value),
  )

export const kilometres = (tag: string, metres: number): string =>
  unit(tag, metres / 1_000, 'kilometer', { maximumFractionDigits: Math.abs(metres) < 20_000 ? 1 : 0 })
export const signedKilometres = (tag: string, metres: number): string =>
  unit(tag, metres / 1_000, 'kilometer', { signDisplay: 'exceptZero' })
export const hours = (tag: string, value: number): string => unit(tag, value, 'hour')
export const minutes = (tag: string, value: number): string => unit(tag, value, 'minute', { maximumFractionDigits: 0 })
export const percent = (tag: string, share: number): string =>
  new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }).format(share)
