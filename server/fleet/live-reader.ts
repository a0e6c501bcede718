import { Value } from 'typebox/value'
import { countResolution, countsBelowZoom } from '../../contracts/live/count-zoom.ts'
import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import { FleetView, type LookedAt } from '../../contracts/live/fleet-view.ts'
import { emptyBox, type MercatorBox, widened } from '../../contracts/live/mercator-box.ts'

/** One browser, as far as the hub needs it: a WebSocket and its session. */
export interface LiveReader {
  readonly bufferedAmount: number
  /** A binary frame, or a text. */
  send(message: ArrayBuffer | string): void
  close(code: number, reason: string): void
  terminate(): void
  /** Whether its session still holds and may see the desk: null when so, else why not. */
  mayStay(): Promise<string | null>
}

/** What the hub remembers of a reader. */
export interface ReaderState {
  /** Spreads what is not done for everybody in the same tick. */
  readonly turn: number
  look: Look | null
  /** So much lies unread that it gets nothing. */
  isJammed: boolean
  missedTicks: number
  hasMissedEvents: boolean
  /** Of the counts that it was sent last. */
  countsVersion: number
  /** All its vitals may be old until this tick. */
  vitalsTill: number
  words: number
  isChecking: boolean
}

/** Places within an area, or counts for all of the city; never both. */
export interface Look {
  readonly area: MercatorBox
  readonly resolution: number | null
  readonly follow: number | null
}

/** Of the view's own size, on each side: so much may a map be moved before it has to wait. */
const marginShare = 0.3
/** A view is some 120 characters. */
export const maxWordLength = 512
/** In one tick; a map that is dragged tells its view some times a second. */
export const maxWordsATick = 20

export function newReaderState(turn: number): ReaderState {
  return {
    ...{ turn, look: null, isJammed: false, missedTicks: 0, hasMissedEvents: false },
    ...{ countsVersion: -1, vitalsTill: 0, words: 0, isChecking: false },
  }
}

/** What a reader asks to see; undefined for what is no view. */
export function readView(text: string): Look | null | undefined {
  if (text.length > maxWordLength) return undefined
  const word = parsed(text)
  if (!Value.Check(FleetView, word)) return undefined
  if (word.view === null) return null
  const [west, south, east, north] = word.view.box
  return west > east || south > north ? undefined : lookOf(word.view)
}

function lookOf({ box: [west, south, east, north], zoom, follow }: LookedAt): Look {
  if (zoom < countsBelowZoom) return { area: emptyBox, resolution: countResolution(zoom), follow }
  const seen = { west: mercatorX(west), north: mercatorY(north), east: mercatorX(east), south: mercatorY(south) }
  return { area: widened(seen, marginShare), resolution: null, follow }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
