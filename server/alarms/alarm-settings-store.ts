import Value from 'typebox/value'
import { AlarmSettings } from '../../contracts/http/alarms.ts'
import type { Refusal } from '../../contracts/refusals.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { checkAlarmSettings, usualAlarmSettings } from './core/alarm-settings.ts'
import { insertSettings, newestSettings } from './watch-store.ts'

/** From when on rules raise an alarm, in memory: every look at the fleet asks for them. */
export interface AlarmSettingsStore {
  now(): AlarmSettings
  write(settings: AlarmSettings, staffId: string): Promise<AlarmSettings | Refusal>
  /** Reads them back: at the start, and what another process wrote. */
  readBack(): Promise<void>
}

export function createAlarmSettings(deps: { readonly db: Queryable; readonly clock: Clock }): AlarmSettingsStore {
  let settings = usualAlarmSettings
  return {
    now: () => settings,
    write: async (wanted, staffId) => {
      const refusal = checkAlarmSettings(wanted)
      if (refusal !== null) return refusal
      await insertSettings(deps.db, wanted, staffId, new Date(deps.clock.realNowMs()))
      settings = wanted
      return wanted
    },
    readBack: async () => {
      // A threshold that came with a newer version has its usual value.
      const kept = { ...usualAlarmSettings, ...((await newestSettings(deps.db)) as object | null) }
      settings = Value.Check(AlarmSettings, kept) ? kept : usualAlarmSettings
    },
  }
}
