import type { PlanPlace, PlanView } from '../../contracts/http/nights.ts'
import type { Brush, ScreenPoint } from '../../ui-kit/map/painted-overlay.ts'
import { paintBadge, paintHotspot, paintLine, paintRing, paintStray } from './paint-marks.ts'
import { stopLabels } from './stop-label.ts'
import { vanLook } from './van-looks.ts'

/** What the map shows of a plan beside its bare facts. */
export interface MapFocus {
  /** The van that is looked at; the others step back. */
  readonly vanId: string | null
  /** Place that is looked at. */
  readonly place: number | null
  readonly stop: number | null
}

/** What can be pressed, where it was painted last; later ones lie on top. */
export interface Target {
  readonly at: ScreenPoint
  readonly reachPx: number
  readonly kind: 'stop' | 'place'
  readonly van: number
  readonly index: number
}

const numbersFromZoom = 14.2
const wordsFromZoom = 15
const faded = 0.22

/** Routes, then strays and hotspots, then the stops' numbers. @returns where everything is, for presses */
export function paintPlan(brush: Brush, plan: PlanView, focus: MapFocus): readonly Target[] {
  const { canvas } = brush
  const targets: Target[] = []
  const isDim = (vanId: string) => focus.vanId !== null && focus.vanId !== vanId
  const order = plan.routes
    .map((_route, van) => van)
    .sort((a, b) => Number(!isDim(plan.routes[a]?.vanId ?? '')) - Number(!isDim(plan.routes[b]?.vanId ?? '')))

  for (const van of order) {
    const route = plan.routes[van]
    if (route === undefined) continue
    canvas.globalAlpha = isDim(route.vanId) ? faded : 1
    paintLine(brush, route.line, vanLook(van, brush.theme))
  }
  canvas.globalAlpha = 1
  const visited = new Set(plan.routes.flatMap(({ stops }) => stops.map(({ place }) => place)))
  plan.places.forEach((place, index) => {
    const at = brush.place(place)
    if (!isInSight(brush, at)) return
    if (place.kind === 'hotspot') {
      paintHotspot(brush, at, place, focus.place === index || brush.zoom >= wordsFromZoom)
      targets.push({ at, reachPx: 14, kind: 'place', van: -1, index })
    } else if (place.kind === 'strays' && !visited.has(index)) {
      paintStray(brush, at)
      targets.push({ at, reachPx: 11, kind: 'place', van: -1, index })
    }
  })
  for (const van of order) paintStops(brush, plan, { van, isDim: isDim(plan.routes[van]?.vanId ?? ''), focus, targets })
  const chosen = focus.place === null ? undefined : plan.places[focus.place]
  if (chosen !== undefined) paintRing(brush, focus.stop === null ? brush.place(chosen) : markPoint(brush, chosen))
  return targets
}

function paintStops(
  brush: Brush,
  plan: PlanView,
  { van, isDim, focus, targets }: { van: number; isDim: boolean; focus: MapFocus; targets: Target[] },
): void {
  const route = plan.routes[van]
  if (route === undefined) return
  const look = vanLook(van, brush.theme)
  const withNumbers = !isDim && (brush.zoom >= numbersFromZoom || focus.vanId === route.vanId)
  const labels = stopLabels(plan, route)
  brush.canvas.globalAlpha = isDim ? faded : 1
  route.stops.forEach((stop, index) => {
    const place = plan.places[stop.place]
    if (place === undefined) return
    const at = markPoint(brush, place)
    if (!isInSight(brush, at)) return
    const isDone = route.progress !== null && index < route.progress.stopsDone
    paintBadge(brush, at, { label: withNumbers ? (labels[index] ?? '') : null, look, isDone })
    if (!isDim) targets.push({ at, reachPx: withNumbers ? 13 : 9, kind: 'stop', van, index })
  })
  brush.canvas.globalAlpha = 1
}

/** A number stands beside its hotspot's bar, not over it. */
function markPoint(brush: Brush, place: PlanPlace): ScreenPoint {
  const at = brush.place(place)
  return place.kind === 'hotspot' ? { x: at.x + 15, y: at.y - 6 } : at
}

const edgePx = 40
const isInSight = ({ width, height }: Brush, { x, y }: ScreenPoint): boolean =>
  x > -edgePx && y > -edgePx && x < width + edgePx && y < height + edgePx

/** The topmost target under a pointer. */
export function targetAt(targets: readonly Target[], at: ScreenPoint): Target | null {
  return targets.findLast((one) => Math.hypot(one.at.x - at.x, one.at.y - at.y) <= one.reachPx) ?? null
}
