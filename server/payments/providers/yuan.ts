import { assert } from '../../../contracts/assert.ts'
import { largestAmountMinor, type MinorUnits, minor } from '../../../contracts/units.ts'

/** Alipay writes amounts as yuan with two decimals, `"1.50"`. Throws on what is no amount of ours: a bug. */
export function yuanFrom(amountMinor: MinorUnits): string {
  assert(
    Number.isSafeInteger(amountMinor) && amountMinor >= 0 && amountMinor <= largestAmountMinor,
    'an amount is a whole number of fen in range',
  )
  return `${Math.trunc(amountMinor / 100)}.${String(amountMinor % 100).padStart(2, '0')}`
}

/** `"1.5"`, `"1.50"`, `"1"` → fen, without floating point. Null for anything else, also for what is out of range. */
export function fenFrom(yuan: string): MinorUnits | null {
  const parts = /^(0|[1-9][0-9]{0,6})(?:\.([0-9]{1,2}))?$/.exec(yuan)
  if (!parts) return null
  const fen = Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
  return fen <= largestAmountMinor ? minor(fen) : null
}
