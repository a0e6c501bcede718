import { Type } from 'typebox'
import { BikeNumberSchema, Uuid } from '../ids.ts'

const maxBikes = 200_000
const Column = (minimum: number, maximum: number) =>
  Type.Array(Type.Integer({ minimum, maximum }), { maxItems: maxBikes })
const lastSecond = 4_102_444_800

/**
 * GET /v1/staff/fleet/trips: since when bikes are ridden, which live frames do not tell: two columns of equal length, of
 * slots and of seconds since 1970 in city time.
 */
export const FleetTrips = Type.Object({ slot: Column(0, 4_294_967_295), since: Column(0, lastSecond) })
export type FleetTrips = Type.Static<typeof FleetTrips>

/** GET /v1/staff/fleet/alarms: which bikes have open alarms, newest first. `kind` is a place in `kinds`. */
export const FleetAlarms = Type.Object({
  kinds: Type.Array(Type.String(), { maxItems: 100 }),
  alarms: Type.Array(Type.Object({ slot: Type.Integer({ minimum: 0 }), kind: Type.Integer({ minimum: 0 }) }), {
    maxItems: 20_000,
  }),
})
export type FleetAlarms = Type.Static<typeof FleetAlarms>

/** GET /v1/staff/find?q=: what a number, a QR code or its link, a lock id, a trip id or a receipt's number belongs to. */
export const FindQuery = Type.Object(
  { q: Type.String({ minLength: 2, maxLength: 200 }) },
  { additionalProperties: false },
)
export const Found = Type.Object({
  hits: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('bike'), Type.Literal('trip')]),
      bikeId: Uuid,
      bikeNumber: BikeNumberSchema,
      /** Of a trip. */
      tripId: Type.Union([Uuid, Type.Null()]),
    }),
    { maxItems: 10 },
  ),
})
export type Found = Type.Static<typeof Found>
