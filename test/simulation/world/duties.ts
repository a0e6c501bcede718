import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Rooms } from '../../../server/rooms.ts'
import type { Life } from './life.ts'
import type { Notes } from './notes.ts'

/** What the process does by itself: the same calls as in start-platform.ts, less often while nothing goes on. */
export interface Duties {
  /** Told of every statement: some mean that there is something to do. */
  watch(text: string, values: readonly unknown[]): void
  begin(rooms: Rooms): void
}

interface Pace {
  readonly livelyMs: number
  readonly idleMs: number
  /** How long after a stir the pace stays lively. */
  readonly forMs: number
}

/** An unlock lives 15 s and is waited for 5 s more; a lock gets 10 s to send its first stamp. */
const deadlines: Pace = { livelyMs: 1_000, idleMs: 20_000, forMs: 22_000 }
const outbox: Pace = { livelyMs: 1_000, idleMs: 30_000, forMs: 0 }
const poller: Pace = { livelyMs: 5_000, idleMs: 30_000, forMs: 30_000 }
const fleet: Pace = { livelyMs: 20_000, idleMs: 20_000, forMs: 0 }

export function createDuties(settings: {
  readonly life: Life
  readonly clock: VirtualClock
  readonly notes: Notes
}): Duties {
  const { life, clock, notes } = settings
  const nothing = { stir: () => undefined, lookBy: (_atMs: number) => undefined }
  const at = { deadlines: nothing, outbox: nothing, poller: nothing }

  function every(pace: Pace, name: string, work: () => Promise<unknown>) {
    let stirredAtMs = clock.nowMs()
    let dueAtMs = Number.POSITIVE_INFINITY
    let cancel: (() => void) | null = null
    let isWorking = false
    let wantedAtMs = Number.POSITIVE_INFINITY

    function look(): void {
      cancel = null
      dueAtMs = Number.POSITIVE_INFINITY
      if (life.isOver()) return
      isWorking = true
      wantedAtMs = Number.POSITIVE_INFINITY
      void work()
        .catch((error: unknown) => {
          notes.found.push({ invariant: 'no-duty-fails', detail: `${name}: ${(error as Error).stack ?? error}` })
        })
        .then(() => {
          isWorking = false
          const isLively = clock.nowMs() - stirredAtMs < pace.forMs
          lookBy(Math.min(wantedAtMs, clock.nowMs() + (isLively ? pace.livelyMs : pace.idleMs)))
        })
    }

    function lookBy(atMs: number): undefined {
      if (isWorking) wantedAtMs = Math.min(wantedAtMs, Math.max(atMs, clock.nowMs() + 1))
      else if (atMs < dueAtMs) {
        cancel?.()
        dueAtMs = Math.max(atMs, clock.nowMs() + 1)
        cancel = clock.schedule(dueAtMs, look)
      }
    }

    lookBy(clock.nowMs() + pace.livelyMs)
    const stir = (): undefined => {
      stirredAtMs = clock.nowMs()
      lookBy(clock.nowMs() + pace.livelyMs)
    }
    return { stir, lookBy }
  }

  return {
    watch: (text, values) => {
      if (/^(INSERT INTO|UPDATE) command\b|^INSERT INTO trip\b/.test(text)) at.deadlines.stir()
      if (/^(INSERT INTO|UPDATE) payment\b/.test(text)) at.poller.stir()
      // The real outbox is woken after the commit, and looks every second for what failed.
      const readyAt = text.startsWith('INSERT INTO outbox') ? values[2] : null
      const againAt = text.startsWith('UPDATE outbox SET ready_at') ? values[1] : null
      for (const moment of [readyAt, againAt]) if (moment instanceof Date) at.outbox.lookBy(moment.getTime() + 1)
    },
    begin: (rooms) => {
      at.deadlines = every(deadlines, 'deadlines', async () => {
        await rooms.unlocking.tick()
        await rooms.trips.tick()
      })
      at.outbox = every(outbox, 'outbox', () => rooms.outbox.performReady())
      at.poller = every(poller, 'payment poller', () => rooms.payments.pollDue())
      every(fleet, 'fleet', () => rooms.fleet.tick())
    },
  }
}
