import { expect, it } from 'vitest'
import type { PlanRoute } from '../../contracts/http/nights.ts'
import { hoursOf, surenessStep } from './night-figures.ts'

const route = (stops: number, hours: number) =>
  ({
    stops: Array.from({ length: stops }, () => ({})),
    shiftStartAt: 0,
    endsAt: hours * 3_600_000,
  }) as unknown as PlanRoute

it('counts the hours of vans that go out, and of no others', () => {
  expect(hoursOf([route(3, 6.5), route(0, 0), route(1, 2)])).toBe(8.5)
})

it('says plainly how much the forecast rests on', () => {
  expect(surenessStep(0, 0)).toBe('guess')
  expect(surenessStep(0.9, 0.4)).toBe('guess')
  expect(surenessStep(0.46, 5)).toBe('learning')
  expect(surenessStep(0.7, 12)).toBe('fair')
  expect(surenessStep(0.9, 60)).toBe('sure')
})
