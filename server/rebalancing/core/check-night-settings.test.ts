import { describe, expect, it } from 'vitest'
import type { NightSettings } from '../../../contracts/http/nights.ts'
import { settingsProblems } from './check-night-settings.ts'
import { defaultNightSettings } from './default-night-settings.ts'
import { nightMinute, shiftOf } from './night-hours.ts'

const usual = defaultNightSettings({ name: 'Depot', lon: 4.7, lat: 52.3 })
const van = usual.vans[0] as NightSettings['vans'][number]
const withVan = (change: Partial<typeof van>): NightSettings => ({ ...usual, vans: [{ ...van, ...change }] })

describe('the hours of a night', () => {
  it('go on after midnight', () => {
    expect([nightMinute('20:30'), nightMinute('12:00'), nightMinute('00:00'), nightMinute('11:59')]).toEqual([
      1230, 720, 1440, 2159,
    ])
    expect(shiftOf({ startsAt: '22:00', endsAt: '06:00' })).toEqual({ start: 1320, end: 1800 })
    expect(shiftOf({ startsAt: '23:00', endsAt: '23:00' })).toEqual({ start: 1380, end: 2820 })
  })
})

describe('night settings', () => {
  it('fit together as they come', () => {
    expect(settingsProblems(usual)).toEqual([])
  })

  it.each<[string, NightSettings, RegExp]>([
    ['a depot that does not exist', withVan({ depotId: 'elsewhere' }), /"elsewhere", which does not exist/],
    ['a shift of fifteen hours', withVan({ startsAt: '21:00', endsAt: '11:59' }), /more than 14 hours/],
    ['a van that leaves before the plan', withVan({ startsAt: '19:00' }), /before the plan is made at 20:30/],
    ['a report before the start', { ...withVan({ startsAt: '03:00' }), reportAt: '02:00' }, /would come before/],
    ['two vans of one name', { ...usual, vans: [van, van] }, /Two vans are called/],
    ['two depots of one name', { ...usual, depots: [...usual.depots, ...usual.depots] }, /Two depots are called/],
  ])('are refused with %s', (_, settings, sentence) => {
    expect(settingsProblems(settings).join(' ')).toMatch(sentence)
  })
})
