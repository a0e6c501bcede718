import type { LockId } from '../../contracts/ids.ts'
import { type DownlinkKind, downlinkTopic, presenceTopic, uplinkTopic } from '../../contracts/mqtt/topics.ts'
import type { Publication, PublishKind } from '../firmware/report-queue.ts'

/** What the radio tells the chip. */
export interface RadioHandlers {
  /** Connected and subscribed; `sid` is the nonce of this session, which the will carries. */
  connected(sid: string): void
  disconnected(): void
  message(channel: DownlinkKind, payload: Uint8Array): void
  puback(ref: number): void
}

/** The cellular network under a session, as the lock's own modem has it at this moment. */
export interface CellLink {
  /** A new connection: the carrier remembers it from now on. */
  connected(): void
  /** How long so many bytes take one way, ms; null: the network has forgotten this connection, and tells nobody. */
  carryMs(bytes: number): number | null
}

/** A modem with an MQTT session: a real one (`mqtt-radio.ts`) or one of the simulated air (`air.ts`). */
export interface Radio {
  /** Connects, and keeps reconnecting with back-off until `switchOff`. */
  switchOn(handlers: RadioHandlers): void
  /** Lost when there is no connection: the firmware's outbox sends it again. */
  publish(publication: Publication): void
  /** Gives this connection up and makes a new one. */
  closeConnection(): void
  /** Off: nothing gets through in either direction, and neither side is told. */
  setAntenna(isOn: boolean): void
  /** What the messages go through, where the network is simulated too. */
  setLink?(link: CellLink): void
  /** The next reconnection happens at a random moment within at least this many seconds. */
  setReconnectSpread(seconds: number): void
  /** Power gone: no good-bye, so the broker publishes the will. */
  switchOff(): void
}

const downlinkKinds: readonly DownlinkKind[] = ['cmd', 'sync', 'cfg', 'fw']

export const topicOf = (lockId: LockId, channel: PublishKind): string =>
  channel === 'presence' ? presenceTopic(lockId) : uplinkTopic(lockId, channel)

/** Which of this lock's downlinks the topic is; null when it is none of them. */
export const downlinkOf = (lockId: LockId, topic: string): DownlinkKind | null =>
  downlinkKinds.find((kind) => downlinkTopic(lockId, kind) === topic) ?? null
