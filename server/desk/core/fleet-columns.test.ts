import { expect, it } from 'vitest'
import { fleetColumns, type ListedBike } from './fleet-columns.ts'

const bike = (slot: number, model: string, soc: number | null, lastHeardAtMs: number | null): ListedBike => ({
  ...{ slot, bikeId: `bike-${slot}`, model },
  shadow: { soc, lastHeardAtMs },
})

it('tells of each bike in its place, and of what nobody knows that it is not known', () => {
  const bikes = [bike(4, 'city', 85.6, 1_800_000_001_999), bike(2, 'cargo', null, null), bike(9, 'city', 3, 5_000)]
  expect(fleetColumns(bikes, new Map([['bike-2', 1_700_000_000]]), 1_800_000_002_000)).toEqual({
    at: 1_800_000_002_000,
    models: ['city', 'cargo'],
    slot: [4, 2, 9],
    battery: [86, -1, 3],
    heard: [1_800_000_001, 0, 5],
    model: [0, 1, 0],
    tripSince: [0, 1_700_000_000, 0],
  })
})
