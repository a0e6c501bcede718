import type { MapEngine, Theme } from './map-engine.ts'
import type { MapPoint } from './map-point.ts'

export interface ScreenPoint {
  readonly x: number
  readonly y: number
}

/** What a painter draws with: CSS pixels of the map's box. */
export interface Brush {
  readonly canvas: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly theme: Theme
  readonly zoom: number
  readonly place: (point: MapPoint) => ScreenPoint
}

/** Draws on top of the map, and says what is under a pointer. */
export interface MapPainter {
  readonly paint: (brush: Brush) => void
  /** True when something of the painter's was pressed: the map's own marks are not asked then. */
  readonly press?: (at: ScreenPoint) => boolean
  readonly isOver?: (at: ScreenPoint) => boolean
}

export interface PaintedOverlay {
  readonly setPainter: (painter: MapPainter | null) => void
  readonly setTheme: (theme: Theme) => void
}

/**
 * A canvas over either engine's own, drawn anew in each of the map's frames: plans and zones are too rich for an
 * engine's styled layers (bars, patterns, numbers that never hide one another) and too few to need its speed.
 * @param always drawn below the screen's own painter; tells whether it drew anything
 */
export function startOverlay(map: MapEngine, theme: Theme, always: (brush: Brush) => boolean): PaintedOverlay {
  const canvas = document.createElement('canvas')
  canvas.setAttribute('aria-hidden', 'true')
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none'
  map.getCanvas().after(canvas)
  const context = canvas.getContext('2d')
  let painter: MapPainter | null = null
  let now = theme
  let isBare = true

  const draw = () => {
    if (context === null) return
    const { clientWidth: width, clientHeight: height } = canvas
    const scale = devicePixelRatio
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale)
      canvas.height = Math.round(height * scale)
    }
    context.setTransform(scale, 0, 0, scale, 0, 0)
    if (!isBare) context.clearRect(0, 0, width, height)
    const brush: Brush = {
      canvas: context,
      width,
      height,
      theme: now,
      zoom: map.getZoom(),
      place: ({ lon, lat }) => map.project([lon, lat]),
    }
    const hasDrawn = always(brush)
    painter?.paint(brush)
    isBare = !hasDrawn && painter === null
  }
  map.on('render', draw)
  return {
    setPainter: (next) => {
      painter = next
      draw()
    },
    setTheme: (next) => {
      now = next
      draw()
    },
  }
}
