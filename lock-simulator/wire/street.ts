import type { Crowd } from './crowd.ts'

/** Hands that make locks speak: without them a parked bike says a word in five minutes. */
export interface Street {
  /** Forces these open and closes them a moment later, one after another, each every `everyMs`. */
  rattle(lockIds: readonly string[], everyMs: number): void
  /** Rolls these about, each a few metres every `everyMs`, and asks their firmware for nothing. */
  wander(lockIds: readonly string[], everyMs: number): void
  stop(): void
}

const closedAgainMs = 500
const stepDegrees = 0.00002
const walkingMps = 3

export function startStreet(crowd: Pick<Crowd, 'lock'>): Street {
  const timers = new Set<NodeJS.Timeout>()

  /** Calls `act` for one lock after another, so that each has its turn every `everyMs`. */
  function takeTurns(lockIds: readonly string[], everyMs: number, act: (lockId: string) => void): void {
    let turn = 0
    const next = (): void => {
      const lockId = lockIds[turn++ % lockIds.length]
      if (lockId !== undefined) act(lockId)
    }
    timers.add(setInterval(next, Math.max(1, everyMs / Math.max(1, lockIds.length))))
  }

  return {
    rattle: (lockIds, everyMs) =>
      takeTurns(lockIds, everyMs, (lockId) => {
        const lock = crowd.lock(lockId)
        if (lock === null) return
        lock.forceOpen()
        const timer = setTimeout(() => {
          timers.delete(timer)
          lock.pushLever()
        }, closedAgainMs)
        timers.add(timer)
      }),
    wander: (lockIds, everyMs) =>
      takeTurns(lockIds, everyMs, (lockId) => {
        const lock = crowd.lock(lockId)
        if (lock === null) return
        const { lon, lat } = lock.whereabouts()
        lock.setPosition({ lon: lon + stepDegrees, lat, headingDeg: 90, speedMps: walkingMps })
      }),
    stop: () => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
