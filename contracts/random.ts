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
export const seededRandom = (seed: string | number, purpose = ''): Random => {
  const key = `${seed}/${purpose}`
  return new Sfc32(hashed(key, 0x811c9dc5), hashed(key, 0x9e3779b9), hashed(key, 0x85ebca6b))
}

/** The same stream, with these methods in place of its own. */
export const alteredRandom = (random: Random, altered: Partial<Random>): Random => ({
  next: () => random.next(),
  integer: (from, to) => random.integer(from, to),
  chance: (p) => random.chance(p),
  pick: (items) => random.pick(items),
  normal: (mean, sigma) => random.normal(mean, sigma),
  split: (purpose) => random.split(purpose),
  ...altered,
})

const warmUpDraws = 12

/**
 * A class with nothing but small whole numbers, because a city of locks holds half a million of them: the hash of the key
 * goes on where it stopped when a stream is split, and the stream itself begins with its first draw.
 */
class Sfc32 implements Random {
  readonly #keyA: number
  readonly #keyB: number
  readonly #keyC: number
  #a = 0
  #b = 0
  #c = 0
  /** 0: not begun. It would take 2^32 draws to come back to it. */
  #counter = 0

  constructor(keyA: number, keyB: number, keyC: number) {
    this.#keyA = keyA
    this.#keyB = keyB
    this.#keyC = keyC
  }

  next(): number {
    if (this.#counter === 0) this.#begin()
    return this.#next32() / 4_294_967_296
  }

  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(p: number): boolean {
    return this.next() < p
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T
  }

  normal(mean: number, sigma: number): number {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.next()
    return mean + sigma * sum
  }

  split(purpose: string): Random {
    const rest = `/${purpose}`
    return new Sfc32(hashed(rest, this.#keyA), hashed(rest, this.#keyB), hashed(rest, this.#keyC))
  }

  #begin(): void {
    this.#a = this.#keyA
    this.#b = this.#keyB
    this.#c = this.#keyC
    this.#counter = 1
    for (let i = 0; i < warmUpDraws; i++) this.#next32()
  }

  #next32(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0
    return drawn >>> 0
  }
}

/** The hash of what came before and of `text` after it. */
function hashed(text: string, before: number): number {
  let h = before | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}
