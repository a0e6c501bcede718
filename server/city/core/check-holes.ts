import { booleanPointInPolygon, polygon } from '@turf/turf'
import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { ringsMeeting } from './rings-meeting.ts'
import { type LonLat, problemAt, type Rings, type ZoneDraft } from './zone-draft.ts'

/** Holes that leave their area, and holes that share ground; at most one problem a hole. */
export function checkHoles(draft: ZoneDraft): ZoneProblem[] {
  let before = 0
  return draft.polygons.flatMap((rings) => {
    const ringsBefore = before
    before += rings.length
    return holesOf(draft, rings, ringsBefore)
  })
}

function holesOf(draft: ZoneDraft, rings: Rings, ringsBefore: number): ZoneProblem[] {
  const [outer, ...holes] = rings
  if (!outer) return []
  const within = polygon([plain(outer)])
  return holes.flatMap((hole, index) => {
    const ring = ringsBefore + 1 + index
    const stray = hole.findIndex((position) => !booleanPointInPolygon([...position], within))
    const outside = stray >= 0 ? { vertex: stray, at: hole[stray] as LonLat } : (ringsMeeting(hole, outer) ?? null)
    if (outside !== null) {
      const sentence = `This hole lies outside of its area at position ${outside.vertex}. Move it inside, or make it a zone.`
      return [problemAt(draft, 'hole_outside', sentence, { ring, ...outside })]
    }
    for (const earlier of holes.slice(0, index)) {
      const shared = sharedBy(hole, earlier)
      if (shared === null) continue
      const sentence = `Two holes share ground at position ${shared.vertex}. Move them apart, or make them one.`
      return [problemAt(draft, 'holes_overlap', sentence, { ring, ...shared })]
    }
    return []
  })
}

/** Where two holes cross, else where one begins that lies in the other. */
function sharedBy(hole: readonly LonLat[], other: readonly LonLat[]): { vertex: number; at: LonLat } | null {
  const crossing = ringsMeeting(hole, other)
  if (crossing !== null) return crossing
  const isIn = (position: LonLat, ring: readonly LonLat[]) =>
    booleanPointInPolygon([...position], polygon([plain(ring)]), { ignoreBoundary: true })
  const vertex = hole.findIndex((position) => isIn(position, other))
  if (vertex >= 0) return { vertex, at: hole[vertex] as LonLat }
  return other.some((position) => isIn(position, hole)) ? { vertex: 0, at: hole[0] as LonLat } : null
}

const plain = (ring: readonly LonLat[]): number[][] => ring.map(([lon, lat]) => [lon, lat])
