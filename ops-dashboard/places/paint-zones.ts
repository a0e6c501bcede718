import type { ZoneFeature, ZoneKind, ZoneProblem } from '../../contracts/http/zones.ts'
import type { Brush, ScreenPoint } from '../../ui-kit/map/painted-overlay.ts'
import { centreOf, polygonsOf, type Ring } from './zone-shape.ts'

const looks: Readonly<
  Record<ZoneKind, { readonly light: string; readonly dark: string; readonly dash: readonly number[] }>
> = {
  service_area: { light: '#12201d', dark: '#eef4f1', dash: [12, 5] },
  hotspot: { light: '#0a5c4c', dark: '#63e0bd', dash: [] },
  no_parking: { light: '#b3261e', dark: '#ff8f85', dash: [5, 4] },
  no_ride: { light: '#7a1570', dark: '#f1a2e8', dash: [2, 3] },
  slow: { light: '#8a4b00', dark: '#ffc56b', dash: [9, 3, 2, 3] },
}
const unknown = looks.service_area

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
    const look = looks[zone.properties.kind] ?? unknown
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
  for (const zone of offered) paintZone(brush, zone, { colour: blue, dash: [], width: 3 })
  problems.forEach(({ lon, lat }, index) => {
    if (lon !== null && lat !== null) paintProblem(brush, brush.place({ lon, lat }), String(index + 1))
  })
  return targets
}

function paintZone(
  brush: Brush,
  zone: ZoneFeature,
  { colour, dash, width }: { readonly colour: string; readonly dash: readonly number[]; readonly width: number },
): void {
  const { canvas } = brush
  canvas.strokeStyle = colour
  canvas.fillStyle = colour
  canvas.lineWidth = width
  canvas.setLineDash([...dash])
  const isArea = (zone.properties as ZoneFeature['properties'] | null)?.kind === 'service_area'
  for (const rings of polygonsOf(zone)) {
    canvas.beginPath()
    for (const ring of rings) traceRing(brush, ring)
    if (!isArea) {
      canvas.globalAlpha = 0.2
      canvas.fill('evenodd')
      canvas.globalAlpha = 1
    }
    canvas.stroke()
  }
  canvas.setLineDash([])
  if (zone.geometry.type === 'Point') {
    const [lon, lat] = zone.geometry.coordinates
    paintDot(brush, brush.place({ lon, lat }), colour, width > 3)
  }
}

function traceRing({ canvas, place }: Brush, ring: Ring): void {
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

function paintProblem({ canvas }: Brush, { x, y }: ScreenPoint, label: string): void {
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
