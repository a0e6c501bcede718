import type { ZoneFeature, ZoneGeometry } from '../../../contracts/http/zones.ts'
import { circleCorners, middleOf, onGrid, ringAreaM2 } from './metres.ts'

export type LonLat = readonly [lon: number, lat: number]
/** In order; the last is joined with the first by itself, so that a ring cannot be open. */
export type Corners = readonly LonLat[]

/** Each polygon as its outline and its holes; there is always an outline, which may have no corners yet. */
export interface AreaDrawing {
  readonly kind: 'area'
  readonly polygons: readonly (readonly Corners[])[]
}
export interface CircleDrawing {
  readonly kind: 'circle'
  readonly centre: LonLat | null
  readonly radiusM: number
}
export type Drawing = AreaDrawing | CircleDrawing

/** Rings are counted through all polygons, as the server counts them. The centre of a circle is vertex 0 of ring 0. */
export interface VertexAt {
  readonly ring: number
  readonly vertex: number
}

export interface DrawnRing {
  readonly ring: number
  readonly polygon: number
  readonly isHole: boolean
  readonly corners: Corners
}

export const emptyArea: AreaDrawing = { kind: 'area', polygons: [[[]]] }
export const emptyCircle: CircleDrawing = { kind: 'circle', centre: null, radiusM: 30 }
export const leastRadiusM = 5
export const mostRadiusM = 500
/** As contracts/http/zones.ts, without the position that closes the ring. */
export const mostCorners = 4_999
const mostRings = 50
const fewestCorners = 3

export function ringsOf(drawing: Drawing): readonly DrawnRing[] {
  if (drawing.kind === 'circle') return []
  return drawing.polygons
    .flatMap((rings, polygon) => rings.map((corners, index) => ({ polygon, isHole: index > 0, corners })))
    .map((one, ring) => ({ ...one, ring }))
}

export function vertexOf(drawing: Drawing, { ring, vertex }: VertexAt): LonLat | null {
  if (drawing.kind === 'circle') return ring === 0 && vertex === 0 ? drawing.centre : null
  return ringsOf(drawing)[ring]?.corners[vertex] ?? null
}

/** Another ring in the place of one; null takes it out, an outline together with its holes. */
function withRing(drawing: AreaDrawing, ring: number, change: (corners: Corners) => Corners | null): AreaDrawing {
  let at = -1
  const polygons = drawing.polygons.flatMap((rings) => {
    let isGone = false
    const kept = rings.flatMap((corners, index) => {
      at += 1
      const next = at === ring ? change(corners) : corners
      if (next === null && index === 0) isGone = true
      return next === null ? [] : [next]
    })
    return isGone ? [] : [kept]
  })
  return polygons.length === 0 ? emptyArea : { kind: 'area', polygons }
}

const gridded = ([lon, lat]: LonLat): LonLat => [onGrid(lon), onGrid(Math.max(-85, Math.min(85, lat)))]

/** A corner after another one of a ring; `vertex` −1 puts it first. A circle gets its centre. */
export function insertVertex(drawing: Drawing, { ring, vertex }: VertexAt, at: LonLat): Drawing {
  if (drawing.kind === 'circle') return { ...drawing, centre: gridded(at) }
  return withRing(drawing, ring, (corners) =>
    corners.length >= mostCorners ? corners : corners.toSpliced(vertex + 1, 0, gridded(at)),
  )
}

export function moveVertex(drawing: Drawing, { ring, vertex }: VertexAt, to: LonLat): Drawing {
  if (drawing.kind === 'circle') return drawing.centre === null ? drawing : { ...drawing, centre: gridded(to) }
  return withRing(drawing, ring, (corners) => (vertex in corners ? corners.with(vertex, gridded(to)) : corners))
}

/** A hole without corners is none. An outline without corners takes its holes with it. */
export function deleteVertex(drawing: Drawing, { ring, vertex }: VertexAt): Drawing {
  if (drawing.kind === 'circle') return { ...drawing, centre: null }
  return withRing(drawing, ring, (corners) => {
    if (!(vertex in corners)) return corners
    return corners.length === 1 ? null : corners.toSpliced(vertex, 1)
  })
}

export const deleteRing = (drawing: Drawing, ring: number): Drawing =>
  drawing.kind === 'circle' ? { ...drawing, centre: null } : withRing(drawing, ring, () => null)

/** An empty hole in the polygon of a ring, and which ring it is; null for a circle, and when there are too many. */
export function addHole(drawing: Drawing, ofRing: number): { readonly drawing: Drawing; readonly ring: number } | null {
  if (drawing.kind === 'circle') return null
  const rings = ringsOf(drawing)
  const polygon = rings[ofRing]?.polygon ?? 0
  const own = rings.filter((one) => one.polygon === polygon)
  const empty = own.find(({ isHole, corners }) => isHole && corners.length === 0)
  if (empty) return { drawing, ring: empty.ring }
  const last = own.at(-1)
  if (last === undefined || own.length >= mostRings) return null
  const polygons = drawing.polygons.map((one, index) => (index === polygon ? [...one, []] : one))
  return { drawing: { kind: 'area', polygons }, ring: last.ring + 1 }
}

/** The middle of the side that follows a corner; null for a ring without sides. */
export function middleAfter(drawing: Drawing, { ring, vertex }: VertexAt): LonLat | null {
  const corners = ringsOf(drawing)[ring]?.corners ?? []
  const from = corners[vertex]
  const to = corners[(vertex + 1) % corners.length]
  if (from === undefined || to === undefined || corners.length < 2) return null
  return gridded([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2])
}

/** Rings that are too short to be an area yet; holes that nobody began are passed over. */
export const ringsToFinish = (drawing: Drawing): readonly DrawnRing[] =>
  ringsOf(drawing).filter(({ corners, isHole }) => corners.length < fewestCorners && !(isHole && corners.length === 0))

/** As GeoJSON, closed; null while something is missing. */
export function geometryOf(drawing: Drawing): ZoneGeometry | null {
  if (drawing.kind === 'circle') {
    return drawing.centre === null ? null : { type: 'Point', coordinates: [...drawing.centre] }
  }
  if (ringsToFinish(drawing).length > 0) return null
  const coordinates = drawing.polygons.map((rings) =>
    rings
      .filter((corners) => corners.length > 0)
      .map((corners) => closed(corners).map((at): [number, number] => [...at])),
  )
  const [only] = coordinates
  return coordinates.length === 1 && only !== undefined
    ? { type: 'Polygon', coordinates: only }
    : { type: 'MultiPolygon', coordinates }
}

export const closed = (corners: Corners): Corners => {
  const [first] = corners
  return first === undefined ? [] : [...corners, first]
}

export function drawingOf({ geometry, properties }: Pick<ZoneFeature, 'geometry' | 'properties'>): Drawing {
  if (geometry.type === 'Point') {
    return { kind: 'circle', centre: [...geometry.coordinates], radiusM: properties.radiusM ?? emptyCircle.radiusM }
  }
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  return {
    kind: 'area',
    polygons: polygons.map((rings) => rings.map((ring) => ring.slice(0, -1).map(([lon, lat]): LonLat => [lon, lat]))),
  }
}

/** A circle as corners, or an area as the circle of the same size about its middle. */
export function turnedInto(drawing: Drawing, kind: Drawing['kind']): Drawing {
  if (drawing.kind === kind) return drawing
  if (drawing.kind === 'circle') {
    if (drawing.centre === null) return emptyArea
    return { kind: 'area', polygons: [[circleCorners(drawing.centre, drawing.radiusM).map(gridded)]] }
  }
  const outline = drawing.polygons[0]?.[0] ?? []
  const centre = middleOf(outline)
  const radiusM = Math.round(Math.sqrt(Math.abs(ringAreaM2(outline)) / Math.PI))
  return {
    kind: 'circle',
    centre: centre === null ? null : gridded(centre),
    radiusM: outline.length < fewestCorners ? emptyCircle.radiusM : withinRadius(radiusM),
  }
}

export const withinRadius = (radiusM: number): number => Math.max(leastRadiusM, Math.min(mostRadiusM, radiusM))
