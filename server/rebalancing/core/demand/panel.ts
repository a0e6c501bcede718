import { assert } from '../../../../contracts/assert.ts'
import type { DemandHistory } from './demand-history.ts'
import type { DemandSettings } from './demand-settings.ts'
import { slotsPerDay } from './local-half-hour.ts'

export type Stream = 'pickups' | 'returns'

/** One stream of a history as columns: row r says that `amount[r]` came in the share `open[r]` of a half hour. */
export interface Panel {
  readonly cellCount: number
  readonly dayCount: number
  readonly cell: Int32Array
  readonly day: Int32Array
  readonly slot: Int32Array
  readonly amount: Float64Array
  /** Above 0, at most 1; half hours that are not listed were open, and brought nothing. */
  readonly open: Float64Array
  /** Amount of each day, corrected for empty time. */
  readonly dayTotal: Float64Array
}

/** Rows of cells or days that the history does not list are left out; a slot out of range breaks the invariant. */
export function panelOf(history: DemandHistory, stream: Stream, settings: DemandSettings): Panel {
  const cellIndex = new Map(history.cells.map(({ key }, index) => [key, index]))
  const dayIndex = new Map(history.days.map(({ date }, index) => [date, index]))
  const known = history.counts.filter(({ cell, date }) => cellIndex.has(cell) && dayIndex.has(date))
  const panel = {
    cellCount: history.cells.length,
    dayCount: history.days.length,
    cell: Int32Array.from(known, ({ cell }) => cellIndex.get(cell) ?? 0),
    day: Int32Array.from(known, ({ date }) => dayIndex.get(date) ?? 0),
    slot: Int32Array.from(known, ({ slot }) => slot),
    amount: new Float64Array(known.length),
    open: new Float64Array(known.length),
    dayTotal: new Float64Array(history.days.length),
  }
  for (const [row, count] of known.entries()) {
    assert(count.slot >= 0 && count.slot < slotsPerDay, 'a day has 48 half hours')
    const seen = stream === 'pickups' ? demandOf(count, settings) : { amount: count.returns, open: 1 }
    panel.amount[row] = seen.amount
    panel.open[row] = seen.open
    panel.dayTotal[panel.day[row] as number] =
      (panel.dayTotal[panel.day[row] as number] as number) + seen.amount / seen.open
  }
  return panel
}

/**
 * What a half hour says of demand. Empty time hides riders, and searches that found nothing show some of the same
 * riders: the larger of both corrections is taken, never their sum.
 */
export function demandOf(
  count: { readonly pickups: number; readonly unmet: number; readonly emptyMinutes: number },
  settings: Pick<DemandSettings, 'unmetShare' | 'mostEmptyCorrection'>,
): { readonly amount: number; readonly open: number } {
  const open = Math.max(1 - count.emptyMinutes / 30, 1 / settings.mostEmptyCorrection)
  const withSearches = count.pickups + settings.unmetShare * count.unmet
  return withSearches > count.pickups / open ? { amount: withSearches, open: 1 } : { amount: count.pickups, open }
}
