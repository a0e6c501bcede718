import { describe, expect, it } from 'vitest'
import type { NightSettings } from '../../../contracts/http/nights.ts'
import { type Draft, draftOf, freeId, placeSentences, readDraft } from './settings-draft.ts'

const van = {
  vanId: 'van-1',
  name: 'Van 1',
  capacity: 22,
  depotId: 'depot-1',
  startsAt: '22:00',
  endsAt: '06:00',
  goesOut: true,
}
const settings: NightSettings = {
  planAt: '20:30',
  reportAt: '06:30',
  planSeconds: 20,
  publishBySelf: false,
  depots: [
    { depotId: 'depot-1', name: 'East', lon: 4.74, lat: 52.36, isWorkshop: true } as NightSettings['depots'][number],
  ],
  vans: [van, { ...van, vanId: 'van-2', name: 'No. 2' }],
  stopMinutes: 2,
  minutesPerBike: 1,
  ridesPerKm: 0.05,
  ridesPerHour: 4,
  ridesPerVan: 1,
  idleHours: 24,
  lowBatteryPercent: 20,
}
const draft = draftOf(settings)
const faultsOf = (changed: Draft) => {
  const read = readDraft(changed)
  return 'faults' in read ? read.faults : {}
}

describe('the fields of the night settings', () => {
  it('give back what was put in', () => {
    expect(readDraft(draft)).toEqual({ settings })
  })
  it('take a decimal comma', () => {
    expect(readDraft({ ...draft, ridesPerKm: '0,05' })).toEqual({ settings })
  })
  it('say which one is empty, no number, out of range or not whole', () => {
    expect(faultsOf({ ...draft, ridesPerKm: ' ' })).toEqual({ ridesPerKm: { kind: 'missing' } })
    expect(faultsOf({ ...draft, ridesPerKm: 'much' })).toMatchObject({ ridesPerKm: { kind: 'range', max: 10 } })
    expect(faultsOf({ ...draft, planSeconds: '2.5' })).toMatchObject({ planSeconds: { kind: 'range', isWhole: true } })
    expect(
      faultsOf({ ...draft, vans: [{ ...(draft.vans[0] as Draft['vans'][number]), capacity: '0', name: '' }] }),
    ).toEqual({
      'vans.0.capacity': { kind: 'range', min: 1, max: 100, isWhole: true },
      'vans.0.name': { kind: 'missing' },
    })
  })
})

describe('what the server finds wrong', () => {
  it('stands at the van or the field that it is about', () => {
    const detail =
      'Van 1 starts at 19:00, before the plan is made at 20:30. No. 2 would be out from 22:00 to 13:00: more than 14 hours. The report at 05:00 would come before Van 1 starts at 22:00. Two depots are called "x".'
    expect(placeSentences(detail, draft).map(({ field }) => field)).toEqual(['vans.0', 'vans.1', 'reportAt', null])
  })
  it('is found by its path when a schema complains', () => {
    expect(placeSentences('body/vans/1/capacity must be <= 100', draft)[0]?.field).toBe('vans.1.capacity')
  })
})

it('names a new van after the first free number', () => {
  expect(freeId('van', ['van-1', 'van-3'])).toBe('van-2')
  expect(freeId('depot', [])).toBe('depot-1')
})
