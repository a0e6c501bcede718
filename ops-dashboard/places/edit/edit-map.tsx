import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { ZoneFeature, ZoneKind, ZoneProblem } from '../../../contracts/http/zones.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import type { Brush, MapPainter, ScreenPoint } from '../../../ui-kit/map/painted-overlay.ts'
import { useDeskMap } from '../../frame/use-desk-map.ts'
import { ZoomButtons } from '../../frame/zoom-buttons.tsx'
import { paintZones } from '../paint-zones.ts'
import { type LonLat, ringsOf } from './drawing.ts'
import type { EditAct, EditState } from './edit-state.ts'
import { circleCorners } from './metres.ts'
import { type Hit, hitOf, snapped, unplaceOf } from './on-screen.ts'
import { paintDrawing } from './paint-drawing.ts'
import { problemSentence } from './problem-sentence.ts'
import { usePointer } from './use-pointer.ts'

const startZoom = 12.6
const closeZoom = 16.5
const snapPx = 12

/** What the buttons beside the map ask of it. */
export interface MapView {
  /** Null while there is no map. */
  readonly middle: () => LonLat | null
  readonly flyTo: (at: LonLat) => void
  /** All of the drawing; of an empty one nothing happens. */
  readonly showDrawing: () => void
}

/** The drawing on the map. A pointer draws here; all of it can be done by the list and its buttons too. */
export function EditMap({
  state,
  act,
  kind,
  others,
  problems,
  neighbours,
  view,
}: {
  readonly state: EditState
  readonly act: (act: EditAct) => void
  readonly kind: ZoneKind
  readonly others: readonly ZoneFeature[]
  readonly problems: readonly ZoneProblem[]
  /** Corners to snap to; empty: none. */
  readonly neighbours: readonly LonLat[]
  readonly view: RefObject<MapView | null>
}) {
  const { t, ofCode } = useText()
  const { box, map, failed } = useDeskMap({ zoom: startZoom, label: t('places.map'), onPick: () => undefined })
  const brush = useRef<Brush | null>(null)
  const latest = useRef({ state, act, neighbours })
  latest.current = { state, act, neighbours }

  const pointed = useRef({
    lonLatOf: (at: ScreenPoint): LonLat | null => {
      if (brush.current === null) return null
      const { place } = brush.current
      return snapped(latest.current.neighbours, place, at, snapPx) ?? unplaceOf(place)(at)
    },
    hitAt: (at: ScreenPoint): Hit | null =>
      brush.current === null ? null : hitOf(latest.current.state.drawing, brush.current.place, at),
  })

  const surface = usePointer({ ...pointed.current, act })
  const painter = useMemo<MapPainter>(
    () => ({
      paint: (next) => {
        brush.current = next
        paintZones(next, { zones: others, offered: [], problems: [], chosen: null })
        paintDrawing(next, { state, kind, problems })
      },
      isOver: (at) => pointed.current.hitAt(at) !== null,
      press: (at) => {
        const to = pointed.current.lonLatOf(at)
        if (latest.current.state.mode === 'add' && to !== null) latest.current.act({ act: 'add', at: to })
        else latest.current.act({ act: 'select', vertex: null })
        return true
      },
    }),
    [others, state, kind, problems],
  )
  useEffect(() => map?.setPainter(painter), [map, painter])

  const first = useRef(true)
  useEffect(() => {
    if (map === null || !first.current) return
    first.current = false
    const drawn = cornersOf(latest.current.state)
    const area = others.filter(({ properties }) => properties.kind === 'service_area')
    const shown = drawn.length > 0 ? drawn : (area.length > 0 ? area : others).flatMap(allPositions)
    map.showAll(shown.map(([lon, lat]) => ({ lon, lat })))
  }, [map, others])
  useEffect(() => {
    view.current = {
      middle: () => {
        const now = brush.current
        return map === null || now === null ? null : unplaceOf(now.place)({ x: now.width / 2, y: now.height / 2 })
      },
      flyTo: ([lon, lat]) => map?.flyTo({ lon, lat }, closeZoom),
      showDrawing: () => map?.showAll(cornersOf(latest.current.state).map(([lon, lat]) => ({ lon, lat }))),
    }
  }, [map, view])

  return (
    <section ref={surface} className="edit-map" data-mode={state.mode} aria-label={t('places.map')}>
      <div className="map-box">
        <div ref={box} />
      </div>
      {failed && <p className="notice bad map-note">{t('places.map_failed')}</p>}
      {problems[0] !== undefined && (
        <p className="map-problem" aria-hidden="true">
          <strong>1</strong> {problemSentence({ t, ofCode }, problems[0])}
        </p>
      )}
      <ZoomButtons map={map} />
    </section>
  )
}

const cornersOf = ({ drawing }: EditState): readonly LonLat[] =>
  drawing.kind === 'circle'
    ? drawing.centre === null
      ? []
      : circleCorners(drawing.centre, drawing.radiusM * 2)
    : ringsOf(drawing).flatMap(({ corners }) => corners)

function allPositions({ geometry }: ZoneFeature): readonly LonLat[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates]
    case 'Polygon':
      return geometry.coordinates.flat()
    case 'MultiPolygon':
      return geometry.coordinates.flat(2)
  }
}
