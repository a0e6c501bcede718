import { expect, it } from 'vitest'
import type { PlanEditAnswer } from '../../contracts/http/nights.ts'
import { priceOf } from './price-of-edit.ts'

const figures = { value: 41, cost: 6, objective: 35, bikesMoved: 58, distanceM: 61_200 }
const answer = (change: Partial<PlanEditAnswer>): PlanEditAnswer => ({
  done: false,
  before: figures,
  after: figures,
  faults: [],
  plan: null,
  ...change,
})

it('tells rides after all costs, metres, and whose night gets longer', () => {
  const after = { ...figures, value: 60, objective: 34.2, distanceM: 62_400, bikesMoved: 57 }
  const ends = [{ vanName: 'Van 2', minutes: 14 }]
  const price = priceOf(answer({ after, ends }))
  expect(price?.rides).toBeCloseTo(-0.8)
  expect(price).toMatchObject({ distanceM: 1_200, bikes: -1, ends: [{ vanName: 'Van 2', minutes: 14 }] })
})

it('calls what nobody could notice nothing', () => {
  const after = { ...figures, objective: 35.01, distanceM: 61_230 }
  expect(priceOf(answer({ after }))).toEqual({ rides: 0, distanceM: 0, bikes: 0, ends: [] })
})

it('has no price for what cannot be done', () => {
  expect(priceOf(answer({ after: null, faults: ['Van 2 would be late.'] }))).toBeNull()
})
