import { Suspense, useEffect, useMemo, useRef } from 'react'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import { mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { BikeMarks } from '../../ui-kit/map/bike-buffers.ts'
import type { MapBox, MapPoint } from '../../ui-kit/map/map-point.ts'
import { useCityMap } from '../../ui-kit/map/use-city-map.ts'
import { LateZoneLegend } from '../parking/late-zone-legend.ts'
import { useZones } from '../parking/use-zones.ts'
import { useRider } from '../rider-state.ts'

const startZoom = 14.6

export function NearMap({
  bikes,
  chosen,
  here,
  focus,
  onChoose,
  onMoved,
}: {
  readonly bikes: readonly BikeNear[]
  readonly chosen: string | null
  readonly here: MapPoint | null
  readonly focus: MapPoint | null
  readonly onChoose: (bike: BikeNear | null) => void
  readonly onMoved: (centre: MapPoint) => void
}) {
  const { t } = useText()
  const { config } = useRider()
  const { box, map, failed } = useCityMap(config, {
    zoom: startZoom,
    label: t('home.map'),
    onPick: (row) => onChoose(row === null ? null : (bikes[row] ?? null)),
    onMoved,
  })
  const marks = useMemo(() => marksOf(bikes), [bikes])
  useEffect(() => map?.setBikes(marks), [map, marks])
  useEffect(() => map?.setHere(here), [map, here])
  useEffect(() => {
    if (focus !== null) map?.flyTo(focus)
  }, [map, focus])
  const zones = useZones(map)
  /** The map went to it, if it had to: from then on it goes where the rider moves it. */
  const shown = useRef<string | null>(null)
  useEffect(() => {
    const row = bikes.findIndex((bike) => bike.publicId === chosen)
    map?.setSelected(row < 0 ? null : row)
    const bike = bikes[row]
    if (map === null || bike === undefined || shown.current === chosen) return
    shown.current = chosen
    if (!isWellInside(map.view().box, bike)) map.flyTo(bike)
  }, [map, bikes, chosen])
  return (
    <>
      <div ref={box} />
      {zones !== null && (
        <Suspense>
          <LateZoneLegend zones={zones} near={here ?? config?.centre ?? null} />
        </Suspense>
      )}
      {failed && <p className="map-failed">{t('app.map_failed')}</p>}
    </>
  )
}

/** So much of each side is under labels, or too near to the edge. */
const edgeShare = 0.2

function isWellInside({ west, south, east, north }: MapBox, { lon, lat }: MapPoint): boolean {
  const dLon = (east - west) * edgeShare
  const dLat = (north - south) * edgeShare
  return lon > west + dLon && lon < east - dLon && lat > south + dLat && lat < north - dLat
}

const lowBattery = 20

function marksOf(bikes: readonly BikeNear[]): BikeMarks {
  return {
    count: bikes.length,
    x: Uint32Array.from(bikes, (bike) => mercatorX(bike.lon)),
    y: Uint32Array.from(bikes, (bike) => mercatorY(bike.lat)),
    headings: new Uint8Array(bikes.length),
    states: Uint8Array.from(bikes, (bike) => stateByte(bike.batteryPercent < lowBattery ? 'low_battery' : 'available')),
    placed: new Uint8Array(bikes.length).fill(1),
  }
}
