import type { ZoneKind } from '../../contracts/http/zones.ts'
import type { Theme } from '../../ui-kit/map/map-engine.ts'

/** How a kind of zone is drawn: never by its colour alone. */
export interface ZoneLook {
  readonly light: string
  readonly dark: string
  readonly dash: readonly number[]
  readonly hatch: 'none' | 'slanted' | 'crossed' | 'dotted'
}

export const zoneLooks: Readonly<Record<ZoneKind, ZoneLook>> = {
  service_area: { light: '#12201d', dark: '#eef4f1', dash: [12, 5], hatch: 'none' },
  hotspot: { light: '#0a5c4c', dark: '#63e0bd', dash: [], hatch: 'none' },
  no_parking: { light: '#b3261e', dark: '#ff8f85', dash: [5, 4], hatch: 'slanted' },
  no_ride: { light: '#7a1570', dark: '#f1a2e8', dash: [2, 3], hatch: 'crossed' },
  slow: { light: '#8a4b00', dark: '#ffc56b', dash: [9, 3, 2, 3], hatch: 'dotted' },
}

const tilePx = 10
const patterns = new Map<string, CanvasPattern | null>()

/** The hatching of a kind as a fill; null where it has none. */
export function hatchOf(canvas: CanvasRenderingContext2D, kind: ZoneKind, theme: Theme): CanvasPattern | null {
  const look = zoneLooks[kind]
  if (look.hatch === 'none') return null
  const key = `${kind} ${theme}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  const tile = document.createElement('canvas')
  tile.width = tilePx
  tile.height = tilePx
  const brush = tile.getContext('2d')
  if (brush === null) return null
  brush.strokeStyle = look[theme]
  brush.fillStyle = look[theme]
  brush.lineWidth = 1.4
  brush.beginPath()
  if (look.hatch === 'dotted') {
    brush.arc(tilePx / 2, tilePx / 2, 1.4, 0, 2 * Math.PI)
    brush.fill()
  } else {
    for (const shift of [-tilePx, 0, tilePx]) {
      brush.moveTo(shift, tilePx)
      brush.lineTo(shift + tilePx, 0)
      if (look.hatch !== 'crossed') continue
      brush.moveTo(shift, 0)
      brush.lineTo(shift + tilePx, tilePx)
    }
    brush.stroke()
  }
  const pattern = canvas.createPattern(tile, 'repeat')
  patterns.set(key, pattern)
  return pattern
}
