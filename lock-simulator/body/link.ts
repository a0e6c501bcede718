import type { DownlinkKind } from '../../contracts/mqtt/topics.ts'
import type { Random } from '../../contracts/random.ts'
import type { Publication } from '../firmware/report-queue.ts'
import type { Radio, RadioHandlers } from '../radio/radio.ts'
import type { Chip } from './chip.ts'
import type { LockMessage } from './lock.ts'
import {
  type Coverage,
  createModem,
  type Modem,
  type ModemKind,
  type ModemSurroundings,
  type Network,
} from './modem.ts'
import type { Schedule } from './schedule.ts'

export interface LinkSettings {
  readonly radio: Radio
  readonly random: Random
  readonly modem: ModemKind
}

export interface LinkSurroundings {
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly chip: Chip
  /** Reads what a command may hang on into the chip. */
  beforeCommand(): void
  /** Somebody listens to `onMessage`. */
  isHeard(): boolean
  onMessage(message: LockMessage): void
}

/** The wires between chip and modem. */
export interface Link {
  switchModem(isOn: boolean): void
  publish(publication: Publication): void
  isConnected(): boolean
  setAntenna(isOn: boolean): void
  setCoverage(coverage: Coverage): void
  refuseSim(isRefused: boolean): void
  moved(metres: number): void
  /** No power for the modem. */
  stop(): void
}

export const createLink = (settings: LinkSettings, around: LinkSurroundings): Link => new ModemLink(settings, around)

/** A class, because a process holds a hundred thousand. */
class ModemLink implements Link, RadioHandlers, ModemSurroundings {
  readonly #radio: Radio
  readonly #around: LinkSurroundings
  readonly #modem: Modem
  #isConnected = false
  /** Each must be so for anything to get through. */
  #hasAntenna = true
  #isRegistered = true
  #isSimTaken = true
  #isReached = true
  #isSwitchedOn = false

  constructor({ radio, random, modem }: LinkSettings, around: LinkSurroundings) {
    this.#radio = radio
    this.#around = around
    // The bench's leaves nothing to chance, and a stream of its own is memory.
    this.#modem = createModem(modem, modem === 'field' ? random.split('modem') : random, this)
    radio.setLink?.(this.#modem.link)
  }

  switchModem(isOn: boolean): void {
    if (isOn) this.#modem.switchOn()
    else this.stop()
  }

  publish(publication: Publication): void {
    this.#log('up', publication.channel, publication.payload)
    this.#radio.publish(publication)
  }

  isConnected(): boolean {
    return this.#isConnected
  }

  setAntenna(isOn: boolean): void {
    this.#hasAntenna = isOn
    this.#tellReach()
  }

  setCoverage(coverage: Coverage): void {
    this.#modem.setCoverage(coverage)
  }

  refuseSim(isRefused: boolean): void {
    this.#isSimTaken = !isRefused
    this.#tellReach()
    this.#around.chip.feed({ kind: 'registration', isRefused })
  }

  moved(metres: number): void {
    this.#modem.moved(metres)
  }

  stop(): void {
    this.#isConnected = false
    this.#isSwitchedOn = false
    this.#modem.switchOff()
    this.#radio.switchOff()
  }

  connected(sid: string): void {
    this.#isConnected = true
    this.#around.chip.feed({ kind: 'connected', sid })
  }

  disconnected(): void {
    this.#isConnected = false
    this.#around.chip.feed({ kind: 'disconnected' })
  }

  message(channel: DownlinkKind, payload: Uint8Array): void {
    this.#log('down', channel, payload)
    if (channel === 'cmd') this.#around.beforeCommand()
    this.#around.chip.feed({ kind: 'message', channel, payload })
  }

  puback(ref: number): void {
    this.#around.chip.feed({ kind: 'puback', ref })
  }

  get nowMs(): () => number {
    return this.#around.nowMs
  }

  get schedule(): Schedule {
    return this.#around.schedule
  }

  onNetwork(network: Network): void {
    this.#around.chip.feed({ kind: 'network', ...network })
  }

  onReach(isRegistered: boolean): void {
    this.#isRegistered = isRegistered
    this.#tellReach()
    if (isRegistered && !this.#isSwitchedOn) {
      this.#isSwitchedOn = true
      this.#radio.switchOn(this)
    }
  }

  #tellReach(): void {
    const next = this.#hasAntenna && this.#isRegistered && this.#isSimTaken
    if (next === this.#isReached) return
    this.#isReached = next
    this.#radio.setAntenna(next)
  }

  #log(direction: 'up' | 'down', channel: LockMessage['channel'], payload: string | Uint8Array): void {
    if (!this.#around.isHeard()) return
    const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload)
    this.#around.onMessage({ direction, atMs: this.#around.nowMs(), channel, payload: text })
  }
}
