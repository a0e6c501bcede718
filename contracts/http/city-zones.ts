import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { AmountMinor, Currency, Latitude, Longitude } from '../units.ts'
import { ZoneGeometry, ZoneKind } from './zones.ts'

/** GET /v1/zones?west&south&east&north: a box of degrees, WGS 84, at most half a degree on a side. */
export const PublicZonesQuery = Type.Object(
  { west: Longitude, south: Latitude, east: Longitude, north: Latitude },
  { additionalProperties: false },
)
export type PublicZonesQuery = Type.Static<typeof PublicZonesQuery>

/** A zone as everybody may see it. A hotspot that is a `Point` is a circle of `radiusM` metres. */
export const PublicZoneFeature = Type.Object({
  type: Type.Literal('Feature'),
  geometry: ZoneGeometry,
  properties: Type.Object({
    zoneId: Uuid,
    kind: ZoneKind,
    name: Type.String({ minLength: 1, maxLength: 80 }),
    radiusM: Type.Optional(Type.Number({ minimum: 5, maximum: 500 })),
    maxSpeedKmh: Type.Optional(Type.Integer({ minimum: 3, maximum: 25 })),
    capacity: Type.Optional(Type.Integer({ minimum: 0, maximum: 500 })),
    reward: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description: 'of a hotspot: minor units off the ride that is left here; 0 while it is full',
      }),
    ),
  }),
})
export type PublicZoneFeature = Type.Static<typeof PublicZoneFeature>

/**
 * The zones that hold now in the box, as GeoJSON (RFC 7946) with what leaving a bike in the wrong place costs. No fee of
 * a kind is 0. Where there is no service area, everywhere is one.
 */
export const PublicZones = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(PublicZoneFeature, { maxItems: 500 }),
  currency: Currency,
  fees: Type.Object({ outsideArea: AmountMinor, noParking: AmountMinor }),
})
export type PublicZones = Type.Static<typeof PublicZones>
