export interface LookPace {
  /** Something changed: look now, or as soon as it may be. */
  readonly ask: () => void
  /** The page is left: nothing more is asked. */
  readonly stop: () => void
}

/**
 * How often a page looks again at what changed: the first time at once, then with a rest for each request that a look
 * costs, and never while an answer is under way. A look that was asked for meanwhile comes once, after the rest.
 */
export function createLookPace(needs: {
  /** Asks again; settles with the answers. Its failure is told where it is shown. */
  readonly look: () => Promise<unknown>
  /** How many requests a look costs now. */
  readonly requests: () => number
  readonly restPerRequestMs: number
  readonly nowMs: () => number
  /** Acts after a while; what it returns calls that off. */
  readonly wait: (ms: number, act: () => void) => () => void
}): LookPace {
  let mayLookAtMs = Number.NEGATIVE_INFINITY
  let isUnderWay = false
  let isWanted = false
  let isStopped = false
  let callOff: (() => void) | null = null

  function go(): void {
    if (isStopped || isUnderWay || callOff !== null) return
    const restMs = mayLookAtMs - needs.nowMs()
    if (restMs > 0) {
      callOff = needs.wait(restMs, () => {
        callOff = null
        go()
      })
      return
    }
    isWanted = false
    isUnderWay = true
    mayLookAtMs = needs.nowMs() + Math.max(1, needs.requests()) * needs.restPerRequestMs
    void needs.look().then(settled, settled)
  }
  function settled(): void {
    isUnderWay = false
    if (isWanted) go()
  }
  return {
    ask: () => {
      isWanted = true
      go()
    },
    stop: () => {
      isStopped = true
      callOff?.()
      callOff = null
    },
  }
}
