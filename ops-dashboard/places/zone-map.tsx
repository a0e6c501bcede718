import { useEffect, useMemo, useRef } from 'react'
import type { ZoneFeature, ZoneProblem } from '../../contracts/http/zones.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPainter } from '../../ui-kit/map/painted-overlay.ts'
import { useDeskMap } from '../frame/use-desk-map.ts'
import { ZoomButtons } from '../frame/zoom-buttons.tsx'
import { paintZones, type ZoneTarget, zoneAt } from './paint-zones.ts'
import { polygonsOf } from './zone-shape.ts'

const startZoom = 12.6
const closeZoom = 16

export function ZoneMap({
  zones,
  offered,
  problems,
  chosen,
  lookAt,
  onChoose,
}: {
  readonly zones: readonly ZoneFeature[]
  readonly offered: readonly ZoneFeature[]
  readonly problems: readonly ZoneProblem[]
  readonly chosen: string | null
  readonly lookAt: { readonly lon: number; readonly lat: number } | null
  readonly onChoose: (zoneId: string | null) => void
}) {
  const { t } = useText()
  const { box, map, failed } = useDeskMap({
    zoom: startZoom,
    label: t('places.map'),
    onPick: () => onChoose(null),
  })
  const choose = useRef(onChoose)
  choose.current = onChoose
  const painter = useMemo<MapPainter>(() => {
    let targets: readonly ZoneTarget[] = []
    return {
      paint: (brush) => {
        targets = paintZones(brush, { zones, offered, problems, chosen })
      },
      isOver: (at) => zoneAt(targets, at) !== null,
      press: (at) => {
        const zoneId = zoneAt(targets, at)
        if (zoneId !== null) choose.current(zoneId)
        return zoneId !== null
      },
    }
  }, [zones, offered, problems, chosen])
  useEffect(() => map?.setPainter(painter), [map, painter])
  // Once: a map that jumps whenever a colleague saves a zone is of no use.
  const hasShown = useRef(false)
  useEffect(() => {
    if (map === null || hasShown.current) return
    hasShown.current = true
    const area = zones.filter((zone) => zone.properties.kind === 'service_area')
    const points = (area.length > 0 ? area : zones).flatMap((zone) =>
      polygonsOf(zone).flatMap(([outline]) => (outline ?? []).map(([lon, lat]) => ({ lon, lat }))),
    )
    map.showAll(points)
  }, [map, zones])
  useEffect(() => {
    if (lookAt !== null) map?.flyTo(lookAt, closeZoom)
  }, [map, lookAt])
  return (
    <section className="zone-map" aria-label={t('places.map')}>
      <div className="map-box">
        <div ref={box} />
      </div>
      {failed && <p className="notice bad map-note">{t('places.map_failed')}</p>}
      <ZoomButtons map={map} />
    </section>
  )
}
