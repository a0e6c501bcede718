import { expect, it } from 'vitest'
import { rowsOfHotspots, verdictOf } from './hotspot-rows.ts'

const spot = (name: string, before: number, planned: number, stands: number) => ({
  name,
  capacity: 20,
  before,
  planned,
  stands,
})

it('puts what went otherwise than planned at the top', () => {
  const rows = rowsOfHotspots([
    spot('b', 3, 3, 3),
    spot('quiet', 3, 3, 3),
    spot('late', 2, 9, 5),
    spot('moved', 1, 9, 9),
  ])
  expect(rows.map(({ name }) => name)).toEqual(['late', 'moved', 'b', 'quiet'])
})

it('says whether fewer or more stand there than was planned', () => {
  expect([spot('', 0, 4, 4), spot('', 0, 4, 3), spot('', 0, 4, 5)].map(verdictOf)).toEqual([
    'as_planned',
    'fewer',
    'more',
  ])
})
