import type { ZoneKind, ZoneProblem } from '../../../contracts/http/zones.ts'

export type LonLat = readonly [lon: number, lat: number]
/** The outer ring, then its holes; each closed. */
export type Rings = readonly (readonly LonLat[])[]

/** What a zone is, whoever says it: a feature of an import, or the version that is kept. */
export interface ZoneShape {
  readonly kind: ZoneKind
  readonly name: string
  /** Set where the zone was given as a point: the polygon is then a circle around `centre`. */
  readonly radiusM: number | null
  readonly centre: LonLat | null
  /** Outer rings counter-clockwise (RFC 7946, 3.1.6); positions on a grid of 1e-7 degrees. */
  readonly polygons: readonly Rings[]
  readonly capacity: number | null
  readonly minBikes: number | null
  readonly maxBikes: number | null
  readonly maxSpeedKmh: number | null
}

/** A readable feature of an import; `feature` counts from 0. */
export interface ZoneDraft extends ZoneShape {
  readonly feature: number
  readonly zoneId: string | null
}

/** The newest version of a zone. */
export interface KnownZone extends ZoneShape {
  readonly zoneId: string
  readonly version: number
  readonly removed: boolean
  readonly holdsFromMs: number
}

interface Place {
  readonly ring?: number
  readonly vertex?: number
  readonly at?: LonLat
  /** Name of the zone beside it that the problem is with. */
  readonly other?: string
}

/** Rings are counted through all polygons of a feature; a position outside of the world is told in words only. */
export function problemAt(
  of: { readonly feature: number; readonly name: string | null },
  code: ZoneProblem['code'],
  sentence: string,
  { ring, vertex, at, other }: Place = {},
): ZoneProblem {
  const onMap = at !== undefined && Math.abs(at[0]) <= 180 && Math.abs(at[1]) <= 85
  return {
    feature: of.feature,
    name: of.name,
    code,
    sentence,
    ring: ring ?? null,
    vertex: vertex ?? null,
    lon: onMap ? at[0] : null,
    lat: onMap ? at[1] : null,
    ...(other === undefined ? {} : { other }),
  }
}

export const allRings = (shape: Pick<ZoneShape, 'polygons'>): readonly (readonly LonLat[])[] => shape.polygons.flat()
