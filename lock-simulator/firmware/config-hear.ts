import { judgeConfig } from './config-gate.ts'
import type { LockEffect } from './lock-io.ts'
import type { LockState } from './lock-state.ts'
import { persist, record } from './speak.ts'

/** A desired configuration from the server: judged, written down, used from then on, and told, in this order. */
export function onConfig(state: LockState, payload: Uint8Array, uptimeMs: number, out: LockEffect[]): void {
  const { state: config, verdict } = judgeConfig(state.config, state.identity, payload)
  state.config = config
  switch (verdict.kind) {
    case 'silent':
      break
    case 'refuse': {
      const { cv, why } = verdict
      record(state, uptimeMs, out, (header) => ({ ...header, k: 'cfg', cv, ok: 0, why }))
      break
    }
    case 'take':
      persist(state, out)
      record(state, uptimeMs, out, (header) => ({ ...header, k: 'cfg', cv: verdict.config.cv, ok: 1 }))
  }
}
