import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Cell,
  capacityMilliAmpHours,
  createCell,
  type EnergyUse,
  readCell,
  setModem,
  setPercent,
  setReceiver,
  setWheel,
  spendOnFix,
  transmit,
  turnMotor,
} from './battery.ts'
import { cosineOf, sineOf } from './exact-sine.ts'
import { sunHeight } from './sun.ts'
import { weatherAt } from './weather.ts'

const place = { lon: 4.73, lat: 52.36 }
const june = Date.UTC(2025, 5, 15)
const december = Date.UTC(2025, 11, 15)
const hourMs = 3_600_000
const dayMs = 24 * hourMs

function cell(percent: number, atMs = december, shade = 1): Cell {
  const made = createCell(place, { percent, atMs, shade })
  made.celsius = 20
  return made
}

/** A parked lock with its heartbeats for so many days. */
function park(of: Cell, days: number): number {
  const fromMs = of.atMs
  setModem(of, true, fromMs)
  for (let atMs = fromMs; atMs < fromMs + days * dayMs; atMs += 300_000) transmit(of, atMs)
  return readCell(of, fromMs + days * dayMs).battery.percent
}

describe('a cell', () => {
  it('is never below nothing and never above full, and its ledger balances', () => {
    const act = fc.constantFrom<(of: Cell, atMs: number) => unknown>(
      (of, atMs) => transmit(of, atMs),
      (of, atMs) => turnMotor(of, atMs),
      (of, atMs) => setWheel(of, 6, atMs),
      (of, atMs) => setWheel(of, 0, atMs),
      (of, atMs) => setModem(of, true, atMs),
      (of, atMs) => setReceiver(of, 5_000, atMs),
      (of, atMs) => spendOnFix(of, 30_000, atMs),
    )
    const life = fc.array(fc.tuple(act, fc.nat(6 * hourMs)), { maxLength: 40 })
    fc.assert(
      fc.property(
        life,
        fc.integer({ min: 0, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (acts, p, shade) => {
          const ledger = new Map<EnergyUse, number>()
          const book = (use: EnergyUse, mAh: number) => ledger.set(use, (ledger.get(use) ?? 0) + mAh)
          const of = createCell(place, { percent: p, atMs: june, shade }, book)
          const before = of.milliAmpHours
          let atMs = june
          /** Six hours cannot bring it to an end and back. */
          const marginMilliAmpHours = 2_000
          let isPlain = before > marginMilliAmpHours && before < capacityMilliAmpHours - marginMilliAmpHours
          for (const [next, laterMs] of acts) {
            atMs += laterMs
            next(of, atMs)
            expect(of.milliAmpHours).toBeGreaterThanOrEqual(0)
            expect(of.milliAmpHours).toBeLessThanOrEqual(capacityMilliAmpHours)
            isPlain &&=
              of.milliAmpHours > marginMilliAmpHours && of.milliAmpHours < capacityMilliAmpHours - marginMilliAmpHours
            const { battery } = readCell(of, atMs)
            expect(battery.percent).toBeGreaterThanOrEqual(0)
            expect(battery.percent).toBeLessThanOrEqual(100)
          }
          const came = (ledger.get('sun') ?? 0) + (ledger.get('dynamo') ?? 0)
          const went = (['sleep', 'ble', 'modem', 'gnss', 'motor'] as const).reduce(
            (sum, u) => sum + (ledger.get(u) ?? 0),
            0,
          )
          for (const mAh of ledger.values()) expect(mAh).toBeGreaterThanOrEqual(0)
          // What did not fit into a full cell, or was not there to be taken, is in no ledger.
          if (isPlain) expect(of.milliAmpHours).toBeCloseTo(before + came - went, 3)
        },
      ),
    )
  })

  it('shows what it was set to, also in the cold', () => {
    for (const celsius of [-20, -5, 20]) {
      for (const percent of [0, 7, 50, 100]) {
        const of = cell(50)
        of.celsius = celsius
        setPercent(of, percent, december)
        expect(readCell(of, december).battery).toMatchObject({ percent, celsius })
      }
    }
  })

  it('tells by its voltage that it is full or nearly empty, and little in between', () => {
    const milliVolts = (percent: number) => readCell(cell(percent), december).battery.milliVolts
    expect(milliVolts(100) - milliVolts(80)).toBeGreaterThan(200)
    expect(milliVolts(60) - milliVolts(40)).toBeLessThan(80)
    expect(milliVolts(10) - milliVolts(1)).toBeGreaterThan(120)
  })

  it('cannot start the motor when it is nearly empty and frozen, and can when it is one of the two', () => {
    const turns = (percent: number, celsius: number) => {
      const of = cell(percent)
      of.celsius = celsius
      setPercent(of, percent, december)
      return turnMotor(of, december)
    }
    expect(turns(6, -15)).toBe(false)
    expect(turns(6, 20)).toBe(true)
    expect(turns(60, -15)).toBe(true)
  })

  it('parked in a cellar lasts about three months', () => {
    const left = park(cell(100), 30)
    expect(left).toBeGreaterThan(60)
    expect(left).toBeLessThan(75)
  })

  it('is held by a summer in half shade, and by an hour of riding a day in winter', () => {
    expect(park(cell(60, june, 0.5), 20)).toBeGreaterThanOrEqual(58)
    const ridden = cell(60, december, 0.5)
    let atMs = december
    for (let day = 0; day < 20; day++) {
      setModem(ridden, true, atMs)
      setReceiver(ridden, 5_000, atMs)
      setWheel(ridden, 4.5, atMs)
      for (let at = atMs; at < atMs + hourMs; at += 15_000) transmit(ridden, at)
      atMs += hourMs
      setWheel(ridden, 0, atMs)
      setReceiver(ridden, null, atMs)
      for (let at = atMs; at < atMs + 23 * hourMs; at += 300_000) transmit(ridden, at)
      atMs += 23 * hourMs
    }
    expect(readCell(ridden, atMs).battery.percent).toBeGreaterThan(45)
  })

  it('reads the same however often somebody looks', () => {
    const often = cell(50, june, 0.3)
    const once = cell(50, june, 0.3)
    for (let atMs = june; atMs < june + 3 * dayMs; atMs += hourMs / 2) readCell(often, atMs)
    expect(readCell(often, june + 3 * dayMs).battery).toEqual(readCell(once, june + 3 * dayMs).battery)
  })
})

describe('sun and weather', () => {
  it('sines are those of the books', () => {
    for (let degrees = -1_000; degrees <= 1_000; degrees += 7.3) {
      expect(sineOf(degrees)).toBeCloseTo(Math.sin((degrees * Math.PI) / 180), 6)
      expect(cosineOf(degrees)).toBeCloseTo(Math.cos((degrees * Math.PI) / 180), 6)
    }
  })

  it('the sun stands high at noon in June, low in December, and not at all at midnight', () => {
    const noonMs = 12 * hourMs - (place.lon / 360) * dayMs
    const high = Math.asin(sunHeight(place, june + noonMs)) / (Math.PI / 180)
    expect(high).toBeCloseTo(90 - 52.36 + 23.3, 0)
    expect(Math.asin(sunHeight(place, december + noonMs)) / (Math.PI / 180)).toBeCloseTo(90 - 52.36 - 23.3, 0)
    expect(sunHeight(place, december)).toBeLessThan(0)
  })

  it('summers are warm and winters cold, here and on the other side', () => {
    const mean = (lat: number, fromMs: number) => {
      let sum = 0
      for (let hour = 0; hour < 480; hour++) sum += weatherAt({ lon: 5, lat }, fromMs + hour * hourMs).celsius
      return sum / 480
    }
    expect(mean(52, june)).toBeGreaterThan(12)
    expect(mean(52, december)).toBeLessThan(7)
    expect(mean(-38, june)).toBeLessThan(mean(-38, december))
    for (let hour = 0; hour < 2_000; hour++) {
      const { cloud } = weatherAt(place, june + hour * hourMs)
      expect(cloud).toBeGreaterThanOrEqual(0)
      expect(cloud).toBeLessThanOrEqual(1)
    }
  })
})
