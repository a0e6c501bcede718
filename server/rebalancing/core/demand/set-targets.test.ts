import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedLoss } from './dissatisfaction.ts'
import { setTargets, type TargetPlace, targetDefaults } from './set-targets.ts'

/** A convex curve from gains that fall. */
function curve(gains: readonly number[]): number[] {
  const sorted = gains.toSorted((a, b) => b - a)
  const loss = [0]
  for (const gain of sorted) loss.push((loss.at(-1) as number) - gain)
  return loss
}

const gain = fc.double({ min: -1, max: 2, noNaN: true })
const placeIn = (mostStock: number, mostCapacity: number) =>
  fc.record({
    stock: fc.integer({ min: 0, max: mostStock }),
    loss: fc.array(gain, { maxLength: 8 }).map(curve),
    capacity: fc.option(fc.integer({ min: 0, max: mostCapacity })),
    least: fc.integer({ min: 0, max: 3 }),
    most: fc.option(fc.integer({ min: 0, max: mostCapacity })),
  })
const named = (places: readonly Omit<TargetPlace, 'placeId'>[]): TargetPlace[] =>
  places.map((place, i) => ({ placeId: `p${i}`, ...place }))

const roomOf = ({ capacity, most }: TargetPlace) => Math.min(capacity ?? 1e9, most ?? 1e9)

describe('the targets of a night', () => {
  it('send the bike that is worth least to the place that misses it most', () => {
    const loss = (pickups: number) =>
      expectedLoss({ pickups: Array(30).fill(pickups), returns: Array(30).fill(0) }, { mostStock: 20 })
    const [park, station, stray] = setTargets([
      { placeId: 'park', stock: 12, loss: loss(0.05), capacity: null, least: 0, most: null },
      { placeId: 'station', stock: 2, loss: loss(0.4), capacity: 20, least: 0, most: null },
      { placeId: 'stray', stock: 1, loss: [0, 1], capacity: null, least: 0, most: 1 },
    ])
    expect(stray?.target).toBe(0)
    expect(station?.target).toBeGreaterThan(10)
    expect(park?.target).toBe(15 - (station?.target as number))
    expect(station?.lossAtTarget).toBeLessThan(station?.lossNow as number)
  })

  it('leave every bike where it is when moving costs more than it wins', () => {
    const places = named([
      { stock: 5, loss: [1, 0.5, 0.2, 0, 0, 0], capacity: null, least: 0, most: null },
      { stock: 0, loss: [1, 0.1], capacity: null, least: 0, most: null },
    ])
    expect(setTargets(places, { ridesPerBike: 0.91 }).map(({ target }) => target)).toEqual([5, 0])
    expect(setTargets(places, { ridesPerBike: 0.89 }).map(({ target }) => target)).toEqual([4, 1])
  })

  it('bring a place up to the operator’s least first, and down to the most', () => {
    const flat = [0]
    const targets = setTargets(
      named([
        { stock: 0, loss: flat, capacity: 10, least: 4, most: 8 },
        { stock: 11, loss: flat, capacity: 10, least: 0, most: null },
        { stock: 5, loss: [9, 8.9, 8.8, 8.7, 8.6, 8.5], capacity: 10, least: 3, most: null },
      ]),
    )
    expect(targets.map(({ target }) => target)).toEqual([4, 7, 5])
  })

  it('neither make nor lose a bike, and keep room, least and most', () => {
    fc.assert(
      fc.property(
        fc.array(placeIn(12, 12), { maxLength: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, price) => {
          const places = named(list)
          const targets = setTargets(places, { ridesPerBike: price })
          const sum = (values: number[]) => values.reduce((all, n) => all + n, 0)
          expect(sum(targets.map(({ target }) => target))).toBe(sum(places.map(({ stock }) => stock)))
          for (const [i, { target, gains, losses }] of targets.entries()) {
            const place = places[i] as TargetPlace
            expect(target).toBeLessThanOrEqual(Math.max(place.stock, roomOf(place)))
            expect(target).toBeGreaterThanOrEqual(Math.min(place.stock, place.least, roomOf(place)))
            expect(gains).toEqual(gains.toSorted((a, b) => b - a))
            expect(losses).toEqual(losses.toSorted((a, b) => a - b))
            expect(gains.length).toBeLessThanOrEqual(Math.max(0, roomOf(place) - place.stock))
            expect(losses.length).toBeLessThanOrEqual(place.stock)
          }
        },
      ),
    )
  })

  it('are worth as much as the best of all splits', () => {
    fc.assert(
      fc.property(
        fc.array(placeIn(4, 5), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, price) => {
          const places = named(list)
          const targets = setTargets(places, { ridesPerBike: price }).map(({ target }) => target)
          const cost = (stocks: readonly number[]) => costOf(places, stocks, price)
          expect(cost(targets)).toBeLessThanOrEqual(Math.min(...splits(places).map(cost)) + 1e-9)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('are found for 2,000 places with 20,000 bikes', () => {
    const loss = expectedLoss({ pickups: Array(36).fill(0.3), returns: Array(36).fill(0.2) }, { mostStock: 40 })
    const places = Array.from({ length: 2_000 }, (_, i) => ({
      ...{ placeId: `p${i}`, stock: i % 21, loss, capacity: 40, least: 0, most: null },
    }))
    const targets = setTargets(places, { ridesPerBike: 0 }).map(({ target }) => target)
    expect(Math.max(...targets) - Math.min(...targets)).toBeLessThanOrEqual(1)
  })
})

function costOf(places: readonly TargetPlace[], stocks: readonly number[], price: number): number {
  let cost = 0
  for (const [i, place] of places.entries()) {
    const n = stocks[i] as number
    const end = place.loss.length - 1
    const slope = end > 0 ? Math.max(0, (place.loss[end] as number) - (place.loss[end - 1] as number)) : 0
    cost += n <= end ? (place.loss[n] as number) : (place.loss[end] as number) + (n - end) * slope
    cost += targetDefaults.limitRides * Math.max(0, Math.min(place.least, roomOf(place)) - n, n - roomOf(place))
    cost += price * Math.max(0, n - place.stock)
  }
  return cost
}

/** Every allowed split of the bikes. */
function splits(places: readonly TargetPlace[]): number[][] {
  const bikes = places.reduce((sum, { stock }) => sum + stock, 0)
  let partial: number[][] = [[]]
  for (const place of places) {
    const low = Math.min(place.stock, place.least, roomOf(place))
    const high = Math.min(bikes, Math.max(place.stock, roomOf(place)))
    partial = partial.flatMap((head) => Array.from({ length: high - low + 1 }, (_, n) => [...head, low + n]))
    partial = partial.filter((head) => head.reduce((sum, n) => sum + n, 0) <= bikes)
  }
  return partial.filter((stocks) => stocks.reduce((sum, n) => sum + n, 0) === bikes)
}
