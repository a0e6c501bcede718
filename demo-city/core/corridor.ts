import { between, footOn, metresBetween, type Point } from './plane.ts'

/** A strip that streets cross only at bridges (water) or crossings (railway), with a quay along either bank. */
export type Corridor = {
  readonly name: string
  readonly kind: 'river' | 'canal' | 'rail'
  /** The middle of the strip; a closed one repeats its first point at the end. */
  readonly middle: readonly Point[]
  readonly isClosed: boolean
  readonly halfWidthM: number
  /** From the edge of the strip to the middle of the quay street. */
  readonly quayM: number
  readonly quayNames: readonly [left: string, right: string]
  readonly bridgeSpacingM: number
}

/** `alongM` from the start of the middle line; `sideM` positive to its left; both in metres. */
export type Station = { readonly alongM: number; readonly sideM: number }

export type Measured = {
  readonly corridor: Corridor
  readonly lengthM: number
  /** Null where the strip is farther than its quay, or where `p` lies past an open end. */
  readonly locate: (p: Point) => Station | null
  /** The point `sideM` to the left of the middle line, `alongM` from its start. */
  readonly beside: (alongM: number, sideM: number) => Point
}

const gridM = 150
const straySampleM = 6

export function reachM(corridor: Corridor): number {
  return corridor.halfWidthM + corridor.quayM
}

export function measure(corridor: Corridor): Measured {
  const { middle } = corridor
  const starts: number[] = [0]
  for (let i = 1; i < middle.length; i++) starts.push((starts[i - 1] ?? 0) + metresBetween(at(i - 1), at(i)))
  const lengthM = starts.at(-1) ?? 0
  const reach = reachM(corridor)
  const grid = new Map<string, number[]>()
  for (let i = 0; i + 1 < middle.length; i++) {
    const [a, b] = [at(i), at(i + 1)]
    for (let x = cell(Math.min(a[0], b[0]) - reach); x <= cell(Math.max(a[0], b[0]) + reach); x++) {
      for (let y = cell(Math.min(a[1], b[1]) - reach); y <= cell(Math.max(a[1], b[1]) + reach); y++) {
        const key = `${x},${y}`
        const list = grid.get(key)
        if (list) list.push(i)
        else grid.set(key, [i])
      }
    }
  }

  return { corridor, lengthM, locate, beside }

  function at(i: number): Point {
    return middle[Math.max(0, Math.min(middle.length - 1, i))] as Point
  }

  function locate(p: Point): Station | null {
    let best: Station | null = null
    let bestM = reach
    for (const i of grid.get(`${cell(p[0])},${cell(p[1])}`) ?? []) {
      const [a, b] = [at(i), at(i + 1)]
      const t = footOn(p, a, b)
      const gap = metresBetween(p, between(a, b, t))
      if (gap >= bestM) continue
      if (!corridor.isClosed && ((i === 0 && t === 0) || (i === middle.length - 2 && t === 1))) continue
      const isLeft = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) >= 0
      best = { alongM: (starts[i] ?? 0) + t * metresBetween(a, b), sideM: isLeft ? gap : -gap }
      bestM = gap
    }
    return best
  }

  function beside(alongM: number, sideM: number): Point {
    const along = corridor.isClosed ? ((alongM % lengthM) + lengthM) % lengthM : Math.max(0, Math.min(lengthM, alongM))
    let low = 0
    let high = starts.length - 1
    while (high - low > 1) {
      const half = (low + high) >> 1
      if ((starts[half] ?? 0) <= along) low = half
      else high = half
    }
    const [a, b] = [at(low), at(low + 1)]
    const pieceM = metresBetween(a, b)
    const t = pieceM === 0 ? 0 : (along - (starts[low] ?? 0)) / pieceM
    const [ax, ay] = normalAt(low)
    const [bx, by] = normalAt(low + 1)
    const nx = ax + (bx - ax) * t
    const ny = ay + (by - ay) * t
    const n = Math.hypot(nx, ny) || 1
    const foot = between(a, b, t)
    return [foot[0] + (nx / n) * sideM, foot[1] + (ny / n) * sideM]
  }

  function normalAt(i: number): Point {
    const last = middle.length - 1
    const wraps = corridor.isClosed && (i === 0 || i === last)
    const a = wraps ? at(last - 1) : at(i - 1)
    const b = wraps ? at(1) : at(i + 1)
    const n = metresBetween(a, b) || 1
    return [-(b[1] - a[1]) / n, (b[0] - a[0]) / n]
  }
}

/** True if a straight street from a to b comes into one of the strips by more than `marginM`; its ends may touch. */
export function straysInto(strips: readonly Measured[], a: Point, b: Point, marginM: number): boolean {
  const steps = Math.max(2, Math.ceil(metresBetween(a, b) / straySampleM))
  return strips.some((strip) => {
    for (let i = 1; i < steps; i++) {
      const station = strip.locate(between(a, b, i / steps))
      if (station !== null && Math.abs(station.sideM) < reachM(strip.corridor) - marginM) return true
    }
    return false
  })
}

/** The strip itself as rings: one for an open strip, outer and inner for a closed one. */
export function stripRings(measured: Measured): Point[][] {
  const { corridor, beside, lengthM } = measured
  const stepM = 25
  const stations = Array.from({ length: Math.ceil(lengthM / stepM) }, (_, i) => i * stepM)
  if (!corridor.isClosed) stations.push(lengthM)
  const left = stations.map((s) => beside(s, corridor.halfWidthM))
  const right = stations.map((s) => beside(s, -corridor.halfWidthM))
  return corridor.isClosed ? [right, left] : [[...right, ...left.reverse()]]
}

function cell(metres: number): number {
  return Math.floor(metres / gridM)
}
