import type { RadioTechnology } from '../../contracts/mqtt/reports.ts'
import type { Random } from '../../contracts/random.ts'
import type { CellLink } from '../radio/radio.ts'
import { Cell, cable } from './cell-link.ts'
import type { Schedule } from './schedule.ts'

/** `bench`: a network that is always there at once. `field`: one that is searched for, lost and slow. */
export type ModemKind = 'bench' | 'field'
export type Coverage = 'good' | 'weak' | 'none'

export interface Network {
  readonly rat: RadioTechnology
  readonly rsrp: number
}

/** From power to the first thing that a modem does: the switches have settled by then. */
const startMs = 1_000
/** A search by technology, and its chance by coverage. LTE-M is tried first, GPRS when it is not found. */
const searches = {
  ltem: { fromMs: 800, toMs: 4_000, good: 0.97, weak: 0.5, none: 0 },
  gprs: { fromMs: 2_000, toMs: 9_000, good: 0.97, weak: 0.85, none: 0 },
} as const
const triesPerTechnology = 2
const firstPauseMs = 5_000
const longestPauseMs = 300_000
/** Back in good coverage a modem on GPRS looks for LTE-M again after this. */
const reselect = { fromMs: 60_000, toMs: 180_000 } as const
/** Signal strength, dBm. */
const signals = { good: { from: -104, to: -82 }, weak: { from: -124, to: -112 } } as const
const benchNetwork: Network = { rat: 'ltem', rsrp: -95 }

export interface Modem {
  readonly link: CellLink
  /** Searches, until it is registered; then `onNetwork`, and `onReach(true)`. */
  switchOn(): void
  switchOff(): void
  setCoverage(coverage: Coverage): void
  /** The bike has moved: each cell is some hundred metres. */
  moved(metres: number): void
}

export interface ModemSurroundings {
  readonly nowMs: () => number
  readonly schedule: Schedule
  onNetwork(network: Network): void
  /** Whether anything gets through: false with the coverage, true with each registration. */
  onReach(isReached: boolean): void
}

export const createModem = (kind: ModemKind, random: Random, around: ModemSurroundings): Modem =>
  new CellularModem(kind, random, around)

/** A class, because a process holds a hundred thousand. */
class CellularModem implements Modem {
  readonly link: Cell
  readonly #around: ModemSurroundings
  readonly #random: Random
  readonly #isField: boolean
  #coverage: Coverage = 'good'
  #isOn = false
  #registered: Network | null = null
  #failures = 0
  #cancel: (() => void) | null = null

  constructor(kind: ModemKind, random: Random, around: ModemSurroundings) {
    this.#around = around
    this.#random = random
    this.#isField = kind === 'field'
    this.link = this.#isField ? new Cell(random, around.nowMs) : cable
  }

  switchOn(): void {
    if (this.#isOn) return
    this.#isOn = true
    this.#later(startMs, () => (this.#isField ? this.#search() : this.#registerOnBench()))
  }

  switchOff(): void {
    this.#isOn = false
    this.#registered = null
    this.#failures = 0
    this.#stopWaiting()
  }

  setCoverage(coverage: Coverage): void {
    if (coverage === this.#coverage) return
    this.#coverage = coverage
    if (this.#isOn) this.#coverageChanged()
  }

  moved(metres: number): void {
    if (this.#isField && this.#registered !== null) this.link.moved(metres)
  }

  #coverageChanged(): void {
    if (this.#coverage === 'none') {
      this.#lose()
      if (this.#isField) this.#search()
    } else if (this.#registered !== null) {
      const fallsBack = this.#coverage === 'weak' && this.#isField && this.#random.chance(0.5)
      this.#register(fallsBack ? 'gprs' : this.#registered.rat)
    } else if (!this.#isField) {
      this.#registerOnBench()
    } else if (this.#cancel === null) {
      // A modem in its pause does not know that there is a network again.
      this.#search()
    }
  }

  /** Tries in turn: twice the one technology, twice the other, and a longer pause after each. */
  #search(): void {
    const random = this.#random
    const rat: RadioTechnology = Math.floor(this.#failures / triesPerTechnology) % 2 === 0 ? 'ltem' : 'gprs'
    const { fromMs, toMs } = searches[rat]
    this.#later(random.integer(fromMs, toMs), () => {
      if (random.chance(searches[rat][this.#coverage])) {
        this.#register(rat)
        return
      }
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures, 10))
      this.#failures++
      this.#later(random.integer(pauseMs >> 1, pauseMs), () => this.#search())
    })
  }

  #register(rat: RadioTechnology): void {
    const isWeak = this.#coverage === 'weak'
    const signal = isWeak ? signals.weak : signals.good
    this.#stopWaiting()
    this.#registered = this.#isField ? { rat, rsrp: this.#random.integer(signal.from, signal.to) } : benchNetwork
    this.#failures = 0
    if (this.#isField) this.link.use(rat, isWeak)
    this.#around.onNetwork(this.#registered)
    this.#around.onReach(true)
    if (rat === 'gprs' && !isWeak) this.#reselectLater()
  }

  #registerOnBench(): void {
    if (this.#coverage !== 'none') this.#register('ltem')
  }

  #reselectLater(): void {
    const random = this.#random
    this.#later(random.integer(reselect.fromMs, reselect.toMs), () => {
      this.link.pause(random.integer(searches.ltem.fromMs, searches.ltem.toMs))
      this.#register('ltem')
    })
  }

  #lose(): void {
    this.#stopWaiting()
    if (this.#registered === null) return
    this.#registered = null
    this.#around.onReach(false)
  }

  #later(delayMs: number, act: () => void): void {
    const { nowMs, schedule } = this.#around
    this.#cancel?.()
    this.#cancel = schedule(nowMs() + delayMs, () => {
      this.#cancel = null
      act()
    })
  }

  #stopWaiting(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
