import type { Random } from '../../contracts/random.ts'
import type { CityShape } from './city-shape.ts'
import { uniform } from './draw.ts'
import { type Area, isGreen } from './land-use.ts'
import { isInside, metresBetween, type Point } from './plane.ts'
import { segmentGrid } from './segment-grid.ts'
import { halfWidthM, pointOf, type StreetPlan } from './street-plan.ts'

export type Building = {
  readonly corners: readonly [Point, Point, Point, Point]
  readonly middle: Point
  readonly areaM2: number
  readonly heightM: number
  readonly use: 'home' | 'work'
}

type Row = {
  readonly narrowM: number
  readonly wideM: number
  readonly gapChance: number
  readonly setbackM: number
  readonly floors: number
  readonly depthM: number
}

const cornerClearM = 4
/** How far along a house that found no room is tried again. */
const shiftM = 5
const quadCellM = 40

/** Terraces along both sides of every street: narrow and close in the old town, wide with gardens at the edge. */
export function buildHouses(
  shape: CityShape,
  plan: StreetPlan,
  areas: readonly Area[],
  isWet: (p: Point, marginM: number) => boolean,
  random: Random,
): readonly Building[] {
  const grid = segmentGrid()
  plan.streets.forEach((street, id) => {
    forEachPiece(plan, street.nodes, (a, b) => grid.add(a, b, halfWidthM[street.class], id))
  })
  const closed = areas.filter(({ kind }) => isGreen(kind) || kind === 'pedestrian').map(withBox)
  const works = areas.filter(({ kind }) => !isGreen(kind)).map(withBox)
  const placed = new Map<number, Building[]>()
  const buildings: Building[] = []

  plan.streets.forEach((street, id) => {
    if (street.isBridge || street.class === 'path') return
    forEachPiece(plan, street.nodes, (a, b) => {
      for (const side of [1, -1] as const) lineWithHouses(a, b, side, halfWidthM[street.class], id)
    })
  })
  return buildings

  function lineWithHouses(a: Point, b: Point, side: 1 | -1, halfStreetM: number, streetId: number): void {
    const lengthM = metresBetween(a, b)
    const ux = (b[0] - a[0]) / lengthM
    const uy = (b[1] - a[1]) / lengthM
    const middle: Point = [(a[0] + b[0]) / 2 - side * uy * 25, (a[1] + b[1]) / 2 + side * ux * 25]
    const isWork = works.some((area) => isWithin(middle, area))
    const row = isWork ? bigHalls : rowAt(Math.hypot(middle[0], middle[1]) / shape.radiusM)
    const corner = (alongM: number, outM: number): Point => [
      a[0] + ux * alongM - side * uy * outM,
      a[1] + uy * alongM + side * ux * outM,
    ]
    for (let s = cornerClearM; s < lengthM - cornerClearM - row.narrowM; ) {
      const widthM = Math.min(uniform(random, row.narrowM, row.wideM), lengthM - cornerClearM - s)
      const outM = halfStreetM + row.setbackM + uniform(random, 0, 0.8)
      const depthM = isWork ? uniform(random, 18, 34) : uniform(random, row.depthM - 1.5, row.depthM + 1.5)
      const corners = [
        corner(s, outM),
        corner(s + widthM, outM),
        corner(s + widthM, outM + depthM),
        corner(s, outM + depthM),
      ] as const
      const heightM = Math.round(3.1 * Math.max(1, row.floors + uniform(random, -1.2, 1.6)) * 10) / 10
      const building: Building = {
        corners,
        middle: [(corners[0][0] + corners[2][0]) / 2, (corners[0][1] + corners[2][1]) / 2],
        areaM2: widthM * depthM,
        heightM,
        use: isWork || (row.floors > 3 && random.chance(0.4)) ? 'work' : 'home',
      }
      if (!isFree(building, streetId)) {
        s += shiftM
        continue
      }
      keep(building)
      s += widthM + (random.chance(row.gapChance) ? uniform(random, 3, 9) : 0)
    }
  }

  function isFree({ corners, middle }: Building, streetId: number): boolean {
    const probes = [...corners, middle, half(corners[2], corners[3]), half(corners[0], corners[1])]
    for (const p of probes) {
      if (grid.isNear(p, 1, streetId) || isWet(p, 5) || closed.some((area) => isWithin(p, area))) return false
    }
    for (const key of keysAround(middle)) {
      for (const other of placed.get(key) ?? []) if (overlap(corners, other.corners)) return false
    }
    return true
  }

  function keep(building: Building): void {
    buildings.push(building)
    const key = keyOf(building.middle[0], building.middle[1])
    const list = placed.get(key)
    if (list) list.push(building)
    else placed.set(key, [building])
  }
}

const bigHalls: Row = { narrowM: 22, wideM: 48, gapChance: 0.8, setbackM: 5, floors: 2.4, depthM: 26 }

function rowAt(fromCentre: number): Row {
  if (fromCentre < 0.16) return { narrowM: 8, wideM: 17, gapChance: 0.02, setbackM: 0.5, floors: 4, depthM: 14 }
  if (fromCentre < 0.4) return { narrowM: 12, wideM: 26, gapChance: 0.06, setbackM: 1, floors: 3.6, depthM: 12.5 }
  if (fromCentre < 0.65) return { narrowM: 18, wideM: 38, gapChance: 0.2, setbackM: 3, floors: 2.8, depthM: 11 }
  return { narrowM: 14, wideM: 34, gapChance: 0.75, setbackM: 5, floors: 2.2, depthM: 10 }
}

type Boxed = { readonly outline: readonly Point[]; readonly box: readonly [number, number, number, number] }

function withBox({ outline }: Area): Boxed {
  const xs = outline.map(([x]) => x)
  const ys = outline.map(([, y]) => y)
  return { outline, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] }
}

function isWithin(p: Point, { outline, box }: Boxed): boolean {
  return p[0] >= box[0] && p[1] >= box[1] && p[0] <= box[2] && p[1] <= box[3] && isInside(p, outline)
}

function forEachPiece(plan: StreetPlan, nodes: readonly number[], visit: (a: Point, b: Point) => void): void {
  for (let i = 0; i + 1 < nodes.length; i++) {
    visit(pointOf(plan, nodes[i] as number), pointOf(plan, nodes[i + 1] as number))
  }
}

function half(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
}

function keyOf(x: number, y: number): number {
  return Math.floor(x / quadCellM) * 100_003 + Math.floor(y / quadCellM)
}

function keysAround([x, y]: Point): number[] {
  const keys: number[] = []
  for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) keys.push(keyOf(x + dx * quadCellM, y + dy * quadCellM))
  return keys
}

/** Two convex quads overlap unless a side of one separates them; 0.4 m of play lets neighbours share a wall. */
function overlap(a: readonly Point[], b: readonly Point[]): boolean {
  return !separates(a, b) && !separates(b, a)
}

function separates(a: readonly Point[], b: readonly Point[]): boolean {
  for (let i = 0; i < a.length; i++) {
    const p = a[i] as Point
    const q = a[(i + 1) % a.length] as Point
    const n = metresBetween(p, q) || 1
    const nx = (q[1] - p[1]) / n
    const ny = -(q[0] - p[0]) / n
    const offset = (r: Point): number => (r[0] - p[0]) * nx + (r[1] - p[1]) * ny
    const own = Math.max(...a.map(offset))
    const ownLow = Math.min(...a.map(offset))
    if (Math.min(...b.map(offset)) > own - 0.4 || Math.max(...b.map(offset)) < ownLow + 0.4) return true
  }
  return false
}
