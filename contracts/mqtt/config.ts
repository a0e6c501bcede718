import { Type } from 'typebox'
import { ConfigVersion, protocolVersion } from './reports.ts'
import { factoryValues, settingRanges } from './setting-ranges.ts'

/**
 * What can be set in a lock, each with its range and its factory value (lock-protocol.md, 2.3 and 2.5). A missing member
 * means the factory value, not the value of an earlier version: a configuration is whole.
 */
export const LockSettings = Type.Object(
  {
    park_s: Type.Optional(Type.Integer({ ...settingRanges.park_s, description: 'heartbeat parked, s' })),
    ride_s: Type.Optional(Type.Integer({ ...settingRanges.ride_s, description: 'heartbeat riding, s' })),
    wake_mg: Type.Optional(Type.Integer({ ...settingRanges.wake_mg, description: 'movement that wakes it, mg' })),
    chase_m: Type.Optional(Type.Integer({ ...settingRanges.chase_m, description: 'moved this far: a theft, m' })),
    beep: Type.Optional(Type.Integer({ ...settingRanges.beep, description: '0 = silent when shaken' })),
    guard: Type.Optional(Type.Integer({ ...settingRanges.guard, description: '0 = no move alarms (a workshop)' })),
  },
  { additionalProperties: false },
)
export type LockSettings = Type.Static<typeof LockSettings>

export const factorySettings: Required<LockSettings> = factoryValues

/**
 * `dn/{id}/cfg`, retained: the whole desired configuration. A lock takes a higher version than its own, and answers with
 * `evt` `k: cfg`; its hello tells the version in use. Signed, because a silenced lock is a stolen one.
 */
export const DesiredConfig = Type.Object({
  v: Type.Literal(protocolVersion),
  cv: { ...ConfigVersion, description: 'version of this configuration, counts up' } as typeof ConfigVersion,
  set: LockSettings,
  kv: Type.Integer({ minimum: 0, maximum: 255 }),
  m: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$', description: 'first 16 bytes of the HMAC, base64url' }),
})
export type DesiredConfig = Type.Static<typeof DesiredConfig>

/** The text under a configuration's HMAC: four lines, as `commandToSign`. */
export function configToSign(lockId: string, { cv, set }: Pick<DesiredConfig, 'cv' | 'set'>): string {
  const members = Object.entries(set).sort(([a], [b]) => (a < b ? -1 : 1))
  return ['bss1/cfg', lockId, cv, JSON.stringify(Object.fromEntries(members))].join('\n')
}
