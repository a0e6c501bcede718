import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addCounts, type DayCounts, noCounts } from './day-counts.ts'
import { figuresOf } from './figures-of.ts'

const count = fc.integer({ min: 0, max: 100_000 })
const spread = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 50 })), { maxLength: 8 })
const days: fc.Arbitrary<DayCounts> = fc
  .record(Object.fromEntries(Object.keys(noCounts).map((name) => [name, count])))
  .chain((counts) =>
    fc.record({ openings: spread, takenUp: spread }).map(({ openings, takenUp }) => ({
      ...(counts as unknown as DayCounts),
      openings: byStep(openings),
      takenUp: byStep(takenUp),
    })),
  )
const byStep = (all: readonly (readonly [number, number])[]) =>
  [...new Map(all)].sort(([a], [b]) => a - b) as [number, number][]

describe('days that are added up', () => {
  it('come to the same in any order, and nothing adds nothing', () => {
    fc.assert(
      fc.property(days, days, days, (a, b, c) => {
        expect(addCounts(addCounts(a, b), c)).toEqual(addCounts(c, addCounts(b, a)))
        expect(addCounts(a, noCounts)).toEqual(a)
      }),
    )
  })

  it('have shares between none and all', () => {
    fc.assert(
      fc.property(days, (counts) => {
        const { lockSuccess, unlocks, opened, unmet, stranded } = figuresOf(counts)
        if (lockSuccess !== null) expect(lockSuccess >= 0 && lockSuccess <= 1).toBe(true)
        expect(unlocks).toBeGreaterThanOrEqual(opened)
        expect(unmet).toBe(counts.unmetSearches + counts.failedScans)
        expect(stranded).toBe(counts.notClosed + counts.notHeard + counts.notAnswered)
      }),
    )
  })
})

describe('a figure', () => {
  it('is nothing where there was nothing to divide by', () => {
    expect(figuresOf(noCounts)).toMatchObject({
      ...{ rides: 0, tripsPerBike: null, bikesInService: null, meanRideMinutes: null, meanStraightM: null },
      ...{ availability: null, lockSuccess: null, openMsP50: null, openMsP95: null, takeUpMsP50: null },
    })
  })

  it('of rides per bike leaves out days on which nobody looked at the fleet', () => {
    const watched = { ...noCounts, rides: 300, sampledRides: 300, bikeDays: 200, sampledDays: 1 }
    const unwatched = { ...noCounts, rides: 900 }
    expect(figuresOf(addCounts(watched, unwatched))).toMatchObject({
      rides: 1_200,
      tripsPerBike: 1.5,
      bikesInService: 200,
    })
  })
})
