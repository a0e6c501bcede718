import type { Brush, ScreenPoint } from '../../../ui-kit/map/painted-overlay.ts'
import { type Drawing, type LonLat, ringsOf, type VertexAt } from './drawing.ts'

type Place = Brush['place']

/** The way back from a map's screen: `place` is straight in Mercator's plane, so three points tell all of it. */
export function unplaceOf(place: Place): (at: ScreenPoint) => LonLat {
  const near = inverse(place, [0, 0])
  // Once more from where the map is: subtracting large numbers costs digits.
  let refined: ((at: ScreenPoint) => LonLat) | null = null
  return (at) => {
    refined ??= inverse(place, near({ x: 0, y: 0 }))
    return refined(at)
  }
}

/** Of Mercator's square, whose side is 1: about 40 m at the equator. */
const probe = 1e-6

function inverse(place: Place, near: LonLat): (at: ScreenPoint) => LonLat {
  const [x, y] = mercatorOf(near)
  const at = (px: number, py: number) => placed(place, lonLatOf(px, py))
  const [zero, right, down] = [at(x, y), at(x + probe, y), at(x, y + probe)]
  const a = (right.x - zero.x) / probe
  const b = (down.x - zero.x) / probe
  const c = (right.y - zero.y) / probe
  const d = (down.y - zero.y) / probe
  const size = a * d - b * c
  return (point) => {
    const [dx, dy] = [point.x - zero.x, point.y - zero.y]
    return lonLatOf(x + (d * dx - b * dy) / size, y + (a * dy - c * dx) / size)
  }
}

function mercatorOf([lon, lat]: LonLat): [x: number, y: number] {
  const sine = Math.sin((lat * Math.PI) / 180)
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)]
}

const lonLatOf = (x: number, y: number): LonLat => [
  x * 360 - 180,
  (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
]

export type Hit =
  | { readonly kind: 'vertex'; readonly vertex: VertexAt }
  /** The middle of the side after a corner: a press there makes a corner. */
  | { readonly kind: 'middle'; readonly after: VertexAt }

const vertexReachPx = 14
const middleReachPx = 11
/** Shorter sides show no middle: it would lie under the corners. */
const shortestSidePx = 44

const apart = (p: ScreenPoint, q: ScreenPoint) => Math.hypot(p.x - q.x, p.y - q.y)
const placed = (place: Place, [lon, lat]: LonLat) => place({ lon, lat })

/** What of the drawing lies under the pointer: the nearest corner first, then the nearest middle of a side. */
export function hitOf(drawing: Drawing, place: Place, at: ScreenPoint): Hit | null {
  if (drawing.kind === 'circle') {
    const isHit = drawing.centre !== null && apart(placed(place, drawing.centre), at) <= vertexReachPx
    return isHit ? { kind: 'vertex', vertex: { ring: 0, vertex: 0 } } : null
  }
  let best: { readonly hit: Hit; readonly px: number } | null = null
  for (const { ring, corners } of ringsOf(drawing)) {
    for (const [vertex, corner] of corners.entries()) {
      const px = apart(placed(place, corner), at)
      if (px <= vertexReachPx && px < (best?.px ?? Number.POSITIVE_INFINITY)) {
        best = { hit: { kind: 'vertex', vertex: { ring, vertex } }, px }
      }
    }
  }
  if (best !== null) return best.hit
  for (const { after, at: middle } of middlesOf(drawing, place)) {
    if (apart(middle, at) <= middleReachPx) return { kind: 'middle', after }
  }
  return null
}

/** The middles of the sides that are long enough on the screen. */
export function middlesOf(drawing: Drawing, place: Place): { readonly after: VertexAt; readonly at: ScreenPoint }[] {
  return ringsOf(drawing).flatMap(({ ring, corners }) =>
    corners.length < 2
      ? []
      : corners.flatMap((corner, vertex) => {
          // Two corners have one side, not one there and one back.
          if (corners.length === 2 && vertex === 1) return []
          const from = placed(place, corner)
          const to = placed(place, corners[(vertex + 1) % corners.length] ?? corner)
          if (apart(from, to) < shortestSidePx) return []
          return [{ after: { ring, vertex }, at: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 } }]
        }),
  )
}

/** The nearest of `corners` within `reachPx` of a place on the screen; null where none is that near. */
export function snapped(corners: readonly LonLat[], place: Place, at: ScreenPoint, reachPx: number): LonLat | null {
  let best: { readonly corner: LonLat; readonly px: number } | null = null
  for (const corner of corners) {
    const px = apart(placed(place, corner), at)
    if (px <= reachPx && px < (best?.px ?? Number.POSITIVE_INFINITY)) best = { corner, px }
  }
  return best?.corner ?? null
}
