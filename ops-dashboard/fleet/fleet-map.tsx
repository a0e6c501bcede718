import { useEffect, useMemo, useRef, useState } from 'react'
import type { ZoneFeature } from '../../contracts/http/zones.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { CellMarks } from '../../ui-kit/map/cell-parts.ts'
import type { CityMap } from '../../ui-kit/map/city-map.ts'
import type { MapPoint, MapView } from '../../ui-kit/map/map-point.ts'
import { useDeskMap } from '../frame/use-desk-map.ts'
import { ZoomButtons } from '../frame/zoom-buttons.tsx'
import type { MapPlace } from './fleet-view.ts'
import { lastPoint } from './last-point.ts'
import { isSamePlace } from './map-place.ts'
import { stockPainter } from './paint-stock.ts'
import type { FleetNow } from './use-live-fleet.ts'

const startZoom = 13.4
const closeZoom = 15.6
/** A hand that still moves the map is not asked where it is. */
const settleMs = 250

export interface MapLook {
  readonly place: MapPlace
  readonly view: MapView
}

export function FleetMap({
  fleet,
  shown,
  mask,
  cells,
  selected,
  focus,
  place,
  follow,
  movement,
  zones,
  stock,
  onPick,
  onLook,
}: {
  readonly fleet: FleetNow
  /** By state. */
  readonly shown: readonly boolean[]
  /** By row: 1 where the filters leave a bike; null: all of the shown states. */
  readonly mask: Uint8Array | null
  /** Bikes by cell for a map from afar; null: single bikes at every zoom. */
  readonly cells: CellMarks | null
  readonly selected: number | null
  /** A new object: go there. */
  readonly focus: { readonly row: number } | null
  /** Of the address. */
  readonly place: MapPlace | null
  readonly follow: boolean
  readonly movement: boolean
  /** Null: the layer is off. */
  readonly zones: readonly ZoneFeature[] | null
  readonly stock: ReadonlyMap<string, number>
  readonly onPick: (row: number | null) => void
  readonly onLook: (look: MapLook) => void
}) {
  const { t } = useText()
  const [firstPlace] = useState(place)
  const moved = useRef<(centre: MapPoint, view: MapView) => void>(() => undefined)
  const { box, map, failed } = useDeskMap({
    zoom: firstPlace?.zoom ?? startZoom,
    label: t('ops.map'),
    onPick,
    onMoved: (centre, seen) => moved.current(centre, seen),
  })
  const { table, version } = fleet
  const look = useMapLook(map, moved, { isElsewhere: firstPlace !== null, onLook })
  useZonePainter(map, zones, stock)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table's columns change in place, `version` says when
  useEffect(() => {
    if (table !== null && !document.hidden) map?.setBikes(table)
  }, [map, table, version])
  useEffect(() => map?.setMask(mask), [map, mask])
  useEffect(() => map?.setShown(shown), [map, shown])
  useEffect(() => map?.setCounts(cells), [map, cells])
  useEffect(() => map?.setSelected(selected), [map, selected])
  useEffect(() => map?.setMovement(movement), [map, movement])
  useEffect(() => {
    const point = focus === null || table === null ? null : lastPoint(table, focus.row)
    if (point !== null) map?.flyTo(point, closeZoom)
  }, [map, table, focus])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each frame may have moved it
  useEffect(() => {
    const point = !follow || selected === null || table === null ? null : lastPoint(table, selected)
    if (point !== null) map?.flyTo(point)
  }, [map, table, version, follow, selected])
  useEffect(() => {
    if (map !== null && place !== null && !isSamePlace(place, look.current)) map.flyTo(place, place.zoom)
  }, [map, place, look])

  return (
    <section className="map-room" aria-label={t('ops.map')}>
      <div className="map-box">
        <div ref={box} />
      </div>
      {failed && <p className="notice bad map-note">{t('app.map_failed')}</p>}
      {table?.count === 0 && (
        <div className="notice map-note" role="status">
          <h2>{t('ops.empty_title')}</h2>
          <p>{t('ops.empty')}</p>
        </div>
      )}
      <ZoomButtons map={map} />
    </section>
  )
}

/** Zones and their stock over the map. */
function useZonePainter(
  map: CityMap | null,
  zones: readonly ZoneFeature[] | null,
  stock: ReadonlyMap<string, number>,
): void {
  const painter = useMemo(() => (zones === null ? null : stockPainter(zones, stock, null)), [zones, stock])
  useEffect(() => map?.setPainter(painter), [map, painter])
}

/** Tells what the map shows, at its start and each time it comes to rest. Returns the last place that was told. */
function useMapLook(
  map: CityMap | null,
  moved: { current: (centre: MapPoint, view: MapView) => void },
  { isElsewhere, onLook }: { readonly isElsewhere: boolean; readonly onLook: (look: MapLook) => void },
): { readonly current: MapPlace | null } {
  const last = useRef<MapPlace | null>(null)
  const newest = useRef(onLook)
  newest.current = onLook
  useEffect(() => {
    if (map === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (centre: MapPoint, view: MapView) => {
      last.current = { lat: centre.lat, lon: centre.lon, zoom: view.zoom }
      newest.current({ place: last.current, view })
    }
    moved.current = (centre, view) => {
      clearTimeout(timer)
      timer = setTimeout(() => tell(centre, view), settleMs)
    }
    const view = map.view()
    // it is sent to the address's place right after: what it shows before is of no interest
    if (!isElsewhere)
      tell({ lon: (view.box.west + view.box.east) / 2, lat: (view.box.south + view.box.north) / 2 }, view)
    return () => {
      clearTimeout(timer)
      moved.current = () => undefined
    }
  }, [map, moved, isElsewhere])
  return last
}
