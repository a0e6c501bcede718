import { useEffect, useMemo, useRef } from 'react'
import type { UnmetCell } from '../../contracts/http/numbers.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPainter } from '../../ui-kit/map/painted-overlay.ts'
import { useDeskMap } from '../frame/use-desk-map.ts'
import { ZoomButtons } from '../frame/zoom-buttons.tsx'
import { type CellTarget, cellAt, paintCells } from './paint-cells.ts'

const startZoom = 12.4
const closeZoom = 14.5

/** Where people found no bike; the list beside it says the same. */
export function UnmetMap({
  cells,
  chosen,
  onChoose,
}: {
  readonly cells: readonly UnmetCell[]
  readonly chosen: string | null
  readonly onChoose: (cell: string | null) => void
}) {
  const { t } = useText()
  const { box, map, failed } = useDeskMap({
    zoom: startZoom,
    label: t('numbers.unmet_map'),
    onPick: () => onChoose(null),
  })
  const choose = useRef(onChoose)
  choose.current = onChoose
  const painter = useMemo<MapPainter>(() => {
    let targets: readonly CellTarget[] = []
    return {
      paint: (brush) => {
        targets = paintCells(brush, cells, chosen)
      },
      isOver: (at) => cellAt(targets, at) !== null,
      press: (at) => {
        const cell = cellAt(targets, at)
        if (cell !== null) choose.current(cell)
        return cell !== null
      },
    }
  }, [cells, chosen])
  useEffect(() => map?.setPainter(painter), [map, painter])
  useEffect(() => {
    const points = cells.flatMap(({ boundary }) => boundary.map(([lon, lat]) => ({ lon, lat })))
    if (points.length > 0) map?.showAll(points)
  }, [map, cells])
  useEffect(() => {
    const cell = cells.find((one) => one.cell === chosen)
    if (cell !== undefined) map?.flyTo(cell, closeZoom)
  }, [map, cells, chosen])
  return (
    <section className="unmet-map" aria-label={t('numbers.unmet_map')}>
      <div className="map-box">
        <div ref={box} />
      </div>
      {failed && <p className="notice bad map-note">{t('numbers.map_failed')}</p>}
      <ZoomButtons map={map} />
    </section>
  )
}
