import { meetingOf, type Side, sidesOf } from './ring-crossing.ts'
import type { LonLat } from './zone-draft.ts'

export interface Meeting {
  /** Position of the first ring at which the side begins that meets the other ring. */
  readonly vertex: number
  readonly at: LonLat
}

/** Of sides compared; PostGIS has the last word on anything larger, which nobody drew by hand. */
const mostPairs = 1_000_000

/** Where two closed rings cross, or run along one another; null where they touch in single points at most. */
export function ringsMeeting(ring: readonly LonLat[], other: readonly LonLat[]): Meeting | null {
  if (ring.length * other.length > mostPairs) return null
  const others = sidesOf(other)
  for (const side of sidesOf(ring)) {
    for (const against of others) {
      if (areApart(side, against)) continue
      const at = meetingOf(side, against)
      if (at !== null) return { vertex: side.index, at }
    }
  }
  return null
}

const areApart = (one: Side, other: Side): boolean =>
  one.low[0] > other.high[0] || one.high[0] < other.low[0] || one.low[1] > other.high[1] || one.high[1] < other.low[1]
