import { seededRandom } from '../../../../contracts/random.ts'

/** State of a generator for inner loops: the same method as `seededRandom` (sfc32), without closures. */
export type FastRandom = Int32Array

/** A stream for `purpose`, seeded from the project's own generator. */
export function fastRandom(seed: number, purpose: string): FastRandom {
  const source = seededRandom(seed, purpose)
  return Int32Array.from([0, 0, 0, 1], (start) => (start === 1 ? 1 : source.integer(0, 0xffff_ffff) | 0))
}

/** Uniform whole number of 32 bits, signed. */
function next32(state: FastRandom): number {
  const a = state[0] as number
  const b = state[1] as number
  const c = state[2] as number
  const counter = state[3] as number
  const t = (((a + b) | 0) + counter) | 0
  state[3] = counter + 1
  state[0] = b ^ (b >>> 9)
  state[1] = (c + (c << 3)) | 0
  state[2] = (((c << 21) | (c >>> 11)) + t) | 0
  return t
}

/** Uniform in [0, 1). */
export function fraction(state: FastRandom): number {
  return (next32(state) >>> 0) * 2.328_306_436_538_696_3e-10
}

/** Uniform whole number in [0, below). */
export function below(state: FastRandom, limit: number): number {
  return ((next32(state) >>> 0) * 2.328_306_436_538_696_3e-10 * limit) | 0
}
