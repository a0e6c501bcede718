import { distanceM } from '../../../ui-kit/distance.ts'
import type { Corners, Drawing, LonLat } from './drawing.ts'

const earthRadiusM = 6_371_008.8
const radians = (degrees: number) => (degrees * Math.PI) / 180
const metresPerDegree = radians(1) * earthRadiusM
/** About a centimetre: the grid on which the server keeps positions. */
const stepsPerDegree = 1e7
const circleSides = 24

export const onGrid = (degrees: number): number => Math.round(degrees * stepsPerDegree) / stepsPerDegree

/** So many metres east and north of a place. */
export const movedBy = (
  [lon, lat]: LonLat,
  { east, north }: { readonly east: number; readonly north: number },
): LonLat => [lon + east / (metresPerDegree * Math.cos(radians(lat))), lat + north / metresPerDegree]

/** Area of a ring on the sphere, m²: above 0 when it runs counter-clockwise (Chamberlain and Duquette, JPL 2007). */
export function ringAreaM2(corners: Corners): number {
  let sum = 0
  for (const [index, [lon, lat]] of corners.entries()) {
    const [nextLon, nextLat] = corners[(index + 1) % corners.length] ?? [lon, lat]
    sum += radians(nextLon - lon) * (2 + Math.sin(radians(lat)) + Math.sin(radians(nextLat)))
  }
  return (-sum * earthRadiusM * earthRadiusM) / 2
}

export function ringLengthM(corners: Corners): number {
  const at = ([lon, lat]: LonLat) => ({ lon, lat })
  return corners.reduce((sum, corner, index) => {
    const next = corners[(index + 1) % corners.length]
    return sum + (next === undefined ? 0 : distanceM(at(corner), at(next)))
  }, 0)
}

/** Ground without the holes, and the length of all borders. */
export function sizeOf(drawing: Drawing): { readonly areaM2: number; readonly borderM: number } {
  if (drawing.kind === 'circle') {
    const { centre, radiusM } = drawing
    return centre === null
      ? { areaM2: 0, borderM: 0 }
      : { areaM2: Math.PI * radiusM * radiusM, borderM: 2 * Math.PI * radiusM }
  }
  const areaM2 = drawing.polygons.reduce((sum, [outline = [], ...holes]) => {
    const holesM2 = holes.reduce((gone, hole) => gone + Math.abs(ringAreaM2(hole)), 0)
    return sum + Math.max(0, Math.abs(ringAreaM2(outline)) - holesM2)
  }, 0)
  return { areaM2, borderM: drawing.polygons.flat().reduce((sum, ring) => sum + ringLengthM(ring), 0) }
}

/** The middle of the box around corners. */
export function middleOf(corners: Corners): LonLat | null {
  if (corners.length === 0) return null
  let [west, south, east, north] = [180, 90, -180, -90]
  for (const [lon, lat] of corners) {
    ;[west, east] = [Math.min(west, lon), Math.max(east, lon)]
    ;[south, north] = [Math.min(south, lat), Math.max(north, lat)]
  }
  return [(west + east) / 2, (south + north) / 2]
}

export function circleCorners(centre: LonLat, radiusM: number): Corners {
  return Array.from({ length: circleSides }, (_, i) => {
    const turn = (2 * Math.PI * i) / circleSides
    return movedBy(centre, { east: radiusM * Math.cos(turn), north: radiusM * Math.sin(turn) })
  })
}
