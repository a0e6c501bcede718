import { useEffect, useMemo, useRef } from 'react'
import type { PlanView } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { MapPainter } from '../../ui-kit/map/painted-overlay.ts'
import { useDeskMap } from '../frame/use-desk-map.ts'
import { ZoomButtons } from '../frame/zoom-buttons.tsx'
import { MapKey } from './map-key.tsx'
import type { Selection } from './night-address.ts'
import { type MapFocus, paintPlan, type Target, targetAt } from './paint-plan.ts'

const startZoom = 13
const closeZoom = 15.6

/** The plan on the city's map. Everything on it is in the lists too. */
export function PlanMap({
  plan,
  at,
  lookAt,
  onOpen,
}: {
  readonly plan: PlanView
  readonly at: Selection | null
  /** A new object: go to what is selected. */
  readonly lookAt: object | null
  readonly onOpen: (at: Selection | null) => void
}) {
  const { t } = useText()
  const { box, map, failed } = useDeskMap({
    zoom: startZoom,
    label: t('night.map'),
    onPick: () => onOpen(null),
  })
  const focus = useMemo(() => focusOf(plan, at), [plan, at])
  const open = useRef(onOpen)
  open.current = onOpen

  const painter = useMemo<MapPainter>(() => {
    let targets: readonly Target[] = []
    return {
      paint: (brush) => {
        targets = paintPlan(brush, plan, focus)
      },
      isOver: (point) => targetAt(targets, point) !== null,
      press: (point) => {
        const target = targetAt(targets, point)
        const selection = target === null ? null : selectionOf(plan, target)
        if (selection !== null) open.current(selection)
        return selection !== null
      },
    }
  }, [plan, focus])
  useEffect(() => map?.setPainter(painter), [map, painter])

  // the whole plan at first, and again when it is another plan
  const seen = useRef<string | null>(null)
  useEffect(() => {
    if (map === null || plan.places.length === 0 || seen.current === plan.planId) return
    seen.current = plan.planId
    const busy = plan.routes.flatMap(({ stops }) => stops.map(({ place }) => plan.places[place]))
    const points = busy.length === 0 ? plan.places : busy.filter((place) => place !== undefined)
    map.showAll(points)
  }, [map, plan])
  const focused = useRef(focus)
  focused.current = focus
  useEffect(() => {
    const place = lookAt === null || focused.current.place === null ? null : plan.places[focused.current.place]
    if (place) map?.flyTo(place, closeZoom)
  }, [map, plan, lookAt])

  return (
    <section className="plan-map" aria-label={t('night.map')}>
      <div className="map-box">
        <div ref={box} />
      </div>
      {failed && <p className="notice bad map-note">{t('night.map_failed')}</p>}
      <MapKey />
      <ZoomButtons map={map} />
    </section>
  )
}

function focusOf(plan: PlanView, at: Selection | null): MapFocus {
  const nothing: MapFocus = { vanId: null, place: null, stop: null }
  switch (at?.kind) {
    case 'van':
      return { ...nothing, vanId: at.vanId }
    case 'stop': {
      const route = plan.routes.find(({ vanId }) => vanId === at.vanId)
      return { vanId: at.vanId, place: route?.stops[at.stop]?.place ?? null, stop: at.stop }
    }
    case 'place': {
      const place = plan.places.findIndex(({ placeId }) => placeId === at.placeId)
      return { ...nothing, place: place < 0 ? null : place }
    }
    case 'new_van':
    case undefined:
      return nothing
  }
}

function selectionOf(plan: PlanView, target: Target): Selection | null {
  if (target.kind === 'stop') {
    const route = plan.routes[target.van]
    return route === undefined ? null : { kind: 'stop', vanId: route.vanId, stop: target.index }
  }
  const place = plan.places[target.index]
  return place === undefined ? null : { kind: 'place', placeId: place.placeId }
}
