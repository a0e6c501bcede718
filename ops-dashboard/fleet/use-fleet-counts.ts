import { useMemo } from 'react'
import type { BikeState } from '../../contracts/live/bike-states.ts'
import { countByState } from '../../ui-kit/live/fleet-table.ts'
import type { FleetNow } from './use-live-fleet.ts'

/** Bikes of the whole city by state, whatever is filtered. */
export function useFleetCounts({ table, version }: FleetNow): {
  readonly byState: Readonly<Record<BikeState, number>>
  readonly total: number
} | null {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the table's columns change in place, `version` says when
  return useMemo(() => (table === null ? null : { byState: countByState(table), total: table.count }), [table, version])
}
