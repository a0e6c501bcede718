import type { UnmetCell } from '../../contracts/http/numbers.ts'
import type { Brush, ScreenPoint } from '../../ui-kit/map/painted-overlay.ts'

const grounds = { light: '#b3261e', dark: '#ff8f85' } as const
const inks = { light: '#12201d', dark: '#eef4f1' } as const
const halos = { light: '#ffffff', dark: '#0b100f' } as const
/** Smaller than this a number would not be read. */
const leastWidthPx = 26

export interface CellTarget {
  readonly cell: string
  readonly corners: readonly ScreenPoint[]
}

/** Hexagons: the more people found nothing, the fuller; the number in it, where there is room. */
export function paintCells(brush: Brush, cells: readonly UnmetCell[], chosen: string | null): readonly CellTarget[] {
  const most = Math.max(1, ...cells.map(countOf))
  const targets = cells.map((cell) => ({
    cell: cell.cell,
    corners: cell.boundary.map(([lon, lat]) => brush.place({ lon, lat })),
  }))
  const { canvas, theme } = brush
  cells.forEach((cell, i) => {
    const corners = targets[i]?.corners ?? []
    trace(brush, corners)
    canvas.fillStyle = grounds[theme]
    canvas.globalAlpha = 0.12 + 0.55 * Math.sqrt(countOf(cell) / most)
    canvas.fill()
    canvas.globalAlpha = 1
    canvas.strokeStyle = cell.cell === chosen ? inks[theme] : grounds[theme]
    canvas.lineWidth = cell.cell === chosen ? 4 : 1.5
    canvas.stroke()
  })
  cells.forEach((cell, i) => {
    const corners = targets[i]?.corners ?? []
    const xs = corners.map(({ x }) => x)
    if (Math.max(...xs) - Math.min(...xs) < leastWidthPx) return
    const { x, y } = brush.place(cell)
    canvas.font = '700 13px "Noto Sans", system-ui, sans-serif'
    canvas.textAlign = 'center'
    canvas.textBaseline = 'middle'
    canvas.lineWidth = 4
    canvas.strokeStyle = halos[theme]
    canvas.strokeText(String(countOf(cell)), x, y)
    canvas.fillStyle = inks[theme]
    canvas.fillText(String(countOf(cell)), x, y)
  })
  return targets
}

export const countOf = (cell: Pick<UnmetCell, 'unmetSearches' | 'failedScans'>): number =>
  cell.unmetSearches + cell.failedScans

/** The cell under a point of the screen. */
export const cellAt = (targets: readonly CellTarget[], at: ScreenPoint): string | null =>
  targets.find(({ corners }) => isInside(corners, at))?.cell ?? null

function isInside(corners: readonly ScreenPoint[], { x, y }: ScreenPoint): boolean {
  let isIn = false
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length]
    if (b === undefined || a.y > y === b.y > y) return
    if (x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) isIn = !isIn
  })
  return isIn
}

function trace({ canvas }: Brush, corners: readonly ScreenPoint[]): void {
  canvas.beginPath()
  corners.forEach(({ x, y }, i) => {
    if (i === 0) canvas.moveTo(x, y)
    else canvas.lineTo(x, y)
  })
  canvas.closePath()
}
