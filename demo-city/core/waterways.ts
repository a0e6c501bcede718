import type { Random } from '../../contracts/random.ts'
import { type CityShape, primarySpokes } from './city-shape.ts'
import { type Corridor, type Measured, measure } from './corridor.ts'
import { uniform } from './draw.ts'
import { ringNearest } from './lattice.ts'
import type { Point } from './plane.ts'

/** How far the river, the railway and the country roads go on past the city, so that no map shows their ends. */
export const countryFactor = 3.2

/** Canals and the direction they run in, as a fraction of a turn from east. */
const outerCanals = [
  ['Noordervaart', 0.31],
  ['Trekvaart', 0.55],
  ['Molenvaart', 0.69],
  ['Oostervaart', 0.05],
] as const
const innerCanals = [
  ['Brouwersgracht', 0.42],
  ['Lijnbaansgracht', 0.6],
  ['Herengracht', 0.2],
  ['Bloemgracht', 0.77],
] as const

/**
 * River first, then railway, then canals; each is cut out of the streets in this order, so a later one ends at an
 * earlier one. A radial canal takes the place of a spoke: no street can run in it.
 */
export function layWaterways(shape: CityShape, random: Random): readonly Measured[] {
  const R = shape.radiusM
  const farM = R * countryFactor
  const phase = uniform(random, 0, 6.28)
  const lean = uniform(random, 0.04, 0.13)
  const riverAt = (y: number): Point => [
    R * 0.27 + R * 0.06 * Math.sin((y / R) * 2.4 + phase) + R * 0.03 * Math.sin((y / R) * 5.1) + lean * y,
    y,
  ]
  const river = measure({
    name: 'De Vliet',
    kind: 'river',
    middle: line(-farM, farM, 60).map(riverAt),
    isClosed: false,
    halfWidthM: Math.max(20, R * 0.0145),
    quayM: 11,
    quayNames: ['Vlietkade', 'Overvlietse Kade'],
    bridgeSpacingM: 420,
  })
  const rail = measure({
    name: 'Spoorlijn',
    kind: 'rail',
    middle: line(-farM, farM, 60).map((x): Point => [x, -R * 0.475 + (0.05 * x * x) / R + 0.06 * x]),
    isClosed: false,
    halfWidthM: 9,
    quayM: 9,
    quayNames: ['Spoorkade', 'Stationskade'],
    bridgeSpacingM: 330,
  })
  const outerR = ringRadius(shape, R * 0.37)
  const innerR = ringRadius(shape, R * 0.145)
  const canals = [
    ...ringCanal(shape, 'Singelgracht', outerR, river, 11),
    ...ringCanal(shape, 'Binnengracht', innerR, river, 9),
  ]
  for (const [name, turn] of outerCanals) {
    const angle = shape.angleOf(sideSpoke(shape, turn))
    const middle = line(outerR + 6, shape.edgeRadiusM(angle) * 1.25, 50).map((r) => shape.at(r, angle))
    canals.push(...openCanals(name, middle, [river], 8))
  }
  for (const [name, turn] of innerCanals) {
    const angle = shape.angleOf(sideSpoke(shape, turn))
    const middle = line(innerR + 5, outerR - 6, 40).map((r) => shape.at(r, angle))
    canals.push(...openCanals(name, middle, [river], 7))
  }
  return [river, rail, ...canals]
}

/** The secondary spoke nearest to a direction: main roads keep theirs. */
function sideSpoke(shape: CityShape, turn: number): number {
  const spacing = shape.finest / primarySpokes
  const wished = turn * shape.finest - (shape.angleOf(0) / (2 * Math.PI)) * shape.finest - spacing / 2
  return Math.round(wished / spacing) * spacing + spacing / 2
}

function ringRadius(shape: CityShape, radiusM: number): number {
  return shape.ringsM[ringNearest(shape, radiusM)] ?? radiusM
}

function ringCanal(shape: CityShape, name: string, r: number, river: Measured, halfWidthM: number): Measured[] {
  const count = Math.max(48, Math.round((2 * Math.PI * r) / 35))
  const circle = Array.from({ length: count }, (_, i) => shape.at(r, (2 * Math.PI * i) / count))
  const wetAt = circle.findIndex((p) => isOnRiver(p, river))
  const corridor = canal(name, halfWidthM)
  if (wetAt < 0) {
    return [measure({ ...corridor, middle: [...circle, circle[0] as Point], isClosed: true })]
  }
  return openCanals(name, [...circle.slice(wetAt), ...circle.slice(0, wetAt)], [river], halfWidthM)
}

/** The pieces of a canal that are not river; each still reaches a little way into it. */
function openCanals(
  name: string,
  middle: readonly Point[],
  others: readonly Measured[],
  halfWidthM: number,
): Measured[] {
  const pieces: Point[][] = []
  let piece: Point[] = []
  for (const p of densified(middle)) {
    if (others.some((other) => isOnRiver(p, other))) {
      if (piece.length > 0) pieces.push(piece)
      piece = []
    } else piece.push(p)
  }
  pieces.push(piece)
  return pieces
    .filter((points) => points.length > 12)
    .map((points) => measure({ ...canal(name, halfWidthM), middle: points, isClosed: false }))
}

function canal(name: string, halfWidthM: number): Omit<Corridor, 'middle' | 'isClosed'> {
  return {
    name,
    kind: 'canal',
    halfWidthM,
    quayM: 9,
    quayNames: [name, name],
    bridgeSpacingM: 150,
  }
}

/** Within the river's water, less the few metres that make the mouth join without a seam. */
function isOnRiver(p: Point, river: Measured): boolean {
  const station = river.locate(p)
  return station !== null && Math.abs(station.sideM) < river.corridor.halfWidthM - 6
}

function densified(points: readonly Point[]): Point[] {
  const dense: Point[] = []
  points.forEach((p, i) => {
    const next = points[i + 1]
    dense.push(p)
    if (next === undefined) return
    const steps = Math.ceil(Math.hypot(next[0] - p[0], next[1] - p[1]) / 10)
    for (let k = 1; k < steps; k++)
      dense.push([p[0] + ((next[0] - p[0]) * k) / steps, p[1] + ((next[1] - p[1]) * k) / steps])
  })
  return dense
}

function line(from: number, to: number, stepM: number): number[] {
  const count = Math.max(2, Math.ceil((to - from) / stepM))
  return Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count)
}
