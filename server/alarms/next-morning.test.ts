import { expect, it } from 'vitest'
import { epochMs } from '../../contracts/units.ts'
import { localTimeIn } from '../city/local-time.ts'
import { nextMorning } from './core/next-morning.ts'

it.each([
  ['2026-11-22T03:00:00+01:00', '2026-11-22T06:00:00.000Z'],
  ['2026-11-22T07:00:00+01:00', '2026-11-23T06:00:00.000Z'],
  ['2026-11-22T23:59:00+01:00', '2026-11-23T06:00:00.000Z'],
  ['2026-03-28T12:00:00+01:00', '2026-03-29T05:00:00.000Z'],
  ['2026-10-24T12:00:00+02:00', '2026-10-25T06:00:00.000Z'],
])('after %s the day shift begins at %s', (now, morning) => {
  const found = nextMorning(epochMs(Date.parse(now)), localTimeIn('Europe/Amsterdam'))
  expect(new Date(found).toISOString()).toBe(morning)
})
