/** How many statements the database is still working on: none of them, and a simulated step is over. */
export interface Busy {
  /** Counts `work` as under way until it ends. */
  during<T>(work: Promise<T>): Promise<T>
  /** Resolves when nothing is under way and every continuation has run. */
  quiet(): Promise<void>
}

export function createBusy(): Busy {
  let count = 0
  return {
    during: async (work) => {
      count += 1
      try {
        return await work
      } finally {
        count -= 1
      }
    },
    quiet: async () => {
      do await nextTurn()
      while (count > 0)
    },
  }
}

/** Promises and ticks go first, so whatever follows from the last answer has been started by then. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
