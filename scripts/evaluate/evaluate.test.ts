import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { evaluateDay } from './evaluate-day.ts'
import { likelyDays } from './missed-rides.ts'
import { naiveMover } from './naive-mover.ts'
import { type DocklessTrip, readTripDay, type TripDay } from './read-trips.ts'
import { planeAt, replay } from './replay.ts'
import { afterTheNight, strayNight } from './stray-night.ts'
import { thinnedFleet } from './thinned-fleet.ts'
import { wantedPlaces } from './wanted-places.ts'

const plane = planeAt(0)
const lonAt = (metres: number) => metres / plane.x(1)
/** A trip along one street: places in metres, times in minutes after midnight. */
const trip = (bikeId: string, fromM: number, toM: number, startMinute: number, endMinute: number): DocklessTrip => ({
  bikeId,
  startS: startMinute * 60,
  endS: endMinute * 60,
  startLon: lonAt(fromM),
  startLat: 0,
  endLon: lonAt(toM),
  endLat: 0,
})
const standingAt = (...metres: number[]) => ({ x: Float64Array.from(metres), y: new Float64Array(metres.length) })

describe('a replayed day', () => {
  it('takes the nearest bike within 200 m, which stands at the end of the trip from then on', () => {
    const trips = [trip('a', 0, 5_000, 300, 310), trip('b', 5_000, 9_000, 305, 315), trip('c', 5_100, 0, 311, 320)]
    const { served, lost, ridden } = replay(standingAt(150, -90, 9_999), trips, plane)
    expect({ served, lost, ridden: [...ridden] }).toEqual({ served: 2, lost: [1], ridden: [0, 1, 0] })
  })
})

describe('a thinned fleet', () => {
  const day = (midnightS: number, trips: DocklessTrip[]): TripDay => ({ file: '', midnightS, trips })
  it('stands where the last trip before the hour ended, and knows no bike that was not seen', () => {
    const days = [day(0, [trip('a', 0, 70, 60, 70), trip('a', 70, 400, 200, 210), trip('late', 0, 9, 500, 510)])]
    const fleet = thinnedFleet(days, 400 * 60, 1, plane, 0)
    expect(fleet.bikeIds).toEqual(['a'])
    expect(fleet.x[0]).toBeCloseTo(400, 3)
  })
  it('keeps about its share, the same bikes each time, and others at another draw', () => {
    const days = [
      day(
        0,
        [...Array(2_000).keys()].map((i) => trip(`bike ${i}`, 0, i, 60, 70)),
      ),
    ]
    const [one, again, other] = [0, 0, 1].map((draw) => thinnedFleet(days, 9_000, 0.5, plane, draw).bikeIds)
    expect(one?.length).toBeGreaterThan(900)
    expect(one?.length).toBeLessThan(1_100)
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
  })
})

describe('where bikes are wanted', () => {
  // Five riders each morning at 3 km, nobody at 0 where the bikes stand.
  const morning = [...Array(5).keys()].map((i) =>
    trip(`r${i}`, 3_000 + i, 20_000 + 1_000 * i, 480 + 30 * i, 490 + 30 * i),
  )
  const idle = standingAt(0, 10, 20, 30, 40, 50, 60, 70)
  const known = [morning, morning]
  const wanted = () => {
    const likely = likelyDays(idle, known, plane, 1)
    const starts = morning.map(({ startLon }) => ({ x: plane.x(startLon), y: 0 }))
    return { likely, places: wantedPlaces(likely, starts, 50, 0.2) }
  }

  it('is where rides are missed on most days, and each further bike wins less', () => {
    const { places, likely } = wanted()
    expect(places).toHaveLength(1)
    expect(places[0]?.x).toBeCloseTo(3_000, -2)
    const gains = places[0]?.gains ?? []
    expect(gains.length).toBeGreaterThan(2)
    expect([...gains].sort((a, b) => b - a)).toEqual(gains)
    expect([...likely.ridden]).toEqual(Array(8).fill(0))
  })

  it('makes a night whose plan, carried out, serves those riders', async () => {
    const { planRoutes } = await import('../../server/rebalancing/core/plan-routes.ts')
    const { likely, places } = wanted()
    const night = strayNight(idle, likely.ridden, places, { vans: 1, hours: 4, capacity: 10, ridesPerBike: 0.1 })
    const search = planRoutes(
      { ...night.problem, costs: { ridesPerKm: 0, ridesPerHour: 0, ridesPerVan: 0 } },
      { seed: 1 },
    )
    search.improve(500)
    const after = afterTheNight(idle, night, search.best())
    expect(replay(idle, morning, plane).served).toBe(0)
    expect(replay(after, morning, plane).served).toBe(Math.min(5, search.best().bikesMoved))
    expect(search.best().bikesMoved).toBeGreaterThan(2)
  })

  it('is also found by the naive mover, which carries idle bikes to where yesterday missed most', () => {
    const { standing, moved } = naiveMover(idle, morning, plane, 3)
    expect(moved).toBe(3)
    expect(replay(standing, morning, plane).served).toBe(3)
  })
})

const folder = fileURLToPath(new URL('../../../shared/data/singapore-dockless/', import.meta.url))
const file = (day: number) => `${folder}trips-2017-09-${day}.csv.gz`
const isHere = existsSync(file(11))

it(`serves the share of Singapore's trips that is published${isHere ? '' : ' (the data is absent: only says so)'}`, () => {
  if (!isHere) return expect(() => readTripDay(file(11), 28_800)).toThrow('does not exist')
  const days = [11, 12, 13].map((day) => readTripDay(file(day), 28_800))
  const fleet = thinnedFleet(days, (days[2]?.midnightS ?? 0) + 14_400, 1, planeAt(1.35), 0)
  const trips = (days[2]?.trips ?? []).filter(({ startS }) => startS >= (days[2]?.midnightS ?? 0) + 14_400)
  expect(trips).toHaveLength(39_255)
  expect(replay(fleet, trips, planeAt(1.35)).served / trips.length).toBeCloseTo(0.988, 3)
})

it('refuses a file of another form, and names what is missing', () => {
  const readme = fileURLToPath(new URL('../../README.md', import.meta.url))
  expect(readFileSync(readme, 'utf8')).toContain('Zwerm')
  expect(() => readTripDay(readme, 0)).toThrow('has no column bike_id')
})

it('judges the last day by those before it', async () => {
  const morning = (day: number) =>
    [...Array(40).keys()].map((i) => ({
      ...trip(`${day}-${i}`, (i % 4) * 2_000, 9_000 + 10 * i, 300 + 10 * i, 305 + 10 * i),
      startS: day * 86_400 + 18_000 + 600 * i,
      endS: day * 86_400 + 18_300 + 600 * i,
    }))
  const days = [0, 1, 2].map((day) => ({ file: `${day}`, midnightS: day * 86_400, trips: morning(day) }))
  const order = {
    vans: 2,
    hours: 8,
    capacity: 20,
    share: 1,
    seconds: 1,
    iterations: 500,
    seed: 1,
    ridesPerBike: 0.1,
    fleets: 1,
  }
  const found = await evaluateDay(days, order, () => undefined)
  expect(found).toMatchObject({ day: '1970-01-03', trips: 40, bikes: 80, served_none: 0 })
  expect(found.served_plan).toBeGreaterThan(0)
  expect(found.gain_per_bike_plan).toBeGreaterThan(0)
})
