import type { PlanPlace } from '../../contracts/http/nights.ts'
import type { Brush, ScreenPoint } from '../../ui-kit/map/painted-overlay.ts'
import type { VanLook } from './van-looks.ts'

const font = (px: number, weight = 600) => `${weight} ${px}px "Noto Sans", system-ui, sans-serif`
const paper = { light: '#ffffff', dark: '#0b100f' } as const
const ink = { light: '#12201d', dark: '#eef4f1' } as const
const soft = { light: '#5b6a66', dark: '#a9b8b3' } as const
const bring = { light: '#0a5c4c', dark: '#63e0bd' } as const
const fetch = { light: '#b3261e', dark: '#ff8f85' } as const

const arrowEveryPx = 130
const barPx = { near: { width: 9, height: 26, edge: 2 }, far: { width: 5, height: 16, edge: 1 } } as const
/** Nearer than this there is room for large bars. */
const nearZoom = 14.2

/** A way with a casing, the van's dashes, and arrows in driving direction. */
export function paintLine(
  { canvas, place, theme }: Brush,
  line: readonly (readonly [number, number])[],
  look: VanLook,
): void {
  const points = line.map(([lon, lat]) => place({ lon, lat }))
  const first = points[0]
  if (first === undefined) return
  canvas.beginPath()
  canvas.moveTo(first.x, first.y)
  for (const { x, y } of points) canvas.lineTo(x, y)
  canvas.lineJoin = 'round'
  canvas.lineCap = 'butt'
  canvas.setLineDash([])
  canvas.lineWidth = 7
  canvas.strokeStyle = paper[theme]
  canvas.stroke()
  canvas.setLineDash([...look.dash])
  canvas.lineWidth = 4
  canvas.strokeStyle = look.colour
  canvas.stroke()
  canvas.setLineDash([])
  paintArrows(canvas, points, look, paper[theme])
}

function paintArrows(
  canvas: CanvasRenderingContext2D,
  points: readonly ScreenPoint[],
  look: VanLook,
  casing: string,
): void {
  let toNext = arrowEveryPx / 2
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1] as ScreenPoint
    const b = points[i] as ScreenPoint
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    const angle = Math.atan2(b.y - a.y, b.x - a.x)
    for (; toNext <= length && length > 0; toNext += arrowEveryPx) {
      const share = toNext / length
      paintArrow(canvas, { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }, angle, { look, casing })
    }
    toNext -= length
  }
}

function paintArrow(
  canvas: CanvasRenderingContext2D,
  { x, y }: ScreenPoint,
  angle: number,
  { look, casing }: { readonly look: VanLook; readonly casing: string },
): void {
  canvas.save()
  canvas.translate(x, y)
  canvas.rotate(angle)
  canvas.beginPath()
  canvas.moveTo(8, 0)
  canvas.lineTo(-5, 6.5)
  canvas.lineTo(-2, 0)
  canvas.lineTo(-5, -6.5)
  canvas.closePath()
  canvas.lineWidth = 2.5
  canvas.strokeStyle = casing
  canvas.stroke()
  canvas.fillStyle = look.colour
  canvas.fill()
  canvas.restore()
}

/** A stop: its number on the van's colour, or a dot where there is no room for numbers. */
export function paintBadge(
  { canvas, theme }: Brush,
  { x, y }: ScreenPoint,
  { label, look, isDone }: { readonly label: string | null; readonly look: VanLook; readonly isDone: boolean },
): void {
  const radius = label === null ? 4.5 : 10.5
  canvas.beginPath()
  canvas.arc(x, y, radius, 0, 2 * Math.PI)
  canvas.fillStyle = isDone ? paper[theme] : look.colour
  canvas.fill()
  canvas.lineWidth = 2
  canvas.strokeStyle = isDone ? look.colour : paper[theme]
  canvas.stroke()
  if (label === null) return
  canvas.font = font(label.length > 2 ? 9.5 : 11.5)
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.fillStyle = isDone ? look.colour : look.ink
  canvas.fillText(isDone ? '✓' : label, x, y + 0.5)
}

/** Bikes that nobody fetches: a hollow diamond. */
export function paintStray({ canvas, theme }: Brush, { x, y }: ScreenPoint): void {
  canvas.beginPath()
  canvas.moveTo(x, y - 6)
  canvas.lineTo(x + 6, y)
  canvas.lineTo(x, y + 6)
  canvas.lineTo(x - 6, y)
  canvas.closePath()
  canvas.fillStyle = paper[theme]
  canvas.fill()
  canvas.lineWidth = 2
  canvas.strokeStyle = soft[theme]
  canvas.stroke()
}

/** A bar as high as the hotspot's room: what stands there, what is brought or fetched, and a tick at what is best. */
export function paintHotspot(brush: Brush, { x, y }: ScreenPoint, place: PlanPlace, inWords: boolean): void {
  const { canvas, theme } = brush
  const stock = place.stock ?? 0
  const planned = place.planned ?? stock
  const most = Math.max(place.capacity ?? 0, stock, planned, place.target ?? 0, 1)
  const { width, height, edge } = brush.zoom >= nearZoom || inWords ? barPx.near : barPx.far
  const left = x - width / 2
  const bottom = y + height / 2
  const at = (bikes: number) => bottom - (bikes / most) * height
  canvas.fillStyle = paper[theme]
  const frame = [left - edge, bottom - height - edge, width + 2 * edge, height + 2 * edge] as const
  canvas.fillRect(...frame)
  canvas.lineWidth = edge === 1 ? 1 : 1.5
  canvas.strokeStyle = ink[theme]
  canvas.strokeRect(...frame)
  const kept = Math.min(stock, planned)
  canvas.fillStyle = soft[theme]
  canvas.fillRect(left, at(kept), width, bottom - at(kept))
  const changed = { top: at(Math.max(stock, planned)), bottom: at(kept) }
  if (planned > stock) {
    canvas.fillStyle = bring[theme]
    canvas.fillRect(left, changed.top, width, changed.bottom - changed.top)
  } else if (planned < stock) {
    canvas.lineWidth = 1.5
    canvas.strokeStyle = fetch[theme]
    canvas.strokeRect(left + 0.75, changed.top + 0.75, width - 1.5, Math.max(0, changed.bottom - changed.top - 1.5))
  }
  if (place.target !== null) {
    canvas.fillStyle = ink[theme]
    canvas.fillRect(left - 2 * edge - 1, at(place.target) - 1, width + 4 * edge + 2, 2)
  }
  if (inWords) paintWords(brush, { x, y: bottom + 11 }, planned === stock ? String(stock) : `${stock} → ${planned}`)
}

function paintWords({ canvas, theme }: Brush, { x, y }: ScreenPoint, words: string): void {
  canvas.font = font(12)
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.lineJoin = 'round'
  canvas.lineWidth = 4
  canvas.strokeStyle = paper[theme]
  canvas.strokeText(words, x, y)
  canvas.fillStyle = ink[theme]
  canvas.fillText(words, x, y)
}

/** Round what is looked at. */
export function paintRing({ canvas, theme }: Brush, { x, y }: ScreenPoint): void {
  canvas.beginPath()
  canvas.arc(x, y, 17, 0, 2 * Math.PI)
  canvas.lineWidth = 6
  canvas.strokeStyle = paper[theme]
  canvas.stroke()
  canvas.lineWidth = 3
  canvas.strokeStyle = ink[theme]
  canvas.stroke()
}
