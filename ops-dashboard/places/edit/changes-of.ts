import type { ZoneFeature, ZoneProperties } from '../../../contracts/http/zones.ts'
import { drawingOf, ringsOf } from './drawing.ts'
import { sizeOf } from './metres.ts'

export interface ZoneChanged {
  readonly what: 'name' | 'capacity' | 'minBikes' | 'maxBikes' | 'maxSpeedKmh' | 'radiusM' | 'corners' | 'area'
  readonly from: number | string | null
  readonly to: number | string | null
}

const said = [
  'name',
  'capacity',
  'minBikes',
  'maxBikes',
  'maxSpeedKmh',
  'radiusM',
] as const satisfies readonly (keyof ZoneProperties)[]

/** What an edit makes different, for people. A border that was only moved shows in its area. */
export function changesOf(before: ZoneFeature | null, after: ZoneFeature): readonly ZoneChanged[] {
  const changes: ZoneChanged[] = []
  for (const what of said) {
    const [from, to] = [before?.properties[what] ?? null, after.properties[what] ?? null]
    if (from !== to) changes.push({ what, from, to })
  }
  const isMoved = before === null || JSON.stringify(before.geometry) !== JSON.stringify(after.geometry)
  if (!isMoved) return changes
  const corners = (zone: ZoneFeature | null) =>
    zone === null || zone.geometry.type === 'Point'
      ? null
      : ringsOf(drawingOf(zone)).reduce((sum, ring) => sum + ring.corners.length, 0)
  const [from, to] = [corners(before), corners(after)]
  if (from !== to) changes.push({ what: 'corners', from, to })
  const size = (zone: ZoneFeature | null) => (zone === null ? null : Math.round(sizeOf(drawingOf(zone)).areaM2))
  return [...changes, { what: 'area', from: size(before), to: size(after) }]
}
