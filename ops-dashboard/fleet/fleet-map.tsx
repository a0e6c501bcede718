import { useEffect } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { pointOfRow } from '../../ui-kit/map/map-point.ts'
import { useDeskMap } from '../frame/use-desk-map.ts'
import { ZoomButtons } from '../frame/zoom-buttons.tsx'
import type { FleetNow } from './use-live-fleet.ts'

const startZoom = 13.4
const closeZoom = 15.6

export function FleetMap({
  fleet,
  shown,
  selected,
  focus,
  movement,
  onPick,
}: {
  readonly fleet: FleetNow
  readonly shown: readonly boolean[]
  readonly selected: number | null
  /** A new object: go there. */
  readonly focus: { readonly number: string } | null
  readonly movement: boolean
  readonly onPick: (row: number | null) => void
}) {
  const { t } = useText()
  const { box, map, failed } = useDeskMap({ zoom: startZoom, label: t('ops.map'), onPick })
  const { table, version } = fleet

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table's columns change in place, `version` says when
  useEffect(() => {
    if (table !== null && !document.hidden) map?.setBikes(table)
  }, [map, table, version])
  useEffect(() => map?.setShown(shown), [map, shown])
  useEffect(() => map?.setSelected(selected), [map, selected])
  useEffect(() => map?.setMovement(movement), [map, movement])
  useEffect(() => {
    const row = focus === null || table === null ? -1 : table.numbers.indexOf(focus.number)
    const point = row < 0 || table === null ? null : pointOfRow(table, row)
    if (point !== null) map?.flyTo(point, closeZoom)
  }, [map, table, focus])

  return (
    <main className="map-room">
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
    </main>
  )
}
