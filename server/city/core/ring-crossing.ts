import { stepsPerDegree } from './grid.ts'
import type { LonLat } from './zone-draft.ts'

export interface Crossing {
  /** Positions at which the two sides begin, the lower one first. */
  readonly first: number
  readonly second: number
  readonly at: LonLat
}

export interface Side {
  /** Of the position at which it begins. */
  readonly index: number
  /** Among the sides: positions given twice in a row make none. */
  readonly order: number
  readonly a: LonLat
  readonly b: LonLat
  readonly low: LonLat
  readonly high: LonLat
}

/**
 * The first two sides of a closed ring that cross or touch though they are not neighbours; null for a ring that is
 * simple but for spikes. Positions lie on the grid of 1e-7 degrees: counted in its steps, the test is exact up to 6°.
 */
export function firstCrossing(ring: readonly LonLat[]): Crossing | null {
  const sides = sidesOf(ring)
  const [along, across] = sweepAxes(sides)
  const last = sides.length - 1
  let found: { first: Side; second: Side } | null = null
  let active: Side[] = []
  for (const side of sides.toSorted((p, q) => p.low[along] - q.low[along])) {
    active = active.filter(({ high }) => high[along] >= side.low[along])
    for (const other of active) {
      if (other.low[across] > side.high[across] || other.high[across] < side.low[across]) continue
      const [first, second] = other.order < side.order ? [other, side] : [side, other]
      const gap = second.order - first.order
      if (gap === 1 || gap === last || !meet(first, second)) continue
      if (found === null || isBefore({ first, second }, found)) found = { first, second }
    }
    active.push(side)
  }
  if (found === null) return null
  const { first, second } = found
  return { first: first.index, second: second.index, at: meetingPoint(first, second) }
}

/** Along the axis on which the sides are short, few of them are looked at together. */
function sweepAxes(sides: readonly Side[]): readonly [0 | 1, 0 | 1] {
  const lengthOn = (axis: 0 | 1): number => {
    const low = Math.min(...sides.map((side) => side.low[axis]))
    const high = Math.max(...sides.map((side) => side.high[axis]))
    return sides.reduce((sum, side) => sum + side.high[axis] - side.low[axis], 0) / (high - low || 1)
  }
  return lengthOn(0) <= lengthOn(1) ? [0, 1] : [1, 0]
}

const isBefore = (one: { first: Side; second: Side }, other: { first: Side; second: Side }): boolean =>
  one.first.index === other.first.index ? one.second.index < other.second.index : one.first.index < other.first.index

export function sidesOf(ring: readonly LonLat[]): Side[] {
  const steps = ring.map(([lon, lat]): LonLat => [Math.round(lon * stepsPerDegree), Math.round(lat * stepsPerDegree)])
  const sides: Side[] = []
  for (const [index, a] of steps.slice(0, -1).entries()) {
    const b = steps[index + 1] ?? a
    if (a[0] === b[0] && a[1] === b[1]) continue
    const low: LonLat = [Math.min(a[0], b[0]), Math.min(a[1], b[1])]
    const high: LonLat = [Math.max(a[0], b[0]), Math.max(a[1], b[1])]
    sides.push({ index, order: sides.length, a, b, low, high })
  }
  return sides
}

/** Above 0 when c lies to the left of a → b. */
const turn = (a: LonLat, b: LonLat, c: LonLat): number =>
  Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

function meet({ a, b }: Side, { a: c, b: d }: Side): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)]
  if (abc * abd < 0 && cda * cdb < 0) return true
  return (
    (abc === 0 && isBetween(a, b, c)) ||
    (abd === 0 && isBetween(a, b, d)) ||
    (cda === 0 && isBetween(c, d, a)) ||
    (cdb === 0 && isBetween(c, d, b))
  )
}

/** For a point on the line through a and b. */
const isBetween = (a: LonLat, b: LonLat, p: LonLat): boolean =>
  Math.min(a[0], b[0]) <= p[0] &&
  p[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= p[1] &&
  p[1] <= Math.max(a[1], b[1])

/** Where two sides cross, or the middle of what they share; null for sides that touch in one point or not at all. */
export function meetingOf(first: Side, second: Side): LonLat | null {
  const [a, b, c, d] = [first.a, first.b, second.a, second.b]
  const turns = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)] as const
  if (turns[0] * turns[1] < 0 && turns[2] * turns[3] < 0) return meetingPoint(first, second)
  if (turns.some((one) => one !== 0)) return null
  const along = Math.abs(b[0] - a[0]) >= Math.abs(b[1] - a[1]) ? 0 : 1
  const [, from, to] = [a, b, c, d].toSorted((p, q) => p[along] - q[along]) as [LonLat, LonLat, LonLat, LonLat]
  const areBeside = first.high[along] <= second.low[along] || second.high[along] <= first.low[along]
  return areBeside ? null : [(from[0] + to[0]) / 2 / stepsPerDegree, (from[1] + to[1]) / 2 / stepsPerDegree]
}

function meetingPoint({ a, b }: Side, { a: c, b: d }: Side): LonLat {
  const across = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
  if (across === 0) {
    const [lon, lat] = isBetween(a, b, c) ? c : isBetween(a, b, d) ? d : a
    return [lon / stepsPerDegree, lat / stepsPerDegree]
  }
  const along = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / across
  const round = (steps: number): number => Math.round(steps) / stepsPerDegree
  return [round(a[0] + along * (b[0] - a[0])), round(a[1] + along * (b[1] - a[1]))]
}
