import { decodeConfig } from '../../contracts/mqtt/codec.ts'
import { configToSign, type DesiredConfig } from '../../contracts/mqtt/config.ts'
import { isSameMac, macOf } from './command-mac.ts'
import type { KeptConfig } from './config-store.ts'

/** Refusals that are told in one boot: a hostile sender cannot fill the lane of events. */
const mostRefusalsTold = 8
const utf8 = new TextDecoder()
const highestVersion = 4_294_967_295

export interface ConfigState {
  readonly kept: KeptConfig
  /** Refusals that were told since boot, as `version why`: a retained message comes with each connection. */
  readonly told: readonly string[]
}

export type ConfigVerdict =
  /** Unreadable, in use already, or refused before. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'refuse'; readonly cv: number; readonly why: 'mac' | 'range' | 'old' }
  /** Write it down, then say so. */
  | { readonly kind: 'take'; readonly config: KeptConfig }

export interface ConfigKeys {
  readonly lockId: string
  readonly commandKeys: ReadonlyMap<number, Uint8Array>
}

export const configAtBoot = (kept: KeptConfig): ConfigState => ({ kept, told: [] })

/**
 * One desired configuration against every check: form, signature, version, range. One that is signed and yet does not
 * fit is refused by name, so that who made it hears of it; one that is not signed changes nothing but a counter of eight.
 */
export function judgeConfig(
  state: ConfigState,
  keys: ConfigKeys,
  payload: Uint8Array,
): { readonly state: ConfigState; readonly verdict: ConfigVerdict } {
  const decoded = decodeConfig(payload)
  const wanted = decoded.ok ? decoded.value : signedParts(payload)
  if (wanted === null) return { state, verdict: { kind: 'silent' } }
  const { cv, set } = wanted
  if (!isAuthentic(keys, wanted)) return refuse(state, cv, 'mac')
  if (cv === state.kept.cv) return { state, verdict: { kind: 'silent' } }
  if (cv < state.kept.cv) return refuse(state, cv, 'old')
  if (!decoded.ok) return refuse(state, cv, 'range')
  const config = { cv, set }
  return { state: { kept: config, told: state.told }, verdict: { kind: 'take', config } }
}

function refuse(state: ConfigState, cv: number, why: 'mac' | 'range' | 'old') {
  const line = `${cv} ${why}`
  // Each kind for itself: what is not signed must not silence what is.
  const sameKind = state.told.filter((told) => told.endsWith(` ${why}`)).length
  if (state.told.includes(line) || sameKind >= mostRefusalsTold) {
    return { state, verdict: { kind: 'silent' as const } }
  }
  return { state: { ...state, told: [...state.told, line] }, verdict: { kind: 'refuse' as const, cv, why } }
}

function isAuthentic(keys: ConfigKeys, { cv, set, kv, m }: Omit<DesiredConfig, 'v'>): boolean {
  const key = keys.commandKeys.get(kv)
  return key !== undefined && isSameMac(m, macOf(key, configToSign(keys.lockId, { cv, set })))
}

/** What can be checked of a configuration that this firmware cannot read as a whole: newer settings, other ranges. */
function signedParts(payload: Uint8Array): Omit<DesiredConfig, 'v'> | null {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(payload))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { cv, set, kv, m } = value as Record<string, unknown>
  const isVersion = typeof cv === 'number' && Number.isInteger(cv) && cv >= 0 && cv <= highestVersion
  if (!isVersion || typeof kv !== 'number' || typeof m !== 'string') return null
  if (typeof set !== 'object' || set === null || Array.isArray(set)) return null
  return { cv, set: set as DesiredConfig['set'], kv, m }
}
