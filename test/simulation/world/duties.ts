import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import { saveEveryRealMs } from '../../../server/demo/city-clock.ts'
import type { Rooms } from '../../../server/rooms.ts'
import type { Life } from './life.ts'
import type { Notes } from './notes.ts'
import type { Outage } from './outage.ts'

/** What the process does by itself: the same calls as in start-platform.ts, less often while nothing goes on. */
export interface Duties {
  /** Told of every statement: some mean that there is something to do. */
  watch(text: string, values: readonly unknown[]): void
  /** `saveClock` writes city time, so that it never goes back over a kill. */
  begin(rooms: Rooms, saveClock: (() => Promise<void>) | null): void
}

interface Pace {
  readonly livelyMs: number
  readonly idleMs: number
  /** How long after a stir the pace stays lively. */
  readonly forMs: number
  /** Looks are only at whole steps of this. */
  readonly stepMs?: number
}

/** All that a command waits for is known from its row. */
const commands: Pace = { livelyMs: 1_500, idleMs: 30_000, forMs: 11_000 }
/** A promised trip waits for its lock's first stamp for ten seconds; all other moments are known from their rows. */
const trips: Pace = { livelyMs: 1_500, idleMs: 30_000, forMs: 11_000 }
/** They wait for a lock that is heard of, which no row tells. */
const wishes: Pace = { livelyMs: 3_000, idleMs: 30_000, forMs: 600_000 }
const grants: Pace = { livelyMs: 1_500, idleMs: 30_000, forMs: 0 }
const outbox: Pace = { livelyMs: 1_000, idleMs: 30_000, forMs: 0 }
/** As often as start-work.ts has it. */
const poller: Pace = { livelyMs: 5_000, idleMs: 30_000, forMs: 0, stepMs: 5_000 }
const fleet: Pace = { livelyMs: 40_000, idleMs: 40_000, forMs: 0 }
const clockSaves: Pace = { livelyMs: saveEveryRealMs, idleMs: saveEveryRealMs, forMs: 0 }
const answerGraceMs = 5_000

/** Rows that say when they must be looked at again, and in which value of their statement. */
const moments: readonly {
  readonly statement: string
  readonly values: readonly number[]
  readonly duty: 'commands' | 'trips' | 'wishes' | 'grants' | 'outbox' | 'poller'
  readonly laterMs?: number
}[] = [
  { statement: 'INSERT INTO outbox', values: [2], duty: 'outbox' },
  { statement: 'UPDATE outbox SET ready_at', values: [1], duty: 'outbox' },
  { statement: 'INSERT INTO payment', values: [9], duty: 'poller' },
  { statement: 'UPDATE payment SET state', values: [14], duty: 'poller' },
  { statement: 'UPDATE payment SET polled_at', values: [3], duty: 'poller' },
  { statement: 'INSERT INTO command', values: [10], duty: 'commands' },
  { statement: 'INSERT INTO command', values: [9], duty: 'commands', laterMs: answerGraceMs },
  { statement: 'UPDATE command SET state', values: [3], duty: 'commands' },
  { statement: 'INSERT INTO staff_command', values: [9], duty: 'wishes' },
  { statement: 'UPDATE staff_command SET state', values: [3], duty: 'wishes' },
  { statement: 'UPDATE trip SET state', values: [7], duty: 'trips' },
  { statement: 'UPDATE trip SET parking', values: [2], duty: 'trips' },
  { statement: 'INSERT INTO no_coverage_grant', values: [11], duty: 'grants' },
]

export function createDuties(settings: {
  readonly life: Life
  readonly clock: VirtualClock
  readonly notes: Notes
  readonly outage: Outage
}): Duties {
  const { life, clock, notes, outage } = settings
  const nothing = { stir: () => undefined, lookBy: (_atMs: number) => undefined }
  const at = {
    commands: nothing,
    trips: nothing,
    wishes: nothing,
    grants: nothing,
    outbox: nothing,
    poller: nothing,
  }

  function every(pace: Pace, name: string, work: () => Promise<unknown>) {
    let stirredAtMs = clock.nowMs()
    let cancel: (() => void) | null = null
    let isWorking = false
    /** Moments at which something is due; the earliest is the next look. */
    let wanted: number[] = []
    let anywayAtMs = clock.nowMs() + pace.livelyMs

    function look(): void {
      cancel = null
      if (life.isOver()) return
      isWorking = true
      const beganAtMs = clock.nowMs()
      void work()
        .catch((error: unknown) => {
          if (outage.explains(error)) return
          notes.found.push({ invariant: 'no-duty-fails', detail: `${name}: ${(error as Error).stack ?? error}` })
        })
        .then(() => {
          isWorking = false
          wanted = wanted.filter((atMs) => atMs > beganAtMs)
          const isLively = clock.nowMs() - stirredAtMs < pace.forMs
          anywayAtMs = clock.nowMs() + (isLively ? pace.livelyMs : pace.idleMs)
          plan()
        })
    }

    function plan(): void {
      cancel?.()
      cancel = clock.schedule(Math.min(anywayAtMs, ...wanted), look)
    }

    function lookBy(atMs: number): undefined {
      const { stepMs = 1 } = pace
      wanted.push(Math.ceil(Math.max(atMs, clock.nowMs() + 1) / stepMs) * stepMs)
      if (!isWorking) plan()
    }

    plan()
    const stir = (): undefined => {
      stirredAtMs = clock.nowMs()
      lookBy(clock.nowMs() + pace.livelyMs)
    }
    return { stir, lookBy }
  }

  return {
    watch: (text, values) => {
      if (text.startsWith('INSERT INTO trip')) at.trips.stir()
      if (text.startsWith('INSERT INTO staff_command')) at.wishes.stir()
      for (const { statement, values: places, duty, laterMs = 0 } of moments) {
        if (!text.startsWith(statement)) continue
        for (const place of places) {
          const moment = values[place]
          if (moment instanceof Date) at[duty].lookBy(moment.getTime() + laterMs + 1)
        }
      }
    },
    begin: (rooms, saveClock) => {
      if (saveClock !== null) every(clockSaves, 'clock', saveClock)
      at.commands = every(commands, 'deadlines of commands', () => rooms.unlocking.tick())
      at.wishes = every(wishes, 'wishes of staff', () => rooms.staffCommands.tick())
      at.trips = every(trips, 'deadlines of trips', () => rooms.trips.tick())
      at.grants = every(grants, 'deadlines of grants', () => rooms.noCoverage.tick())
      at.outbox = every(outbox, 'outbox', () => rooms.outbox.performReady())
      at.poller = every(poller, 'payment poller', () => rooms.payments.pollDue())
      every(fleet, 'fleet', async () => {
        await rooms.fleet.tick()
        await rooms.alarmsRoom.watch.look()
      })
    },
  }
}
