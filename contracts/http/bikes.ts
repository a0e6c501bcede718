import { Type } from 'typebox'
import { BikeNumberSchema } from '../ids.ts'
import { AmountMinor, Currency, Latitude, Longitude } from '../units.ts'

const Battery = Type.Integer({ minimum: 0, maximum: 100, description: 'percent' })

const SearchId = Type.String({
  pattern: '^[A-Za-z0-9_-]{8,40}$',
  description: 'made at random for one person who looks for a bike: counted once, never kept; without it, not counted',
})

/** GET /v1/bikes: no log-in needed; ids rotate after each trip, numbers and codes stay on the bike. */
export const BikesNearQuery = Type.Object(
  {
    lon: Longitude,
    lat: Latitude,
    radiusM: Type.Optional(Type.Integer({ minimum: 10, maximum: 5_000, default: 800 })),
    search: Type.Optional(SearchId),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
)
export const BikeNear = Type.Object({
  publicId: Type.String(),
  lon: Longitude,
  lat: Latitude,
  distanceM: Type.Integer({ minimum: 0 }),
  batteryPercent: Battery,
  model: Type.String(),
})
export type BikeNear = Type.Static<typeof BikeNear>
export const BikesNear = Type.Object({ bikes: Type.Array(BikeNear) })

/** The price that will be billed, before anything is paid. */
export const Terms = Type.Object({
  tariffId: Type.String(),
  currency: Currency,
  unlockFee: AmountMinor,
  perMinute: AmountMinor,
  pausePerMinute: AmountMinor,
  dayCap: AmountMinor,
  freeExitMinutes: Type.Integer({ minimum: 0, maximum: 60 }),
  hold: AmountMinor,
  /** On top, for leaving the bike outside the area, or where parking is not allowed; 0: nothing. */
  wrongPlaceFee: AmountMinor,
  noParkingFee: AmountMinor,
})
export type Terms = Type.Static<typeof Terms>

/** GET /v1/bikes/by-code/{code}: the code of the QR sticker, or the number printed beside it. */
export const BikeByCodeQuery = Type.Object({ search: Type.Optional(SearchId) }, { additionalProperties: false })
export const BikeByCode = Type.Object({
  code: Type.String(),
  number: BikeNumberSchema,
  model: Type.String(),
  batteryPercent: Battery,
  rentable: Type.Boolean(),
  refusal: Type.Union([Type.String(), Type.Null()], { description: 'why not, as a refusal code' }),
  terms: Terms,
})
export type BikeByCode = Type.Static<typeof BikeByCode>
