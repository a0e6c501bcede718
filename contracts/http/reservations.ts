import { Type } from 'typebox'
import { BikeNumberSchema, Uuid } from '../ids.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'
import { CommandState } from './trips.ts'

/** POST /v1/reservations (Idempotency-Key) → 201: nobody else gets this bike for some minutes. */
export const NewReservation = Type.Object(
  {
    bike: Type.String({
      pattern: '^[A-Za-z0-9_-]{4,32}$',
      description: 'public id from GET /v1/bikes, number, or code of the QR sticker',
    }),
  },
  { additionalProperties: false },
)

const ReservationState = Type.Union([
  Type.Literal('open'),
  Type.Literal('used'),
  Type.Literal('cancelled'),
  Type.Literal('expired'),
])

/** A rider's reservation: the open one, or for some minutes the one that ended without the rider's doing. */
export const ReservationView = Type.Object({
  reservationId: Uuid,
  bikeNumber: BikeNumberSchema,
  model: Type.String({ maxLength: 40 }),
  batteryPercent: Type.Integer({ minimum: 0, maximum: 100 }),
  lon: Type.Union([Longitude, Type.Null()], { description: 'null: over, or the lock has not said where it is' }),
  lat: Type.Union([Latitude, Type.Null()]),
  state: ReservationState,
  reason: Type.Union(
    [
      Type.Literal('rider'),
      Type.Literal('other_bike'),
      Type.Literal('crew'),
      Type.Literal('out_of_service'),
      Type.Null(),
    ],
    { description: 'why it was cancelled' },
  ),
  createdAt: EpochMsSchema,
  expiresAt: EpochMsSchema,
  realSecondsLeft: Type.Integer({
    minimum: 0,
    maximum: 86_400,
    description: 'of real time, at the speed that the city has now',
  }),
})
export type ReservationView = Type.Static<typeof ReservationView>

/** POST /v1/bikes/{code}/ring → 202, GET /v1/bikes/{code}/ring/{commandId} → 200. */
export const RingView = Type.Object({
  commandId: Uuid,
  state: CommandState,
})
export type RingView = Type.Static<typeof RingView>
