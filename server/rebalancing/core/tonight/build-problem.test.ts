import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bikeAt, inputsOf, madeUpNight, ratesAt, spotAt } from '../../../../test/fixtures/night-inputs.ts'
import type { Place, Stop } from '../night-problem.ts'
import { nightPlaces, nightProblem } from './build-problem.ts'
import type { NightInputs } from './night-inputs.ts'

const stops = (inputs: NightInputs): Stop[] => nightPlaces(inputs).places.filter((place) => place.kind === 'stop')
const bikesOf = (places: readonly Place[]): string[] =>
  places.flatMap((place) => (place.kind === 'stop' ? [...place.takeBikes, ...place.brokenBikes] : []))
const falls = (values: readonly number[]) =>
  values.every((value, i) => i === 0 || value <= (values[i - 1] as number) + 1e-9)

const station = spotAt('station', 4.726, 52.3585)
const quiet = { cells: [], sureness: 0, evidenceDays: 0 }

describe('the places of a night', () => {
  it('are the same for the same inputs, hold no bike twice and never one in use or of unknown place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 0, max: 120 }), (seed, count) => {
        const inputs = madeUpNight(seed, count, 12)
        const made = nightPlaces(inputs)
        expect(nightPlaces(inputs)).toEqual(made)
        const listed = bikesOf(made.places)
        expect(new Set(listed).size).toBe(listed.length)
        const known = new Map(inputs.bikes.map((bike) => [bike.bikeId as string, bike]))
        for (const bikeId of listed) {
          const bike = known.get(bikeId)
          expect([bike?.isInUse, typeof bike?.lon]).toEqual([false, 'number'])
          expect(made.facts.bikes[bikeId]?.reasons.length).toBeGreaterThan(0)
        }
        for (const place of made.places) {
          if (place.kind === 'depot') continue
          expect([falls(place.takeValues), falls(place.giveValues), falls(place.brokenValues)]).toEqual([
            true,
            true,
            true,
          ])
          const capacity = made.facts.places[made.places.indexOf(place)]?.capacity ?? 0
          const stock = made.facts.places[made.places.indexOf(place)]?.stock ?? 0
          expect(place.giveValues.length).toBeLessThanOrEqual(Math.max(0, capacity - stock))
        }
        expect(made.facts.places.length).toBe(made.places.length)
      }),
      { numRuns: 60 },
    )
  })

  it('bring a stray that nobody finds to where people look for bikes', () => {
    const inputs = inputsOf({
      bikes: [bikeAt('lost', 4.75, 52.37)],
      hotspots: [station],
      demand: { ...quiet, cells: [ratesAt(station.lon, station.lat, 20)] },
    })
    const [spot, stray] = stops(inputs)
    expect(stray).toMatchObject({ takeBikes: ['lost'], giveValues: [] })
    expect(stray?.name).toMatch(/^Near station, 2\.\d km north-east$/)
    expect(stray?.takeValues[0]).toBeGreaterThan(0)
    expect(spot?.giveValues[0]).toBeGreaterThan(0.5)
    expect(nightPlaces(inputs).facts.lostWithNothingDone).toBeGreaterThan(3)
  })

  it('put strays that stand side by side in one halt and the others in their own', () => {
    const bikes = [bikeAt('a', 4.75, 52.37), bikeAt('b', 4.7503, 52.37), bikeAt('c', 4.7516, 52.37)]
    expect(stops(inputsOf({ bikes })).map(({ takeBikes }) => takeBikes.length)).toEqual([2, 1])
  })

  it('send a broken bike to the workshop, not to riders', () => {
    const bikes = [bikeAt('broken', 4.726, 52.3585, { insideHotspot: 'station', inService: false })]
    const [spot] = stops(inputsOf({ bikes, hotspots: [station] }))
    expect(spot).toMatchObject({ takeBikes: [], brokenBikes: ['broken'] })
  })

  it('leave a stray where tomorrow’s riders need it more than anybody else', () => {
    const lone = bikeAt('lone', 4.75, 52.37, { standsSinceMs: Date.parse('2026-11-21T14:00:00Z'), idleHours: 5 })
    const busy = inputsOf({ bikes: [lone], demand: { ...quiet, cells: [ratesAt(4.75, 52.37, 6)] } })
    const idle = inputsOf({ bikes: [lone] })
    expect((stops(idle)[0] as Stop).takeValues[0]).toBeGreaterThan(0)
    expect((stops(busy)[0] as Stop).takeValues[0]).toBeLessThan(0)
  })

  it('offer what stands above a hotspot’s most, and nothing below its least', () => {
    const bikes = Array.from({ length: 6 }, (_, i) => bikeAt(`b${i}`, 4.726, 52.3585, { insideHotspot: 'station' }))
    const at = (change: object) => stops(inputsOf({ bikes, hotspots: [{ ...station, ...change }] }))[0] as Stop
    expect(at({ maxBikes: 4 }).takeValues.filter((value) => value > 1).length).toBe(2)
    expect(at({ minBikes: 6 }).takeBikes).toEqual([])
    expect(at({ capacity: 6 }).giveValues).toEqual([])
    expect(
      at({ minBikes: 8 })
        .giveValues.slice(0, 2)
        .every((value) => value > 1),
    ).toBe(true)
  })

  it('leave the vans and hotspots alone that are at work already', () => {
    const inputs = inputsOf({ hotspots: [station], busy: { vanIds: ['van-2'], placeIds: ['station'] } })
    const { places } = nightPlaces(inputs)
    expect(places.map(({ kind }) => kind)).toEqual(['depot'])
    const vans = nightProblem(inputs, places, { distanceM: [0], driveS: [0] }).vans
    expect(vans.map(({ vanId, startS, endS }) => [vanId, startS, endS])).toEqual([
      ['van-1', 0, 8 * 3600],
      ['van-3', 0, 8 * 3600],
    ])
  })
})
