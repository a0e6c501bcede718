import { distanceToSegmentM, type Point } from './plane.ts'

export type SegmentGrid = {
  readonly add: (a: Point, b: Point, halfWidthM: number, id: number) => void
  /** True if a strip other than `exceptId` comes nearer to `p` than `marginM`. Margins up to 20 m are found. */
  readonly isNear: (p: Point, marginM: number, exceptId: number) => boolean
}

const cellM = 60
const largestMarginM = 20

type Strip = { readonly a: Point; readonly b: Point; readonly halfWidthM: number; readonly id: number }

/** Strips of land by place, to ask what lies near a point without looking at the whole city. */
export function segmentGrid(): SegmentGrid {
  const cells = new Map<number, Strip[]>()
  return {
    add(a, b, halfWidthM, id) {
      const reach = halfWidthM + largestMarginM
      const strip = { a, b, halfWidthM, id }
      for (let x = cell(Math.min(a[0], b[0]) - reach); x <= cell(Math.max(a[0], b[0]) + reach); x++) {
        for (let y = cell(Math.min(a[1], b[1]) - reach); y <= cell(Math.max(a[1], b[1]) + reach); y++) {
          const key = x * 100_003 + y
          const list = cells.get(key)
          if (list) list.push(strip)
          else cells.set(key, [strip])
        }
      }
    },
    isNear(p, marginM, exceptId) {
      const strips = cells.get(cell(p[0]) * 100_003 + cell(p[1])) ?? []
      return strips.some((s) => s.id !== exceptId && distanceToSegmentM(p, s.a, s.b) < s.halfWidthM + marginM)
    },
  }
}

function cell(metres: number): number {
  return Math.floor(metres / cellM)
}
