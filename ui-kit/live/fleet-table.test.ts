import { describe, expect, it } from 'vitest'
import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import { mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'
import { agedBit, type DeltaFrame, type FillFrame, noBike, noCharge } from '../../contracts/live/live-frame.ts'
import { emptyBox } from '../../contracts/live/mercator-box.ts'
import { pointOfRow } from '../map/map-point.ts'
import { applyFrame, countByState, tableOfSnapshot } from './fleet-table.ts'

const cityTime = 1_800_000_000_000
const free = stateByte('available')
const riding = stateByte('riding')

const snapshot = (...slots: number[]): FleetSnapshot => ({
  ...{ epoch: 7, sequence: 41, cityTime, citySpeed: 10, centre: { lon: 4.7, lat: 52.3 }, slots },
  bikeIds: slots.map((slot) => `bike-${slot}`),
  numbers: slots.map((slot) => String(100_000 + slot)),
  models: ['city', 'cargo'],
  modelOf: slots.map((_, row) => row % 2),
  x: slots.map(() => mercatorX(4.7)),
  y: slots.map(() => mercatorY(52.3)),
  headings: slots.map(() => 0),
  states: slots.map(() => free),
  charges: slots.map(() => 80),
  heardAgoS: slots.map(() => 60),
})
const head = (sequence: number, roster: number) => ({ epoch: 7, sequence, cityMs: cityTime + 1_000, roster })
const placedAt = (lon: number, slots: readonly number[]) => ({
  slots: Uint32Array.from(slots),
  x: Uint32Array.from(slots, () => mercatorX(lon)),
  y: Uint32Array.from(slots, () => mercatorY(52.35)),
  headings: Uint8Array.from(slots, () => 64),
})
const delta = (sequence: number, roster: number, ...slots: number[]): DeltaFrame => ({
  ...{ kind: 'delta', ...head(sequence, roster), ...placedAt(4.75, slots) },
  changedSlots: Uint32Array.from(slots),
  changedStates: Uint8Array.from(slots, () => riding),
})
const boxAround = (west: number, east: number) => ({
  ...{ west: mercatorX(west), east: mercatorX(east), north: mercatorY(53), south: mercatorY(52) },
})

describe('a live frame', () => {
  it('moves the bikes of its slots and no other', () => {
    const table = tableOfSnapshot(snapshot(7, 9, 1_000))
    expect(applyFrame(table, delta(42, 3, 1_000, 7))).toBe('applied')
    expect([...table.states]).toEqual([riding, free, riding])
    expect(pointOfRow(table, 0)?.lon).toBeCloseTo(4.75, 6)
    expect(pointOfRow(table, 1)?.lat).toBeCloseTo(52.3, 6)
    expect(countByState(table)).toMatchObject({ riding: 2, available: 1, alarm: 0 })
    expect([...table.heardAtMs]).toEqual([cityTime + 1_000, cityTime - 60_000, cityTime + 1_000])
    expect(table.models).toEqual(['city', 'cargo', 'city'])
  })
  it('that the snapshot already has is left out', () => {
    const table = tableOfSnapshot(snapshot(7))
    expect([applyFrame(table, delta(41, 1, 7)), applyFrame(table, delta(12, 1, 7))]).toEqual(['old', 'old'])
    expect(table.states[0]).toBe(free)
  })
  it('after a missing one, of a bike nobody told of, or of another server asks for a new snapshot and changes nothing', () => {
    const table = tableOfSnapshot(snapshot(7))
    expect(applyFrame(table, delta(43, 1, 7))).toBe('gap')
    expect(applyFrame(table, delta(42, 1, 7, 8))).toBe('gap')
    expect(applyFrame(table, delta(42, 2, 7))).toBe('gap')
    expect(applyFrame(table, { ...delta(42, 1, 7), epoch: 8 })).toBe('gap')
    expect([table.states[0], table.sequence, table.stateVersion]).toEqual([free, 41, 0])
  })
  it('follows the counter over its largest value', () => {
    const table = tableOfSnapshot({ ...snapshot(7), sequence: 0xffff_ffff })
    expect(applyFrame(table, delta(0, 1, 7))).toBe('applied')
  })
  it('places a bike that had no position', () => {
    const table = tableOfSnapshot({ ...snapshot(7), x: [null], y: [null] })
    expect(pointOfRow(table, 0)).toBeNull()
    applyFrame(table, delta(42, 1, 7))
    expect(pointOfRow(table, 0)).not.toBeNull()
  })
})

describe('a fill', () => {
  const fill = (known: FillFrame['known'], ...slots: number[]): FillFrame => ({
    ...{ kind: 'fill', ...head(41, 2), ...placedAt(4.71, slots), area: boxAround(4.6, 4.8), known },
  })
  it('takes away who was there and is not told of', () => {
    const table = tableOfSnapshot(snapshot(7, 9))
    expect(applyFrame(table, fill(emptyBox, 7))).toBe('applied')
    expect([...table.placed]).toEqual([1, 2])
    expect(pointOfRow(table, 0)?.lon).toBeCloseTo(4.71, 6)
  })
  it('says nothing of the part that was known', () => {
    const table = tableOfSnapshot(snapshot(7, 9))
    applyFrame(table, fill(boxAround(4.65, 4.75)))
    expect([...table.placed]).toEqual([1, 1])
  })
})

describe('the state of everybody', () => {
  it('goes on from its own number, however many were missed', () => {
    const table = tableOfSnapshot(snapshot(0, 2))
    const states = Uint8Array.of(riding | agedBit, noBike, free)
    expect(applyFrame(table, { kind: 'states', ...head(90, 2), states })).toBe('applied')
    expect([[...table.states], [...table.aged], table.sequence]).toEqual([[riding, free], [1, 0], 90])
  })
  it('asks for a new snapshot when it lacks a bike, and when the totals differ', () => {
    const table = tableOfSnapshot(snapshot(0, 2))
    expect(applyFrame(table, { kind: 'states', ...head(90, 2), states: Uint8Array.of(free) })).toBe('gap')
    const totals = (first: number) =>
      ({ kind: 'totals', ...head(41, 2), byState: Uint32Array.of(first, 0, 0) }) as const
    expect([applyFrame(table, totals(2)), applyFrame(table, totals(1))]).toEqual(['applied', 'gap'])
  })
})

it('vitals tell the charge and the age of the last word', () => {
  const table = tableOfSnapshot(snapshot(0, 2))
  const told = { slots: Uint32Array.of(2, 5), heardAgoS: Uint32Array.of(4, 4), charges: Uint8Array.of(noCharge, 1) }
  applyFrame(table, { kind: 'vitals', ...head(41, 2), ...told })
  expect([...table.charges]).toEqual([80, noCharge])
  expect(table.heardAtMs[1]).toBe(cityTime - 3_000)
})
