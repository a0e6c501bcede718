import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkTours } from './core/tours/check-tours.ts'
import type { TourInstance } from './core/tours/instance.ts'
import { readBrp } from './core/tours/read-brp.ts'
import { readPdtsp } from './core/tours/read-pdtsp.ts'
import { preciseEpochMs } from './tour-cycle.ts'
import { solveTours, type TourBudget } from './tour-solver.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const published = join(root, '../shared/data')
/** Six stops around the depot at (0, 0), by one van of 3 bikes; written for this test. */
const tiny = `6 nodes around the depot
DIMENSION: 7
CAPACITY: 3
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 10 0
3 10 10
4 0 10
5 -10 10
6 -10 0
7 -10 -10
DEMAND_SECTION
1 0
2 3
3 -3
4 2
5 -2
6 1
7 -1`.replace(/^.*\n/, '')

interface Case {
  readonly path: string
  readonly reference: number
}

/** Cases that every run must solve, by the README files beside them. */
const publishedCases: readonly Case[] = [
  { path: 'brp/1Bari30.txt', reference: 14_600 },
  { path: 'brp/3Bari10.txt', reference: 20_600 },
  { path: 'brp/29Brescia11.txt', reference: 35_200 },
  { path: '1pdtsp/n20q10A.tsp', reference: 4_963 },
]
const hasPublished = existsSync(join(published, 'brp'))
const where = hasPublished
  ? 'on files of ../shared/data'
  : 'on one small tour only, because ../shared/data with the published files is absent'

function read(path: string): TourInstance {
  const text = readFileSync(path, 'utf8')
  const result = path.endsWith('.tsp') ? readPdtsp(path, text) : readBrp(path, text)
  if (result.kind === 'refused') throw new Error(result.sentence)
  return result.instance
}

function tinyInstance(): TourInstance {
  const result = readPdtsp('tiny', tiny)
  if (result.kind === 'refused') throw new Error(result.sentence)
  return result.instance
}

async function solve(instance: TourInstance, budget: TourBudget, seed: number) {
  const solved = await solveTours(instance, budget, seed, () => undefined)
  expect(solved.tours).not.toBeNull()
  expect(checkTours(instance, solved.tours ?? [])).toEqual({ cost: solved.cost, faults: [] })
  return solved
}

describe('the solver with its two threads', () => {
  it(`reaches the reference costs ${where}`, async () => {
    const cases = hasPublished
      ? publishedCases.map(({ path, reference }) => ({ instance: read(join(published, path)), reference }))
      : [{ instance: tinyInstance(), reference: 74 }]
    for (const { instance, reference } of cases)
      expect((await solve(instance, { iterations: 4_000 }, 1)).cost).toBeLessThanOrEqual(reference)
  })

  it('gives the same plan for the same seed and number of iterations', async () => {
    const instance = tinyInstance()
    const first = await solve(instance, { iterations: 300 }, 5)
    expect(await solve(instance, { iterations: 300 }, 5)).toEqual(first)
    expect(first.cost).toBe(74)
  })

  it('has a plan also when there is hardly time, without threads', async () => {
    const solved = await solve(tinyInstance(), { untilEpochMs: preciseEpochMs() + 20 }, 1)
    expect(solved.cost).toBeLessThan(200)
  })

  it('says that there is no plan when no order of the stops can be driven', async () => {
    const impossible: TourInstance = {
      name: 'all the same way',
      nodeCount: 3,
      capacity: 2,
      demand: Int32Array.of(0, 2, 2),
      distance: new Float64Array(9).fill(1),
      tourLimit: 1,
    }
    const solved = await solveTours(impossible, { iterations: 50 }, 1, () => undefined)
    expect(solved.tours).toBeNull()
  })
})
