import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { LockSettings } from '../mqtt/config.ts'
import { EpochMsSchema } from '../units.ts'
import { Reason } from './bike-page.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const Version = Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: '0: as the factory made it' })
/** Every member, with the factory's value where nobody set anything. */
const WholeSettings = Type.Required(LockSettings)

/**
 * How far a configuration has come: `factory` nothing is set, `in_use` the lock says that it goes by it, `waiting` it has
 * not said so yet, `refused` it said why not, `ahead` it has a newer one than we know, `unheard` it never told.
 */
export const SettingsStanding = Type.Union([
  Type.Literal('factory'),
  Type.Literal('in_use'),
  Type.Literal('waiting'),
  Type.Literal('refused'),
  Type.Literal('ahead'),
  Type.Literal('unheard'),
])
export type SettingsStanding = Type.Static<typeof SettingsStanding>

export const SettingsChange = Type.Object({
  version: Version,
  of: Type.Union([Type.Literal('bike'), Type.Literal('fleet')]),
  settings: orNull({
    ...LockSettings,
    description: 'what is set; null: nothing of its own any more',
  } as typeof LockSettings),
  reason: Type.String(),
  by: Type.Object({ staffId: Uuid, name: Type.String() }),
  at: EpochMsSchema,
})
export type SettingsChange = Type.Static<typeof SettingsChange>

/** GET /v1/staff/bikes/{bikeId}/lock-settings */
export const BikeLockSettings = Type.Object({
  now: EpochMsSchema,
  own: orNull({ ...LockSettings, description: "this bike's own; null: none" } as typeof LockSettings),
  usual: { ...WholeSettings, description: 'what it would go by without' } as typeof WholeSettings,
  wanted: WholeSettings,
  version: Version,
  standing: SettingsStanding,
  reportedVersion: orNull(Version),
  refusal: orNull(
    Type.Object({
      version: Version,
      why: Type.Union([Type.Literal('mac'), Type.Literal('range'), Type.Literal('old')]),
      at: EpochMsSchema,
    }),
  ),
  changes: Type.Array(SettingsChange, { maxItems: 20, description: 'of this bike and of all, newest first' }),
})
export type BikeLockSettings = Type.Static<typeof BikeLockSettings>

/** PUT /v1/staff/bikes/{bikeId}/lock-settings: the whole of what is this bike's own. `basis`: the version that was looked at. */
export const NewBikeSettings = Type.Object(
  { settings: orNull(LockSettings), reason: Reason, basis: Version },
  { additionalProperties: false },
)
export type NewBikeSettings = Type.Static<typeof NewBikeSettings>

const Count = Type.Integer({ minimum: 0 })
/** GET /v1/staff/lock-settings: what is set in every lock that has nothing of its own. */
export const FleetLockSettings = Type.Object({
  settings: LockSettings,
  wanted: WholeSettings,
  version: Version,
  ownCount: { ...Count, description: 'bikes with settings of their own' } as typeof Count,
  standings: Type.Record(SettingsStanding, Count),
  changes: Type.Array(SettingsChange, { maxItems: 20, description: 'newest first' }),
})
export type FleetLockSettings = Type.Static<typeof FleetLockSettings>

/** PUT /v1/staff/lock-settings */
export const NewFleetSettings = Type.Object(
  { settings: LockSettings, reason: Reason, basis: Version },
  { additionalProperties: false },
)
export type NewFleetSettings = Type.Static<typeof NewFleetSettings>
