import { useMemo } from 'react'
import type { ZoneFeature } from '../../contracts/http/zones.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { polygonsOf } from '../places/zone-shape.ts'
import { areaOf, isInside } from './mercator-area.ts'

/** The hotspot that a bike stands in; null for none. */
export function useZoneOfBike(
  zones: readonly ZoneFeature[],
  table: FleetTable | null,
  row: number | null,
): { readonly zoneId: string; readonly name: string } | null {
  const hotspots = useMemo(
    () =>
      zones.flatMap((zone) => {
        const { kind, zoneId, name } = zone.properties
        return kind !== 'hotspot' || zoneId === undefined ? [] : [{ zoneId, name, area: areaOf(polygonsOf(zone)) }]
      }),
    [zones],
  )
  if (table === null || row === null || table.placed[row] === 0) return null
  const found = hotspots.find(({ area }) => isInside(area, table.x[row] as number, table.y[row] as number))
  return found === undefined ? null : { zoneId: found.zoneId, name: found.name }
}
