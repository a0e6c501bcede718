import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { type FleetView, mapLayers, plainView, readFleetView, sortColumns, writeFleetView } from './fleet-view.ts'

const rounded = (most: number, digits: number) =>
  fc
    .integer({ min: -most * 10 ** digits, max: most * 10 ** digits })
    .map((n) => Number((n / 10 ** digits).toFixed(digits)) + 0)
const some = <T>(of: fc.Arbitrary<T>) => fc.uniqueArray(of, { maxLength: 8 })
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })

const views: fc.Arbitrary<FleetView> = fc.record({
  bike: orNull(fc.stringMatching(/^\d{4,8}$/)),
  states: some(fc.constantFrom(...bikeStates)),
  alarms: some(fc.stringMatching(/^[a-z_]{1,40}$/)),
  battery: orNull(
    fc
      .tuple(fc.nat(100), fc.nat(100))
      .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
      .filter(({ from, to }) => from > 0 || to < 100),
  ),
  models: some(fc.stringMatching(/^[A-Za-z0-9 .&=+%-]{1,40}$/)),
  quiet: orNull(fc.integer({ min: 1, max: 525_600 })),
  zone: orNull(fc.uuid()),
  search: fc.string({ maxLength: 200, unit: 'grapheme-ascii' }),
  place: orNull(fc.record({ lat: rounded(85, 5), lon: rounded(180, 5), zoom: rounded(22, 2).map(Math.abs) })),
  tab: fc.constantFrom('map', 'list'),
  panel: fc.constantFrom('bike', 'timeline'),
  sort: fc.record({ column: fc.constantFrom(...sortColumns), down: fc.boolean() }),
  inView: fc.boolean(),
  layers: fc.subarray([...mapLayers]),
  follow: fc.boolean(),
  wall: fc.boolean(),
})

describe('the address of the live map', () => {
  it('brings back every view that was written into it', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(readFleetView(writeFleetView(view))).toEqual(view)
      }),
    )
  })
  it('is empty for the usual view', () => {
    expect(writeFleetView(plainView)).toBe('')
    expect(readFleetView('')).toEqual(plainView)
  })
  it('is read whatever it says, and what does not fit is as usual', () => {
    expect(readFleetView('?state=alarm,flying&battery=90-20&at=95,4,3&quiet=0&zone=x&bike=12&sort=-colour')).toEqual({
      ...plainView,
      states: ['alarm'],
    })
    fc.assert(
      fc.property(fc.string(), (text) => {
        const view = readFleetView(text)
        expect(readFleetView(writeFleetView(view))).toEqual(view)
      }),
    )
  })
  it('can be read by a person', () => {
    const view: FleetView = {
      ...plainView,
      bike: '100146',
      states: ['alarm', 'riding'],
      battery: { from: 0, to: 20 },
      place: { lat: 52.3585, lon: 4.7262, zoom: 14.2 },
    }
    expect(writeFleetView(view)).toBe('?bike=100146&state=alarm,riding&battery=0-20&at=52.35850,4.72620,14.20')
  })
})
