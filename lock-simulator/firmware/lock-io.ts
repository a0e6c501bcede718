import type { RadioTechnology, ResetReason } from '../../contracts/mqtt/reports.ts'
import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import type { Switches } from './bolt-machine.ts'
import type { Nvm, NvmWrite } from './journal.ts'
import type { Publication } from './report-queue.ts'
import type { Battery, Charge, Fix } from './telemetry.ts'

/** Everything that can reach the chip. */
export type LockInput =
  | {
      readonly kind: 'power-on'
      readonly bootReason: ResetReason
      readonly nvm: Nvm
      /** The battery-backed clock, unix ms; null or missing: it has lost its time. */
      readonly rtcMs?: number | null
    }
  /** The radio has a connection and its subscription; `sid` is the nonce that its will carries too. */
  | { readonly kind: 'connected'; readonly sid: string }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'message'; readonly channel: DownlinkKind; readonly payload: Uint8Array }
  | { readonly kind: 'puback'; readonly ref: number }
  | { readonly kind: 'switches'; readonly switches: Switches }
  /** Null: the receiver looked and found none. `isJammed`: what it heard instead was noise. */
  | { readonly kind: 'fix'; readonly fix: Fix | null; readonly isJammed?: boolean }
  | { readonly kind: 'battery'; readonly battery: Battery }
  | ({ readonly kind: 'charge' } & Charge)
  | { readonly kind: 'puback-timeout'; readonly pubackTimeoutMs: number }
  /** Accelerometer and dynamo, read before a command and when they change while the motor closes; null: no answer. */
  | { readonly kind: 'wheel'; readonly speedMps: number | null }
  /** What became of `check-parts`. */
  | { readonly kind: 'parts'; readonly imu: boolean; readonly flash: boolean; readonly gnss: boolean }
  /** The accelerometer: the strongest of the last moment, 0 when at rest; the tilt from upright. Silent while it is open. */
  | { readonly kind: 'motion'; readonly peakMg: number; readonly tiltDeg: number }
  | { readonly kind: 'shell'; readonly isOpen: boolean }
  | { readonly kind: 'cable'; readonly isConnected: boolean }
  /** The network refuses this SIM, or takes it again. */
  | { readonly kind: 'registration'; readonly isRefused: boolean }
  /** A phone has connected, with 128 fresh random bits as base64url, or is gone. */
  | { readonly kind: 'ble-link'; readonly isOpen: true; readonly nonce: string }
  | { readonly kind: 'ble-link'; readonly isOpen: false }
  /** A whole frame of the phone that is connected. */
  | { readonly kind: 'ble'; readonly bytes: Uint8Array }
  /** Registered: by which technology, and how strong its signal is, dBm. */
  | { readonly kind: 'network'; readonly rat: RadioTechnology; readonly rsrp: number }
  | { readonly kind: 'tick' }

/** Everything that the chip can ask of its body. Carried out in the order given: that order is part of the safety. */
export type LockEffect =
  | ({ readonly kind: 'publish' } & Publication)
  | {
      readonly kind: 'motor'
      readonly drive: 'open' | 'close'
      readonly attempt: number
      readonly commandId: string | null
    }
  | { readonly kind: 'motor'; readonly drive: 'stop' }
  | { readonly kind: 'nvm-write'; readonly write: NvmWrite }
  /** Write a spare cell of the flash and read it back, ask accelerometer and receiver for a sign of life. */
  | { readonly kind: 'check-parts' }
  | { readonly kind: 'close-connection' }
  | { readonly kind: 'beep'; readonly pattern: 'ok' | 'warn' }
  /** To the phone that is connected; lost when none is. */
  | { readonly kind: 'ble-send'; readonly bytes: Uint8Array }
  | { readonly kind: 'ble-close' }
  /** How often the receiver solves; null: it is off. Rarer than a minute it sleeps in between. */
  | { readonly kind: 'gnss'; readonly everyMs: number | null }
  | { readonly kind: 'modem'; readonly isOn: boolean }
  /** Take a fresh fix soon, even if the bike has not moved. */
  | { readonly kind: 'locate' }
  /** Spread the next reconnection over at least this many seconds. */
  | { readonly kind: 'reconnect-spread'; readonly seconds: number }
  /** Replaces the previous wish; null: no tick needed. */
  | { readonly kind: 'wake-at'; readonly uptimeMs: number | null }
  | { readonly kind: 'reboot' }
