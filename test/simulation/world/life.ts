/** One life of the server process, from its start to the next kill -9. */
export interface Life {
  readonly isOver: () => boolean
  end(): void
  onEnd(act: () => void): void
  /** The process dies at the `steps`-th point from now; each statement and commit has one before it and one after. */
  doomedAfter(steps: number, onStruck?: () => void): void
  /** A statement or commit is about to be sent, or has just been answered. True: the process dies here. */
  strikes(): boolean
}

export function createLife(): Life {
  const acts: (() => void)[] = []
  let isOver = false
  let left = Number.POSITIVE_INFINITY
  let onStruck: (() => void) | undefined

  const end = (): void => {
    if (isOver) return
    isOver = true
    for (const act of acts) act()
  }
  return {
    isOver: () => isOver,
    end,
    onEnd: (act) => {
      if (isOver) act()
      else acts.push(act)
    },
    doomedAfter: (steps, struck) => {
      left = steps
      onStruck = struck
    },
    strikes: () => {
      left -= 1
      if (left > 0) return false
      if (!isOver) onStruck?.()
      end()
      return true
    },
  }
}

/** What a dead process waits for. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined)
