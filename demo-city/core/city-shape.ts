import { seededRandom } from '../../contracts/random.ts'
import { uniform } from './draw.ts'
import type { Point } from './plane.ts'

/** The large forms: rings, spokes, the ragged edge, and the bend that makes circles look grown. */
export type CityShape = {
  readonly radiusM: number
  /** Radii of the ring streets; the first encloses the market square. */
  readonly ringsM: readonly number[]
  /** How many equal sectors the band outside ring i is cut into; each is the one before or twice it. */
  readonly sectors: readonly number[]
  /** The largest of `sectors`: spokes are numbered 0 … finest-1. */
  readonly finest: number
  /** Angle of a spoke in radians, counted from east to north. */
  readonly angleOf: (spoke: number) => number
  readonly edgeRadiusM: (angle: number) => number
  /** From true circles to the place in the city. */
  readonly bend: (p: Point) => Point
  readonly at: (radiusM: number, angle: number) => Point
}

const marketRadiusM = 58
/** Main roads from the market to the edge. */
export const primarySpokes = 8

export function shapeCity(seed: number, radiusM: number): CityShape {
  const random = seededRandom(seed, 'shape')
  const bend = bendOf(seed, radiusM)
  const edge = [uniform(random, 0, 6.3), uniform(random, 0, 6.3), uniform(random, 0, 6.3)] as const
  const ringsM: number[] = []
  const sectors: number[] = []
  let count = primarySpokes
  for (let r = marketRadiusM; r < radiusM * 1.04; ) {
    const depth = (72 + 62 * Math.min(1, r / 1_800)) * uniform(random, 0.85, 1.2)
    while ((2 * Math.PI * (r + depth / 2)) / count > 165) count *= 2
    ringsM.push(r)
    sectors.push(count)
    r += depth
  }
  const turn = uniform(random, 0, Math.PI / 4)
  const nudges = Array.from({ length: count }, (_, spoke) => {
    const spacing = levelSpacing(spoke, count)
    return uniform(random, -0.16, 0.16) * spacing * (spacing > 0.5 ? 0.6 : 1)
  })
  const angleOf = (spoke: number): number => {
    const wrapped = ((spoke % count) + count) % count
    return turn + (2 * Math.PI * spoke) / count + (nudges[wrapped] ?? 0)
  }
  const at = (r: number, angle: number): Point => bend([r * Math.cos(angle), r * Math.sin(angle)])
  return {
    radiusM,
    ringsM,
    sectors,
    finest: count,
    angleOf,
    edgeRadiusM: (a) =>
      radiusM *
      (0.9 + 0.045 * Math.sin(2 * a + edge[0]) + 0.035 * Math.sin(3 * a + edge[1]) + 0.025 * Math.sin(7 * a + edge[2])),
    bend,
    at,
  }
}

/** `turn` from east as a part of a full turn, `out` as a part of the radius; never past the last houses. */
export function spotPoint(shape: CityShape, turn: number, out: number): Point {
  const angle = turn * 2 * Math.PI
  return shape.at(Math.min(out * shape.radiusM, shape.edgeRadiusM(angle) * 0.95), angle)
}

/** The angle between a spoke and its neighbours when it first appears, so that a nudge cannot make two of them meet. */
function levelSpacing(spoke: number, finest: number): number {
  let step = finest / primarySpokes
  while (step > 1 && spoke % step !== 0) step /= 2
  return (2 * Math.PI * step) / finest
}

/** A sum of long waves: smooth, without folds (its steepest slope stays under 0.4), and nothing at the centre. */
function bendOf(seed: number, radiusM: number): (p: Point) => Point {
  const random = seededRandom(seed, 'bend')
  const waves = [1.05, 0.62, 0.38].map((length) => ({
    k: (2 * Math.PI) / (length * radiusM),
    amplitude: 0.026 * length * radiusM,
    heading: uniform(random, 0, Math.PI * 2),
    phase: uniform(random, 0, Math.PI * 2),
  }))
  return ([x, y]) => {
    const r = Math.hypot(x, y)
    const weight = Math.min(1, r / (0.35 * radiusM)) * (r > 1.3 * radiusM ? (1.3 * radiusM) / r : 1)
    let dx = 0
    let dy = 0
    for (const { k, amplitude, heading, phase } of waves) {
      const along = x * Math.cos(heading) + y * Math.sin(heading)
      const wave = amplitude * Math.sin(k * along + phase) * weight
      dx += wave * -Math.sin(heading)
      dy += wave * Math.cos(heading)
    }
    return [x + dx, y + dy]
  }
}
