import { area, bbox, booleanPointInPolygon, featureCollection, intersect, multiPolygon, polygon } from '@turf/turf'
import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { firstCrossing } from './ring-crossing.ts'
import { allRings, type LonLat, problemAt, type Rings, type ZoneDraft, type ZoneShape } from './zone-draft.ts'

/** A parking bay for a few bikes. */
export const smallestM2 = 20
/** A hotspot is a place that a person oversees; any other zone may be a country. */
export const largestHotspotM2 = 1_000_000
export const largestZoneM2 = 50_000_000_000
/** Neighbours whose borders were drawn along one another overlap by a sliver. */
const overlapAllowedM2 = 1

/** What is wrong with each zone by itself, as far as plain geometry sees it. */
export function checkShape(draft: ZoneDraft): ZoneProblem[] {
  const rings = allRings(draft)
  const crossings = rings.flatMap((positions, ring) => {
    const crossing = firstCrossing(positions)
    if (crossing === null) return []
    const { first, second, at } = crossing
    const sentence =
      `The line crosses or touches itself at [${at.join(', ')}]: between positions ${first} and ${first + 1}, and ` +
      `between ${second} and ${second + 1}. Move one of these.`
    return [problemAt(draft, 'crosses_itself', sentence, { ring, vertex: first, at })]
  })
  return crossings.length > 0 ? crossings : [...holesOutside(draft), ...wrongSize(draft)]
}

function holesOutside(draft: ZoneDraft): ZoneProblem[] {
  let ringsBefore = 0
  return draft.polygons.flatMap((rings) => {
    const before = ringsBefore
    ringsBefore += rings.length
    const [outer, ...holes] = rings
    if (!outer) return []
    const within = polygon(plain([outer]))
    return holes.flatMap((hole, index) => {
      const vertex = hole.findIndex((position) => !booleanPointInPolygon([...position], within))
      if (vertex < 0) return []
      const sentence = `This hole lies outside of its area at position ${vertex}. Move it inside, or make it a zone.`
      const at = hole[vertex] as LonLat
      return [problemAt(draft, 'hole_outside', sentence, { ring: before + 1 + index, vertex, at })]
    })
  })
}

function wrongSize(draft: ZoneDraft): ZoneProblem[] {
  const small = draft.polygons.findIndex((rings) => area(polygon(plain(rings))) < smallestM2)
  if (small >= 0) {
    const ring = draft.polygons.slice(0, small).flat().length
    const at = draft.polygons[small]?.[0]?.[0]
    const sentence = `This area is smaller than ${smallestM2} m². Draw it larger, or leave it out.`
    return [problemAt(draft, 'too_small', sentence, { ring, ...(at ? { at } : {}) })]
  }
  const largest = draft.kind === 'hotspot' ? largestHotspotM2 : largestZoneM2
  if (areaOf(draft) <= largest) return []
  const sentence = `This ${draft.kind} is larger than ${largest / 1e6} km². Check its coordinates and its kind.`
  return [problemAt(draft, 'too_large', sentence)]
}

/**
 * What is wrong with zones beside one another, for drafts that are sound by themselves. `others` are the zones that stay
 * as they are; between two of those nothing is looked for.
 */
export function checkTogether(drafts: readonly ZoneDraft[], others: readonly ZoneShape[]): ZoneProblem[] {
  return [...overlapping(drafts, others), ...outsideOfService(drafts, others)]
}

interface Boxed {
  readonly zone: ZoneShape
  readonly draft: ZoneDraft | null
  readonly box: readonly [west: number, south: number, east: number, north: number]
}

function overlapping(drafts: readonly ZoneDraft[], others: readonly ZoneShape[]): ZoneProblem[] {
  const hotspots = [
    ...drafts.map((draft) => ({ zone: draft as ZoneShape, draft })),
    ...others.map((zone) => ({ zone, draft: null })),
  ]
    .filter(({ zone }) => zone.kind === 'hotspot')
    .map(({ zone, draft }): Boxed => ({ zone, draft, box: boxOf(zone) }))
    .sort((p, q) => p.box[0] - q.box[0])
  const problems: ZoneProblem[] = []
  let active: Boxed[] = []
  for (const one of hotspots) {
    active = active.filter(({ box }) => box[2] >= one.box[0])
    for (const other of active) {
      const draft = laterOf(one.draft, other.draft)
      if (draft === null || other.box[3] < one.box[1] || one.box[3] < other.box[1]) continue
      const shared = intersect(featureCollection([asFeature(one.zone), asFeature(other.zone)]))
      if (shared === null || area(shared) <= overlapAllowedM2) continue
      const neighbour = draft === one.draft ? other.zone : one.zone
      const [west, south, east, north] = bbox(shared)
      const sentence = `It overlaps the hotspot “${neighbour.name}” by ${Math.ceil(area(shared))} m². Move one of them.`
      problems.push(problemAt(draft, 'overlaps', sentence, { at: [(west + east) / 2, (south + north) / 2] }))
    }
    active.push(one)
  }
  return problems.sort((p, q) => p.feature - q.feature)
}

const laterOf = (one: ZoneDraft | null, other: ZoneDraft | null): ZoneDraft | null =>
  one === null || other === null ? (one ?? other) : one.feature > other.feature ? one : other

function outsideOfService(drafts: readonly ZoneDraft[], others: readonly ZoneShape[]): ZoneProblem[] {
  const isArea = ({ kind }: ZoneShape): boolean => kind === 'service_area'
  const service = [...drafts, ...others].filter(isArea).map(asFeature)
  if (service.length === 0) return []
  const strayOf = (zone: ZoneShape) => {
    const positions = zone.polygons.flatMap((rings) => rings[0] ?? [])
    const vertex = positions.findIndex((position) => !service.some((one) => booleanPointInPolygon([...position], one)))
    return vertex < 0 ? null : { vertex, at: positions[vertex] as LonLat }
  }
  const own = drafts
    .filter(({ kind }) => kind === 'hotspot')
    .flatMap((draft) => {
      const stray = strayOf(draft)
      const sentence = 'It lies outside of the service area, at least in part. Move it inside, or make the area larger.'
      const place = draft.radiusM === null ? { vertex: stray?.vertex ?? 0 } : {}
      return stray === null ? [] : [problemAt(draft, 'outside_service_area', sentence, { at: stray.at, ...place })]
    })
  const newArea = drafts.find(isArea)
  if (!newArea) return own
  const left = others
    .filter(({ kind }) => kind === 'hotspot')
    .flatMap((zone) => {
      const stray = strayOf(zone)
      const sentence = `The hotspot “${zone.name}” would lie outside of the service area. Include it, or move it too.`
      return stray === null ? [] : [problemAt(newArea, 'outside_service_area', sentence, { at: stray.at })]
    })
  return [...own, ...left]
}

export const areaOf = (zone: Pick<ZoneShape, 'polygons'>): number => area(asFeature(zone))

const asFeature = ({ polygons }: Pick<ZoneShape, 'polygons'>) => multiPolygon(polygons.map(plain))
const boxOf = (zone: ZoneShape): Boxed['box'] => {
  const [west, south, east, north] = bbox(asFeature(zone))
  return [west, south, east, north]
}
const plain = (rings: Rings): number[][][] => rings.map((ring) => ring.map(([lon, lat]) => [lon, lat]))
