/** Asks the city process, which may be away at any time; null when it is, and when it does not know the thing. */
export type AskCity = (path: string, body?: unknown) => Promise<unknown>

const cityAnswerMs = 3_000

export const createAskCity =
  (cityUrl: () => string | null): AskCity =>
  async (path, body) => {
    const base = cityUrl()
    if (base === null) return null
    try {
      const answer = await fetch(`${base}${path}`, {
        signal: AbortSignal.timeout(cityAnswerMs),
        ...(body === undefined
          ? {}
          : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
      return answer.ok ? await answer.json() : null
    } catch {
      // Refused, gone in the middle, too slow: the city is away, which is an answer here.
      return null
    }
  }
