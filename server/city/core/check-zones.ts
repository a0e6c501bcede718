import { area, bbox, booleanPointInPolygon, featureCollection, intersect, multiPolygon, polygon } from '@turf/turf'
import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { distanceM } from '../../../contracts/units.ts'
import { checkHoles } from './check-holes.ts'
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
  return crossings.length > 0 ? crossings : [...checkHoles(draft), ...wrongSize(draft)]
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
  return [...overlapping(drafts, others), ...hotspotsOutside(drafts, others), ...leavesOut(drafts, others)]
}

/** The same for a zone that is edited by itself; what a smaller service area leaves out, `hotspotsLeft` tells. */
export function checkBeside(draft: ZoneDraft, others: readonly ZoneShape[]): ZoneProblem[] {
  return [...overlapping([draft], others), ...hotspotsOutside([draft], others)]
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
      const at: LonLat = [(west + east) / 2, (south + north) / 2]
      problems.push(problemAt(draft, 'overlaps', sentence, { at, other: neighbour.name, ...nearestVertex(draft, at) }))
    }
    active.push(one)
  }
  return problems.sort((p, q) => p.feature - q.feature)
}

/** The corner of a drawn area that is nearest to a place; a circle has none. */
export function nearestVertex(
  zone: ZoneShape,
  [lon, lat]: LonLat,
): { readonly ring?: number; readonly vertex?: number } {
  if (zone.radiusM !== null) return {}
  const metresTo = (at: LonLat) => distanceM({ lon: at[0], lat: at[1] }, { lon, lat })
  let nearest: { readonly ring: number; readonly vertex: number; readonly metres: number } | null = null
  for (const [ring, positions] of allRings(zone).entries()) {
    for (const [vertex, at] of positions.entries()) {
      const metres = metresTo(at)
      if (nearest === null || metres < nearest.metres) nearest = { ring, vertex, metres }
    }
  }
  return nearest === null ? {} : { ring: nearest.ring, vertex: nearest.vertex }
}

const laterOf = (one: ZoneDraft | null, other: ZoneDraft | null): ZoneDraft | null =>
  one === null || other === null ? (one ?? other) : one.feature > other.feature ? one : other

const isArea = ({ kind }: ZoneShape): boolean => kind === 'service_area'

/** The first position of an outline that no service area covers; null where there is none, and where there is no area. */
function strayOf(zone: ZoneShape, areas: readonly ReturnType<typeof asFeature>[]) {
  const positions = zone.polygons.flatMap((rings, polygon) =>
    (rings[0] ?? []).map((at, vertex) => ({ at, vertex, ring: zone.polygons.slice(0, polygon).flat().length })),
  )
  return positions.find(({ at }) => !areas.some((one) => booleanPointInPolygon([...at], one))) ?? null
}

function hotspotsOutside(drafts: readonly ZoneDraft[], others: readonly ZoneShape[]): ZoneProblem[] {
  const areas = [...drafts, ...others].filter(isArea).map(asFeature)
  if (areas.length === 0) return []
  const sentence = 'It lies outside of the service area, at least in part. Move it inside, or make the area larger.'
  return drafts
    .filter(({ kind }) => kind === 'hotspot')
    .flatMap((draft) => {
      const stray = strayOf(draft, areas)
      if (stray === null) return []
      const place = draft.radiusM === null ? { ring: stray.ring, vertex: stray.vertex } : {}
      return [problemAt(draft, 'outside_service_area', sentence, { at: stray.at, ...place })]
    })
}

function leavesOut(drafts: readonly ZoneDraft[], others: readonly ZoneShape[]): ZoneProblem[] {
  const newArea = drafts.find(isArea)
  if (!newArea) return []
  return hotspotsLeft([...drafts, ...others].filter(isArea), others).map(({ zone, at }) => {
    const sentence = `The hotspot “${zone.name}” would lie outside of the service area. Include it, or move it too.`
    return problemAt(newArea, 'outside_service_area', sentence, { at, other: zone.name })
  })
}

/** Which hotspots among `zones` no service area covers whole, each with a position outside; none where there is no area. */
export function hotspotsLeft<Zone extends ZoneShape>(
  areas: readonly ZoneShape[],
  zones: readonly Zone[],
): { readonly zone: Zone; readonly at: LonLat }[] {
  const shapes = areas.map(asFeature)
  if (shapes.length === 0) return []
  return zones
    .filter(({ kind }) => kind === 'hotspot')
    .flatMap((zone) => {
      const stray = strayOf(zone, shapes)
      return stray === null ? [] : [{ zone, at: stray.at }]
    })
}

export const areaOf = (zone: Pick<ZoneShape, 'polygons'>): number => area(asFeature(zone))

const asFeature = ({ polygons }: Pick<ZoneShape, 'polygons'>) => multiPolygon(polygons.map(plain))
const boxOf = (zone: ZoneShape): Boxed['box'] => {
  const [west, south, east, north] = bbox(asFeature(zone))
  return [west, south, east, north]
}
const plain = (rings: Rings): number[][][] => rings.map((ring) => ring.map(([lon, lat]) => [lon, lat]))
