import type { Logger } from 'pino'
import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import type { BikeState } from '../../contracts/live/bike-states.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { encodeFleetFrame, headingByte, mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'
import type { EpochMs, Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import { bikeState } from './core/bike-state.ts'
import type { FleetBike } from './fleet-service.ts'
import { realSchedule, type Schedule } from './schedule.ts'

/** One browser, as far as the hub needs it: a WebSocket. */
export interface LiveReader {
  readonly bufferedAmount: number
  /** A binary frame, or a text. */
  send(message: ArrayBuffer | string): void
  terminate(): void
}

export interface LiveHub {
  /** Everything now. Frames with a higher sequence than the snapshot's come after it. */
  snapshot(): FleetSnapshot
  /** Frames from now on; returns how to stop. Null when there are too many readers. */
  join(reader: LiveReader): (() => void) | null
  /** Tells every reader that has room for it; the others look again when they have caught up. */
  tell(event: DeskEvent): void
  /** Sends what changed since the last time. */
  tick(): void
  start(): void
  stop(): void
}

const frameEveryMs = 1_000
/**
 * A reader with so much unread gets no frame: it sees a gap in the sequence and fetches a snapshot, so that it is never
 * more than one answer behind, and its backlog never grows.
 */
export const maxUnreadBytes = 256 * 1_024
const maxMissedFrames = 30
export const maxReaders = 200

interface Shown {
  readonly x: number
  readonly y: number
  readonly heading: number
  readonly state: number
}

interface ReaderState {
  missed: number
}

/** The fleet as browsers see it: a snapshot, then once a second the bikes that changed. */
export function createLiveHub(deps: {
  readonly bikes: () => readonly FleetBike[]
  readonly clock: Clock
  readonly logger: Logger
  readonly centre: Position
  readonly schedule?: Schedule
}): LiveHub {
  const { clock, logger, centre, schedule = realSchedule } = deps
  const readers = new Map<LiveReader, ReaderState>()
  const lastShown: (Shown | undefined)[] = []
  let sequence = 0
  let stopped = false

  function changes(nowMs: EpochMs): { slots: number[]; shown: Shown[] } {
    const slots: number[] = []
    const shown: Shown[] = []
    for (const bike of deps.bikes()) {
      const now = shownOf(bike, nowMs)
      if (now === null || same(lastShown[bike.slot], now)) continue
      lastShown[bike.slot] = now
      slots.push(bike.slot)
      shown.push(now)
    }
    return { slots, shown }
  }

  function tick(): void {
    if (readers.size === 0) return
    const nowMs = clock.nowMs()
    const { slots, shown } = changes(nowMs)
    sequence += 1
    const frame = encodeFleetFrame({
      sequence,
      cityMs: nowMs,
      slots: Uint32Array.from(slots),
      x: Uint32Array.from(shown, (bike) => bike.x),
      y: Uint32Array.from(shown, (bike) => bike.y),
      headings: Uint8Array.from(shown, (bike) => bike.heading),
      states: Uint8Array.from(shown, (bike) => bike.state),
    })
    for (const [reader, state] of readers) deliver(reader, state, frame)
  }

  function deliver(reader: LiveReader, state: ReaderState, frame: ArrayBuffer): void {
    if (reader.bufferedAmount <= maxUnreadBytes) {
      state.missed = 0
      reader.send(frame)
      return
    }
    state.missed += 1
    if (state.missed < maxMissedFrames) return
    logger.info({ missed: state.missed }, 'a live reader does not read and is dropped')
    readers.delete(reader)
    reader.terminate()
  }

  function tickLater(): void {
    schedule(frameEveryMs, () => {
      if (stopped) return
      tick()
      tickLater()
    })
  }

  return {
    snapshot: () => {
      const nowMs = clock.nowMs()
      return {
        sequence,
        cityTime: nowMs,
        citySpeed: clock.speed(),
        centre: { lon: centre.lon, lat: centre.lat },
        bikes: deps.bikes().map((bike) => ({
          slot: bike.slot,
          bikeId: bike.bikeId,
          number: bike.number,
          lon: bike.shadow.position?.lon ?? null,
          lat: bike.shadow.position?.lat ?? null,
          headingDeg: bike.shadow.position?.headingDeg ?? 0,
          state: bikeState(bike, nowMs) satisfies BikeState,
        })),
      }
    },
    join: (reader) => {
      if (readers.size >= maxReaders) return null
      readers.set(reader, { missed: 0 })
      return () => void readers.delete(reader)
    },
    tell: (event) => {
      const text = JSON.stringify(event)
      for (const reader of readers.keys()) if (reader.bufferedAmount <= maxUnreadBytes) reader.send(text)
    },
    tick,
    start: tickLater,
    stop: () => {
      stopped = true
      for (const reader of readers.keys()) reader.terminate()
      readers.clear()
    },
  }
}

/** Null for a bike whose place is not known: it cannot be drawn. */
function shownOf(bike: FleetBike, nowMs: EpochMs): Shown | null {
  const { position } = bike.shadow
  if (position === null) return null
  return {
    x: mercatorX(position.lon),
    y: mercatorY(position.lat),
    heading: headingByte(position.headingDeg ?? 0),
    state: stateByte(bikeState(bike, nowMs)),
  }
}

const same = (a: Shown | undefined, b: Shown): boolean =>
  a !== undefined && a.x === b.x && a.y === b.y && a.heading === b.heading && a.state === b.state
