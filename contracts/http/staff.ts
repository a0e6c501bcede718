import { Type } from 'typebox'
import { BikeCodeSchema, BikeNumberSchema, LockIdSchema, Uuid } from '../ids.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'
import { TypedCode } from './account.ts'
import { AlarmKind, AlarmSeverity } from './alarms.ts'
import { TripState } from './trips.ts'

/**
 * POST /v1/staff/sessions, for the cookie `zwerm_staff`: a one-time link's token, or a log-in name and a password. Who has
 * a second factor is asked for its code (`second_factor_asked`): send the same once more, with it.
 */
export const StaffSessionRequest = Type.Union([
  Type.Object(
    { link: Type.String({ pattern: '^[A-Za-z0-9_-]{20,64}$' }), code: Type.Optional(TypedCode) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      logInName: Type.String({ minLength: 1, maxLength: 200 }),
      password: Type.String({ minLength: 1, maxLength: 400 }),
      code: Type.Optional(TypedCode),
    },
    { additionalProperties: false },
  ),
])
export const StaffSession = Type.Object({ staffId: Uuid, name: Type.String(), token: Type.String() })

/** The states of contracts/live/bike-states.ts, as a schema. */
export const BikeState = Type.Union([
  Type.Literal('available'),
  Type.Literal('out_of_service'),
  Type.Literal('silent'),
  Type.Literal('with_crew'),
  Type.Literal('unlocking'),
  Type.Literal('riding'),
  Type.Literal('paused'),
  Type.Literal('low_battery'),
  Type.Literal('alarm'),
])

const Count = Type.Integer({ minimum: 0, maximum: 4_294_967_295 })
const CountOrNull = Type.Union([Count, Type.Null()])
const Byte = Type.Integer({ minimum: 0, maximum: 255 })

/**
 * GET /v1/staff/fleet: everybody as columns of the same length, one row a bike; live frames refer to it by slot. `epoch`
 * and `sequence` are those of the frames (contracts/live/live-frame.ts): deltas of a later sequence come after it.
 */
export const FleetSnapshot = Type.Object({
  epoch: Count,
  sequence: Count,
  cityTime: EpochMsSchema,
  citySpeed: Type.Number({ minimum: 0.01, maximum: 1_000 }),
  centre: Type.Object({ lon: Longitude, lat: Latitude }),
  slots: Type.Array(Count),
  bikeIds: Type.Array(Uuid),
  numbers: Type.Array(BikeNumberSchema),
  /** Names, and each bike's index in them. */
  models: Type.Array(Type.String()),
  modelOf: Type.Array(Count),
  /** Web Mercator × 2³²; null where the place is not known. */
  x: Type.Array(CountOrNull),
  y: Type.Array(CountOrNull),
  /** 1.4° steps. */
  headings: Type.Array(Byte),
  /** Index in bike-states.ts; 128 more for a bike that was not heard for too long. */
  states: Type.Array(Byte),
  /** Percent. */
  charges: Type.Array(Type.Union([Type.Integer({ minimum: 0, maximum: 100 }), Type.Null()])),
  heardAgoS: Type.Array(CountOrNull),
})
export type FleetSnapshot = Type.Static<typeof FleetSnapshot>

/** GET /v1/staff/bikes/{bikeId} */
export const BikeDetails = Type.Object({
  bikeId: Uuid,
  number: BikeNumberSchema,
  code: BikeCodeSchema,
  lockId: LockIdSchema,
  model: Type.String(),
  state: BikeState,
  lon: Type.Union([Longitude, Type.Null()]),
  lat: Type.Union([Latitude, Type.Null()]),
  batteryPercent: Type.Union([Type.Integer({ minimum: 0, maximum: 100 }), Type.Null()]),
  bolt: Type.Union([Type.String(), Type.Null()]),
  connected: Type.Boolean(),
  lastHeardAt: Type.Union([EpochMsSchema, Type.Null()]),
  firmware: Type.Union([Type.String(), Type.Null()]),
  bootId: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  trip: Type.Union([
    Type.Object({ tripId: Uuid, state: TripState, startedAt: Type.Union([EpochMsSchema, Type.Null()]) }),
    Type.Null(),
  ]),
  /** Open ones, newest first. */
  alarms: Type.Array(
    Type.Object({
      alarmId: Uuid,
      kind: AlarmKind,
      severity: AlarmSeverity,
      at: EpochMsSchema,
      tripId: Type.Union([Uuid, Type.Null()]),
    }),
  ),
})
export type BikeDetails = Type.Static<typeof BikeDetails>

/** POST /v1/staff/bikes: a new bike and its lock's secrets, told once (or again with the same lock id). */
export const NewBike = Type.Object(
  {
    lockId: LockIdSchema,
    model: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    lon: Type.Optional(Longitude),
    lat: Type.Optional(Latitude),
  },
  { additionalProperties: false },
)
export const ProvisionedBike = Type.Object({
  bikeId: Uuid,
  lockId: LockIdSchema,
  number: BikeNumberSchema,
  code: BikeCodeSchema,
  mqttPassword: Type.String(),
  commandKeyHex: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  phoneKeyHex: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{64}$', description: "what the rider's phone opens it with, without coverage" }),
  ),
  keyVersion: Type.Integer({ minimum: 0, maximum: 255 }),
})
export type ProvisionedBike = Type.Static<typeof ProvisionedBike>
export const NewBikes = Type.Object(
  { bikes: Type.Array(NewBike, { minItems: 1, maxItems: 500 }) },
  { additionalProperties: false },
)
export const ProvisionedBikes = Type.Object({ bikes: Type.Array(ProvisionedBike) })
