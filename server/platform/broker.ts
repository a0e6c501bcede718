import type { LockId } from '../../contracts/ids.ts'
import type { ParsedTopic } from '../../contracts/mqtt/topics.ts'

/** One message of a lock, as the broker received it. `topic` belongs to the lock that sent it: the broker checked. */
export interface Uplink {
  readonly lockId: LockId
  readonly topic: ParsedTopic
  readonly payload: Uint8Array
}

/**
 * What takes a lock's messages in. `done` must be called exactly once, after the commit: the PUBACK waits for it.
 * 'refused' = unreadable: acknowledged, counted and dropped, so that the lock does not send it for ever.
 */
export type UplinkSink = (uplink: Uplink, done: (outcome: 'stored' | 'refused') => void) => void

/** Everything that rooms may do with a broker: aedes in this process today, an external one later. */
export interface LockBroker {
  /** QoS 1. Resolves when the broker has it; says nothing about the lock. */
  publish(topic: string, payload: string, options?: { readonly retain?: boolean }): Promise<void>
  /** Whether a connection of this lock is open: a hint, never a gate. */
  isConnected(lockId: LockId): boolean
  connectedCount(): number
  /**
   * Lets a lock with a full outbox send so many messages at once, beyond its rate.
   * @returns how many it may: 0 when it was granted some a moment ago
   */
  grant(lockId: LockId, messages: number): number
  /** Closes the lock's connection, if there is one. */
  kick(lockId: LockId): void
  close(): Promise<void>
}
