import { Type } from 'typebox'
import { AmountMinor, Currency, EpochMsSchema, Latitude, Longitude } from '../units.ts'

/** What leaving a bike at a place means. `not_known`: its place is not known well enough, which costs nothing. */
export const ParkingVerdict = Type.Union([
  Type.Literal('fine'),
  Type.Literal('hotspot'),
  Type.Literal('outside_area'),
  Type.Literal('no_parking'),
  Type.Literal('not_known'),
])
export type ParkingVerdict = Type.Static<typeof ParkingVerdict>

const ZoneNameText = Type.String({ minLength: 1, maxLength: 80 })
const ZoneName = Type.Union([ZoneNameText, Type.Null()], { description: 'of the zone that the verdict comes from' })

/** A place near by where leaving the bike costs less: where it is allowed, or a hotspot. */
export const BetterPlace = Type.Object({
  lon: Longitude,
  lat: Latitude,
  distanceM: Type.Integer({ minimum: 0, maximum: 100_000, description: 'as the crow flies' }),
  name: Type.Union([ZoneNameText, Type.Null()]),
  kind: Type.Union([Type.Literal('allowed'), Type.Literal('hotspot')]),
  rewardMinor: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'what it may be worth, at most' }),
})
export type BetterPlace = Type.Static<typeof BetterPlace>

/** GET /v1/trips/{tripId}/parking: what closing the lock here and now would mean, by its last place that we know. */
export const ParkingAdvice = Type.Object({
  verdict: ParkingVerdict,
  zoneName: ZoneName,
  feeMinor: AmountMinor,
  rewardMinor: AmountMinor,
  currency: Currency,
  placeAt: Type.Union([EpochMsSchema, Type.Null()], { description: 'when the lock was at that place' }),
  accuracyM: Type.Union([Type.Number({ minimum: 0, maximum: 100_000 }), Type.Null()]),
  better: Type.Union([BetterPlace, Type.Null()]),
})
export type ParkingAdvice = Type.Static<typeof ParkingAdvice>

/** Where a ride was left and what that did to its price. */
export const TripParking = Type.Object({
  verdict: ParkingVerdict,
  zoneName: ZoneName,
  feeMinor: AmountMinor,
  rewardMinor: AmountMinor,
  clearableUntil: Type.Union([EpochMsSchema, Type.Null()], {
    description: 'until then the same rider may unlock the bike again and leave it right: the fee goes back',
  }),
  cleared: Type.Boolean({ description: 'the bike was left right in time: the fee was given back' }),
})
export type TripParking = Type.Static<typeof TripParking>
