import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'

/** What is allowed where, and where bikes should stand. */
export const ZoneKind = Type.Union([
  Type.Literal('service_area'),
  Type.Literal('no_parking'),
  Type.Literal('no_ride'),
  Type.Literal('slow'),
  Type.Literal('hotspot'),
])
export type ZoneKind = Type.Static<typeof ZoneKind>

/** RFC 7946: longitude first, degrees, WGS 84. */
const LonLat = Type.Tuple([Longitude, Latitude])
const Ring = Type.Array(LonLat, { minItems: 4, maxItems: 5_000 })
const PolygonRings = Type.Array(Ring, { minItems: 1, maxItems: 50 })
const Bikes = Type.Integer({ minimum: 0, maximum: 500 })

export const ZoneGeometry = Type.Union([
  Type.Object({ type: Type.Literal('Polygon'), coordinates: PolygonRings }),
  Type.Object({
    type: Type.Literal('MultiPolygon'),
    coordinates: Type.Array(PolygonRings, { minItems: 1, maxItems: 50 }),
  }),
  Type.Object({ type: Type.Literal('Point'), coordinates: LonLat }),
])
export type ZoneGeometry = Type.Static<typeof ZoneGeometry>

/** A `Point` is a hotspot with `radiusM`; it is kept as a circle. `capacity` is needed for a hotspot only. */
export const ZoneProperties = Type.Object({
  zoneId: Type.Optional(Uuid),
  kind: ZoneKind,
  name: Type.String({ minLength: 1, maxLength: 80 }),
  radiusM: Type.Optional(Type.Number({ minimum: 5, maximum: 500 })),
  capacity: Type.Optional(Bikes),
  minBikes: Type.Optional(Bikes),
  maxBikes: Type.Optional(Bikes),
  maxSpeedKmh: Type.Optional(Type.Integer({ minimum: 3, maximum: 25 })),
  version: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  holdsFrom: Type.Optional(EpochMsSchema),
})
export type ZoneProperties = Type.Static<typeof ZoneProperties>

export const ZoneFeature = Type.Object({
  type: Type.Literal('Feature'),
  geometry: ZoneGeometry,
  properties: ZoneProperties,
})
export type ZoneFeature = Type.Static<typeof ZoneFeature>

/** GET /v1/staff/zones?at=: the zones that hold at a moment (now). */
export const ZoneCollection = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(ZoneFeature, { maxItems: 2_000 }),
})
export type ZoneCollection = Type.Static<typeof ZoneCollection>

/**
 * POST /v1/staff/zones/import. Known by `zoneId`, else by kind and name. `replace` removes what the collection does not
 * name, `add` leaves it. `dryRun` tells what would happen. Any problem stops the whole import.
 */
export const ZoneImport = Type.Object(
  {
    collection: Type.Unknown({
      description: 'a GeoJSON FeatureCollection; read with care, so that errors name the place',
    }),
    mode: Type.Union([Type.Literal('add'), Type.Literal('replace')]),
    dryRun: Type.Boolean(),
    holdsFrom: Type.Optional(EpochMsSchema),
  },
  { additionalProperties: false },
)
export type ZoneImport = Type.Static<typeof ZoneImport>

/**
 * Where and why: `feature` counts from 0, `ring` through all rings of the feature, `vertex` is the position in the ring,
 * where there is one.
 */
export const ZoneProblem = Type.Object({
  feature: Type.Integer({ minimum: 0 }),
  name: Type.Union([Type.String(), Type.Null()]),
  code: Type.Union([
    Type.Literal('not_geojson'),
    Type.Literal('property'),
    Type.Literal('ring_open'),
    Type.Literal('crosses_itself'),
    Type.Literal('hole_outside'),
    Type.Literal('too_small'),
    Type.Literal('too_large'),
    Type.Literal('overlaps'),
    Type.Literal('name_twice'),
    Type.Literal('outside_service_area'),
    Type.Literal('unknown_zone'),
  ]),
  sentence: Type.String(),
  ring: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  vertex: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  lon: Type.Union([Longitude, Type.Null()]),
  lat: Type.Union([Latitude, Type.Null()]),
})
export type ZoneProblem = Type.Static<typeof ZoneProblem>

export const ZoneImportResult = Type.Object({
  done: Type.Boolean({ description: 'false after a dry run, and where there are problems' }),
  added: Type.Integer({ minimum: 0 }),
  changed: Type.Integer({ minimum: 0 }),
  removed: Type.Integer({ minimum: 0 }),
  unchanged: Type.Integer({ minimum: 0 }),
  problems: Type.Array(ZoneProblem, { maxItems: 200 }),
})
export type ZoneImportResult = Type.Static<typeof ZoneImportResult>

/** GET /v1/staff/zones/{zoneId}/versions, oldest first; each holds from its `holdsFrom` until a newer one does. */
export const ZoneVersions = Type.Object({
  versions: Type.Array(
    Type.Object({
      removed: Type.Boolean(),
      madeAt: EpochMsSchema,
      madeBy: Type.Union([Type.String(), Type.Null()], { description: 'null: the platform itself' }),
      feature: ZoneFeature,
    }),
    { maxItems: 500 },
  ),
})
export type ZoneVersions = Type.Static<typeof ZoneVersions>
