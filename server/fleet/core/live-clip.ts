import type { PlacedColumns } from '../../../contracts/live/live-frame.ts'
import { holdsBox, isInBox, type MercatorBox } from '../../../contracts/live/mercator-box.ts'
import type { LiveColumns } from './live-columns.ts'

/** Places of bikes, cut out for readers. */
export interface LiveClip {
  /**
   * What moved in the last look, for a reader of an area: who is in it now, and who was before and has left it, so that
   * nobody stays behind as a ghost.
   */
  readonly moves: (area: MercatorBox) => PlacedColumns
  /** Every placed bike of an area that is not in the part the reader knows. */
  readonly all: (area: MercatorBox, known: MercatorBox) => PlacedColumns
}

/** Tiles of about 0.75 km in our latitudes: some hundreds in a city, most of them all in or all out of an area. */
const tileShift = 17
const tileSpan = 2 ** tileShift
const tilesAcross = 2 ** (32 - tileShift)

interface Tiles {
  readonly boxes: readonly MercatorBox[]
  /** First row of each tile in `rows`, and one after the last. */
  readonly starts: Uint32Array
  readonly rows: Uint32Array
}

/** Sorts the moves of one look into tiles once, so that each reader costs what it gets and not what there is. */
export function clipOf(columns: LiveColumns): LiveClip {
  const { moved, x, y, headings, placed, oldX, oldY } = columns
  const newX = gathered(moved, x)
  const newY = gathered(moved, y)
  let inTiles: Tiles | null = null
  let leftTiles: Tiles | null = null
  const changesTile = (row: number) =>
    tileOf(newX[row] as number, newY[row] as number) !== tileOf(oldX[row] as number, oldY[row] as number)

  function cutMoves(area: MercatorBox): Uint32Array {
    inTiles ??= intoTiles(newX, newY, () => true)
    leftTiles ??= intoTiles(oldX, oldY, changesTile)
    const rows = new Uint32Array(moved.length)
    let n = 0
    const isIn = (row: number) => isInBox(area, newX[row] as number, newY[row] as number)
    const wasIn = (row: number) => isInBox(area, oldX[row] as number, oldY[row] as number)
    const takeIf = (tiles: Tiles, first: number, last: number, isMeant: (row: number) => boolean) => {
      for (let at = first; at < last; at++) {
        const row = tiles.rows[at] as number
        if (isMeant(row)) rows[n++] = row
      }
    }
    for (const { first, last, isWhole } of tilesIn(inTiles, area)) {
      if (isWhole) {
        rows.set(inTiles.rows.subarray(first, last), n)
        n += last - first
      } else takeIf(inTiles, first, last, (row) => isIn(row) || (wasIn(row) && !changesTile(row)))
    }
    for (const { first, last } of tilesIn(leftTiles, area)) {
      takeIf(leftTiles, first, last, (row) => wasIn(row) && !isIn(row))
    }
    return rows.subarray(0, n)
  }

  return {
    moves: (area) => {
      const rows = cutMoves(area)
      const slots = gathered(rows, moved)
      return { slots, x: gathered(rows, newX), y: gathered(rows, newY), headings: gatheredBytes(slots, headings) }
    },
    all: (area, known) => {
      const found = new Uint32Array(columns.slots)
      let n = 0
      for (let slot = 0; slot < columns.slots; slot++) {
        if (placed[slot] === 0) continue
        const [atX, atY] = [x[slot] as number, y[slot] as number]
        if (isInBox(area, atX, atY) && !isInBox(known, atX, atY)) found[n++] = slot
      }
      const slots = found.subarray(0, n)
      return { slots, x: gathered(slots, x), y: gathered(slots, y), headings: gatheredBytes(slots, headings) }
    },
  }
}

const tileOf = (x: number, y: number): number => (x >>> tileShift) * tilesAcross + (y >>> tileShift)

/** A counting sort of the rows that `isMeant` into the tiles of their places. */
function intoTiles(x: Uint32Array, y: Uint32Array, isMeant: (row: number) => boolean): Tiles {
  const indexOf = new Map<number, number>()
  const boxes: MercatorBox[] = []
  const counts: number[] = []
  const tiles = new Int32Array(x.length).fill(-1)
  for (let row = 0; row < x.length; row++) {
    if (!isMeant(row)) continue
    const tile = tileOf(x[row] as number, y[row] as number)
    let index = indexOf.get(tile)
    if (index === undefined) {
      index = boxes.length
      indexOf.set(tile, index)
      boxes.push(boxOfTile(tile))
      counts.push(0)
    }
    tiles[row] = index
    counts[index] = (counts[index] as number) + 1
  }
  const starts = new Uint32Array(boxes.length + 1)
  for (let index = 0; index < boxes.length; index++) {
    starts[index + 1] = (starts[index] as number) + (counts[index] as number)
  }
  const next = starts.slice()
  const rows = new Uint32Array(starts[boxes.length] as number)
  for (let row = 0; row < x.length; row++) {
    const index = tiles[row] as number
    if (index < 0) continue
    rows[next[index] as number] = row
    next[index] = (next[index] as number) + 1
  }
  return { boxes, starts, rows }
}

function boxOfTile(tile: number): MercatorBox {
  const west = Math.floor(tile / tilesAcross) * tileSpan
  const north = (tile % tilesAcross) * tileSpan
  return { west, north, east: west + tileSpan - 1, south: north + tileSpan - 1 }
}

function* tilesIn({ boxes, starts }: Tiles, area: MercatorBox) {
  for (let index = 0; index < boxes.length; index++) {
    const box = boxes[index] as MercatorBox
    if (box.west > area.east || box.east < area.west || box.north > area.south || box.south < area.north) continue
    const [first, last] = [starts[index] as number, starts[index + 1] as number]
    yield { first, last, isWhole: holdsBox(area, box) }
  }
}

function gathered(rows: Uint32Array, column: Uint32Array): Uint32Array {
  const out = new Uint32Array(rows.length)
  for (let at = 0; at < rows.length; at++) out[at] = column[rows[at] as number] as number
  return out
}

function gatheredBytes(rows: Uint32Array, column: Uint8Array): Uint8Array {
  const out = new Uint8Array(rows.length)
  for (let at = 0; at < rows.length; at++) out[at] = column[rows[at] as number] as number
  return out
}
