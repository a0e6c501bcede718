import type { ZoneFeature } from '../../contracts/http/zones.ts'
import type { Brush, MapPainter } from '../../ui-kit/map/painted-overlay.ts'
import { paintZones } from '../places/paint-zones.ts'
import { centreOf } from '../places/zone-shape.ts'

/** Below this the labels would hide the city. */
const labelsFromZoom = 13

/** Zones by kind, and on each hotspot how many bikes stand there of those it has room for. */
export function stockPainter(
  zones: readonly ZoneFeature[],
  stock: ReadonlyMap<string, number>,
  chosen: string | null,
): MapPainter {
  return {
    paint: (brush) => {
      paintZones(brush, { zones, offered: [], problems: [], chosen })
      if (brush.zoom < labelsFromZoom) return
      for (const zone of zones) {
        const { kind, zoneId, capacity } = zone.properties
        const bikes = zoneId === undefined ? undefined : stock.get(zoneId)
        const centre = centreOf(zone)
        if (kind === 'hotspot' && bikes !== undefined && centre !== null) {
          paintStock(brush, brush.place(centre), { bikes, capacity: capacity ?? 0, level: levelOf(zone, bikes) })
        }
      }
    },
  }
}

export type StockLevel = 'short' | 'fits' | 'full'

/** Short of its least, or at what it has room for. */
export function levelOf({ properties }: Pick<ZoneFeature, 'properties'>, bikes: number): StockLevel {
  if (properties.minBikes !== undefined && bikes < properties.minBikes) return 'short'
  return properties.capacity !== undefined && properties.capacity > 0 && bikes >= properties.capacity ? 'full' : 'fits'
}

const colours: Readonly<Record<StockLevel, Readonly<Record<Brush['theme'], string>>>> = {
  short: { light: '#8a4b00', dark: '#ffc56b' },
  fits: { light: '#0a5c4c', dark: '#63e0bd' },
  full: { light: '#b3261e', dark: '#ff8f85' },
}
const signs: Readonly<Record<StockLevel, string>> = { short: '▾ ', fits: '', full: '▴ ' }

function paintStock(
  { canvas, theme }: Brush,
  at: { readonly x: number; readonly y: number },
  { bikes, capacity, level }: { readonly bikes: number; readonly capacity: number; readonly level: StockLevel },
): void {
  const text = `${signs[level]}${bikes}${capacity > 0 ? `/${capacity}` : ''}`
  canvas.font = '700 12px "Noto Sans", system-ui, sans-serif'
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  const width = canvas.measureText(text).width + 14
  const [left, top, height] = [at.x - width / 2, at.y - 30, 20]
  canvas.beginPath()
  canvas.roundRect(left, top, width, height, 10)
  canvas.fillStyle = theme === 'light' ? '#ffffff' : '#131a19'
  canvas.fill()
  canvas.lineWidth = 2
  canvas.strokeStyle = colours[level][theme]
  canvas.stroke()
  canvas.fillStyle = colours[level][theme]
  canvas.fillText(text, at.x, top + height / 2 + 1)
}
