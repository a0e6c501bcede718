/** Alipay's `Price(11)` lies between one fen and one hundred million yuan. */
const largestFen = 10_000_000_000

/**
 * Reads a yuan amount as Alipay writes it (`"1.50"`, `"12"`), as integer fen.
 * Undefined when it is no such text, is zero, has more than two decimals or is above 100 000 000 yuan.
 */
export function fenFromYuan(text: string): number | undefined {
  const match = /^(0|[1-9]\d{0,8})(?:\.(\d{1,2}))?$/.exec(text)
  if (match === null) return undefined
  const fen = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return fen >= 1 && fen <= largestFen ? fen : undefined
}

/** Writes integer fen as a yuan text with exactly two decimals: 150 → `"1.50"`. */
export function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
