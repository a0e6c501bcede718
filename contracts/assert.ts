/** A broken invariant: a bug in our own code, never an expected no (that is a refusal) nor the world failing (a fault). */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant'
}

/** Kept on in production. `sentence` says what must always hold. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new BrokenInvariant(sentence)
}

/** The value, which an earlier line has already made sure of. */
export function present<T>(value: T | null | undefined, sentence: string): T {
  assert(value !== null && value !== undefined, sentence)
  return value
}
