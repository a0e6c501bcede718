import type { Clock } from '../platform/clock.ts'

/** Answers kept at once; a shift of desks asks for a handful of spans. */
const mostKept = 200

/**
 * The same answer to everybody who asks within `forMs` of real time, also while it is still being made: a day that goes
 * on is counted once for all desks. What failed is not kept.
 */
export function rememberBriefly(clock: Pick<Clock, 'realNowMs'>, forMs: number) {
  const kept = new Map<string, { readonly untilMs: number; readonly answer: Promise<unknown> }>()
  return <Answer>(key: string, make: () => Promise<Answer>): Promise<Answer> => {
    const nowMs = clock.realNowMs()
    const known = kept.get(key)
    if (known !== undefined && nowMs < known.untilMs) return known.answer as Promise<Answer>
    if (kept.size >= mostKept) kept.clear()
    const answer = make()
    kept.set(key, { untilMs: nowMs + forMs, answer })
    answer.catch(() => kept.delete(key))
    return answer
  }
}
