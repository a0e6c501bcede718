import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import type { ListedFleet } from './bike-list.tsx'
import type { MapLook } from './fleet-map.tsx'
import { mercatorBox } from './map-place.ts'
import { useFleetMarks } from './use-fleet-marks.ts'
import { useFleetRows } from './use-fleet-rows.ts'
import { type ChangeView, useFleetView } from './use-fleet-view.ts'
import { useLiveFleet } from './use-live-fleet.ts'
import { useZoneOfBike } from './use-zone-of-bike.ts'
import { useZoneArea, useZoneStock, useZones } from './use-zones.ts'

export type FleetDesk = ReturnType<typeof useFleetDesk>

/** Everything that map, list and detail share: the live fleet, the view of the address, what it leaves of the fleet. */
export function useFleetDesk(onRefused: (refused: Refused) => void) {
  const fleet = useLiveFleet(onRefused)
  const { table, version } = fleet
  const [view, change] = useFleetView()
  const { rides, alarms } = useFleetMarks(table)
  const zones = useZones()
  const hasZones = view.layers.includes('zones')
  const stock = useZoneStock(hasZones)
  const area = useZoneArea(zones, view.zone)
  const [look, setLook] = useState<MapLook | null>(null)
  const [isHeld, setHeld] = useState(false)
  const box = useMemo(() => (look === null || !view.inView ? null : mercatorBox(look.view.box)), [look, view.inView])
  const filter = useDeferredValue(view)
  const found = useFleetRows({ table, version, rides, alarms, area, filter, sort: filter.sort, box, isHeld })
  const rowOfNumber = useMemo(() => new Map(table?.numbers.map((number, row) => [number, row]) ?? []), [table])
  const selected = view.bike === null ? null : (rowOfNumber.get(view.bike) ?? null)
  const [focus, open] = useFocus({ rowOfNumber, selected, isFree: view.place === null, change })
  const listed = useMemo<ListedFleet | null>(
    () => (table === null || rides === null || alarms === null ? null : { table, rides, alarms }),
    [table, rides, alarms],
  )
  const models = useMemo(() => [...new Set(table?.models ?? [])].sort(), [table])
  const follow = selected === null || table === null ? null : (table.slots[selected] ?? null)
  const tellFeed = fleet.look
  useEffect(() => {
    if (look !== null) tellFeed(look.view, follow)
  }, [tellFeed, look, follow])
  return {
    ...{ fleet, view, change, zones, hasZones, stock, found, listed, models, selected, focus, open },
    zone: useZoneOfBike(zones, table, selected),
    numberOf: (row: number | null) => (row === null ? null : (table?.numbers[row] ?? null)),
    look: (next: MapLook) => {
      setLook(next)
      if (!view.follow) change({ place: next.place }, 'quietly')
    },
    hold: setHeld,
  }
}

/** What the map should go to, and a way to open a bike there. An address with a bike and no place goes to the bike. */
function useFocus(options: {
  readonly rowOfNumber: ReadonlyMap<string, number>
  readonly selected: number | null
  readonly isFree: boolean
  readonly change: ChangeView
}): readonly [{ readonly row: number } | null, (number: string) => void] {
  const { rowOfNumber, selected, isFree, change } = options
  const [focus, setFocus] = useState<{ readonly row: number } | null>(null)
  const isFirst = useRef(isFree)
  useEffect(() => {
    if (selected === null || !isFirst.current) return
    isFirst.current = false
    setFocus({ row: selected })
  }, [selected])
  const open = useCallback(
    (number: string) => {
      const row = rowOfNumber.get(number)
      change({ bike: number, panel: 'bike' })
      isFirst.current = false
      if (row !== undefined) setFocus({ row })
    },
    [rowOfNumber, change],
  )
  return [focus, open]
}
