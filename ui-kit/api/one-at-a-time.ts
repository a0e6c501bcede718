export interface Asker {
  /** Asks, unless a question is open: its answer is as good. */
  readonly tick: () => void
  /** Asks for what is true from now on: at once, or after the open question. */
  readonly again: () => void
  /** No answer is told any more. */
  readonly stop: () => void
}

/**
 * Asks over and over, one question at a time: on a line that is slower than the beat each answer still arrives.
 * @param load asks once; it resolves in any case
 */
export function oneAtATime<T>(load: () => Promise<T>, tell: (answer: T) => void): Asker {
  let isOpen = false
  let isWanted = false
  let isStopped = false
  const ask = async () => {
    isOpen = true
    const answer = await load()
    isOpen = false
    if (isStopped) return
    tell(answer)
    if (!isWanted) return
    isWanted = false
    void ask()
  }
  return {
    tick: () => {
      if (!isOpen) void ask()
    },
    again: () => {
      if (isOpen) isWanted = true
      else void ask()
    },
    stop: () => {
      isStopped = true
    },
  }
}
