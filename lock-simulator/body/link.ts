import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import type { Random } from '../../contracts/random.ts'
import type { Publication } from '../firmware/report-queue.ts'
import type { Radio } from '../radio/radio.ts'
import type { Chip } from './chip.ts'
import type { LockMessage } from './lock.ts'
import { type Coverage, createModem, type ModemKind } from './modem.ts'
import type { Schedule } from './schedule.ts'

export interface LinkSettings {
  readonly radio: Radio
  readonly random: Random
  readonly modem: ModemKind
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
  /** What a street does to it. */
  readonly acts: {
    setAntenna(isOn: boolean): void
    setCoverage(coverage: Coverage): void
    refuseSim(isRefused: boolean): void
  }
  moved(metres: number): void
  /** No power for the modem. */
  stop(): void
}

export function createLink({
  radio,
  random,
  modem: kind,
  nowMs,
  schedule,
  chip,
  beforeCommand,
  onMessage,
}: LinkSettings): Link {
  let isConnected = false
  /** Each must be so for anything to get through. */
  const reach = { hasAntenna: true, isRegistered: true, isSimTaken: true }
  let isReached = true
  const modem = createModem({
    // The bench's leaves nothing to chance, and a stream of its own is memory.
    ...{ kind, random: kind === 'field' ? random.split('modem') : random, nowMs, schedule },
    onNetwork: (network) => chip().feed({ kind: 'network', ...network }),
    onReach: (isRegistered) => {
      reach.isRegistered = isRegistered
      tellReach()
      if (isRegistered && !isSwitchedOn) {
        isSwitchedOn = true
        radio.switchOn(handlers)
      }
    },
  })
  radio.setLink?.(modem.link)
  let isSwitchedOn = false

  function tellReach(): void {
    const next = reach.hasAntenna && reach.isRegistered && reach.isSimTaken
    if (next === isReached) return
    isReached = next
    radio.setAntenna(next)
  }

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
    isSwitchedOn = false
    modem.switchOff()
    radio.switchOff()
  }

  return {
    switchModem: (isOn) => {
      if (isOn) modem.switchOn()
      else stop()
    },
    publish: (publication) => {
      log('up', publication.channel, publication.payload)
      radio.publish(publication)
    },
    isConnected: () => isConnected,
    acts: {
      setAntenna: (isOn) => {
        reach.hasAntenna = isOn
        tellReach()
      },
      setCoverage: (coverage) => modem.setCoverage(coverage),
      refuseSim: (isRefused) => {
        reach.isSimTaken = !isRefused
        tellReach()
        chip().feed({ kind: 'registration', isRefused })
      },
    },
    moved: (metres) => modem.moved(metres),
    stop,
  }
}
