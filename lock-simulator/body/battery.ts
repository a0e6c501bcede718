import type { Battery, Charge } from '../firmware/telemetry.ts'
import { sunHeight } from './sun.ts'
import { weatherAt } from './weather.ts'

/** One lithium cell behind the lid. */
export const capacityMilliAmpHours = 10_000
/** Below what the gauge calls empty: enough for last words. */
const reserveMilliAmpHours = 100
const hourMs = 3_600_000

/** mA, from lock-protocol.md 5.3. */
const sleepMilliAmps = 0.06
const bleMilliAmps = 0.1
const modemIdleMilliAmps = 1.5
const connectedMilliAmps = 80
/** After a message the network keeps the channel open. */
const connectedTailMs = 10_000
const gnssMilliAmps = 30
const motor = { milliAmps: 400, attemptMs: 600, inrushMilliAmps: 800 }
/** Below this the chip resets. */
const brownOutMilliVolts = 3_000

/** A hub dynamo cuts in at walking pace and is limited by its charger. */
const dynamo = { fromMps: 1.5, perMpsMilliAmps: 40, mostMilliAmps: 280 }
/** A panel in the lid: flat, so its light goes with the sine of the sun's height; clouds leave a fifth. */
const panelMilliAmps = 65
const cloudLeaves = 0.2
/** The sun hardly moves in this time. */
const sunStepMs = 1_800_000
const mostSunSteps = 2_000

/** Resting voltage over true charge, percent: nearly flat in the middle, where it tells little. */
const restingCurve: Curve = [
  [0, 3_000],
  [1, 3_250],
  [2, 3_310],
  [5, 3_450],
  [10, 3_560],
  [20, 3_650],
  [30, 3_700],
  [40, 3_730],
  [50, 3_760],
  [60, 3_800],
  [70, 3_860],
  [80, 3_940],
  [90, 4_040],
  [100, 4_170],
]
/** Ohm at room temperature; a factor for the cold, and one for a cell that is nearly empty. */
const resistanceOhm = 0.15
const coldFactor: Curve = [
  [-20, 7],
  [-10, 4],
  [0, 2.2],
  [20, 1],
]
const emptyFactor: Curve = [
  [0, 3],
  [15, 1],
]
/** Part of the charge that a cold cell keeps to itself, °C. */
const hiddenByCold: Curve = [
  [-20, 0.2],
  [-10, 0.08],
  [0, 0.03],
  [5, 0],
]

export type EnergyUse = 'sleep' | 'ble' | 'modem' | 'gnss' | 'motor' | 'dynamo' | 'sun'
/** Where a full ledger of energy would be kept: each use as it is reckoned, mAh, in and out both positive. */
export type BookEnergy = (use: EnergyUse, milliAmpHours: number, atMs: number) => void

/** A cell and what hangs on it. Changed in place; reckoned when somebody looks, so that a thousand locks cost no timer. */
export interface Cell {
  readonly place: { readonly lon: number; readonly lat: number }
  readonly book: BookEnergy | null
  milliAmpHours: number
  atMs: number
  isModemOn: boolean
  /** Part of the time that the receiver is on, 0 to 1. */
  gnssShare: number
  dynamoMilliAmps: number
  connectedTillMs: number
  /** 0 in the open, 1 in a cellar. */
  shade: number
  /** Null: as the weather is. */
  celsius: number | null
}

export interface CellReading {
  readonly battery: Required<Battery>
  readonly charge: Charge
}

export function createCell(
  place: Cell['place'],
  start: { readonly percent: number; readonly atMs: number; readonly shade: number },
  book: BookEnergy | null = null,
): Cell {
  const { lon, lat } = place
  const cell: Cell = {
    ...{ place: { lon, lat }, book, milliAmpHours: 0, atMs: start.atMs, isModemOn: false, gnssShare: 0 },
    ...{ dynamoMilliAmps: 0, connectedTillMs: Number.NEGATIVE_INFINITY, shade: start.shade, celsius: null },
  }
  setPercent(cell, start.percent, start.atMs)
  return cell
}

/** Gauge, terminals, thermometer and what flows, at `nowMs`. */
export function readCell(cell: Cell, nowMs: number): CellReading {
  settle(cell, nowMs)
  const celsius = celsiusOf(cell, nowMs)
  const sun = sunMilliAmps(cell, nowMs)
  const isConnected = nowMs < cell.connectedTillMs
  const load = standingMilliAmps(cell) + (isConnected ? connectedMilliAmps : 0)
  const isFull = cell.milliAmpHours >= capacityMilliAmpHours
  const flow = cell.dynamoMilliAmps + sun - load
  const milliAmps = isFull ? Math.min(0, flow) : flow
  const source = cell.dynamoMilliAmps > 0 ? 'dyn' : sun >= 1 ? 'sol' : 'none'
  const milliVolts = Math.round(terminalMilliVolts(cell, celsius, load) / 10) * 10
  return { battery: { percent: gaugePercent(cell, celsius), milliVolts, celsius }, charge: { source, milliAmps } }
}

/** The gauge shows `percent`, 0 to 100. */
export function setPercent(cell: Cell, percent: number, nowMs: number): void {
  cell.atMs = Math.max(cell.atMs, nowMs)
  const share = Math.min(100, Math.max(0, percent)) / 100
  const hidden = along(hiddenByCold, celsiusOf(cell, nowMs))
  const usable = share * (1 - hidden) + hidden
  cell.milliAmpHours = reserveMilliAmpHours + usable * (capacityMilliAmpHours - reserveMilliAmpHours)
}

export function setModem(cell: Cell, isOn: boolean, nowMs: number): void {
  settle(cell, nowMs)
  cell.isModemOn = isOn
  if (!isOn) cell.connectedTillMs = Math.min(cell.connectedTillMs, nowMs)
}

/** How often the receiver solves: it needs about 8 s for a fix, and sleeps in between when that is worth it. */
export function setReceiver(cell: Cell, everyMs: number | null, nowMs: number): void {
  settle(cell, nowMs)
  cell.gnssShare = everyMs === null || everyMs > 60_000 ? 0 : Math.min(1, 8_000 / everyMs)
}

/** The wheel turns at this speed; 0: it does not. */
export function setWheel(cell: Cell, speedMps: number, nowMs: number): void {
  settle(cell, nowMs)
  const { fromMps, perMpsMilliAmps, mostMilliAmps } = dynamo
  cell.dynamoMilliAmps = speedMps < fromMps ? 0 : Math.min(mostMilliAmps, speedMps * perMpsMilliAmps)
}

/** A message goes out: the channel opens, or stays open. */
export function transmit(cell: Cell, nowMs: number): void {
  const tillMs = nowMs + connectedTailMs
  spend(cell, 'modem', (connectedMilliAmps * (tillMs - Math.max(nowMs, cell.connectedTillMs))) / hourMs, nowMs)
  cell.connectedTillMs = tillMs
}

/** A single fix of a receiver that slept. */
export function spendOnFix(cell: Cell, tookMs: number, nowMs: number): void {
  spend(cell, 'gnss', (gnssMilliAmps * tookMs) / hourMs, nowMs)
}

/** One attempt of the motor; false: the voltage sags so far that the chip resets. */
export function turnMotor(cell: Cell, nowMs: number): boolean {
  settle(cell, nowMs)
  const sagged = terminalMilliVolts(cell, celsiusOf(cell, nowMs), motor.inrushMilliAmps)
  spend(cell, 'motor', (motor.milliAmps * motor.attemptMs) / hourMs, nowMs)
  return sagged >= brownOutMilliVolts
}

export const isEmpty = (cell: Cell): boolean => cell.milliAmpHours <= 0

/** Enough that a chip can start and stay. */
export const canStart = (cell: Cell, nowMs: number): boolean => {
  settle(cell, nowMs)
  return cell.milliAmpHours >= reserveMilliAmpHours / 2
}

/** Reckons up to now. Never below nothing, never above full. */
function settle(cell: Cell, nowMs: number): void {
  const dtMs = nowMs - cell.atMs
  if (dtMs <= 0) return
  const steps = Math.min(mostSunSteps, Math.ceil(dtMs / sunStepMs))
  const stepMs = dtMs / steps
  const out = standingMilliAmps(cell)
  for (let step = 0; step < steps; step++) {
    const sun = sunMilliAmps(cell, cell.atMs + (step + 0.5) * stepMs)
    add(cell, ((cell.dynamoMilliAmps + sun - out) * stepMs) / hourMs)
    if (cell.book) cell.book('sun', (sun * stepMs) / hourMs, nowMs)
  }
  cell.atMs = nowMs
  if (cell.book) bookStanding(cell, cell.book, dtMs / hourMs, nowMs)
}

function bookStanding(cell: Cell, book: BookEnergy, hours: number, nowMs: number): void {
  book('sleep', sleepMilliAmps * hours, nowMs)
  book('ble', bleMilliAmps * hours, nowMs)
  book('modem', cell.isModemOn ? modemIdleMilliAmps * hours : 0, nowMs)
  book('gnss', cell.gnssShare * gnssMilliAmps * hours, nowMs)
  book('dynamo', cell.dynamoMilliAmps * hours, nowMs)
}

function spend(cell: Cell, use: EnergyUse, milliAmpHours: number, nowMs: number): void {
  add(cell, -milliAmpHours)
  cell.book?.(use, milliAmpHours, nowMs)
}

function add(cell: Cell, milliAmpHours: number): void {
  cell.milliAmpHours = Math.min(capacityMilliAmpHours, Math.max(0, cell.milliAmpHours + milliAmpHours))
}

const standingMilliAmps = ({ isModemOn, gnssShare }: Cell): number =>
  sleepMilliAmps + bleMilliAmps + (isModemOn ? modemIdleMilliAmps : 0) + gnssShare * gnssMilliAmps

function sunMilliAmps({ place, shade }: Cell, atMs: number): number {
  const height = sunHeight(place, atMs)
  if (height <= 0) return 0
  const { cloud } = weatherAt(place, atMs)
  return panelMilliAmps * height * (1 - shade) * (1 - cloud * (1 - cloudLeaves))
}

const celsiusOf = ({ celsius, place }: Cell, nowMs: number): number => celsius ?? weatherAt(place, nowMs).celsius

function gaugePercent({ milliAmpHours }: Cell, celsius: number): number {
  const share = (milliAmpHours - reserveMilliAmpHours) / (capacityMilliAmpHours - reserveMilliAmpHours)
  const hidden = along(hiddenByCold, celsius)
  return Math.round(100 * Math.max(0, (share - hidden) / (1 - hidden)))
}

function terminalMilliVolts({ milliAmpHours }: Cell, celsius: number, milliAmps: number): number {
  const percent = (100 * milliAmpHours) / capacityMilliAmpHours
  const ohm = resistanceOhm * along(coldFactor, celsius) * along(emptyFactor, percent)
  return along(restingCurve, percent) - milliAmps * ohm
}

type Curve = readonly (readonly [x: number, y: number])[]

/** Straight lines between the points; flat beyond the ends. */
function along(curve: Curve, x: number): number {
  let last = curve[0]
  for (const point of curve) {
    if (x <= point[0]) {
      if (last === undefined || last === point) return point[1]
      return last[1] + ((point[1] - last[1]) * (x - last[0])) / (point[0] - last[0])
    }
    last = point
  }
  return last === undefined ? 0 : last[1]
}
