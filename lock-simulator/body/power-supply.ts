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
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly chip: () => Chip
}

/** The cell behind the chip: what the chip reads of it, and what it does to the chip. */
export interface PowerSupply {
  /** Gauge and charger into the chip. All of it when it has just started, else what has changed. */
  sense(isFresh: boolean): void
  /** What a street does to it. */
  readonly acts: {
    setBattery(percent: number): void
    setShade(fraction: number): void
    setTemperature(celsius: number | null): void
  }
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

export function createPowerSupply(settings: SupplySettings): PowerSupply {
  const { place, percent, shade, book, nowMs, schedule, chip } = settings
  const cell = cells.createCell(place, { percent, shade, atMs: nowMs() }, book)
  let told: Charge | null = null
  let cancelSag: (() => void) | null = null
  let cancelLook: (() => void) | null = null

  function sense(isFresh: boolean): void {
    const { battery, charge } = cells.readCell(cell, nowMs())
    const { state, feed } = chip()
    if (cells.isEmpty(cell)) {
      if (!state.isOn) return
      chip().die()
      lookForLife()
      return
    }
    const known = state.battery
    const hasChanged = battery.percent !== known.percent || battery.milliVolts !== known.milliVolts
    const isWarmer = Math.round(battery.celsius) !== Math.round(known.celsius ?? Number.NaN)
    if (isFresh || hasChanged || isWarmer) feed({ kind: 'battery', battery })
    const before = isFresh ? null : told
    const changedBy = before?.source === charge.source ? Math.abs(before.milliAmps - charge.milliAmps) : null
    if (changedBy === null || changedBy >= flowGrainMilliAmps) {
      told = charge
      feed({ kind: 'charge', ...charge })
    }
  }

  function lookForLife(): void {
    cancelLook ??= schedule(nowMs() + lookForLifeMs, () => {
      cancelLook = null
      // Somebody may have started it meanwhile.
      if (!chip().state.isOn && !start()) lookForLife()
    })
  }

  /** The chip of an empty lock starts as soon as there is something to start with. */
  function start(): boolean {
    if (!cells.canStart(cell, nowMs())) return false
    cancelLook?.()
    cancelLook = null
    chip().boot('power')
    return true
  }

  return {
    sense,
    acts: {
      setBattery: (next) => {
        cells.setPercent(cell, next, nowMs())
        if (cancelLook === null) sense(true)
        else start()
      },
      setShade: (fraction) => {
        cells.readCell(cell, nowMs())
        cell.shade = Math.min(1, Math.max(0, fraction))
      },
      setTemperature: (celsius) => {
        cells.readCell(cell, nowMs())
        cell.celsius = celsius
      },
    },
    roll: (speedMps, isWheelFree) => cells.setWheel(cell, isWheelFree ? speedMps : 0, nowMs()),
    transmit: () => cells.transmit(cell, nowMs()),
    setModem: (isOn) => cells.setModem(cell, isOn, nowMs()),
    setReceiver: (everyMs) => cells.setReceiver(cell, everyMs, nowMs()),
    spendOnFix: (tookMs) => cells.spendOnFix(cell, tookMs, nowMs()),
    turnMotor: () => {
      if (cells.turnMotor(cell, nowMs())) return
      cancelSag = schedule(nowMs() + sagAfterMs, () => chip().losePower('brownout'))
    },
    read: () => cells.readCell(cell, nowMs()),
    stop: () => {
      cancelSag?.()
      cancelSag = null
      told = null
      cells.setModem(cell, false, nowMs())
      cells.setReceiver(cell, null, nowMs())
    },
    destroy: () => {
      cancelLook?.()
      cancelLook = null
    },
  }
}
