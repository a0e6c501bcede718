import type { ResetReason } from '../../contracts/mqtt/reports.ts'
import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import type { Switches } from './bolt-machine.ts'
import type { Nvm, NvmWrite } from './journal.ts'
import type { Publication } from './report-queue.ts'
import type { Battery, Fix } from './telemetry.ts'

/** Everything that can reach the chip. */
export type LockInput =
  | { readonly kind: 'power-on'; readonly bootReason: ResetReason; readonly nvm: Nvm }
  /** The radio has a connection and its subscription; `sid` is the nonce that its will carries too. */
  | { readonly kind: 'connected'; readonly sid: string }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'message'; readonly channel: DownlinkKind; readonly payload: Uint8Array }
  | { readonly kind: 'puback'; readonly ref: number }
  | { readonly kind: 'switches'; readonly switches: Switches }
  | { readonly kind: 'fix'; readonly fix: Fix }
  | { readonly kind: 'battery'; readonly battery: Battery }
  | { readonly kind: 'puback-timeout'; readonly pubackTimeoutMs: number }
  | { readonly kind: 'tick' }

/** Everything that the chip can ask of its body. Carried out in the order given: that order is part of the safety. */
export type LockEffect =
  | ({ readonly kind: 'publish' } & Publication)
  | { readonly kind: 'motor'; readonly drive: 'open'; readonly attempt: number; readonly commandId: string | null }
  | { readonly kind: 'motor'; readonly drive: 'stop' }
  | { readonly kind: 'nvm-write'; readonly write: NvmWrite }
  | { readonly kind: 'close-connection' }
  | { readonly kind: 'beep' }
  /** Take a fresh fix soon, even if the bike has not moved. */
  | { readonly kind: 'locate' }
  /** Spread the next reconnection over at least this many seconds. */
  | { readonly kind: 'reconnect-spread'; readonly seconds: number }
  /** Replaces the previous wish; null: no tick needed. */
  | { readonly kind: 'wake-at'; readonly uptimeMs: number | null }
  | { readonly kind: 'reboot' }
