/** A seeded source of numbers. The same seed and purpose give the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [from, to], both included. */
  integer(from: number, to: number): number
  /** True with probability `p` (0 to 1). */
  chance(p: number): boolean
  /** One element; the list must not be empty. */
  pick<T>(items: readonly T[]): T
  /** Normal deviate, by the sum of twelve uniforms: only additions, so that it is bit-exact everywhere. */
  normal(mean: number, sigma: number): number
  /** A stream of its own for another purpose, so that a new draw there does not shift the draws here. */
  split(purpose: string): Random
}

/** `seed` is hashed together with `purpose` (FNV-1a), then drives sfc32 (C. Doty-Humphrey, PractRand). */
export function seededRandom(seed: string | number, purpose = ''): Random {
  const key = `${seed}/${purpose}`
  let a = hash(key, 0x811c9dc5)
  let b = hash(key, 0x9e3779b9)
  let c = hash(key, 0x85ebca6b)
  let counter = 1
  const next32 = () => {
    const t = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) >>> 0
    c = ((c << 21) | (c >>> 11)) >>> 0
    c = (c + t) >>> 0
    return t
  }
  for (let i = 0; i < 12; i++) next32()
  const next = () => next32() / 4_294_967_296
  return {
    next,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (p) => next() < p,
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    normal: (mean, sigma) => {
      let sum = -6
      for (let i = 0; i < 12; i++) sum += next()
      return mean + sigma * sum
    },
    split: (other) => seededRandom(key, other),
  }
}

function hash(text: string, basis: number): number {
  let h = basis
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i)
    h = Math.imul(h, 0x01000193) >>> 0
  }
  return h >>> 0
}
