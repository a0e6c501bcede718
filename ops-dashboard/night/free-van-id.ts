/** The first `van-N` that is not taken. */
export function freeVanId(taken: readonly string[]): string {
  const numbers = Array.from({ length: taken.length + 1 }, (_, i) => `van-${i + 1}`)
  return numbers.find((id) => !taken.includes(id)) ?? `van-${taken.length + 1}`
}
