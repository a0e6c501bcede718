import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { countsBelowZoom } from '../../contracts/live/count-zoom.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import type { LiveFleet } from '../../ui-kit/live/live-fleet.ts'
import type { CellMarks } from '../../ui-kit/map/cell-parts.ts'
import type { ListedFleet } from './bike-list.tsx'
import { digitsOf, filtersIn } from './fleet-filter.ts'
import type { MapLook } from './fleet-map.tsx'
import type { FleetView } from './fleet-view.ts'
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
  const single = showsSingleBikes(view, found?.count ?? 0)
  useLookedAt(fleet.look, look, { follow, needsPlaces: single || view.inView })
  const shown = useMemo(
    () => bikeStates.map((state) => view.states.length === 0 || view.states.includes(state)),
    [view.states],
  )
  return {
    ...{ fleet, view, change, zones, hasZones, stock, found, listed, models, selected, focus, open },
    shown,
    mask: isFiltered(view) ? (found?.wanted ?? null) : null,
    cells: single ? null : (fleet.counts ?? noCells),
    zone: useZoneOfBike(zones, table, selected),
    numberOf: (row: number | null) => (row === null ? null : (table?.numbers[row] ?? null)),
    look: (next: MapLook) => {
      setLook(next)
      if (!view.follow) change({ place: next.place }, 'quietly')
    },
    hold: setHeld,
  }
}

const noCells: CellMarks = { x: new Uint32Array(), y: new Uint32Array(), byState: new Uint32Array() }
/** So few can be told apart on a map of the whole city. */
const mostFromAfar = 2_000

const isFiltered = (view: FleetView): boolean => filtersIn(view) > 0 || digitsOf(view.search) !== null

/** Whether single bikes are shown from afar too: cells count by state, and know of no other filter. */
const showsSingleBikes = (view: FleetView, count: number): boolean =>
  isFiltered({ ...view, states: [] }) || (view.states.length > 0 && count <= mostFromAfar)

/** Tells the feed what is looked at: places come for that alone, and from afar only when they are needed. */
function useLookedAt(
  tell: LiveFleet['look'],
  look: MapLook | null,
  { follow, needsPlaces }: { readonly follow: number | null; readonly needsPlaces: boolean },
): void {
  useEffect(() => {
    if (look === null) return
    const { box, zoom } = look.view
    tell({ box, zoom: needsPlaces ? Math.max(zoom, countsBelowZoom) : zoom }, follow)
  }, [tell, look, follow, needsPlaces])
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
