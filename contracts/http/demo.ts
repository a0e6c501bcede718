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
])
export type VirtualAct = Type.Static<typeof VirtualAct>
