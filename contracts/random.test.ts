import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from './random.ts'

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.next())

describe('a seeded source of numbers', () => {
  it('gives the same numbers for the same seed and purpose, today and on every machine', () => {
    expect(draws(seededRandom(7, 'riders'), 100)).toEqual(draws(seededRandom('7', 'riders'), 100))
    expect(draws(seededRandom(1), 4).map((value) => value.toFixed(9))).toEqual(firstFourOfSeed1)
  })

  it('gives others for another seed or purpose', () => {
    const starts = [
      ...Array.from({ length: 500 }, (_, seed) => seededRandom(seed).next()),
      ...Array.from({ length: 500 }, (_, seed) => seededRandom(1, `purpose ${seed}`).next()),
    ]
    expect(new Set(starts).size).toBe(starts.length)
  })

  it('keeps its stream when another purpose draws from its own', () => {
    const alone = seededRandom(3)
    const shared = seededRandom(3)
    const other = shared.split('weather')
    const mixed = Array.from({ length: 50 }, () => {
      other.next()
      return shared.next()
    })
    expect(mixed).toEqual(draws(alone, 50))
    expect(draws(seededRandom(3).split('weather'), 5)).toEqual(draws(seededRandom(3).split('weather'), 5))
  })

  it('is uniform: sixteen bins of 64,000 draws differ as chance lets them', () => {
    const bins = new Array<number>(16).fill(0)
    for (const value of draws(seededRandom(11), 64_000))
      bins[Math.floor(value * 16)] = (bins[Math.floor(value * 16)] ?? 0) + 1
    const chiSquared = bins.reduce((sum, count) => sum + (count - 4_000) ** 2 / 4_000, 0)
    // 15 degrees of freedom: above 44 once in ten thousand.
    expect(chiSquared).toBeLessThan(44)
  })

  it('draws integers of both ends and nothing outside', () => {
    const random = seededRandom(5)
    const drawn = new Set(Array.from({ length: 1_000 }, () => random.integer(-2, 3)))
    expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3])
    const picked = new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c'])))
    expect(picked.size).toBe(3)
    expect([random.chance(0), random.chance(1)]).toEqual([false, true])
  })

  it('draws normal deviates of the mean and spread that were asked for', () => {
    const random = seededRandom(9)
    const values = Array.from({ length: 20_000 }, () => random.normal(50, 4))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(Math.abs(mean - 50)).toBeLessThan(0.15)
    expect(Math.abs(Math.sqrt(variance) - 4)).toBeLessThan(0.1)
  })
})

const firstFourOfSeed1 = ['0.081346177', '0.507770973', '0.131734826', '0.354014366']
