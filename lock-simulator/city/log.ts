/** Plain lines for the supervisor, which puts a name before them. */
export interface Log {
  line(text: string): void
  /** At most once per `quietMs` for each topic: a trouble that lasts does not flood. */
  trouble(topic: string, text: string): void
}

const quietMs = 30_000
const mostTopics = 100

export function createLog(write: (line: string) => void, nowMs: () => number = Date.now): Log {
  const lastAtMs = new Map<string, number>()
  const swallowed = new Map<string, number>()
  return {
    line: write,
    trouble: (topic, text) => {
      const last = lastAtMs.get(topic)
      if (last !== undefined && nowMs() - last < quietMs) {
        swallowed.set(topic, (swallowed.get(topic) ?? 0) + 1)
        return
      }
      if (lastAtMs.size >= mostTopics) lastAtMs.clear()
      lastAtMs.set(topic, nowMs())
      const times = swallowed.get(topic) ?? 0
      swallowed.delete(topic)
      write(`${text}${times > 0 ? ` (and ${times} more times)` : ''}`)
    },
  }
}
