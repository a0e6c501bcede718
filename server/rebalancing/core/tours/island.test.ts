import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkTours } from './check-tours.ts'
import type { TourInstance, Tours } from './instance.ts'
import { bestOf, createIsland, improveIsland } from './island.ts'

/** Every way to share out and order the stops, for up to six nodes. */
function cheapestByTrying(instance: TourInstance): number {
  let best = Number.POSITIVE_INFINITY
  const visit = (tours: number[][], left: readonly number[]) => {
    if (left.length === 0) {
      const checked = checkTours(instance, tours)
      if (checked.faults.length === 0) best = Math.min(best, checked.cost)
      return
    }
    for (const stop of left) {
      const rest = left.filter((other) => other !== stop)
      const last = tours.at(-1)
      if (last !== undefined) visit([...tours.slice(0, -1), [...last, stop]], rest)
      if (tours.length < instance.tourLimit) visit([...tours, [stop]], rest)
    }
  }
  visit(
    [],
    Array.from({ length: instance.nodeCount - 1 }, (_, i) => i + 1),
  )
  return best
}

const instances = (mostNodes: number) =>
  fc
    .record({ nodeCount: fc.integer({ min: 2, max: mostNodes }), capacity: fc.integer({ min: 1, max: 12 }) })
    .chain(({ nodeCount, capacity }) =>
      fc.record({
        name: fc.constant('random'),
        nodeCount: fc.constant(nodeCount),
        capacity: fc.constant(capacity),
        demand: fc
          .array(fc.integer({ min: -capacity, max: capacity }), { minLength: nodeCount, maxLength: nodeCount })
          .map((demand) => Int32Array.from(demand, (bikes, node) => (node === 0 ? 0 : bikes))),
        distance: fc
          .array(fc.integer({ min: 0, max: 99 }), { minLength: nodeCount ** 2, maxLength: nodeCount ** 2 })
          .map((cells) => Float64Array.from(cells, (metres, i) => (i % (nodeCount + 1) === 0 ? 0 : metres))),
        tourLimit: fc.boolean().map((one) => (one ? 1 : nodeCount - 1)),
      }),
    )

function solve(instance: TourInstance, seed: number): { tours: Tours | null; cost: number } {
  const island = createIsland(instance, { rule: 'several-per-tour', seed })
  for (const warmth of [0.4, 0.1, 0.02]) {
    improveIsland(island, 'chain', 60, warmth)
    improveIsland(island, 'strings', 60, warmth)
  }
  return bestOf(island)
}

describe('the search of one thread', () => {
  it('finds the plan that trying everything finds, for up to six nodes, whenever there is one', () => {
    fc.assert(
      fc.property(instances(6), fc.nat(), (instance, seed) => {
        expect(solve(instance, seed).cost).toBe(cheapestByTrying(instance))
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  it('gives only plans that the check accepts at the cost that it says', () => {
    fc.assert(
      fc.property(instances(24), fc.nat(), (instance, seed) => {
        const { tours, cost } = solve(instance, seed)
        if (tours === null) expect(instance.tourLimit).toBe(1)
        else expect(checkTours(instance, tours)).toEqual({ cost, faults: [] })
      }),
      { numRuns: 40, seed: 7 },
    )
  })

  it('gives the same plan for the same seed', () => {
    fc.assert(
      fc.property(instances(16), fc.nat(), (instance, seed) => {
        expect(solve(instance, seed)).toEqual(solve(instance, seed))
      }),
      { numRuns: 10, seed: 7 },
    )
  })
})
