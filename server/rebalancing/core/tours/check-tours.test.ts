import { describe, expect, it } from 'vitest'
import { checkTours } from './check-tours.ts'
import type { TourInstance } from './instance.ts'

const instance: TourInstance = {
  name: 'square',
  nodeCount: 4,
  capacity: 4,
  demand: Int32Array.of(0, 3, -3, 3),
  distance: Float64Array.of(0, 1, 2, 3, 10, 0, 4, 5, 20, 6, 0, 7, 30, 8, 9, 0),
  tourLimit: 2,
}

describe('the check of a plan', () => {
  it('adds up the driven distances in their direction', () => {
    expect(checkTours(instance, [[1, 2, 3]])).toEqual({ cost: 1 + 4 + 7 + 30, faults: [] })
    expect(checkTours(instance, [[1, 2], [3]])).toEqual({ cost: 1 + 4 + 20 + 3 + 30, faults: [] })
  })

  it.each([
    ['a node that is left out', [[1, 2]], 'node 3 is visited 0 times'],
    ['a node that is visited twice', [[1, 2, 3, 1]], 'node 1 is visited 2 times'],
    ['a depot on the way', [[1, 2, 0, 3]], 'tour 1 visits 0, which is no stop'],
    ['a node that does not exist', [[1, 2, 3, 4]], 'tour 1 visits 4, which is no stop'],
    ['half a node', [[1, 2, 3, 0.5]], 'tour 1 visits 0.5, which is no stop'],
    ['a tour to nowhere', [[1, 2, 3], []], 'tour 2 visits nothing'],
    ['too many tours', [[1], [2], [3]], '3 tours, but 2 may be used'],
    ['more bikes than the van holds', [[1, 3, 2]], 'tour 1: no start load keeps the van from 0 to 4 all along'],
  ])('finds %s', (_, tours, fault) => {
    expect(checkTours(instance, tours).faults).toContain(fault)
  })

  it('finds a start load for a tour that only leaves bikes, and none when it leaves more than the van holds', () => {
    const leaves = { ...instance, demand: Int32Array.of(0, -1, -1, -2) }
    expect(checkTours(leaves, [[1, 2, 3]]).faults).toEqual([])
    expect(checkTours({ ...leaves, capacity: 3 }, [[1, 2, 3]]).faults).toHaveLength(1)
  })
})
