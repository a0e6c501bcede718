import { expect, it } from 'vitest'
import { dayAfter, daysBetween, isDay, periodBefore } from './days.ts'

it('the period before is as long and ends the day before', () => {
  expect(periodBefore('2026-11-16', '2026-11-22')).toEqual({ from: '2026-11-09', to: '2026-11-15' })
  expect(periodBefore('2026-03-01', '2026-03-01')).toEqual({ from: '2026-02-28', to: '2026-02-28' })
})

it('days go over months, years and a changed clock, each once', () => {
  expect(daysBetween('2027-12-30', '2028-01-02')).toEqual(['2027-12-30', '2027-12-31', '2028-01-01', '2028-01-02'])
  expect(daysBetween('2026-10-24', '2026-10-26')).toHaveLength(3)
  expect(daysBetween('2026-10-26', '2026-10-24')).toEqual([])
  expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29')
})

it('a day is one of the calendar', () => {
  expect(['2026-02-28', '2028-02-29'].every(isDay)).toBe(true)
  expect(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', ''].some(isDay)).toBe(false)
})
