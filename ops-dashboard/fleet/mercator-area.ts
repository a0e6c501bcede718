import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import { isInBox, type MercatorBox } from '../../contracts/live/mercator-box.ts'

type Ring = ReadonlyArray<readonly [number, number]>

/** Polygons in Web Mercator × 2³², as the table's positions are, with the box around them. */
export interface MercatorArea {
  readonly box: MercatorBox
  readonly rings: ReadonlyArray<Float64Array>
}

/** @param polygons GeoJSON coordinates of a MultiPolygon: holes are rings like others, by the even-odd rule */
export function areaOf(polygons: ReadonlyArray<readonly Ring[]>): MercatorArea {
  const rings = polygons.flat().map((ring) => {
    const flat = new Float64Array(ring.length * 2)
    ring.forEach(([lon, lat], at) => {
      flat[at * 2] = mercatorX(lon)
      flat[at * 2 + 1] = mercatorY(lat)
    })
    return flat
  })
  const box = { west: Infinity, east: -Infinity, north: Infinity, south: -Infinity }
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      box.west = Math.min(box.west, ring[at] as number)
      box.east = Math.max(box.east, ring[at] as number)
      box.north = Math.min(box.north, ring[at + 1] as number)
      box.south = Math.max(box.south, ring[at + 1] as number)
    }
  }
  return { box, rings }
}

/** Even-odd: a ray to the east crosses the edges an odd number of times. */
export function isInside(area: MercatorArea, x: number, y: number): boolean {
  if (!isInBox(area.box, x, y)) return false
  let inside = false
  for (const ring of area.rings) {
    for (let at = 0, before = ring.length - 2; at < ring.length; before = at, at += 2) {
      const [ax, ay] = [ring[at] as number, ring[at + 1] as number]
      const [bx, by] = [ring[before] as number, ring[before + 1] as number]
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
  }
  return inside
}
