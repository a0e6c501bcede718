import { bikeStates } from '../../contracts/live/bike-states.ts'
import { countsBelowZoom } from '../../contracts/live/count-zoom.ts'
import {
  aimBuffers,
  type BikeBuffers,
  type BikeMarks,
  makeBuffers,
  nearestRow,
  orderRows,
  rebaseBuffers,
  slideS,
} from './bike-buffers.ts'
import { type BikeDrawing, drawBikes, startDrawing } from './bike-drawing.ts'
import { colourTable, outlineOf } from './bike-looks.ts'
import type { MapEngine, Theme } from './map-engine.ts'

export const bikeLayerId = 'zwerm-bikes'

/**
 * Frames of a slide: as many as it has half pixels, within these bounds. From afar a bike goes less than a pixel a
 * second, and each frame draws the whole map.
 */
const fewestFrames = 2
const mostFrames = 20
const pixelsPerFrame = 0.5
const offsetsAcrossWorld = 2 ** 20
const worldPixelsAtZoom0 = 512
const lagsBetweenFrames = 3
const spareRows = 64
/** 32-bit seconds are exact to a few milliseconds for so long. */
const rebaseAfterS = 21_600

export interface BikeLayer {
  /** For the engine's `addLayer`. The same object may be added again after a change of style. */
  readonly layer: object
  readonly setMarks: (marks: BikeMarks) => void
  readonly setShown: (shown: readonly boolean[]) => void
  /** One byte a row, 1 for those that are drawn; null draws all. */
  readonly setMask: (mask: Uint8Array | null) => void
  readonly setSelected: (row: number | null) => void
  readonly setMovement: (on: boolean) => void
  readonly setTheme: (theme: Theme) => void
  /** A whole fleet: idle bikes are small dots from afar and pins from near, and nothing is drawn where cells are counted. */
  readonly setDense: (isDense: boolean) => void
  /** Row of the drawn bike nearest to a point in Mercator × 2³², within `reach` of the same unit. */
  readonly pick: (point: { readonly x: number; readonly y: number }, reach: number) => number | null
}

/** A custom layer of both engines that draws every bike as one point and slides it between two live frames. */
export function makeBikeLayer(engine: MapEngine, theme: Theme): BikeLayer {
  let marks: BikeMarks | null = null
  let buffers: BikeBuffers | null = null
  let drawing: BikeDrawing | null = null
  let shown = {
    states: bikeStates.map(() => true) as readonly boolean[],
    mask: null as Uint8Array | null,
    selected: -1,
  }
  let isMoving = true
  let isDense = false
  let colours = colourTable(theme)
  let outline = outlineOf(theme)
  let aimedAtMs = 0
  let baseMs = performance.now()
  let isOrderOld = true
  let timer: ReturnType<typeof setTimeout> | null = null
  /** When a frame was asked for that has not come yet, and how long the last one took to come. */
  let askedAtMs: number | null = null
  let lagMs = 0

  const nowS = () => (performance.now() - baseMs) / 1_000
  const isFar = () => isDense && engine.getZoom() < countsBelowZoom
  const paint = () => {
    askedAtMs ??= performance.now()
    engine.triggerRepaint()
  }
  const reorder = () => {
    isOrderOld = true
    paint()
  }
  function order(): void {
    if (!isOrderOld || buffers === null || marks === null) return
    orderRows(buffers, marks, shown)
    isOrderOld = false
    if (drawing !== null) drawing.isOrderOld = true
  }

  const layer = {
    id: bikeLayerId,
    type: 'custom',
    renderingMode: '2d',
    onAdd: (_map: unknown, gl: WebGL2RenderingContext) => {
      drawing = startDrawing(gl)
    },
    onRemove: () => {
      drawing = null
    },
    render: (gl: WebGL2RenderingContext, argument: unknown) => {
      if (askedAtMs !== null) lagMs = performance.now() - askedAtMs
      askedAtMs = null
      if (buffers === null) return
      order()
      if (drawing === null || drawing.gl !== gl) drawing = startDrawing(gl)
      const selectedOnly = isFar()
      if (buffers.drawn === 0 || (selectedOnly && shown.selected < 0)) return
      drawBikes(drawing, buffers, {
        ...{ argument, colours, outline, isDense, selectedOnly, selected: shown.selected, zoom: engine.getZoom() },
        ...{ nowS: nowS(), slideS: isMoving ? slideS : 0 },
      })
      if (isMoving && !selectedOnly && performance.now() - aimedAtMs < slideS * 1_000 && timer === null) {
        timer = setTimeout(
          () => {
            timer = null
            paint()
          },
          // a slow card gets fewer frames, not a longer queue of them
          Math.max(lagMs * lagsBetweenFrames, betweenFramesMs(buffers.meanSlide, engine.getZoom())),
        )
      }
    },
  }
  // what the card had is gone with its context; the next frame makes all of it anew
  engine.getCanvas().addEventListener('webglcontextlost', () => {
    drawing = null
  })

  return {
    layer,
    setMarks: (next) => {
      const isFresh = buffers === null || buffers.capacity < next.count || marks === null || marks.x !== next.x
      if (buffers === null || buffers.capacity < next.count) {
        buffers = makeBuffers(next.count + spareRows, originOf(next))
        if (drawing !== null) drawing.uploaded = 0
      }
      if (nowS() > rebaseAfterS) {
        rebaseBuffers(buffers)
        baseMs = performance.now()
      }
      const isReordered = aimBuffers(buffers, next, nowS(), isFresh || !isMoving)
      if (isReordered || isFresh) isOrderOld = true
      marks = next
      aimedAtMs = performance.now()
      paint()
    },
    setShown: (states) => {
      shown = { ...shown, states }
      reorder()
    },
    setMask: (mask) => {
      shown = { ...shown, mask }
      reorder()
    },
    setSelected: (row) => {
      shown = { ...shown, selected: row ?? -1 }
      reorder()
    },
    setMovement: (on) => {
      isMoving = on
      paint()
    },
    setTheme: (next) => {
      colours = colourTable(next)
      outline = outlineOf(next)
      paint()
    },
    setDense: (on) => {
      isDense = on
      paint()
    },
    pick: (point, reach) => {
      if (buffers === null || marks === null || isFar()) return null
      order()
      return nearestRow(buffers, marks, point, reach)
    },
  }
}

function betweenFramesMs(slide: number, zoom: number): number {
  const pixels = (slide / offsetsAcrossWorld) * worldPixelsAtZoom0 * 2 ** zoom
  return (slideS * 1_000) / Math.min(mostFrames, Math.max(fewestFrames, pixels / pixelsPerFrame))
}

/** The middle of the first placed bike: offsets from there keep centimetres in 32-bit floats. */
function originOf(marks: BikeMarks): { readonly x: number; readonly y: number } {
  const row = Math.max(0, marks.placed.indexOf(1))
  return { x: marks.x[row] ?? 0, y: marks.y[row] ?? 0 }
}
