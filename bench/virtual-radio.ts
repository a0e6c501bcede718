import type { VirtualClock } from '../lock-simulator/body/virtual-clock.ts'
import type { Publication } from '../lock-simulator/firmware/report-queue.ts'
import type { Radio, RadioHandlers } from '../lock-simulator/radio/radio.ts'

/** One way over a cellular network, and the commit. */
const pubackAfterMs = 150
const connectSpreadMs = 300_000
const sid = '0000000000000000'

export interface Heard {
  messages: number
  bytes: number
}

/**
 * A broker that acknowledges whatever it hears and keeps nothing: what is measured is the lock. `at`, uniform in [0, 1):
 * a fleet does not connect as one.
 */
export class AcknowledgingRadio implements Radio {
  /** Null: switched off. */
  handlers: RadioHandlers | null = null
  readonly #clock: VirtualClock
  readonly #heard: Heard
  readonly #at: number

  constructor(clock: VirtualClock, heard: Heard, at: number) {
    this.#clock = clock
    this.#heard = heard
    this.#at = at
  }

  switchOn(given: RadioHandlers): void {
    this.handlers = given
    const { nowMs, schedule } = this.#clock
    schedule(nowMs() + Math.floor(this.#at * connectSpreadMs), () => this.handlers?.connected(sid))
  }

  publish({ ref, payload }: Publication): void {
    this.#heard.messages += 1
    this.#heard.bytes += payload.length
    this.#clock.schedule(this.#clock.nowMs() + pubackAfterMs, () => this.handlers?.puback(ref))
  }

  closeConnection(): void {}
  setAntenna(): void {}
  setReconnectSpread(): void {}

  switchOff(): void {
    this.handlers = null
  }
}
