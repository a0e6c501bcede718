import { describe, expect, it } from 'vitest'
import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import {
  decodeFleetFrame,
  encodeFleetFrame,
  type FleetFrame,
  mercatorX,
  mercatorY,
  stateByte,
} from '../../contracts/live/fleet-frame.ts'
import { pointOfRow } from '../map/map-point.ts'
import { applyFrame, countByState, tableOfSnapshot } from './fleet-table.ts'

const bike = (slot: number, change: Partial<FleetSnapshot['bikes'][number]> = {}): FleetSnapshot['bikes'][number] => ({
  slot,
  bikeId: `bike-${slot}`,
  number: String(100_000 + slot),
  lon: 4.7,
  lat: 52.3,
  headingDeg: 0,
  state: 'available',
  ...change,
})
const snapshot = (...bikes: FleetSnapshot['bikes']): FleetSnapshot => ({
  sequence: 41,
  cityTime: 1_800_000_000_000,
  citySpeed: 10,
  centre: { lon: 4.7, lat: 52.3 },
  bikes,
})
const frame = (sequence: number, ...slots: number[]): FleetFrame => {
  const made = encodeFleetFrame({
    sequence,
    cityMs: 1_800_000_001_000,
    slots: Uint32Array.from(slots),
    x: Uint32Array.from(slots, () => mercatorX(4.75)),
    y: Uint32Array.from(slots, () => mercatorY(52.35)),
    headings: Uint8Array.from(slots, () => 64),
    states: Uint8Array.from(slots, () => stateByte('riding')),
  })
  return decodeFleetFrame(made) as FleetFrame
}

describe('a live frame', () => {
  it('moves the bikes of its slots and no other', () => {
    const table = tableOfSnapshot(snapshot(bike(7), bike(9), bike(1_000_000)))
    expect(applyFrame(table, frame(42, 1_000_000, 7))).toBe('applied')
    expect([...table.states]).toEqual([stateByte('riding'), stateByte('available'), stateByte('riding')])
    expect(pointOfRow(table, 0)?.lon).toBeCloseTo(4.75, 6)
    expect(pointOfRow(table, 1)?.lat).toBeCloseTo(52.3, 6)
    expect(countByState(table)).toMatchObject({ riding: 2, available: 1, alarm: 0 })
    expect(table.cityMs).toBe(1_800_000_001_000)
  })
  it('that the snapshot already has is left out', () => {
    const table = tableOfSnapshot(snapshot(bike(7)))
    expect([applyFrame(table, frame(41, 7)), applyFrame(table, frame(12, 7))]).toEqual(['old', 'old'])
    expect(table.states[0]).toBe(stateByte('available'))
  })
  it('after a missing one, or of a bike nobody told of, asks for a new snapshot and changes nothing', () => {
    const table = tableOfSnapshot(snapshot(bike(7)))
    expect([applyFrame(table, frame(43, 7)), applyFrame(table, frame(42, 7, 8))]).toEqual(['gap', 'gap'])
    expect([table.states[0], table.sequence]).toEqual([stateByte('available'), 41])
  })
  it('follows the counter over its largest value', () => {
    const table = tableOfSnapshot({ ...snapshot(bike(7)), sequence: 0xffff_ffff })
    expect(applyFrame(table, frame(0, 7))).toBe('applied')
  })
  it('places a bike that had no position', () => {
    const table = tableOfSnapshot(snapshot(bike(7, { lon: null, lat: null })))
    expect(pointOfRow(table, 0)).toBeNull()
    applyFrame(table, frame(42, 7))
    expect(pointOfRow(table, 0)).not.toBeNull()
  })
})
