import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ZoneCollection, ZoneFeature, ZonesStock } from '../../contracts/http/zones.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { polygonsOf } from '../places/zone-shape.ts'
import type { AskFault } from '../use-asked.ts'
import { areaOf, type MercatorArea } from './mercator-area.ts'

const zonesPath = '/v1/staff/zones'
const stockPath = '/v1/staff/zones/stock'
const stockEveryMs = 15_000

/** The zones that hold now, asked for again when somebody changed them. */
export function useZones(): readonly ZoneFeature[] {
  const queries = useQueryClient()
  const asked = useQuery<ZoneCollection, AskFault>({
    queryKey: [zonesPath],
    queryFn: () => valueOrThrow<ZoneCollection>(opsApi.get<ZoneCollection>(zonesPath)),
  })
  useDeskEvents(({ kind }) => {
    if (kind !== 'zones' && kind !== 'again') return
    void queries.invalidateQueries({ queryKey: [zonesPath] })
    void queries.invalidateQueries({ queryKey: [stockPath] })
  })
  return asked.data?.features ?? none
}
const none: readonly ZoneFeature[] = []

/** Bikes that stand in each zone, by its id; asked only while somebody looks. */
export function useZoneStock(isWanted: boolean): ReadonlyMap<string, number> {
  const asked = useQuery<ZonesStock, AskFault>({
    queryKey: [stockPath],
    queryFn: () => valueOrThrow<ZonesStock>(opsApi.get<ZonesStock>(stockPath)),
    refetchInterval: stockEveryMs,
    enabled: isWanted,
  })
  return useMemo(() => new Map(asked.data?.counts.map(({ zoneId, bikes }) => [zoneId, bikes]) ?? []), [asked.data])
}

/** The area of the zone that bikes are filtered by; null when none is chosen, or it is gone. */
export function useZoneArea(zones: readonly ZoneFeature[], zoneId: string | null): MercatorArea | null {
  return useMemo(() => {
    const zone = zoneId === null ? undefined : zones.find(({ properties }) => properties.zoneId === zoneId)
    return zone === undefined ? null : areaOf(polygonsOf(zone))
  }, [zones, zoneId])
}
