import type { ZoneKind, ZoneProblem } from '../../../contracts/http/zones.ts'
import type { Brush, ScreenPoint } from '../../../ui-kit/map/painted-overlay.ts'
import { paintProblem, traceRing } from '../paint-zones.ts'
import { hatchOf, zoneLooks } from '../zone-looks.ts'
import { closed, type Drawing, type LonLat, ringsOf, vertexOf } from './drawing.ts'
import type { EditState } from './edit-state.ts'
import { circleCorners } from './metres.ts'
import { middlesOf } from './on-screen.ts'

export interface PaintedDrawing {
  readonly state: Pick<EditState, 'drawing' | 'selected' | 'mode' | 'ring'>
  readonly kind: ZoneKind
  readonly problems: readonly ZoneProblem[]
}

/** More corners than this in sight are drawn without their squares, but for the chosen one. */
const mostHandles = 600
/** Corners nearer than this to one another are drawn small. */
const closePx = 18

/** The drawing over all other zones: its area, sides, corners, middles of sides, and a mark at each wrong corner. */
export function paintDrawing(brush: Brush, { state, kind, problems }: PaintedDrawing): void {
  const { drawing, selected, mode } = state
  const colour = zoneLooks[kind][brush.theme]
  const paper = brush.theme === 'light' ? '#ffffff' : '#0b100f'
  paintArea(brush, drawing, kind)
  if (drawing.kind === 'area') {
    for (const { at } of middlesOf(drawing, brush.place)) paintDot(brush, at, 4, paper, colour)
  }
  const handles = handlesInSight(brush, drawing)
  if (handles.length <= mostHandles) {
    for (const [i, at] of handles.entries()) {
      const before = handles[i - 1]
      const isClose = before !== undefined && Math.hypot(before.x - at.x, before.y - at.y) < closePx
      paintSquare(brush, at, isClose ? 2.5 : 5.5, paper, colour)
    }
  }
  const chosen = selected === null ? null : vertexOf(drawing, selected)
  if (chosen !== null) {
    const at = place(brush, chosen)
    paintSquare(brush, at, 8, colour, paper)
    paintRing(brush, at, colour)
  }
  problems.forEach((problem, index) => {
    const at = wrongAt(drawing, problem)
    if (at === null) return
    paintRing(brush, place(brush, at), brush.theme === 'light' ? '#b3261e' : '#ff8f85')
    paintProblem(brush, place(brush, at), String(index + 1))
  })
  if (mode === 'add') paintCross(brush, colour, paper)
}

/** The corner that a problem names, as it is drawn now; else the place that it tells. */
function wrongAt(drawing: Drawing, { ring, vertex, lon, lat }: ZoneProblem): LonLat | null {
  const corners = ring === null ? undefined : ringsOf(drawing)[ring]?.corners
  // The position that closes a ring is the first one.
  const corner = vertex === null || corners === undefined ? undefined : corners[vertex % Math.max(1, corners.length)]
  return corner ?? (lon === null || lat === null ? null : [lon, lat])
}

const place = ({ place: placed }: Brush, [lon, lat]: LonLat) => placed({ lon, lat })

function paintArea(brush: Brush, drawing: Drawing, kind: ZoneKind): void {
  const { canvas, theme } = brush
  const shapes =
    drawing.kind === 'circle'
      ? drawing.centre === null
        ? []
        : [[circleCorners(drawing.centre, drawing.radiusM)]]
      : drawing.polygons
  const colour = zoneLooks[kind][theme]
  for (const rings of shapes) {
    canvas.beginPath()
    for (const ring of rings) traceRing(brush, closed(ring))
    canvas.fillStyle = colour
    canvas.globalAlpha = kind === 'service_area' ? 0.08 : 0.22
    canvas.fill('evenodd')
    canvas.globalAlpha = 1
    const hatch = hatchOf(canvas, kind, theme)
    if (hatch !== null) {
      canvas.fillStyle = hatch
      canvas.fill('evenodd')
    }
    canvas.strokeStyle = colour
    canvas.lineWidth = 3
    canvas.setLineDash([])
    canvas.stroke()
  }
}

const handlesInSight = (brush: Brush, drawing: Drawing): readonly ScreenPoint[] =>
  (drawing.kind === 'circle'
    ? drawing.centre === null
      ? []
      : [drawing.centre]
    : ringsOf(drawing).flatMap(({ corners }) => corners)
  )
    .map((corner) => place(brush, corner))
    .filter(({ x, y }) => x > -9 && y > -9 && x < brush.width + 9 && y < brush.height + 9)

function paintSquare({ canvas }: Brush, { x, y }: ScreenPoint, half: number, fill: string, line: string): void {
  canvas.fillStyle = fill
  canvas.strokeStyle = line
  canvas.lineWidth = 2
  canvas.fillRect(x - half, y - half, 2 * half, 2 * half)
  canvas.strokeRect(x - half, y - half, 2 * half, 2 * half)
}

function paintDot({ canvas }: Brush, { x, y }: ScreenPoint, radius: number, fill: string, line: string): void {
  canvas.beginPath()
  canvas.arc(x, y, radius, 0, 2 * Math.PI)
  canvas.fillStyle = fill
  canvas.fill()
  canvas.strokeStyle = line
  canvas.lineWidth = 1.5
  canvas.stroke()
}

function paintRing({ canvas }: Brush, { x, y }: ScreenPoint, colour: string): void {
  canvas.beginPath()
  canvas.arc(x, y, 14, 0, 2 * Math.PI)
  canvas.strokeStyle = colour
  canvas.lineWidth = 2.5
  canvas.stroke()
}

/** Where "at the middle of the map" is. */
function paintCross({ canvas, width, height }: Brush, colour: string, paper: string): void {
  const [x, y] = [width / 2, height / 2]
  for (const [line, ink] of [
    [5, paper],
    [2, colour],
  ] as const) {
    canvas.beginPath()
    canvas.moveTo(x - 13, y)
    canvas.lineTo(x - 4, y)
    canvas.moveTo(x + 4, y)
    canvas.lineTo(x + 13, y)
    canvas.moveTo(x, y - 13)
    canvas.lineTo(x, y - 4)
    canvas.moveTo(x, y + 4)
    canvas.lineTo(x, y + 13)
    canvas.lineWidth = line
    canvas.strokeStyle = ink
    canvas.stroke()
  }
}
