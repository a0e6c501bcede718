import { bikeStates } from '../../contracts/live/bike-states.ts'

/** Rows of bikes as the map needs them: the columns of a fleet table, or of any short list. */
export interface BikeMarks {
  readonly count: number
  /** Web Mercator × 2³² */
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly headings: Uint8Array
  readonly states: Uint8Array
  /** 1 where the bike is to be drawn */
  readonly placed: Uint8Array
  /** 1 for a bike that was not heard for too long; left out, none is */
  readonly aged?: Uint8Array
}

/**
 * What the graphics card gets of each row, 24 bytes side by side: where it was and will be (f32 x, y twice, offsets from
 * `origin` in Mercator × 2²⁰), when it set out (f32 s), old and new heading, state, age (u8 each). A row that does not
 * change is not touched: it has arrived.
 */
export interface BikeBuffers {
  readonly capacity: number
  readonly origin: { readonly x: number; readonly y: number }
  readonly floats: Float32Array
  readonly bytes: Uint8Array
  /** Blocks of rows that the card does not have yet. */
  readonly dirty: Uint8Array
  /** rows in drawing order: alarms last, hidden ones left out, the selected one on top of all */
  readonly order: Uint32Array
  /** As they were taken in last. */
  readonly lastX: Uint32Array
  readonly lastY: Uint32Array
  readonly lastPlaced: Uint8Array
  drawn: number
  count: number
  /** Of the rows that set out last: how far they slide on average, in offset units. */
  meanSlide: number
}

export const bytesPerRow = 24
export const rowsPerBlock = 512
const floatsPerRow = bytesPerRow / 4
const startAt = 4
const oldHeadingAt = 20
const newHeadingAt = 21
const stateAt = 22
const agedAt = 23

/** Frames are a second apart: a bike slides that long to its next place, and then waits there for the next word. */
export const slideS = 1
/** Before any slide of now. */
const longAgoS = -1_000
const offsetsPerUnit = 2 ** -12 // Mercator × 2³² → × 2²⁰
/** A bike that "moved" further than this in one frame was carried or corrected: it jumps instead of sliding. */
const longestSlide = 25 // offset units of about 23 m at 52° north

export function makeBuffers(capacity: number, origin: { readonly x: number; readonly y: number }): BikeBuffers {
  const rows = new ArrayBuffer(capacity * bytesPerRow)
  return {
    ...{ capacity, origin },
    floats: new Float32Array(rows),
    bytes: new Uint8Array(rows),
    dirty: new Uint8Array(Math.ceil(capacity / rowsPerBlock)).fill(1),
    order: new Uint32Array(capacity + 1),
    lastX: new Uint32Array(capacity),
    lastY: new Uint32Array(capacity),
    lastPlaced: new Uint8Array(capacity),
    ...{ drawn: 0, count: 0, meanSlide: 0 },
  }
}

/**
 * Takes new marks in at `nowS`, on the clock of the rows' starts. Rows that changed set out from the mix that is on the
 * screen now, so that nothing jumps; with `snap` everything is at once where it belongs.
 * @returns whether the drawing order may have changed
 */
export function aimBuffers(buffers: BikeBuffers, marks: BikeMarks, nowS: number, snap: boolean): boolean {
  const { bytes, dirty, lastX, lastY, lastPlaced } = buffers
  const { x, y, headings, states, placed, aged } = marks
  let isReordered = marks.count !== buffers.count
  let slides = 0
  let slid = 0
  for (let row = 0; row < marks.count; row++) {
    const at = row * bytesPerRow
    const age = aged === undefined ? 0 : (aged[row] as number)
    const isNew = row >= buffers.count
    const isThere = placed[row] === lastPlaced[row]
    const hasMoved = x[row] !== lastX[row] || y[row] !== lastY[row] || headings[row] !== bytes[at + newHeadingAt]
    const hasTurned = states[row] !== bytes[at + stateAt] || age !== bytes[at + agedAt]
    if (!hasMoved && !hasTurned && isThere && !isNew && !snap) continue
    if (hasTurned || !isThere) isReordered = true
    bytes[at + stateAt] = states[row] as number
    bytes[at + agedAt] = age
    if (hasMoved || isNew || snap || !isThere) {
      const way = aimRow(buffers, marks, row, nowS, isNew || snap || !isThere)
      slid += way
      if (way > 0) slides += 1
    }
    lastX[row] = x[row] as number
    lastY[row] = y[row] as number
    lastPlaced[row] = placed[row] as number
    dirty[(row / rowsPerBlock) | 0] = 1
  }
  buffers.count = marks.count
  buffers.meanSlide = slides === 0 ? 0 : slid / slides
  return isReordered
}

/** Returns how far the row will slide, in offset units (the sum of both directions). */
function aimRow(buffers: BikeBuffers, marks: BikeMarks, row: number, nowS: number, snap: boolean): number {
  const { floats, bytes, origin } = buffers
  const at = row * bytesPerRow
  const f = row * floatsPerRow
  const x = ((marks.x[row] as number) - origin.x) * offsetsPerUnit
  const y = ((marks.y[row] as number) - origin.y) * offsetsPerUnit
  const progress = Math.min(1, Math.max(0, (nowS - (floats[f + startAt] as number)) / slideS))
  const fromX = floats[f] as number
  const fromY = floats[f + 1] as number
  const nowX = fromX + ((floats[f + 2] as number) - fromX) * progress
  const nowY = fromY + ((floats[f + 3] as number) - fromY) * progress
  const way = Math.abs(x - nowX) + Math.abs(y - nowY)
  const jumps = snap || way > longestSlide
  const old = bytes[at + oldHeadingAt] as number
  const heading = marks.headings[row] as number
  // the short way round, in 1/256 of a turn: −128..127
  const turn = (((bytes[at + newHeadingAt] as number) - old + 384) & 255) - 128
  bytes[at + oldHeadingAt] = jumps ? heading : old + turn * progress
  bytes[at + newHeadingAt] = heading
  floats[f] = jumps ? x : nowX
  floats[f + 1] = jumps ? y : nowY
  floats[f + 2] = x
  floats[f + 3] = y
  floats[f + startAt] = jumps ? longAgoS : nowS
  return jumps ? 0 : way
}

/** Begins the clock of the rows' starts anew: 32-bit seconds get coarse after a day. Everything has arrived. */
export function rebaseBuffers(buffers: BikeBuffers): void {
  for (let row = 0; row < buffers.count; row++) {
    const f = row * floatsPerRow
    buffers.floats[f] = buffers.floats[f + 2] as number
    buffers.floats[f + 1] = buffers.floats[f + 3] as number
    buffers.floats[f + startAt] = longAgoS
  }
  buffers.dirty.fill(1)
}

/** What of the fleet is drawn: flags by state, and by row when there are more filters than states. */
export interface ShownRows {
  readonly states: readonly boolean[]
  readonly mask: Uint8Array | null
  readonly selected: number
}

/** Sorts the rows into drawing order (a counting sort over the few states). The selected row is drawn whatever hides it. */
export function orderRows(buffers: BikeBuffers, marks: BikeMarks, { states, mask, selected }: ShownRows): void {
  const { order } = buffers
  const starts = new Uint32Array(bikeStates.length + 1)
  const shown = Uint8Array.from(states, (isShown) => (isShown ? 1 : 0))
  const isHidden = (row: number): boolean =>
    marks.placed[row] !== 1 || shown[marks.states[row] as number] !== 1 || (mask !== null && mask[row] !== 1)
  for (let row = 0; row < marks.count; row++) {
    if (isHidden(row)) continue
    const next = (marks.states[row] as number) + 1
    starts[next] = (starts[next] as number) + 1
  }
  for (let state = 1; state < starts.length; state++) {
    starts[state] = (starts[state] as number) + (starts[state - 1] as number)
  }
  buffers.drawn = starts[bikeStates.length] as number
  for (let row = 0; row < marks.count; row++) {
    if (isHidden(row)) continue
    const state = marks.states[row] as number
    order[starts[state] as number] = row
    starts[state] = (starts[state] as number) + 1
  }
  if (selected < 0 || selected >= marks.count || marks.placed[selected] !== 1) return
  order[buffers.drawn] = selected
  buffers.drawn += 1
}

/** Nearest drawn bike to a point, both in Mercator × 2³²; null when none is within `reach`. Later drawn wins a tie. */
export function nearestRow(
  buffers: BikeBuffers,
  marks: BikeMarks,
  point: { readonly x: number; readonly y: number },
  reach: number,
): number | null {
  let best: number | null = null
  let bestSquare = reach * reach
  for (let place = 0; place < buffers.drawn; place++) {
    const row = buffers.order[place] as number
    const square = ((marks.x[row] as number) - point.x) ** 2 + ((marks.y[row] as number) - point.y) ** 2
    if (square <= bestSquare) {
      best = row
      bestSquare = square
    }
  }
  return best
}
