import { expect, it } from 'vitest'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import { cellsOf } from './cell-parts.ts'

const numbers = (of: Partial<Record<(typeof bikeStates)[number], number>>) => bikeStates.map((state) => of[state] ?? 0)
const marks = {
  x: Uint32Array.of(mercatorX(4.7), mercatorX(4.8)),
  y: Uint32Array.of(mercatorY(52.3), mercatorY(52.4)),
  byState: Uint32Array.from([
    ...numbers({ available: 6, riding: 2, alarm: 1, with_crew: 3 }),
    ...numbers({ silent: 4 }),
  ]),
}

it('a cell tells what is free, ridden and in trouble in it', () => {
  const [small, large] = cellsOf(
    marks,
    bikeStates.map(() => true),
  )
  expect(small).toMatchObject({ total: 4, parts: { trouble: 4, available: 0 } })
  expect(large).toMatchObject({ total: 12, parts: { available: 6, in_use: 2, trouble: 1, rest: 3 } })
  expect(large?.lon).toBeCloseTo(4.7, 5)
})

it('a cell counts only the states that are shown, and is gone without one', () => {
  expect(
    cellsOf(
      marks,
      bikeStates.map((state) => state === 'riding'),
    ),
  ).toMatchObject([{ total: 2, parts: { in_use: 2 } }])
})
