import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Rooms } from '../../../server/rooms.ts'
import type { Life } from './life.ts'
import type { Notes } from './notes.ts'

/** What the process does by itself: the same calls as in start-platform.ts, less often while nothing goes on. */
export interface Duties {
  /** Told of every statement: some mean that there is something to do. */
  watch(text: string): void
  begin(rooms: Rooms): void
}

/** After something happened, everybody looks at the pace of the real process for this long. */
const livelyForMs = 40_000
const stepsMs = { lively: 500, idle: 15_000 }
const outboxMs = { lively: 1_000, idle: 30_000 }
const pollerMs = { lively: 5_000, idle: 30_000 }
const fleetMs = { lively: 10_000, idle: 60_000 }

export function createDuties(settings: {
  readonly life: Life
  readonly clock: VirtualClock
  readonly notes: Notes
}): Duties {
  const { life, clock, notes } = settings
  let stirredAtMs = clock.nowMs()
  let wakeOutbox: (() => void) | null = null

  function every(pace: { lively: number; idle: number }, name: string, work: () => Promise<unknown>): () => void {
    let cancel: (() => void) | null = null
    const look = (): void => {
      cancel = null
      if (life.isOver()) return
      work()
        .catch((error: unknown) => {
          notes.found.push({ invariant: 'no-duty-fails', detail: `${name}: ${(error as Error).stack ?? error}` })
        })
        .then(() => {
          const isLively = clock.nowMs() - stirredAtMs < livelyForMs
          lookIn(isLively ? pace.lively : pace.idle)
        })
    }
    const lookIn = (delayMs: number): void => {
      cancel?.()
      cancel = clock.schedule(clock.nowMs() + delayMs, look)
    }
    lookIn(pace.lively)
    // Sooner, unless it is at it: then the next look comes at the lively pace anyway.
    return () => {
      if (cancel) lookIn(1)
    }
  }

  const sooner: (() => void)[] = []
  return {
    watch: (text) => {
      if (text.startsWith('INSERT INTO outbox')) wakeOutbox?.()
      if (!/^(INSERT INTO|UPDATE) (command|trip|payment|outbox)\b/.test(text)) return
      // The outbox's own look claims rows; that alone is no news.
      if (text.startsWith('UPDATE outbox SET attempts')) return
      const wasIdle = clock.nowMs() - stirredAtMs >= livelyForMs
      stirredAtMs = clock.nowMs()
      if (wasIdle) for (const hurry of sooner) hurry()
    },
    begin: (rooms) => {
      const steps = async () => {
        await rooms.unlocking.tick()
        await rooms.trips.tick()
      }
      sooner.push(every(stepsMs, 'deadlines', steps))
      wakeOutbox = every(outboxMs, 'outbox', () => rooms.outbox.performReady())
      sooner.push(every(pollerMs, 'payment poller', () => rooms.payments.pollDue()))
      every(fleetMs, 'fleet', () => rooms.fleet.tick())
    },
  }
}
