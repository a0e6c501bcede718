import { bikeStates } from '../../contracts/live/bike-states.ts'
import { countsBelowZoom } from '../../contracts/live/count-zoom.ts'
import { colourOf } from './bike-looks.ts'
import { type CellMarks, type CellPart, cellParts, cellsOf, type ShownCell } from './cell-parts.ts'
import type { MapEngine, Theme } from './map-engine.ts'
import type { Brush, ScreenPoint } from './painted-overlay.ts'

export interface CountLayer {
  /** Null: the map shows single bikes at every zoom. */
  readonly setCounts: (marks: CellMarks | null) => void
  readonly setShown: (shown: readonly boolean[]) => void
  /** Whether anything was drawn. */
  readonly paint: (brush: Brush) => boolean
  /** The cell under a point; null from near, where no cells are shown. */
  readonly cellAt: (point: ScreenPoint) => ShownCell | null
}

/** Circles with a number: how many bikes, and in the ring around it which part of them is free, ridden, in trouble. */
export function makeCountLayer(map: MapEngine): CountLayer {
  let marks: CellMarks | null = null
  let shown: readonly boolean[] = bikeStates.map(() => true)
  let cells: readonly ShownCell[] = []
  const isFar = () => map.getZoom() < countsBelowZoom
  const renew = () => {
    cells = marks === null ? [] : cellsOf(marks, shown)
    map.triggerRepaint()
  }
  return {
    setCounts: (next) => {
      if (next === marks) return
      marks = next
      renew()
    },
    setShown: (next) => {
      shown = next
      renew()
    },
    paint: (brush) => {
      if (!isFar() || cells.length === 0) return false
      for (const cell of cells) {
        const at = brush.place(cell)
        const edge = largestRadius + ringWidth
        if (at.x < -edge || at.y < -edge || at.x > brush.width + edge || at.y > brush.height + edge) continue
        paintCell(brush, cell, at)
      }
      return true
    },
    cellAt: (point) => {
      if (!isFar()) return null
      // the last drawn is on top
      return (
        cells.findLast((cell) => {
          const { x, y } = map.project([cell.lon, cell.lat])
          return Math.hypot(x - point.x, y - point.y) <= radiusOf(cell.total) + ringWidth
        }) ?? null
      )
    },
  }
}

const smallestRadius = 13
const largestRadius = 27
const ringWidth = 5
const gapWidth = 2

/** By the logarithm: a cell of a thousand is not to bury its neighbours. */
const radiusOf = (total: number) => Math.min(largestRadius, smallestRadius + 4.6 * Math.log10(total))

const stateOfPart = { available: 'available', in_use: 'riding', trouble: 'alarm', rest: 'out_of_service' } as const
/** Colour is not the only sign: what is ridden is a thick part, what is in trouble a toothed one, the rest is thin. */
const widthOfPart: Readonly<Record<CellPart, number>> = { available: 4, in_use: 7, trouble: 7, rest: 2 }

function paintCell({ canvas, theme }: Brush, cell: ShownCell, { x, y }: ScreenPoint): void {
  const radius = radiusOf(cell.total)
  const [paper, ink] = theme === 'light' ? ['#ffffff', '#14201d'] : ['#0b100f', '#f1f5f3']
  canvas.beginPath()
  canvas.arc(x, y, radius + ringWidth / 2 + gapWidth, 0, 2 * Math.PI)
  canvas.fillStyle = paper
  canvas.fill()
  canvas.strokeStyle = theme === 'light' ? '#14201d55' : '#f1f5f366'
  canvas.lineWidth = 1
  canvas.stroke()
  let from = -Math.PI / 2
  for (const part of cellParts) {
    if (cell.parts[part] === 0) continue
    const to = from + (cell.parts[part] / cell.total) * 2 * Math.PI
    paintPart(canvas, { x, y, radius, from, to, part, theme })
    from = to
  }
  canvas.fillStyle = ink
  canvas.font = `600 ${cell.total < 1_000 ? 13 : 11}px system-ui, sans-serif`
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.fillText(String(cell.total), x, y + 0.5)
}

interface Arc {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly from: number
  readonly to: number
  readonly part: CellPart
  readonly theme: Theme
}

function paintPart(canvas: CanvasRenderingContext2D, { x, y, radius, from, to, part, theme }: Arc): void {
  canvas.beginPath()
  canvas.arc(x, y, radius, from, to)
  canvas.strokeStyle = colourOf(stateOfPart[part], theme)
  canvas.lineWidth = widthOfPart[part]
  canvas.setLineDash(part === 'trouble' ? [3, 1.5] : [])
  canvas.stroke()
  canvas.setLineDash([])
}
