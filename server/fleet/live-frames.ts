import { encodeLiveFrame, type FrameHead, neverHeard } from '../../contracts/live/live-frame.ts'
import { emptyBox, holdsBox, isInBox, type MercatorBox } from '../../contracts/live/mercator-box.ts'
import { clipOf, type LiveClip } from './core/live-clip.ts'
import { type LiveColumns, totalsOf } from './core/live-columns.ts'
import { type CellCounts, createCellCounter } from './core/live-counts.ts'

/** The frames of one tick, each made when the first reader needs it and then shared. */
export interface FrameMaker {
  /** A new tick: what was made for the last one is forgotten. */
  begin(columns: LiveColumns, at: { readonly sequence: number; readonly cityMs: number }): void
  head(): FrameHead
  delta(area: MercatorBox): ArrayBuffer
  fill(area: MercatorBox, known: MercatorBox): ArrayBuffer
  states(): ArrayBuffer
  totals(): ArrayBuffer
  /** Another version means other counts. */
  counts(resolution: number): { readonly version: number; readonly frame: ArrayBuffer }
  /** One bike that the delta of an area does not have, where it is; null when it did not move or is in that delta. */
  followed(slot: number | null, area: MercatorBox): ArrayBuffer | null
  /** One bike where it is; null without one or without its place. */
  place(slot: number | null): ArrayBuffer | null
  /** Every `turns`-th slot: who was heard since its last turn, or with `all` everybody. Null when there is nobody. */
  vitals(turn: number, turns: number, all: boolean): ArrayBuffer | null
}

interface KeptCounts {
  version: number
  sequence: number
  counts: CellCounts
  frame: ArrayBuffer
}

export function createFrameMaker(epoch: number): FrameMaker {
  const countCells = createCellCounter()
  const kept = new Map<number, KeptCounts>()
  const vitals = createVitals()
  let columns: LiveColumns | null = null
  let head: FrameHead = { epoch, sequence: 0, cityMs: 0, roster: 0 }
  let clip: LiveClip | null = null
  let made = new Map<string, ArrayBuffer | null>()
  /** Where any bike ever was: who sees all of it shares one delta. */
  let everywhere = emptyBox

  const now = (): LiveColumns => {
    if (columns === null) throw new Error('frames are made after the first look')
    return columns
  }
  const clipped = (): LiveClip => {
    clip ??= clipOf(now())
    return clip
  }
  function once<T extends ArrayBuffer | null>(name: string, make: () => T): T {
    if (made.has(name)) return made.get(name) as T
    const frame = make()
    made.set(name, frame)
    return frame
  }
  const nameOf = (area: MercatorBox) =>
    holdsBox(area, everywhere) ? 'everywhere' : `${area.west} ${area.north} ${area.east} ${area.south}`

  function place(slot: number): ArrayBuffer | null {
    const { x, y, headings, placed } = now()
    if (placed[slot] !== 1) return null
    const one = { slots: Uint32Array.of(slot), x: x.slice(slot, slot + 1), y: y.slice(slot, slot + 1) }
    const boxes = { area: emptyBox, known: emptyBox }
    return encodeLiveFrame({ kind: 'fill', ...head, ...boxes, ...one, headings: headings.slice(slot, slot + 1) })
  }

  return {
    begin: (next, at) => {
      columns = next
      head = { epoch, ...at, roster: next.bikes }
      clip = null
      made = new Map()
      everywhere = withMoves(everywhere, next)
    },
    head: () => head,
    delta: (area) =>
      once(`delta ${nameOf(area)}`, () => {
        const { changed, states } = now()
        const changedStates = Uint8Array.from(changed, (slot) => states[slot] as number)
        return encodeLiveFrame({
          kind: 'delta',
          ...head,
          ...clipped().moves(area),
          ...{ changedSlots: changed, changedStates },
        })
      }),
    fill: (area, known) =>
      once(`fill ${nameOf(area)} ${known.west} ${known.north} ${known.east} ${known.south}`, () =>
        encodeLiveFrame({ kind: 'fill', ...head, area, known, ...clipped().all(area, known) }),
      ),
    states: () => once('states', () => encodeLiveFrame({ kind: 'states', ...head, states: now().states })),
    totals: () => once('totals', () => encodeLiveFrame({ kind: 'totals', ...head, byState: totalsOf(now()) })),
    counts: (resolution) => {
      const before = kept.get(resolution)
      if (before?.sequence === head.sequence) return before
      const counts = countCells(now(), resolution)
      if (before !== undefined && sameCounts(before.counts, counts)) {
        before.sequence = head.sequence
        return before
      }
      const frame = encodeLiveFrame({ kind: 'counts', ...head, ...counts })
      const next = { version: (before?.version ?? 0) + 1, sequence: head.sequence, counts, frame }
      kept.set(resolution, next)
      return next
    },
    followed: (slot, area) => {
      if (slot === null) return null
      const { moved, oldX, oldY, x, y } = now()
      const row = moved.indexOf(slot)
      if (row < 0) return null
      const wasIn = isInBox(area, oldX[row] as number, oldY[row] as number)
      return wasIn || isInBox(area, x[slot] as number, y[slot] as number)
        ? null
        : once(`one ${slot}`, () => place(slot))
    },
    place: (slot) => (slot === null ? null : once(`one ${slot}`, () => place(slot))),
    vitals: (turn, turns, all) =>
      once(`vitals ${all}`, () => {
        const told = vitals(now(), head, turn, turns)
        const { slots, heardAgoS, charges } = all ? told.all : told.changed
        return slots.length === 0 ? null : encodeLiveFrame({ kind: 'vitals', ...head, slots, heardAgoS, charges })
      }),
  }
}

/** Who was heard since the last turn of its slot. */
function createVitals() {
  let toldHeard = new Float64Array(0)
  let toldAt = -1
  let told: ReturnType<typeof turnOf> | null = null

  function turnOf({ slots, heardAtMs, charges }: LiveColumns, { cityMs }: FrameHead, turn: number, turns: number) {
    const everybody: number[] = []
    const changed: number[] = []
    for (let slot = turn; slot < slots; slot += turns) {
      everybody.push(slot)
      if (heardAtMs[slot] !== toldHeard[slot]) changed.push(slot)
      toldHeard[slot] = heardAtMs[slot] as number
    }
    const columnsOf = (list: readonly number[]) => ({
      slots: Uint32Array.from(list),
      heardAgoS: Uint32Array.from(list, (slot) => agoS(heardAtMs[slot] as number, cityMs)),
      charges: Uint8Array.from(list, (slot) => charges[slot] as number),
    })
    return { all: columnsOf(everybody), changed: columnsOf(changed) }
  }

  return (columns: LiveColumns, head: FrameHead, turn: number, turns: number) => {
    if (toldHeard.length < columns.slots) {
      const longer = new Float64Array(columns.slots * 2)
      longer.set(toldHeard)
      toldHeard = longer
    }
    if (told === null || toldAt !== head.sequence) told = turnOf(columns, head, turn, turns)
    toldAt = head.sequence
    return told
  }
}

/** Seconds since a word that came at a city time; `neverHeard` for 0. */
export const agoS = (heardAtMs: number, cityMs: number): number =>
  heardAtMs === 0 ? neverHeard : Math.min(neverHeard - 1, Math.max(0, Math.round((cityMs - heardAtMs) / 1_000)))

function withMoves(box: MercatorBox, { moved, x, y }: LiveColumns): MercatorBox {
  if (moved.length === 0) return box
  let { west, north, east, south } = box
  if (west > east) [west, north, east, south] = [2 ** 32, 2 ** 32, 0, 0]
  for (let row = 0; row < moved.length; row++) {
    const slot = moved[row] as number
    const [atX, atY] = [x[slot] as number, y[slot] as number]
    if (atX < west) west = atX
    if (atX > east) east = atX
    if (atY < north) north = atY
    if (atY > south) south = atY
  }
  return { west, north, east, south }
}

function sameCounts(a: CellCounts, b: CellCounts): boolean {
  return same(a.x, b.x) && same(a.y, b.y) && same(a.byState, b.byState)
}

const same = (a: Uint32Array, b: Uint32Array): boolean =>
  a.length === b.length && Buffer.compare(bytesOf(a), bytesOf(b)) === 0
const bytesOf = (column: Uint32Array) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)
