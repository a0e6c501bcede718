import type { ProvisionedBike } from '../../contracts/http/staff.ts'
import type { BackOffLimits } from '../radio/back-off.ts'

/** What a lock is given by its factory. */
export type CrowdLock = Pick<ProvisionedBike, 'lockId' | 'mqttPassword' | 'commandKeyHex' | 'keyVersion'> & {
  readonly lon: number
  readonly lat: number
}

/** Asked of a process of locks; each is answered by news of the same kind, where there is one. */
export type CrowdOrder =
  | {
      readonly kind: 'connect'
      readonly locks: readonly CrowdLock[]
      readonly url: string
      readonly seed: string
      /** Source address of its sockets; null: the machine's choice. */
      readonly localAddress: string | null
      /** PEM of who has signed the broker's certificate; null: the machine's own list. */
      readonly ca: string | null
      readonly rampMs: number
      /** Null: that of the field. */
      readonly backOff: BackOffLimits | null
      /** Remember what was acknowledged, to be written by `write`. */
      readonly remembers: boolean
    }
  | { readonly kind: 'count' }
  /** Pushes the lever of a lock: closes it when it is open. */
  | { readonly kind: 'lever'; readonly lockId: string }
  /** Forces these locks open, closes them again a moment later, and so on: two events each time. */
  | { readonly kind: 'rattle'; readonly lockIds: readonly string[]; readonly everyMs: number }
  /** Rolls these about: a new place every few seconds. */
  | { readonly kind: 'wander'; readonly lockIds: readonly string[]; readonly everyMs: number }
  | { readonly kind: 'still' }
  /** Every acknowledged record as a line `lock boot sequence channel` into a file. */
  | { readonly kind: 'write'; readonly path: string }

export interface CrowdCount {
  readonly locks: number
  readonly connected: number
  /** Whose hello of the connection that is open now the platform has stored. */
  readonly heard: number
  readonly everHeard: number
  readonly lostConnections: number
  readonly refused: number
  readonly messagesStored: number
  readonly waitingEvents: number
  /** Commands for which the motor started, and how many of them it started for again. */
  readonly obeyed: number
  readonly obeyedTwice: number
  readonly rssBytes: number
}

/** Moments are milliseconds since 1970 by the finest clock, the same in every process of one machine. */
export type CrowdNews =
  | { readonly kind: 'count'; readonly count: CrowdCount }
  | { readonly kind: 'asked'; readonly lockId: string; readonly commandId: string; readonly atMs: number }
  /** The lock has carried the command out and the platform has stored its word of it. */
  | {
      readonly kind: 'answered'
      readonly lockId: string
      readonly commandId: string
      readonly isDone: boolean
      readonly atMs: number
    }
  | { readonly kind: 'write'; readonly records: number }
