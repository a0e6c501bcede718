import { randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { closeCodes } from '../../contracts/live/live-close.ts'
import { emptyBox } from '../../contracts/live/mercator-box.ts'
import type { Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import { createLiveLook } from './core/live-columns.ts'
import type { FleetBike } from './fleet-service.ts'
import { createFrameMaker, type FrameMaker } from './live-frames.ts'
import { type LiveReader, type Look, maxWordsATick, newReaderState, type ReaderState, readView } from './live-reader.ts'
import { snapshotOf } from './live-snapshot.ts'
import { realSchedule, type Schedule } from './schedule.ts'

export interface LiveHub {
  /** Everything now, and the tick that it is of: deltas of later ticks come after it. */
  snapshot(): FleetSnapshot
  /** Text from now on, and frames once it has said what it looks at. Null when there are too many readers. */
  join(reader: LiveReader): { readonly said: (text: string) => void; readonly left: () => void } | null
  /** Tells every reader; who has no room for it is told to look at everything again when it has. */
  tell(event: DeskEvent): void
  /** Sends what changed since the last time. */
  tick(): void
  start(): void
  stop(): void
}

const tickEveryMs = 1_000
/** A reader with so much unread gets nothing more: its backlog never grows, and when it has read it sees the newest. */
export const maxUnreadBytes = 256 * 1_024
/** Read enough to go on. */
const drainedBytes = 16 * 1_024
const maxMissedTicks = 30
export const maxReaders = 500
const totalsEveryTicks = 5
const checkEveryTicks = 10
/** Vitals of a slot are told when its turn comes. */
const vitalsEveryTicks = 30
/** After a polite close a line that stays is cut. */
const closeWithinMs = 2_000

/**
 * The fleet as desks see it: once a second what changed, to each reader what lies in its view, states to all. What
 * readers have in common is made once. A reader that does not read costs nobody anything: it is left out until it has
 * read, then told the newest state, and cut off when it never does.
 */
export function createLiveHub(deps: {
  readonly bikes: () => readonly FleetBike[]
  readonly clock: Clock
  readonly logger: Logger
  readonly centre: Position
  readonly schedule?: Schedule
  /** Tells this hub's frames from those of another one. */
  readonly epoch?: number
}): LiveHub {
  const { clock, logger, centre, schedule = realSchedule, epoch = randomInt(2 ** 32) } = deps
  const readers = new Map<LiveReader, ReaderState>()
  const live = createLiveLook()
  const frames: FrameMaker = createFrameMaker(epoch)
  let sequence = 0
  let joined = 0
  let isStopped = false
  /** Of this tick: after a restart all desks ask for it together. */
  let snapshot: FleetSnapshot | null = null

  function look(): void {
    sequence += 1
    const nowMs = clock.nowMs()
    frames.begin(live.look(deps.bikes(), nowMs), { sequence, cityMs: nowMs })
  }

  function tick(): void {
    if (readers.size === 0) return
    look()
    for (const [reader, state] of readers) {
      state.words = 0
      if (hasRoom(reader, state)) deliver(reader, state)
      if ((sequence + state.turn) % checkEveryTicks === 0) void check(reader, state)
    }
  }

  /** Whether a reader may be sent this tick's news; one that just got its room back is told the whole instead. */
  function hasRoom(reader: LiveReader, state: ReaderState): boolean {
    const { bufferedAmount } = reader
    if (bufferedAmount > (state.isJammed ? drainedBytes : maxUnreadBytes)) {
      state.isJammed = true
      state.missedTicks += 1
      if (state.missedTicks >= maxMissedTicks) {
        logger.info({ missed: state.missedTicks }, 'a live reader does not read and is cut off')
        readers.delete(reader)
        reader.terminate()
      }
      return false
    }
    if (!state.isJammed) return true
    state.isJammed = false
    state.missedTicks = 0
    if (state.hasMissedEvents) reader.send(JSON.stringify({ kind: 'again' } satisfies DeskEvent))
    state.hasMissedEvents = false
    if (state.look !== null) sendWhole(reader, state, state.look)
    return false
  }

  function deliver(reader: LiveReader, state: ReaderState): void {
    const { look: looked } = state
    if (looked !== null) sendNews(reader, state, looked)
    // after the news, which they count: a reader whose own numbers differ has gone wrong
    if ((sequence + state.turn) % totalsEveryTicks === 0) reader.send(frames.totals())
  }

  function sendNews(reader: LiveReader, state: ReaderState, looked: Look): void {
    reader.send(frames.delta(looked.area))
    const followed = frames.followed(looked.follow, looked.area)
    if (followed !== null) reader.send(followed)
    sendCounts(reader, state, looked)
    const vitals = frames.vitals(sequence % vitalsEveryTicks, vitalsEveryTicks, sequence <= state.vitalsTill)
    if (vitals !== null) reader.send(vitals)
  }

  /** All that it needs to go on from here, whatever it knew. */
  function sendWhole(reader: LiveReader, state: ReaderState, looked: Look): void {
    reader.send(frames.states())
    state.vitalsTill = sequence + vitalsEveryTicks
    sendPlaces(reader, state, looked, null)
  }

  function sendPlaces(reader: LiveReader, state: ReaderState, looked: Look, before: Look | null): void {
    if (before?.resolution !== looked.resolution) state.countsVersion = -1
    reader.send(frames.fill(looked.area, before?.area ?? emptyBox))
    const followed = frames.place(looked.follow)
    if (followed !== null) reader.send(followed)
    sendCounts(reader, state, looked)
  }

  function sendCounts(reader: LiveReader, state: ReaderState, { resolution }: Look): void {
    if (resolution === null) return
    const counts = frames.counts(resolution)
    if (counts.version === state.countsVersion) return
    state.countsVersion = counts.version
    reader.send(counts.frame)
  }

  async function check(reader: LiveReader, state: ReaderState): Promise<void> {
    if (state.isChecking) return
    state.isChecking = true
    try {
      const reason = await reader.mayStay()
      if (reason !== null && readers.delete(reader)) reader.close(closeCodes.sessionEnded, reason)
    } catch (error) {
      logger.warn({ err: error }, 'the session of a live reader could not be looked up, will be tried again')
    } finally {
      state.isChecking = false
    }
  }

  function said(reader: LiveReader, state: ReaderState, text: string): void {
    if (!readers.has(reader)) return
    state.words += 1
    const next = state.words > maxWordsATick ? undefined : readView(text)
    if (next === undefined) {
      readers.delete(reader)
      reader.close(closeCodes.notUnderstood, state.words > maxWordsATick ? 'too many views' : 'no view')
      return
    }
    const before = state.look
    state.look = next
    if (reader.bufferedAmount > maxUnreadBytes) state.isJammed = true
    if (next === null || state.isJammed) return
    if (before === null) sendWhole(reader, state, next)
    else sendPlaces(reader, state, next, before)
  }

  function tickLater(): void {
    schedule(tickEveryMs, () => {
      if (isStopped) return
      tick()
      tickLater()
    })
  }

  return {
    snapshot: () => {
      if (readers.size === 0) look()
      if (snapshot?.sequence !== sequence) {
        snapshot = snapshotOf(deps.bikes(), live.columns(), { ...frames.head(), citySpeed: clock.speed(), centre })
      }
      return snapshot
    },
    join: (reader) => {
      if (isStopped || readers.size >= maxReaders) return null
      if (readers.size === 0) look()
      joined += 1
      const state = newReaderState(joined)
      readers.set(reader, state)
      return { said: (text) => said(reader, state, text), left: () => void readers.delete(reader) }
    },
    tell: (event) => {
      const text = JSON.stringify(event)
      for (const [reader, state] of readers) {
        if (state.isJammed || reader.bufferedAmount > maxUnreadBytes) state.hasMissedEvents = true
        else reader.send(text)
      }
    },
    tick,
    start: tickLater,
    stop: () => {
      isStopped = true
      const open = [...readers.keys()]
      readers.clear()
      for (const reader of open) reader.close(closeCodes.goingAway, 'the server stops')
      schedule(closeWithinMs, () => {
        for (const reader of open) reader.terminate()
      })
    },
  }
}
