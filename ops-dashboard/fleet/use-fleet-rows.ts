import { useMemo, useRef } from 'react'
import type { MercatorBox } from '../../contracts/live/mercator-box.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import type { RowAlarms } from './fleet-columns.ts'
import { type FleetFilter, wantedRows } from './fleet-filter.ts'
import { rankNumbers, rowsInBox, sortRows } from './fleet-rows.ts'
import type { FleetView } from './fleet-view.ts'
import type { MercatorArea } from './mercator-area.ts'

export interface FleetRows {
  /** 1 for every row that map and list show. */
  readonly wanted: Uint8Array
  /** In the order of the list. */
  readonly rows: Uint32Array
  /** How many are wanted, also outside the map's box. */
  readonly count: number
}

/**
 * What map and list show of the fleet now.
 * @param version of the table, whose columns change in place
 * @param isHeld a person is pointing at the list: its order stays as it is
 */
export function useFleetRows(options: {
  readonly table: FleetTable | null
  readonly version: number
  readonly rides: Uint32Array | null
  readonly alarms: RowAlarms | null
  readonly area: MercatorArea | null
  readonly filter: FleetFilter
  readonly sort: FleetView['sort']
  /** Null: the list is not bound to what the map shows. */
  readonly box: MercatorBox | null
  readonly isHeld: boolean
}): FleetRows | null {
  const { table, version, rides, alarms, area, filter, sort, box, isHeld } = options
  const ranks = useMemo(() => (table === null ? null : rankNumbers(table.numbers)), [table])
  const { states, alarms: kinds, battery, models, quiet, search } = filter
  // biome-ignore lint/correctness/useExhaustiveDependencies: the table's columns change in place, `version` says when
  const wanted = useMemo(
    () =>
      table === null || alarms === null
        ? null
        : wantedRows({ table, alarms, area }, { states, alarms: kinds, battery, models, quiet, search }),
    [table, version, alarms, area, states, kinds, battery, models, quiet, search],
  )
  const held = useRef<{ readonly key: readonly unknown[]; readonly rows: FleetRows } | null>(null)
  return useMemo(() => {
    if (table === null || wanted === null || ranks === null || rides === null || alarms === null) return null
    const key = [table, sort, box, states, kinds, battery, models, quiet, search, area]
    const before = held.current
    if (isHeld && before?.key.every((part, at) => part === key[at]) === true) {
      return { ...before.rows, wanted }
    }
    const sorted = sortRows(wanted, { table, rides, alarms, ranks }, sort)
    const rows = { wanted, count: sorted.length, rows: box === null ? sorted : rowsInBox(sorted, table, box) }
    held.current = { key, rows }
    return rows
  }, [table, wanted, ranks, rides, alarms, sort, box, isHeld, states, kinds, battery, models, quiet, search, area])
}
