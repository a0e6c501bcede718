import type { RadioTechnology } from '../../contracts/mqtt/reports.ts'
import { type Random, seededRandom } from '../../contracts/random.ts'
import type { CellLink } from '../radio/radio.ts'

/**
 * One way through the network: `medianMs` and the spread of a log-normal latency, in sixteenths of an octave per sigma
 * (LTE-M 0.2 to 1 s, GPRS 1 to 7 s within two sigma); the bandwidth, and how much may leave at once.
 */
const technologies = {
  ltem: { medianMs: 450, spread: 9, bytesPerS: 30_000, burstBytes: 16_000 },
  gprs: { medianMs: 2_600, spread: 11, bytesPerS: 3_000, burstBytes: 4_000 },
} as const
/** The carrier's address translation forgets a silent connection after this. */
const nat = { fromMs: 300_000, toMs: 1_800_000 } as const
/** With a weak signal this share of messages finds the connection lost, and neither end is told. */
const weakLoss = 0.01
/** A cell's width on the way, metres, and how long nothing passes when it is left; one in twenty goes wrong. */
const cell = { fromM: 400, toM: 1_600 } as const
const handover = { fromMs: 200, toMs: 4_000 } as const
const badHandover = { fromMs: 8_000, toMs: 25_000 } as const
const badHandovers = 0.05

/** 2^(n/16) by multiplication alone: exp() differs in the last bit between machines. */
const sixteenthOctave = 1.0442737824274138
const octaves: readonly number[] = Array.from({ length: 128 }).reduce<number[]>(
  (powers) => [...powers, (powers.at(-1) ?? 1) * sixteenthOctave],
  [1],
)
const power = (n: number): number => (n < 0 ? 1 / (octaves[-n] ?? 1) : (octaves[n] ?? 1))

/** How long messages take, by technology, load and luck. A class, because a process holds a hundred thousand. */
export class Cell implements CellLink {
  readonly #random: Random
  readonly #nowMs: () => number
  /** Not used yet: a cable. */
  #technology: (typeof technologies)[RadioTechnology] | null = null
  #isWeak = false
  #silentSinceMs = 0
  #natMs = 0
  /** Until then what was sent before keeps the channel busy, and until then a handover lasts. */
  #busyUntilMs = 0
  #pausedUntilMs = 0
  #metresLeft = 0

  constructor(random: Random, nowMs: () => number) {
    this.#random = random
    this.#nowMs = nowMs
  }

  use(rat: RadioTechnology, isWeak: boolean): void {
    this.#technology = technologies[rat]
    this.#isWeak = isWeak
    if (this.#metresLeft === 0) this.#metresLeft = this.#random.integer(cell.fromM, cell.toM)
  }

  connected(): void {
    this.#silentSinceMs = this.#nowMs()
    this.#natMs = this.#technology === null ? 0 : this.#random.integer(nat.fromMs, nat.toMs)
  }

  carryMs(bytes: number): number | null {
    if (this.#technology === null) return 0
    const atMs = this.#nowMs()
    const isForgotten = atMs - this.#silentSinceMs > this.#natMs || (this.#isWeak && this.#random.chance(weakLoss))
    this.#silentSinceMs = atMs
    if (isForgotten) return null
    const { medianMs, spread, bytesPerS, burstBytes } = this.#technology
    const latencyMs = Math.round(medianMs * power(Math.round(this.#random.normal(0, spread))))
    this.#busyUntilMs = Math.max(this.#busyUntilMs, atMs) + Math.ceil((bytes * 1_000) / bytesPerS)
    const queuedMs = Math.max(0, this.#busyUntilMs - atMs - (burstBytes * 1_000) / bytesPerS)
    return Math.max(0, this.#pausedUntilMs - atMs) + Math.round(queuedMs) + latencyMs
  }

  pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#nowMs() + ms)
  }

  moved(metres: number): void {
    this.#metresLeft -= metres
    if (this.#metresLeft > 0) return
    this.#metresLeft = this.#random.integer(cell.fromM, cell.toM)
    const { fromMs, toMs } = this.#random.chance(badHandovers) ? badHandover : handover
    this.pause(this.#random.integer(fromMs, toMs))
  }
}

/** Shared by all modems that have no network to be slow: never used, so that it draws and remembers nothing. */
export const cable = new Cell(seededRandom('cable'), () => 0)
