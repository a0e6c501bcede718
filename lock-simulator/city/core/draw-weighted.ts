import type { Random } from '../../../contracts/random.ts'

/** Draws by weight in O(log n); the running sums are made once. All weights must be ≥ 0 and one > 0. */
export function weightedDraw<T>(items: readonly (readonly [item: T, weight: number])[]): (random: Random) => T {
  const sums: number[] = []
  let sum = 0
  for (const [, weight] of items) {
    sum += weight
    sums.push(sum)
  }
  return (random) => {
    const wanted = random.next() * sum
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] as number) > wanted) high = middle
      else low = middle + 1
    }
    return (items[low] as readonly [T, number])[0]
  }
}
