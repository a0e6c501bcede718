import { cellToLatLng, cellToParent, latLngToCell } from 'h3-js'
import { bikeStates } from '../../../contracts/live/bike-states.ts'
import { latOfMercatorY, lonOfMercatorX, mercatorX, mercatorY } from '../../../contracts/live/fleet-frame.ts'
import { agedBit, noBike } from '../../../contracts/live/live-frame.ts'
import type { LiveColumns } from './live-columns.ts'

export interface CellCounts {
  readonly resolution: number
  /** Middles of the cells, Web Mercator × 2³² */
  readonly x: Uint32Array
  readonly y: Uint32Array
  /** Of each cell the bikes of each state, in the order of bike-states.ts */
  readonly byState: Uint32Array
}

/** Finest cells that are counted; coarser ones are their parents. */
const finest = 8
/** A bike is counted where the middle of its square of some 50 m is: asking H3 for each bike would cost more than all else. */
const squareShift = 13
const squaresAcross = 2 ** (32 - squareShift)
/** Squares that are remembered from one count to the next; a city has fewer where bikes stand. */
const rememberedSquares = 300_000
const states = bikeStates.length

interface Cell {
  readonly name: string
  readonly x: number
  readonly y: number
}

/** Counts bikes by H3 cell, in the order of the cells' names; bikes without a place are not counted. */
export function createCellCounter(): (columns: LiveColumns, resolution: number) => CellCounts {
  const cellOfSquare = new Map<number, Cell>()
  const cellOfName = new Map<string, Cell>()

  function named(name: string): Cell {
    const known = cellOfName.get(name)
    if (known !== undefined) return known
    const [lat, lon] = cellToLatLng(name)
    const cell = { name, x: mercatorX(lon), y: mercatorY(lat) }
    cellOfName.set(name, cell)
    return cell
  }

  function finestAt(x: number, y: number): Cell {
    const column = x >>> squareShift
    const row = y >>> squareShift
    const square = column * squaresAcross + row
    const known = cellOfSquare.get(square)
    if (known !== undefined) return known
    const middle = (at: number) => (at + 0.5) * 2 ** squareShift
    const cell = named(latLngToCell(latOfMercatorY(middle(row)), lonOfMercatorX(middle(column)), finest))
    cellOfSquare.set(square, cell)
    return cell
  }

  function finestCounts({ x, y, placed, states: state }: LiveColumns): Counts {
    const counts: Counts = new Map()
    for (let slot = 0; slot < x.length; slot++) {
      if (placed[slot] === 0 || state[slot] === noBike) continue
      add(counts, finestAt(x[slot] as number, y[slot] as number), (state[slot] as number) & ~agedBit, 1)
    }
    return counts
  }

  return (columns, resolution) => {
    if (cellOfSquare.size >= rememberedSquares) {
      cellOfSquare.clear()
      cellOfName.clear()
    }
    const fine = finestCounts(columns)
    const counts: Counts = resolution === finest ? fine : new Map()
    if (resolution !== finest) {
      for (const [cell, numbers] of fine) {
        const parent = named(cellToParent(cell.name, resolution))
        for (let state = 0; state < states; state++) add(counts, parent, state, numbers[state] as number)
      }
    }
    const inOrder = [...counts].sort(([a], [b]) => (a.name < b.name ? -1 : 1))
    const byState = new Uint32Array(inOrder.length * states)
    for (const [place, [, numbers]] of inOrder.entries()) byState.set(numbers, place * states)
    return {
      resolution,
      x: Uint32Array.from(inOrder, ([cell]) => cell.x),
      y: Uint32Array.from(inOrder, ([cell]) => cell.y),
      byState,
    }
  }
}

type Counts = Map<Cell, Uint32Array>

function add(counts: Counts, cell: Cell, state: number, bikes: number): void {
  let numbers = counts.get(cell)
  if (numbers === undefined) {
    numbers = new Uint32Array(states)
    counts.set(cell, numbers)
  }
  numbers[state] = (numbers[state] as number) + bikes
}
