/** How many digits a currency has after the point: 2 for CNY, 0 for JPY. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** Minor units as a field wants them: 150 → "1.50". */
export const toAmountField = (minor: number, currency: string): string =>
  (minor / 10 ** digitsOf(currency)).toFixed(digitsOf(currency))

/** What was typed, with a point or a comma, in minor units; null for no amount, or for more digits than there are. */
export function fromAmountField(text: string, currency: string): number | null {
  const match = /^(\d{1,7})(?:[.,](\d*))?$/.exec(text.trim())
  const digits = digitsOf(currency)
  if (!match || (match[2] ?? '').length > digits) return null
  return Number(match[1]) * 10 ** digits + Number((match[2] ?? '').padEnd(digits, '0') || '0')
}
