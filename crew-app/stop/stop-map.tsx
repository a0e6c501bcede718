import { useEffect, useMemo } from 'react'
import type { CrewBike, CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { BikeMarks } from '../../ui-kit/map/bike-buffers.ts'
import { useCityMap } from '../../ui-kit/map/use-city-map.ts'
import { usePlace } from '../night/place.ts'
import { useNight } from '../night/use-night.ts'

const stopZoom = 15.6

/** The streets around the stop with the bikes that are still to be taken; drawn from stored tiles without a network. */
export function StopMap({ route, stop }: { readonly route: CrewRoute; readonly stop: CrewStop }) {
  const { t } = useText()
  const { now } = useNight()
  const place = usePlace()
  const { lon, lat } = stop
  const { config } = now.facts
  const around = useMemo(() => (config === undefined ? null : { ...config, centre: { lon, lat } }), [config, lon, lat])
  const { box, map, failed } = useCityMap(around, {
    zoom: stopZoom,
    label: t('crew.map.label'),
    onPick: () => undefined,
  })
  const marks = useMemo(() => marksOf(stop.take), [stop.take])
  const stops = useMemo(
    () =>
      route.stops.flatMap((one, index) =>
        one.state === 'planned'
          ? [{ lon: one.lon, lat: one.lat, label: String(index + 1), isMain: one.stopId === stop.stopId }]
          : [],
      ),
    [route.stops, stop.stopId],
  )
  useEffect(() => map?.setBikes(marks), [map, marks])
  useEffect(() => map?.setStops(stops), [map, stops])
  useEffect(() => map?.setHere(place), [map, place])
  return (
    <section className="stop-map" aria-label={t('crew.map.label')}>
      <div className="map-box">
        <div ref={box} />
        {failed && <p className="map-failed">{t('crew.map.failed')}</p>}
      </div>
    </section>
  )
}

const lowBattery = 20

function marksOf(bikes: readonly CrewBike[]): BikeMarks {
  const placed = bikes.flatMap((bike) =>
    bike.state !== 'planned' || bike.lon === null || bike.lat === null
      ? []
      : [{ lon: bike.lon, lat: bike.lat, isLow: bike.batteryPercent !== null && bike.batteryPercent < lowBattery }],
  )
  return {
    count: placed.length,
    x: Uint32Array.from(placed, (bike) => mercatorX(bike.lon)),
    y: Uint32Array.from(placed, (bike) => mercatorY(bike.lat)),
    headings: new Uint8Array(placed.length),
    states: Uint8Array.from(placed, (bike) => stateByte(bike.isLow ? 'low_battery' : 'available')),
    placed: new Uint8Array(placed.length).fill(1),
  }
}
