import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../contracts/random.ts'
import { distanceM } from '../../../contracts/units.ts'
import { weightedDraw } from './draw-weighted.ts'
import { firstPosition } from './first-positions.ts'
import { attraction, planJourney } from './journey.ts'
import { parkingNode, stepAside } from './parking.ts'
import { makePopulation } from './population.ts'

const places = { homes: [[1, 3] as const, [2, 1] as const], work: [[3, 1] as const] }
const leisure = [
  { nodeIndex: 4, kind: 'museum', weight: 10 },
  { nodeIndex: 5, kind: 'theatre', weight: 10 },
]

describe('a crowd', () => {
  it('is the same for the same seed, and a larger one begins with the smaller', () => {
    const people = (size: number) => makePopulation(seededRandom('a'), size, places)
    expect(people(50).slice(0, 20)).toEqual(people(20))
  })

  it('has a pace that a bicycle has', () => {
    for (const { pace } of makePopulation(seededRandom('b'), 300, places)) {
      expect(pace).toBeGreaterThanOrEqual(3.5)
      expect(pace).toBeLessThanOrEqual(5.5)
    }
  })
})

describe('a journey', () => {
  const [person] = makePopulation(seededRandom('c'), 1, places)
  it('never leads to where one already is, and pauses on the way', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 6 }),
        fc.double({ min: 0, max: 24, noNaN: true }),
        (seed, weekday, hour) => {
          if (person === undefined) return
          const journey = planJourney(person, 3, { weekday, hour }, leisure, seededRandom(seed))
          expect(journey?.toNode).not.toBe(3)
          if (journey?.pause) expect(journey.pause.afterShare).toBeLessThan(1)
        },
      ),
    )
  })

  it('leads to the museum by day and to the theatre in the evening', () => {
    const [museum, theatre] = leisure
    if (museum === undefined || theatre === undefined) throw new Error('two places')
    expect(attraction(museum, { weekday: 2, hour: 11 })).toBeGreaterThan(attraction(theatre, { weekday: 2, hour: 11 }))
    expect(attraction(museum, { weekday: 2, hour: 20 })).toBeLessThan(attraction(theatre, { weekday: 2, hour: 20 }))
  })
})

describe('parking', () => {
  const at = { lon: 4.7, lat: 52.3 }
  const near = { lon: 4.702, lat: 52.3, nodeIndex: 9, capacity: 10 }
  const far = { lon: 4.8, lat: 52.3, nodeIndex: 8, capacity: 10 }

  it.each([
    [true, [far, near], 9],
    [true, [far], 1],
    [false, [near], 1],
  ])('of someone tidy (%s) goes to the hotspot within reach', (parksAtHotspot, hotspots, node) => {
    expect(parkingNode(1, at, parksAtHotspot, hotspots).node).toBe(node)
  })

  it('puts bikes beside one another, never far away', () => {
    const random = seededRandom('park')
    for (let i = 0; i < 200; i++) expect(distanceM(at, stepAside(at, true, random))).toBeLessThan(15)
  })

  it('begins at hotspots and in front of homes', () => {
    const nodes = Array.from({ length: 10 }, (_, i) => [4.7 + i / 100, 52.3] as const)
    const random = seededRandom('first')
    const lons = Array.from({ length: 300 }, () =>
      firstPosition({ nodes, homes: places.homes, hotspots: [{ ...near, nodeIndex: 9 }] }, random).lon.toFixed(2),
    )
    expect(new Set(lons)).toEqual(new Set(['4.71', '4.72', '4.79']))
  })
})

describe('a draw by weight', () => {
  it('never takes what has no weight', () => {
    const draw = weightedDraw([
      ['a', 0],
      ['b', 2],
      ['c', 0],
    ])
    const random = seededRandom('draw')
    expect(new Set(Array.from({ length: 100 }, () => draw(random)))).toEqual(new Set(['b']))
  })
})
