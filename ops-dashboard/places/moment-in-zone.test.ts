import { expect, it } from 'vitest'
import { momentInZone } from './moment-in-zone.ts'

it('reads a clock in the city, wherever the desk stands', () => {
  expect(momentInZone('2026-11-22T06:00', 'Europe/Amsterdam')).toBe(Date.parse('2026-11-22T05:00:00Z'))
  expect(momentInZone('2026-07-01T06:00', 'Europe/Amsterdam')).toBe(Date.parse('2026-07-01T04:00:00Z'))
  expect(momentInZone('2026-07-01T06:00', 'Asia/Shanghai')).toBe(Date.parse('2026-06-30T22:00:00Z'))
})

it('finds a moment on the days when the clock changes', () => {
  expect(momentInZone('2026-03-29T04:00', 'Europe/Amsterdam')).toBe(Date.parse('2026-03-29T02:00:00Z'))
  expect(momentInZone('2026-10-25T01:30', 'Europe/Amsterdam')).toBe(Date.parse('2026-10-24T23:30:00Z'))
})

it('takes an empty field for now', () => {
  expect(momentInZone('', 'Europe/Amsterdam')).toBeNull()
  expect(momentInZone('soon', 'Europe/Amsterdam')).toBeNull()
})
