import { Type } from 'typebox'
import { BikeCodeSchema, BikeNumberSchema } from '../ids.ts'
import { BoltState } from '../mqtt/reports.ts'
import { EpochMsSchema, Latitude, Longitude } from '../units.ts'

/** Routes under /demo exist only where the simulated city does. */

/**
 * City time as a line: `cityMs = cityAtMs + (realMs − realAtMs) × speed` from `realAtMs` on. Both sides on one machine
 * read the same wall clock, so a change announced a little ahead is taken at the same moment everywhere.
 */
export const ClockLine = Type.Object({
  realAtMs: Type.Integer(),
  cityAtMs: EpochMsSchema,
  speed: Type.Number({ minimum: 0.01, maximum: 1_000 }),
})
export type ClockLine = Type.Static<typeof ClockLine>
/** GET /demo/clock: the line in force and, during a change, the next one. SSE `/demo/clock/stream` sends the same. */
export const ClockView = Type.Object({ now: ClockLine, next: Type.Union([ClockLine, Type.Null()]) })
export type ClockView = Type.Static<typeof ClockView>

/** GET /demo/outbox?to=: what would have gone out by SMS or mail. */
export const OutboxMail = Type.Object({
  to: Type.String(),
  text: Type.String(),
  code: Type.String(),
  sentAtMs: Type.Integer(),
})
export const DemoOutbox = Type.Object({ messages: Type.Array(OutboxMail) })

/** POST /demo/crew-links: a simulated crew's one-time link; the same name is the same person. */
export const CrewLinkRequest = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 60 }) },
  { additionalProperties: false },
)

/** The virtual bike panel: the city process's own API, reached through /demo/city. GET bikes?lon&lat → the nearest. */
export const VirtualBike = Type.Object({
  code: BikeCodeSchema,
  number: BikeNumberSchema,
  lon: Longitude,
  lat: Latitude,
  bolt: BoltState,
  lever: Type.Union([Type.Literal('up'), Type.Literal('down')], { description: 'down = pushed closed' }),
  antenna: Type.Boolean(),
  jammed: Type.Boolean(),
  riding: Type.Boolean(),
  batteryPercent: Type.Integer({ minimum: 0, maximum: 100 }),
  log: Type.Array(Type.Object({ atMs: EpochMsSchema, line: Type.String() }), {
    description: 'last messages, newest last',
  }),
})
export type VirtualBike = Type.Static<typeof VirtualBike>
export const VirtualBikes = Type.Object({ bikes: Type.Array(VirtualBike) })
/** POST /demo/city/bikes/{number}/act */
export const VirtualAct = Type.Union([
  Type.Object({ act: Type.Literal('push_lever') }),
  Type.Object({ act: Type.Literal('antenna'), on: Type.Boolean() }),
  Type.Object({ act: Type.Literal('jam'), on: Type.Boolean() }),
  Type.Object({ act: Type.Literal('ride'), on: Type.Boolean() }),
  Type.Object({ act: Type.Literal('reboot') }),
  /** An open bike is ridden to a place, at once. */
  Type.Object({ act: Type.Literal('take_to'), lon: Longitude, lat: Latitude }),
])
export type VirtualAct = Type.Static<typeof VirtualAct>

/**
 * POST /demo/city/bikes/{number}/radio: stands in for the phone's own short-range radio, which cannot reach a simulated lock.
 * Frames are those of contracts/no-coverage.ts, as text. `listen` waits a moment for the lock to say something.
 */
export const VirtualRadio = Type.Object(
  {
    act: Type.Union([Type.Literal('connect'), Type.Literal('say'), Type.Literal('listen'), Type.Literal('leave')]),
    link: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'of the answer to `connect`' })),
    frame: Type.Optional(Type.String({ maxLength: 512 })),
  },
  { additionalProperties: false },
)
export type VirtualRadio = Type.Static<typeof VirtualRadio>
export const VirtualRadioAnswer = Type.Object({
  link: Type.Union([Type.String({ maxLength: 40 }), Type.Null()], { description: 'null: nobody is connected' }),
  frames: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 50 }),
})
export type VirtualRadioAnswer = Type.Static<typeof VirtualRadioAnswer>

/** What the demo's people wake up to: fewer ride in the rain, fewer still in a storm; frost is hard on batteries. */
export const CityWeather = Type.Union([
  Type.Literal('fair'),
  Type.Literal('rain'),
  Type.Literal('storm'),
  Type.Literal('frost'),
])
export type CityWeather = Type.Static<typeof CityWeather>
/** How often the street's own mishaps happen: jammed bolts, dead spots, worn batteries. */
export const FaultRate = Type.Union([Type.Literal('none'), Type.Literal('usual'), Type.Literal('many')])
export type FaultRate = Type.Static<typeof FaultRate>
/** `jam`: a spoke in the bolt's way; `theft`: somebody carries a locked bike off in a car. */
export const StreetFault = Type.Union([
  Type.Literal('jam'),
  Type.Literal('dead_zone'),
  Type.Literal('flat_battery'),
  Type.Literal('reboot'),
  Type.Literal('forced'),
  Type.Literal('theft'),
])
export type StreetFault = Type.Static<typeof StreetFault>

export const CityMood = Type.Object({
  weather: CityWeather,
  faultRate: FaultRate,
  rushTillMs: Type.Union([EpochMsSchema, Type.Null()], { description: 'city time; null: no rush' }),
})
export type CityMood = Type.Static<typeof CityMood>

const CityCount = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })
/** What the city process says of itself. */
export const CityStreet = Type.Object({
  mood: CityMood,
  bikes: CityCount,
  connected: CityCount,
  riding: CityCount,
  tripsBegun: CityCount,
  vansOut: CityCount,
  bikesMoved: CityCount,
  /** Faults that were asked for, since the city started. */
  happened: Type.Record(StreetFault, CityCount),
  /** Bikes that still suffer from one of them. */
  suffering: CityCount,
})
export type CityStreet = Type.Static<typeof CityStreet>

/** GET /v1/staff/demo: the city's knobs and what it is doing; `street` is null while the city process is away. */
export const DemoDesk = Type.Object({
  cityTime: EpochMsSchema,
  speed: Type.Number({ minimum: 0.01, maximum: 1_000 }),
  wantedSpeed: Type.Number({ minimum: 0.01, maximum: 1_000, description: 'lower while a person rides' }),
  isPersonRiding: Type.Boolean(),
  street: Type.Union([CityStreet, Type.Null()]),
})
export type DemoDesk = Type.Static<typeof DemoDesk>

/** PUT /v1/staff/demo/speed: city seconds for each real one. */
export const DemoSpeed = Type.Object(
  { speed: Type.Number({ minimum: 0.5, maximum: 100 }) },
  { additionalProperties: false },
)
/** PUT /v1/staff/demo/mood: what is left out stays. `rushMinutes` of city time from now; 0 ends a rush. */
export const DemoMood = Type.Object(
  {
    weather: Type.Optional(CityWeather),
    faultRate: Type.Optional(FaultRate),
    rushMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 240 })),
  },
  { additionalProperties: false },
)
export type DemoMood = Type.Static<typeof DemoMood>
/** POST /v1/staff/demo/faults: to bikes that nobody uses, drawn at random, or to one by its number. */
export const DemoFault = Type.Object(
  {
    kind: StreetFault,
    bikes: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    number: Type.Optional(BikeNumberSchema),
  },
  { additionalProperties: false },
)
export type DemoFault = Type.Static<typeof DemoFault>
/** Whom it happened to: fewer than asked for where fewer bikes are free. */
export const DemoFaultDone = Type.Object({ numbers: Type.Array(BikeNumberSchema, { maxItems: 200 }) })
export type DemoFaultDone = Type.Static<typeof DemoFaultDone>
/** POST /v1/staff/demo/heal: every asked-for fault is put right. */
export const DemoHealed = Type.Object({ healed: CityCount })
export type DemoHealed = Type.Static<typeof DemoHealed>
