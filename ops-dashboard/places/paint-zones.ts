import type { ZoneFeature, ZoneProblem } from '../../contracts/http/zones.ts'
import type { Brush, ScreenPoint } from '../../ui-kit/map/painted-overlay.ts'
import { hatchOf, zoneLooks } from './zone-looks.ts'
import { centreOf, polygonsOf, type Ring } from './zone-shape.ts'

/** Nearer than this each zone has its name. */
const namesFromZoom = 15

export interface PaintedZones {
  readonly zones: readonly ZoneFeature[]
  /** Of a file that is not imported yet. */
  readonly offered: readonly ZoneFeature[]
  readonly problems: readonly ZoneProblem[]
  readonly chosen: string | null
}

export interface ZoneTarget {
  readonly at: ScreenPoint
  readonly zoneId: string
}

/** Zones by kind in colour and dashes, a file's zones in blue, and a numbered mark at each problem. */
export function paintZones(brush: Brush, { zones, offered, problems, chosen }: PaintedZones): readonly ZoneTarget[] {
  const targets: ZoneTarget[] = []
  for (const zone of zones) {
    const look = zoneLooks[zone.properties.kind]
    const isChosen = chosen !== null && zone.properties.zoneId === chosen
    paintZone(brush, zone, { colour: look[brush.theme], dash: look.dash, width: isChosen ? 5 : 2 })
    const centre = centreOf(zone)
    if (centre === null) continue
    const at = brush.place(centre)
    if (zone.properties.kind === 'hotspot') paintDot(brush, at, look[brush.theme], isChosen)
    if (zone.properties.zoneId !== undefined && zone.properties.kind !== 'service_area') {
      targets.push({ at, zoneId: zone.properties.zoneId })
    }
  }
  const blue = brush.theme === 'light' ? '#1d4ed8' : '#8fb4ff'
  for (const zone of offered) paintZone(brush, zone, { colour: blue, dash: [], width: 3, isBlue: true })
  if (brush.zoom >= namesFromZoom) for (const zone of zones) paintName(brush, zone)
  problems.forEach(({ lon, lat }, index) => {
    if (lon !== null && lat !== null) paintProblem(brush, brush.place({ lon, lat }), String(index + 1))
  })
  return targets
}

function paintZone(
  brush: Brush,
  zone: ZoneFeature,
  {
    colour,
    dash,
    width,
    isBlue = false,
  }: {
    readonly colour: string
    readonly dash: readonly number[]
    readonly width: number
    readonly isBlue?: boolean
  },
): void {
  const { canvas } = brush
  canvas.strokeStyle = colour
  canvas.fillStyle = colour
  canvas.lineWidth = width
  canvas.setLineDash([...dash])
  const kind = (zone.properties as Partial<ZoneFeature['properties']> | null)?.kind
  const isArea = kind === 'service_area'
  const hatch = kind !== undefined && kind in zoneLooks && !isBlue ? hatchOf(canvas, kind, brush.theme) : null
  for (const rings of polygonsOf(zone)) {
    canvas.beginPath()
    for (const ring of rings) traceRing(brush, ring)
    if (!isArea) {
      canvas.globalAlpha = hatch === null ? 0.2 : 0.1
      canvas.fill('evenodd')
      canvas.globalAlpha = 1
      if (hatch !== null) {
        canvas.fillStyle = hatch
        canvas.fill('evenodd')
        canvas.fillStyle = colour
      }
    }
    canvas.stroke()
  }
  canvas.setLineDash([])
  if (zone.geometry.type === 'Point') {
    const [lon, lat] = zone.geometry.coordinates
    paintDot(brush, brush.place({ lon, lat }), colour, width > 3)
  }
}

function paintName({ canvas, theme, place }: Brush, zone: ZoneFeature): void {
  const centre = centreOf(zone)
  if (centre === null || zone.properties.kind === 'service_area') return
  const { x, y } = place(centre)
  canvas.font = '600 12px "Noto Sans", system-ui, sans-serif'
  canvas.textAlign = 'center'
  canvas.textBaseline = 'top'
  canvas.lineWidth = 3.5
  canvas.lineJoin = 'round'
  canvas.strokeStyle = theme === 'light' ? '#ffffff' : '#0b100f'
  canvas.fillStyle = zoneLooks[zone.properties.kind][theme]
  canvas.strokeText(zone.properties.name, x, y + 9)
  canvas.fillText(zone.properties.name, x, y + 9)
}

export function traceRing({ canvas, place }: Brush, ring: Ring): void {
  ring.forEach(([lon, lat], i) => {
    const { x, y } = place({ lon, lat })
    if (i === 0) canvas.moveTo(x, y)
    else canvas.lineTo(x, y)
  })
  canvas.closePath()
}

function paintDot({ canvas, theme }: Brush, { x, y }: ScreenPoint, colour: string, isLarge: boolean): void {
  canvas.beginPath()
  canvas.arc(x, y, isLarge ? 9 : 5, 0, 2 * Math.PI)
  canvas.fillStyle = colour
  canvas.fill()
  canvas.lineWidth = 2
  canvas.strokeStyle = theme === 'light' ? '#ffffff' : '#0b100f'
  canvas.stroke()
}

export function paintProblem({ canvas }: Brush, { x, y }: ScreenPoint, label: string): void {
  canvas.beginPath()
  canvas.moveTo(x, y)
  canvas.lineTo(x - 12, y - 20)
  canvas.lineTo(x + 12, y - 20)
  canvas.closePath()
  canvas.fillStyle = '#b3261e'
  canvas.fill()
  canvas.beginPath()
  canvas.arc(x, y - 24, 12, 0, 2 * Math.PI)
  canvas.fill()
  canvas.lineWidth = 2
  canvas.strokeStyle = '#ffffff'
  canvas.stroke()
  canvas.fillStyle = '#ffffff'
  canvas.font = '700 12px "Noto Sans", system-ui, sans-serif'
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.fillText(label, x, y - 24)
}

const reachPx = 14
export const zoneAt = (targets: readonly ZoneTarget[], at: ScreenPoint): string | null =>
  targets.findLast((one) => Math.hypot(one.at.x - at.x, one.at.y - at.y) <= reachPx)?.zoneId ?? null
