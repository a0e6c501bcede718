import { expect, it } from 'vitest'
import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { tableOfSnapshot } from '../../ui-kit/live/fleet-table.ts'
import { rowsToList } from './fleet-rows.ts'

const states = ['available', 'alarm', 'riding', 'available'] as const
const table = tableOfSnapshot({
  sequence: 1,
  cityTime: 1_800_000_000_000,
  citySpeed: 1,
  centre: { lon: 4.7, lat: 52.3 },
  bikes: states.map((state, slot): FleetSnapshot['bikes'][number] => ({
    slot,
    bikeId: `b${slot}`,
    number: String(200_030 - slot * 10),
    lon: 4.7,
    lat: 52.3,
    headingDeg: 0,
    state,
  })),
})
const all = bikeStates.map(() => true)

it('lists the bikes that need a person first, then by number', () => {
  expect(rowsToList(table, all, '')).toEqual([1, 2, 3, 0])
})

it('lists only the states that the map shows, and numbers with the searched digits', () => {
  const free = bikeStates.map((state) => state === 'available')
  expect(rowsToList(table, free, '')).toEqual([3, 0])
  expect(rowsToList(table, all, '20 00 1')).toEqual([2])
})
