import { expect, it } from 'vitest'
import { expectedLoss } from './dissatisfaction.ts'
import { forecastDay, learnDemand } from './forecast.ts'
import { placeDemand } from './place-demand.ts'

const cells = ['a', 'b'].map((key) => ({ key, parent: 'east', weight: 20 }))
const forecast = forecastDay(learnDemand({ cells, days: [], counts: [] }), { dayType: 'working' })
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, n) => all + n, 0)

it('a place is asked for what its cells’ riders want, within the hours that count', () => {
  const whole = { fromSlot: 0, toSlot: 48 }
  expect(sum(placeDemand(forecast, [{ cell: 0, share: 1 }], whole).pickups)).toBeCloseTo(20)
  expect(
    sum(
      placeDemand(
        forecast,
        [
          { cell: 0, share: 1 },
          { cell: 1, share: 0.5 },
        ],
        whole,
      ).returns,
    ),
  ).toBeCloseTo(30)
  const morning = placeDemand(forecast, [{ cell: 1, share: 1 }], { fromSlot: 12, toSlot: 20 })
  expect(morning.pickups.length).toBe(8)
  expect(morning.pickups[4]).toBe(forecast.pickups[48 + 16])
})

it('two like cells are as uncertain together as each alone, and a place without riders loses none', () => {
  const both = placeDemand(
    forecast,
    [
      { cell: 0, share: 1 },
      { cell: 1, share: 1 },
    ],
    { fromSlot: 0, toSlot: 48 },
  )
  expect(both.dispersion).toBeCloseTo(forecast.dispersion[0] as number)
  const nobody = placeDemand(forecast, [], { fromSlot: 0, toSlot: 48 })
  expect(sum(expectedLoss(nobody, { mostStock: 3, dispersion: nobody.dispersion }))).toBe(0)
})
