/** How many statements the database is still working on: none of them, and a simulated step is over. */
export interface Busy {
  /** Counts `work` as under way until it ends. */
  during<T>(work: Promise<T>): Promise<T>
  /** Resolves when nothing is under way and every continuation has run. */
  quiet(): Promise<void>
}

export function createBusy(): Busy {
  let count = 0
  let waiters: (() => void)[] = []
  const idle = () => new Promise<void>((resolve) => waiters.push(resolve))

  function end(): void {
    count -= 1
    if (count > 0) return
    const woken = waiters
    waiters = []
    for (const wake of woken) wake()
  }

  return {
    during: async (work) => {
      count += 1
      try {
        return await work
      } finally {
        end()
      }
    },
    quiet: async () => {
      await nextTurn()
      while (count > 0) {
        await idle()
        await nextTurn()
      }
    },
  }
}

/** Promises and ticks go first, so whatever follows from the last answer has been started by then. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
