import { expect, it } from 'vitest'
import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import { nearestBikes } from './nearest-bikes.ts'

const lons = [4.7, 4.71, 4.701, 4.705, null] as const
const table = {
  count: lons.length,
  x: Uint32Array.from(lons, (lon) => (lon === null ? 0 : mercatorX(lon))),
  y: Uint32Array.from(lons, () => mercatorY(52.3)),
  placed: Uint8Array.from(lons, (lon) => (lon === null ? 0 : 1)),
}

it('are nearest first, with how far they are, and no more than asked for', () => {
  const near = nearestBikes(table, 0, 2)
  expect(near.map(({ row }) => row)).toEqual([2, 3])
  // a degree of longitude is 68.1 km at 52.3 north
  expect(near[0]?.metres).toBeCloseTo(68.1, 0)
})
it('are none of a bike whose place nobody knows', () => {
  expect(nearestBikes(table, 4, 3)).toEqual([])
})
