import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import type { Publication } from '../firmware/report-queue.ts'
import type { Radio } from '../radio/radio.ts'
import type { Chip } from './chip.ts'
import type { LockMessage } from './lock.ts'
import type { Schedule } from './schedule.ts'

/** From the first instruction to a modem that registers: the switches have settled by then. */
const modemStartMs = 1_000

export interface LinkSettings {
  readonly radio: Radio
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly chip: () => Chip
  /** Reads what a command may hang on into the chip. */
  readonly beforeCommand: () => void
  readonly onMessage: { tell(message: LockMessage): void; count(): number }
}

/** The wires between chip and modem. */
export interface Link {
  switchModem(isOn: boolean): void
  publish(publication: Publication): void
  isConnected(): boolean
  /** No power for the modem. */
  stop(): void
}

export function createLink({ radio, nowMs, schedule, chip, beforeCommand, onMessage }: LinkSettings): Link {
  let isConnected = false
  let cancelStart: (() => void) | null = null

  const handlers = {
    connected: (sid: string) => {
      isConnected = true
      chip().feed({ kind: 'connected', sid })
    },
    disconnected: () => {
      isConnected = false
      chip().feed({ kind: 'disconnected' })
    },
    message: (channel: DownlinkKind, payload: Uint8Array) => {
      log('down', channel, payload)
      if (channel === 'cmd') beforeCommand()
      chip().feed({ kind: 'message', channel, payload })
    },
    puback: (ref: number) => chip().feed({ kind: 'puback', ref }),
  }

  function log(direction: 'up' | 'down', channel: LockMessage['channel'], payload: string | Uint8Array): void {
    if (onMessage.count() === 0) return
    const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload)
    onMessage.tell({ direction, atMs: nowMs(), channel, payload: text })
  }

  function stop(): void {
    isConnected = false
    cancelStart?.()
    cancelStart = null
    radio.switchOff()
  }

  return {
    switchModem: (isOn) => {
      if (!isOn) {
        stop()
        return
      }
      cancelStart?.()
      cancelStart = schedule(nowMs() + modemStartMs, () => radio.switchOn(handlers))
    },
    publish: (publication) => {
      log('up', publication.channel, publication.payload)
      radio.publish(publication)
    },
    isConnected: () => isConnected,
    stop,
  }
}
