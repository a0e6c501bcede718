import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asId, type BikeId } from '../../../../contracts/ids.ts'
import { findStrays, type HotspotCircle, type StrayBike } from './find-strays.ts'
import { type StraySettings, straySettings, straySettingTable } from './stray-settings.ts'

const hour = 3_600_000
const nowMs = 1_700_000_000_000
const station: HotspotCircle = { placeId: 'station', lon: 5.11, lat: 52.09, radiusM: 40 }
const bike = (facts: Partial<StrayBike> = {}): StrayBike => ({
  ...{ bikeId: asId<BikeId>('b1'), lon: 5.12, lat: 52.08, standsSinceMs: nowMs - 6 * hour, lastRideAtMs: null },
  ...{ batteryPercent: 80, inService: true, isInUse: false, isSilent: false, alarms: [], complaints: 0 },
  ...{ isBlocking: false, isInServiceArea: true },
  ...facts,
})
const inHotspot = { lon: station.lon, lat: station.lat }
const find = (facts: Partial<StrayBike>, settings?: StraySettings) =>
  findStrays([bike(facts)], [station], nowMs, settings)[0]

describe('a stray', () => {
  it.each([
    ['a bike that stands outside of every hotspot', {}, ['outside_hotspot'], 'hotspot'],
    [
      'one that nobody has ridden for two days',
      { standsSinceMs: nowMs - 48 * hour },
      ['idle', 'outside_hotspot'],
      'hotspot',
    ],
    ['one that blocks a footway, wherever it is', { ...inHotspot, isBlocking: true }, ['blocked'], 'hotspot'],
    ['one that people complained of', { ...inHotspot, complaints: 2 }, ['complaint'], 'hotspot'],
    ['one whose lock has little charge', { ...inHotspot, batteryPercent: 12 }, ['low_battery'], 'workshop'],
    ['one out of service', { ...inHotspot, inService: false }, ['broken'], 'workshop'],
    ['one whose lock jammed', { ...inHotspot, alarms: ['jammed_open'] }, ['broken'], 'workshop'],
    [
      'one outside of the service area',
      { isInServiceArea: false },
      ['outside_service_area', 'outside_hotspot'],
      'hotspot',
    ],
    ['one that has fallen silent', { ...inHotspot, isSilent: true }, ['silent'], 'workshop'],
  ] as const)('is %s', (_, facts, reasons, goesTo) => {
    const found = find(facts)
    expect(found?.reasons).toEqual(reasons)
    expect(found?.goesTo).toBe(goesTo)
    expect(found?.value).toBeGreaterThan(0)
  })

  it('is not a good bike in a hotspot, however long it waits there', () => {
    expect(find({ ...inHotspot, standsSinceMs: nowMs - 500 * hour })).toBeUndefined()
    expect(find({ insideHotspot: 'market', standsSinceMs: nowMs - 500 * hour })).toBeUndefined()
  })

  it('is not one that was left an hour ago', () => {
    expect(find({ standsSinceMs: nowMs - hour })).toBeUndefined()
    expect(find({ standsSinceMs: nowMs - hour }, straySettings({ strayHours: 0.5 }))?.reasons).toEqual([
      'outside_hotspot',
    ])
  })

  it('is worth more with age, up to a limit', () => {
    const aged = (days: number) => find({ standsSinceMs: nowMs - days * 24 * hour })?.value as number
    expect(aged(2)).toBeGreaterThan(aged(1))
    expect(aged(60)).toBe(aged(4))
  })

  it('tells where it stands, for how long and in which hotspot', () => {
    const found = find({ ...inHotspot, isBlocking: true })
    expect(found).toMatchObject({ bikeId: 'b1', ...inHotspot, ageMs: 6 * hour, insideHotspot: 'station' })
  })

  const anyBike = fc.record({
    bikeId: fc.string({ minLength: 1, maxLength: 4 }).map((id) => asId<BikeId>(id)),
    lon: fc.double({ min: 5, max: 5.2, noNaN: true }),
    lat: fc.double({ min: 52, max: 52.2, noNaN: true }),
    standsSinceMs: fc.integer({ min: nowMs - 90 * 24 * hour, max: nowMs + hour }),
    lastRideAtMs: fc.option(fc.integer({ min: nowMs - 90 * 24 * hour, max: nowMs })),
    batteryPercent: fc.option(fc.integer({ min: 0, max: 100 })),
    inService: fc.boolean(),
    isInUse: fc.boolean(),
    isSilent: fc.boolean(),
    alarms: fc.array(fc.constantFrom('jammed_open', 'theft'), { maxLength: 2 }),
    complaints: fc.nat(9),
    isBlocking: fc.boolean(),
    isInServiceArea: fc.boolean(),
  })

  it('is never a bike in use, always has a reason and a value within its limit, and the dearest comes first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyBike, { selector: ({ bikeId }) => bikeId, maxLength: 20 }), (bikes) => {
        const found = findStrays(bikes, [station], nowMs)
        const used = new Set(bikes.filter(({ isInUse }) => isInUse).map(({ bikeId }) => bikeId))
        for (const { bikeId, reasons, value } of found) {
          expect(used.has(bikeId)).toBe(false)
          expect(reasons.length).toBeGreaterThan(0)
          expect(new Set(reasons).size).toBe(reasons.length)
          expect(value).toBeLessThanOrEqual(straySettingTable.mostValue.value)
          expect(value).toBeGreaterThan(0)
        }
        const values = found.map(({ value }) => value)
        expect(values).toEqual(values.toSorted((a, b) => b - a))
        expect(findStrays(bikes.toReversed(), [station], nowMs)).toEqual(found)
      }),
    )
  })

  it('refuses settings out of their range', () => {
    expect(() => straySettings({ lowBatteryPercent: 101 })).toThrow('lowBatteryPercent must be 0 to 100, not 101')
    expect(() => straySettings({ idleHours: Number.NaN })).toThrow(RangeError)
  })
})
