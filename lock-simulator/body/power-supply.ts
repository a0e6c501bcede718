import type { Charge } from '../firmware/telemetry.ts'
import * as cells from './battery.ts'
import type { Chip } from './chip.ts'
import type { Schedule } from './schedule.ts'

/** The motor's first turn draws most: a cell that cannot give it resets the chip this soon. */
const sagAfterMs = 30
/** A flow is told anew when it has changed by so much, mA. */
const flowGrainMilliAmps = 10
/** An empty lock is dark. Its charger looks so often whether the sun has brought enough to start. */
const lookForLifeMs = 3_600_000

export interface SupplySettings {
  readonly place: { readonly lon: number; readonly lat: number }
  readonly percent: number
  readonly shade: number
  readonly book: cells.BookEnergy | null
}

export interface SupplySurroundings {
  nowMs(): number
  readonly schedule: Schedule
  readonly chip: Chip
}

/** The cell behind the chip: what the chip reads of it, and what it does to the chip. */
export interface PowerSupply {
  /** Gauge and charger into the chip. All of it when it has just started, else what has changed. */
  sense(isFresh: boolean): void
  setBattery(percent: number): void
  setShade(fraction: number): void
  setTemperature(celsius: number | null): void
  /** The wheel turns with the bike, unless the bolt is through it: then the bike is carried. */
  roll(speedMps: number, isWheelFree: boolean): void
  transmit(): void
  setModem(isOn: boolean): void
  setReceiver(everyMs: number | null): void
  spendOnFix(tookMs: number): void
  turnMotor(): void
  read(): cells.CellReading
  /** The chip runs no more. */
  stop(): void
  destroy(): void
}

export const createPowerSupply = (settings: SupplySettings, around: SupplySurroundings): PowerSupply =>
  new CellSupply(settings, around)

/** A class, because a process holds a hundred thousand. */
class CellSupply implements PowerSupply {
  readonly #around: SupplySurroundings
  readonly #cell: cells.Cell
  #told: Charge | null = null
  #cancelSag: (() => void) | null = null
  #cancelLook: (() => void) | null = null

  constructor({ place, percent, shade, book }: SupplySettings, around: SupplySurroundings) {
    this.#around = around
    this.#cell = cells.createCell(place, { percent, shade, atMs: around.nowMs() }, book)
  }

  sense(isFresh: boolean): void {
    const { battery, charge } = cells.readCell(this.#cell, this.#around.nowMs())
    const { chip } = this.#around
    if (cells.isEmpty(this.#cell)) {
      if (!chip.state.isOn) return
      chip.die()
      this.#lookForLife()
      return
    }
    const known = chip.state.battery
    const hasChanged = battery.percent !== known.percent || battery.milliVolts !== known.milliVolts
    const isWarmer = Math.round(battery.celsius) !== Math.round(known.celsius ?? Number.NaN)
    if (isFresh || hasChanged || isWarmer) chip.feed({ kind: 'battery', battery })
    const before = isFresh ? null : this.#told
    const changedBy = before?.source === charge.source ? Math.abs(before.milliAmps - charge.milliAmps) : null
    if (changedBy === null || changedBy >= flowGrainMilliAmps) {
      this.#told = charge
      chip.feed({ kind: 'charge', ...charge })
    }
  }

  setBattery(percent: number): void {
    cells.setPercent(this.#cell, percent, this.#around.nowMs())
    if (this.#cancelLook === null || this.#around.chip.state.isOn) this.sense(true)
    else this.#start()
  }

  setShade(fraction: number): void {
    cells.readCell(this.#cell, this.#around.nowMs())
    this.#cell.shade = Math.min(1, Math.max(0, fraction))
  }

  setTemperature(celsius: number | null): void {
    cells.readCell(this.#cell, this.#around.nowMs())
    this.#cell.celsius = celsius
  }

  roll(speedMps: number, isWheelFree: boolean): void {
    cells.setWheel(this.#cell, isWheelFree ? speedMps : 0, this.#around.nowMs())
  }

  transmit(): void {
    cells.transmit(this.#cell, this.#around.nowMs())
  }

  setModem(isOn: boolean): void {
    cells.setModem(this.#cell, isOn, this.#around.nowMs())
  }

  setReceiver(everyMs: number | null): void {
    cells.setReceiver(this.#cell, everyMs, this.#around.nowMs())
  }

  spendOnFix(tookMs: number): void {
    cells.spendOnFix(this.#cell, tookMs, this.#around.nowMs())
  }

  turnMotor(): void {
    const { chip, schedule } = this.#around
    const atMs = this.#around.nowMs()
    if (cells.turnMotor(this.#cell, atMs)) return
    this.#cancelSag = schedule(atMs + sagAfterMs, () => chip.losePower('brownout'))
  }

  read(): cells.CellReading {
    return cells.readCell(this.#cell, this.#around.nowMs())
  }

  stop(): void {
    this.#cancelSag?.()
    this.#cancelSag = null
    this.#told = null
    cells.setModem(this.#cell, false, this.#around.nowMs())
    cells.setReceiver(this.#cell, null, this.#around.nowMs())
  }

  destroy(): void {
    this.#cancelLook?.()
    this.#cancelLook = null
  }

  #lookForLife(): void {
    this.#cancelLook ??= this.#around.schedule(this.#around.nowMs() + lookForLifeMs, () => {
      this.#cancelLook = null
      // Somebody may have started it meanwhile.
      if (!this.#around.chip.state.isOn && !this.#start()) this.#lookForLife()
    })
  }

  /** The chip of an empty lock starts as soon as there is something to start with. */
  #start(): boolean {
    if (!cells.canStart(this.#cell, this.#around.nowMs())) return false
    this.#cancelLook?.()
    this.#cancelLook = null
    this.#around.chip.boot('power')
    return true
  }
}
