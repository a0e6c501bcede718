import type { SettingsStanding } from '../../../contracts/http/lock-settings.ts'
import { factorySettings, type LockSettings } from '../../../contracts/mqtt/config.ts'

/** One decision on what is set: in all locks, or in one. */
export interface Decided {
  readonly version: number
  /** Only what is set; null: nothing of its own any more. */
  readonly settings: LockSettings | null
}

export interface WantedSettings {
  /** 0: nobody set anything. */
  readonly version: number
  /** Only what is set, of all and of this one: what is sent. */
  readonly set: LockSettings
  /** With the factory's value for all else. */
  readonly whole: Required<LockSettings>
}

/** What a lock should go by. The later of the two decisions gives the version: it rises with either. */
export function wantedSettings(ofAll: Decided | null, ofOne: Decided | null): WantedSettings {
  const set = { ...ofAll?.settings, ...ofOne?.settings }
  return {
    version: Math.max(ofAll?.version ?? 0, ofOne?.version ?? 0),
    set,
    whole: { ...factorySettings, ...set },
  }
}

/** What a lock has told of its configuration; null: nothing, its firmware may know of none. */
export interface ReportedConfig {
  readonly configVersion: number | null
  readonly configRefusal: { readonly version: number } | null
}

export function standingOf(version: number, { configVersion, configRefusal }: ReportedConfig): SettingsStanding {
  if (version === 0 && (configVersion ?? 0) === 0) return 'factory'
  if (configVersion === null) return 'unheard'
  if (configVersion === version) return 'in_use'
  if (configVersion > version) return 'ahead'
  return configRefusal?.version === version ? 'refused' : 'waiting'
}

/** The number of the next decision: never one that was used, and of the present after a database came back from a copy. */
export const nextVersion = (highest: number, realNowMs: number): number =>
  Math.max(highest + 1, Math.floor(realNowMs / 1_000))
