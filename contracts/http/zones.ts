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
    Type.Literal('holes_overlap'),
    Type.Literal('too_small'),
    Type.Literal('too_large'),
    Type.Literal('overlaps'),
    Type.Literal('name_twice'),
    Type.Literal('outside_service_area'),
    Type.Literal('unknown_zone'),
    Type.Literal('kind_changed'),
  ]),
  sentence: Type.String(),
  ring: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  vertex: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  lon: Type.Union([Longitude, Type.Null()]),
  lat: Type.Union([Latitude, Type.Null()]),
  other: Type.Optional(Type.String({ description: 'name of the zone beside it that the problem is with' })),
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

const MadeBy = Type.Union([Type.String(), Type.Null()], { description: 'null: the platform itself' })

/** GET /v1/staff/zones/{zoneId}/versions, oldest first; each holds from its `holdsFrom` until a newer one does. */
export const ZoneVersions = Type.Object({
  versions: Type.Array(
    Type.Object({
      removed: Type.Boolean(),
      madeAt: EpochMsSchema,
      madeBy: MadeBy,
      calledOff: Type.Optional(Type.Object({ at: EpochMsSchema, by: MadeBy })),
      feature: ZoneFeature,
    }),
    { maxItems: 500 },
  ),
})
export type ZoneVersions = Type.Static<typeof ZoneVersions>

const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 })
const howToSave = {
  expectedVersion: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'newest that the page knew; 0: none' }),
  holdsFrom: Type.Optional(EpochMsSchema),
  dryRun: Type.Boolean(),
  acceptOutside: Type.Optional(Type.Boolean({ description: 'bikes and hotspots may be left outside' })),
}

/** GET /v1/staff/zones/{zoneId}: the newest word on a zone, which may hold later only. */
export const ZoneNewest = Type.Object({
  feature: ZoneFeature,
  removed: Type.Boolean(),
  version: Version,
  changedAt: EpochMsSchema,
  changedBy: MadeBy,
})
export type ZoneNewest = Type.Static<typeof ZoneNewest>

/** POST /v1/staff/zones/{zoneId}/versions: a zone as it was drawn. A new one comes with an id of the page's making. */
export const ZoneSave = Type.Object(
  {
    feature: Type.Unknown({ description: 'one GeoJSON Feature; read with care, so that errors name the place' }),
    ...howToSave,
  },
  { additionalProperties: false },
)
export type ZoneSave = Type.Static<typeof ZoneSave>

/** POST /v1/staff/zones/{zoneId}/removal */
export const ZoneRemoval = Type.Object(howToSave, { additionalProperties: false })
export type ZoneRemoval = Type.Static<typeof ZoneRemoval>

/** POST /v1/staff/zones/{zoneId}/bring-back: what it was in an older version is its newest one. */
export const ZoneBringBack = Type.Object({ version: Version, ...howToSave }, { additionalProperties: false })
export type ZoneBringBack = Type.Static<typeof ZoneBringBack>

/** POST /v1/staff/zones/{zoneId}/versions/{version}/call-off: a change that has not begun yet never will. */
export const ZoneCallOff = Type.Object(
  { dryRun: Type.Boolean(), acceptOutside: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)
export type ZoneCallOff = Type.Static<typeof ZoneCallOff>

const Count = Type.Integer({ minimum: 0 })

/** What an edit did, or would do. Nothing is done where there are problems, or something would be outside unaccepted. */
export const ZoneEditResult = Type.Object({
  done: Type.Boolean(),
  version: Type.Union([Version, Type.Null()], { description: 'that is newest now; null: nothing was done' }),
  problems: Type.Array(ZoneProblem, { maxItems: 200 }),
  bikesInside: Count,
  outside: Type.Object({
    bikes: Count,
    hotspots: Count,
    names: Type.Array(Type.String(), { maxItems: 10 }),
  }),
  supersedes: Type.Array(Type.Object({ version: Version, holdsFrom: EpochMsSchema, removed: Type.Boolean() }), {
    maxItems: 50,
    description: 'scheduled changes of this zone that would never hold',
  }),
})
export type ZoneEditResult = Type.Static<typeof ZoneEditResult>

/** GET /v1/staff/zones/scheduled: changes that have not begun yet, the next one first. */
export const ZonesScheduled = Type.Object({
  changes: Type.Array(
    Type.Object({
      zoneId: Uuid,
      version: Version,
      kind: ZoneKind,
      name: Type.String(),
      what: Type.Union([Type.Literal('new'), Type.Literal('changed'), Type.Literal('removed')]),
      holdsFrom: EpochMsSchema,
      madeAt: EpochMsSchema,
      madeBy: MadeBy,
    }),
    { maxItems: 200 },
  ),
  more: Type.Boolean({ description: 'there are more than these' }),
})
export type ZonesScheduled = Type.Static<typeof ZonesScheduled>

/** GET /v1/staff/zones/stock: how many bikes stand in each zone. `revision` changes when the zones that hold do. */
export const ZonesStock = Type.Object({
  at: EpochMsSchema,
  revision: Type.String(),
  counts: Type.Array(Type.Object({ zoneId: Uuid, bikes: Count }), { maxItems: 2_000 }),
})
export type ZonesStock = Type.Static<typeof ZonesStock>
