/**
 * The numbers under which a provider knows our requests: pure functions of ids that are stored before the first call,
 * so that a repeat after a crash carries the same number. `[a-z0-9]`, at most 34 characters (Alipay allows 64).
 */
export const holdKeyOf = (paymentId: string): string => `zh${digitsOf(paymentId)}`
export const captureKeyOf = (paymentId: string): string => `zc${digitsOf(paymentId)}`
export const releaseKeyOf = (paymentId: string): string => `zr${digitsOf(paymentId)}`
export const refundKeyOf = (refundId: string): string => `zf${digitsOf(refundId)}`

/** The payment whose hold or capture number this is, or null for a number that is not ours. */
export function paymentIdOfKey(key: string): string | null {
  const digits = /^z[hc]([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(key)
  return digits === null ? null : digits.slice(1).join('-')
}

const digitsOf = (id: string): string => id.replaceAll('-', '')
