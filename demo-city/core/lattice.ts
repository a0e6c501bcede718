import type { Random } from '../../contracts/random.ts'
import type { StreetClass } from '../city-files.ts'
import { type CityShape, primarySpokes } from './city-shape.ts'
import { isInside, type Point } from './plane.ts'
import { mainRoadNames, type NameSource } from './street-names.ts'
import type { Street, StreetPlan } from './street-plan.ts'

const chanceOfMissingRingPiece = 0.09
const chanceOfMissingSpokePiece = 0.13
/** A ring of twenty kilometres with one name helps nobody: minor rings change name about this often. */
const longestNameM = 900

export type MajorRings = { readonly ringRoad: number; readonly innerRing: number }

export function ringNearest(shape: CityShape, radiusM: number): number {
  let best = 0
  shape.ringsM.forEach((r, i) => {
    if (Math.abs(r - radiusM) < Math.abs((shape.ringsM[best] ?? 0) - radiusM)) best = i
  })
  return best
}

/**
 * Rings and spokes as streets. Inside `parks` only every second ring is left, as a path; what lies beyond the
 * ragged edge of the city is not built.
 */
export function layLattice(
  shape: CityShape,
  majors: MajorRings,
  parks: readonly (readonly Point[])[],
  random: Random,
  names: NameSource,
): StreetPlan {
  const { ringsM, sectors, finest } = shape
  const nodes: Point[] = []
  const nodeAt = new Map<number, number>()
  const streets: Street[] = []

  const bandStep = (band: number): number => finest / (sectors[Math.max(0, Math.min(band, sectors.length - 1))] ?? 1)
  const place = (ring: number, spoke: number): number => {
    const key = ring * finest + (spoke % finest)
    const known = nodeAt.get(key)
    if (known !== undefined) return known
    nodes.push(shape.at(ringsM[ring] ?? 0, shape.angleOf(spoke)))
    nodeAt.set(key, nodes.length - 1)
    return nodes.length - 1
  }
  const cellMiddle = (band: number, spoke: number): { r: number; angle: number } => {
    const step = bandStep(band)
    const from = Math.floor((((spoke % finest) + finest) % finest) / step) * step
    const r = ((ringsM[band] ?? 0) + (ringsM[band + 1] ?? 0)) / 2
    return { r, angle: (shape.angleOf(from) + shape.angleOf(from + step)) / 2 }
  }
  const isBuilt = (band: number, spoke: number): boolean => {
    if (band < 0 || band >= ringsM.length - 1) return false
    const { r, angle } = cellMiddle(band, spoke)
    return r < shape.edgeRadiusM(angle)
  }
  const isPark = (band: number, spoke: number): boolean => {
    if (band < 0 || band >= ringsM.length - 1) return false
    const { r, angle } = cellMiddle(band, spoke)
    const middle = shape.at(r, angle)
    return parks.some((park) => isInside(middle, park))
  }

  for (let ring = 0; ring < ringsM.length; ring++) layRing(ring)
  for (let spoke = 0; spoke < finest; spoke++) laySpoke(spoke)
  return { nodes, streets }

  function layRing(ring: number): void {
    const step = Math.min(bandStep(ring - 1), bandStep(ring))
    const major = majorRing(ring)
    const runs = new RunMaker(major === null ? longestNameM : Number.POSITIVE_INFINITY)
    const pieceM = ((ringsM[ring] ?? 0) * 2 * Math.PI * step) / finest
    for (let spoke = 0; spoke < finest; spoke += step) {
      const isMissing = random.chance(chanceOfMissingRingPiece) && major === null && ring > 0
      runs.add(place(ring, spoke), place(ring, spoke + step), isMissing ? null : ringPiece(ring, spoke), pieceM)
    }
    const form = ring < majors.innerRing ? 'lane' : 'street'
    const fixedName = ring === 0 ? 'Markt' : (major?.name ?? null)
    for (const run of runs.done()) streets.push({ ...run, name: fixedName ?? names(form), isBridge: false })
  }

  function majorRing(ring: number): { readonly class: StreetClass; readonly name: string } | null {
    if (ring === majors.ringRoad) return { class: 'primary', name: 'Stadsring' }
    if (ring === majors.innerRing) return { class: 'secondary', name: 'Binnenring' }
    return null
  }

  /** What the ring is from this spoke to the next: nothing outside the city, now and then a path in a park. */
  function ringPiece(ring: number, spoke: number): StreetClass | null {
    if (!isBuilt(ring - 1, spoke) && !isBuilt(ring, spoke)) return null
    const major = majorRing(ring)
    if (major !== null) return major.class
    if (!isPark(ring - 1, spoke) || !isPark(ring, spoke)) return 'residential'
    return ring % 2 === 0 ? 'path' : null
  }

  function laySpoke(spoke: number): void {
    const own = spokeClass(spoke)
    const runs = new RunMaker(own === 'primary' ? Number.POSITIVE_INFINITY : longestNameM)
    for (let band = 0; band < ringsM.length - 1; band++) {
      if (spoke % bandStep(band) !== 0) continue
      const isMissing = random.chance(chanceOfMissingSpokePiece) && own === 'residential'
      const pieceM = (ringsM[band + 1] ?? 0) - (ringsM[band] ?? 0)
      runs.add(place(band, spoke), place(band + 1, spoke), isMissing ? null : spokePiece(band, spoke), pieceM)
    }
    const fixedName = own === 'primary' ? (mainRoadNames[spoke / (finest / primarySpokes)] ?? null) : null
    for (const run of runs.done()) streets.push({ ...run, name: fixedName ?? names('street'), isBridge: false })
  }

  function spokeClass(spoke: number): StreetClass {
    if (spoke % (finest / primarySpokes) === 0) return 'primary'
    return spoke % (finest / (2 * primarySpokes)) === 0 ? 'secondary' : 'residential'
  }

  function spokePiece(band: number, spoke: number): StreetClass | null {
    const before = (spoke - bandStep(band) + finest) % finest
    if (!isBuilt(band, spoke) && !isBuilt(band, before)) return null
    const own = spokeClass(spoke)
    return own !== 'primary' && isPark(band, spoke) && isPark(band, before) ? null : own
  }
}

type Run = { nodes: number[]; class: StreetClass }

/** Joins pieces into streets: a gap, a change of class or too great a length starts the next one. */
class RunMaker {
  readonly #longestM: number
  readonly #runs: Run[] = []
  #open: Run | null = null
  #lengthM = 0

  constructor(longestM: number) {
    this.#longestM = longestM
  }

  add(from: number, to: number, kind: StreetClass | null, lengthM: number): void {
    if (kind === null) {
      this.#open = null
      return
    }
    const open = this.#open
    if (open === null || open.class !== kind || open.nodes.at(-1) !== from || this.#lengthM > this.#longestM) {
      this.#open = { nodes: [from, to], class: kind }
      this.#lengthM = lengthM
      this.#runs.push(this.#open)
    } else {
      open.nodes.push(to)
      this.#lengthM += lengthM
    }
  }

  done(): readonly Run[] {
    return this.#runs
  }
}
