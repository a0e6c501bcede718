import { bikeStates } from '../../contracts/live/bike-states.ts'

/** Rows of bikes as the map needs them: the columns of a fleet table, or of any short list. */
export interface BikeMarks {
  readonly count: number
  /** Web Mercator × 2³² */
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly headings: Uint8Array
  readonly states: Uint8Array
  readonly placed: Uint8Array
}

/** What the graphics card gets: where each bike was and will be, as offsets from `origin` in Mercator × 2²⁰. */
export interface BikeBuffers {
  readonly capacity: number
  readonly origin: { readonly x: number; readonly y: number }
  readonly from: Float32Array
  readonly to: Float32Array
  /** old and new heading, radians */
  readonly turns: Float32Array
  readonly states: Float32Array
  /** rows in drawing order: alarms last, hidden states left out */
  readonly order: Uint32Array
  drawn: number
  count: number
}

const offsetsPerUnit = 2 ** -12 // Mercator × 2³² → × 2²⁰
/** A bike that "moved" further than this in one frame was carried or corrected: it jumps instead of sliding. */
const longestSlide = 25 // offset units of about 23 m at 52° north

export function makeBuffers(capacity: number, origin: { readonly x: number; readonly y: number }): BikeBuffers {
  return {
    capacity,
    origin,
    from: new Float32Array(capacity * 2),
    to: new Float32Array(capacity * 2),
    turns: new Float32Array(capacity * 2),
    states: new Float32Array(capacity),
    order: new Uint32Array(capacity),
    drawn: 0,
    count: 0,
  }
}

/**
 * Takes new marks in. The mix that is on the screen now (`progress` 0..1 of the last slide) becomes the old position, so
 * that nothing jumps; with `snap` everything is at once where it belongs.
 */
export function aimBuffers(buffers: BikeBuffers, marks: BikeMarks, progress: number, snap: boolean): void {
  const { from, to, turns, states, origin } = buffers
  for (let row = 0; row < marks.count; row++) {
    const a = row * 2
    const b = a + 1
    const x = ((marks.x[row] as number) - origin.x) * offsetsPerUnit
    const y = ((marks.y[row] as number) - origin.y) * offsetsPerUnit
    const heading = (marks.headings[row] as number) * (Math.PI / 128)
    const nowX = mix(from[a] as number, to[a] as number, progress)
    const nowY = mix(from[b] as number, to[b] as number, progress)
    const jumps = snap || row >= buffers.count || Math.abs(x - nowX) + Math.abs(y - nowY) > longestSlide
    from[a] = jumps ? x : nowX
    from[b] = jumps ? y : nowY
    to[a] = x
    to[b] = y
    turns[a] = jumps ? heading : turned(turns[a] as number, turns[b] as number, progress)
    turns[b] = heading
    states[row] = marks.states[row] as number
  }
  buffers.count = marks.count
}

/** Sorts the rows into drawing order (a counting sort over the few states). */
export function orderRows(buffers: BikeBuffers, marks: BikeMarks, shown: readonly boolean[]): void {
  const starts = new Uint32Array(bikeStates.length + 1)
  const isShown = (row: number) => marks.placed[row] === 1 && shown[marks.states[row] as number] === true
  for (let row = 0; row < marks.count; row++) {
    if (isShown(row)) starts[(marks.states[row] as number) + 1] = (starts[(marks.states[row] as number) + 1] ?? 0) + 1
  }
  for (let state = 1; state < starts.length; state++)
    starts[state] = (starts[state] as number) + (starts[state - 1] as number)
  buffers.drawn = starts[bikeStates.length] as number
  for (let row = 0; row < marks.count; row++) {
    if (!isShown(row)) continue
    const state = marks.states[row] as number
    buffers.order[starts[state] as number] = row
    starts[state] = (starts[state] as number) + 1
  }
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

const mix = (a: number, b: number, t: number) => a + (b - a) * t

function turned(from: number, to: number, t: number): number {
  const full = 2 * Math.PI
  const turn = ((((to - from + Math.PI) % full) + full) % full) - Math.PI
  return from + turn * t
}
