import { factorySettings, type LockSettings } from '../../contracts/mqtt/config.ts'

/** The configuration in use, as it lies in the journal. Version 0 is the factory's. */
export interface KeptConfig {
  readonly cv: number
  readonly set: LockSettings
}

export const factoryConfig: KeptConfig = { cv: 0, set: {} }

/** What this lock goes by now: what the operator set, and the factory's value where nothing is set. */
export const settingsOf = (state: { readonly config: { readonly kept: KeptConfig } }): Required<LockSettings> =>
  effectiveOf(state.config.kept)

/** One object for each kept configuration, however often it is asked for. */
function effectiveOf(kept: KeptConfig): Required<LockSettings> {
  if (kept.cv === 0) return factorySettings
  const known = effective.get(kept)
  if (known) return known
  const settings = { ...factorySettings, ...kept.set }
  effective.set(kept, settings)
  return settings
}

const effective = new WeakMap<KeptConfig, Required<LockSettings>>()
