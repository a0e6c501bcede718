import { bikeStates } from '../../contracts/live/bike-states.ts'
import { noCharge } from '../../contracts/live/live-frame.ts'
import { isInBox, type MercatorBox } from '../../contracts/live/mercator-box.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import type { RowAlarms } from './fleet-columns.ts'
import type { FleetView } from './fleet-view.ts'

export interface SortData {
  readonly table: Pick<FleetTable, 'states' | 'charges' | 'heardAtMs'>
  /** Since when each is ridden; 0: it is not. */
  readonly rides: Uint32Array
  readonly alarms: RowAlarms
  readonly ranks: NumberRanks
}

/** Each row's place when all are ordered by number, and back. */
export interface NumberRanks {
  readonly rankOfRow: Uint32Array
  readonly rowOfRank: Uint32Array
}

/** Made once for a table: comparing texts is what takes long. Shorter numbers are smaller ones. */
export function rankNumbers(numbers: readonly string[]): NumberRanks {
  const rowOfRank = Uint32Array.from(numbers.keys()).sort((a, b) => Number(numbers[a]) - Number(numbers[b]))
  const rankOfRow = new Uint32Array(numbers.length)
  rowOfRank.forEach((row, rank) => {
    rankOfRow[row] = rank
  })
  return { rankOfRow, rowOfRank }
}

/**
 * The wanted rows in the order of the list; of equals the smaller number first, and what nobody knows last. Each row is
 * one number, order times fleet plus rank, and those are sorted natively: 100 000 rows in some 10 ms.
 */
export function sortRows(wanted: Uint8Array, data: SortData, sort: FleetView['sort']): Uint32Array {
  const { rankOfRow, rowOfRank } = data.ranks
  const fleet = rowOfRank.length
  const order = orderBy(data, sort.column)
  let count = 0
  const keys = new Float64Array(wanted.length)
  for (let row = 0; row < wanted.length; row++) {
    if (wanted[row] === 0) continue
    const value = order(row)
    const rank = rankOfRow[row] as number
    const isByNumber = value === null || sort.column === 'number'
    const place = value === null ? unknownOrder : sort.down ? largestOrder - value : value
    keys[count] = place * fleet + (isByNumber && sort.down && value !== null ? fleet - 1 - rank : rank)
    count += 1
  }
  const sorted = keys.subarray(0, count).sort()
  const isTurned = sort.column === 'number' && sort.down
  return Uint32Array.from(sorted, (key) => {
    const rank = key % fleet
    return rowOfRank[isTurned ? fleet - 1 - rank : rank] as number
  })
}

/** Seconds since 1970 until 2106; with a fleet of 2 million still exact in a float64. */
const largestOrder = 2 ** 32
const unknownOrder = largestOrder + 1

/** Where a row stands by a column, small first; null: nobody knows. */
function orderBy(
  { table, rides, alarms }: SortData,
  column: FleetView['sort']['column'],
): (row: number) => number | null {
  switch (column) {
    case 'urgency':
      return (row) => urgencyOf(table.states[row] as number, alarms.gravest[row] as number)
    case 'state':
      return (row) => bikeStates.length - (table.states[row] as number)
    case 'number':
      return () => 0
    case 'battery':
      return (row) => (table.charges[row] === noCharge ? null : (table.charges[row] as number))
    case 'heard':
      return (row) => {
        const atMs = table.heardAtMs[row] as number
        return Number.isNaN(atMs) ? 0 : Math.max(0, Math.floor(atMs / 1_000))
      }
    case 'alarm':
      return (row) => (alarms.gravest[row] === 0 ? null : (alarms.gravest[row] as number))
    case 'trip':
      return (row) => (rides[row] === 0 ? null : (rides[row] as number))
  }
}

/** Later states need a person sooner; of these, the graver alarm. */
const urgencyOf = (state: number, gravest: number) =>
  (bikeStates.length - state) * moreThanKinds + (gravest === 0 ? moreThanKinds - 1 : gravest)
const moreThanKinds = 256

/** Of the rows those within the box, in their order. */
export function rowsInBox(
  rows: Uint32Array,
  table: Pick<FleetTable, 'x' | 'y' | 'placed'>,
  box: MercatorBox,
): Uint32Array {
  return rows.filter((row) => table.placed[row] !== 0 && isInBox(box, table.x[row] as number, table.y[row] as number))
}
