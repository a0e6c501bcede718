import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../contracts/random.ts'
import { expectedLoss, type LossOptions, marginalGain, type PlaceRates } from './dissatisfaction.ts'

const day = (pickups: number, returns: number, slots = 36): PlaceRates => ({
  pickups: Array.from({ length: slots }, () => pickups),
  returns: Array.from({ length: slots }, () => returns),
})

/** E[(D − s)+] of a Poisson. */
function poissonExcess(mean: number, stock: number): number {
  let [chance, excess] = [Math.exp(-mean), mean - stock]
  for (let n = 0; n < stock; n++) {
    excess += (stock - n) * chance
    chance *= mean / (n + 1)
  }
  return excess
}

describe('the rides that a place loses', () => {
  it('are E[(D − s)+] where no bike comes back', () => {
    const loss = expectedLoss(day(0.25, 0), { mostStock: 25 })
    for (const stock of [0, 1, 5, 9, 15, 25]) expect(loss[stock]).toBeCloseTo(poissonExcess(9, stock), 6)
  })

  it('are E[(D − s)+] of the negative binomial when the day’s rate is uncertain', () => {
    const [mean, k] = [9, 3]
    const loss = expectedLoss(day(mean / 36, 0), { mostStock: 30, dispersion: k })
    let excess = mean
    let atMost = 0
    let chance = (k / (k + mean)) ** k
    for (let stock = 0; stock <= 20; stock++) {
      expect(Math.abs((loss[stock] as number) - excess)).toBeLessThan(0.12)
      atMost += chance
      excess -= 1 - atMost
      chance *= ((stock + k) / (stock + 1)) * (mean / (mean + k))
    }
  })

  it('are all of them where the place is empty and nothing comes, and none where nobody asks', () => {
    expect(expectedLoss(day(2, 0), { mostStock: 0 })[0]).toBeCloseTo(72, 6)
    expect(expectedLoss(day(0, 0.3), { mostStock: 3 })).toEqual(new Float64Array(4))
    expect(expectedLoss({ pickups: [], returns: [] }, { mostStock: 2 })).toEqual(new Float64Array(3))
  })

  it('agree with 20,000 days played out', () => {
    const morning: PlaceRates = { pickups: [0.1, 1.5, 3, 2, 0.5, 0.2], returns: [0.5, 0.2, 0.4, 1, 2.5, 3] }
    const options: LossOptions = { mostStock: 8, capacity: 8, lostReturnWeight: 0.5 }
    const loss = expectedLoss(morning, options)
    for (const stock of [0, 3, 6, 8])
      expect(Math.abs((loss[stock] as number) - played(morning, stock, 8, 0.5))).toBeLessThan(0.05)
    const free = expectedLoss(morning, { mostStock: 8 })
    for (const stock of [0, 4])
      expect(Math.abs((free[stock] as number) - played(morning, stock, 10_000, 0))).toBeLessThan(0.05)
  })

  it('fall by less and less with every bike, with and without a limit of room', () => {
    const rate = fc.double({ min: 0, max: 6, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(rate, rate), { minLength: 1, maxLength: 20 }),
        fc.option(fc.integer({ min: 20, max: 40 })),
        fc.option(fc.double({ min: 0.2, max: 50, noNaN: true })),
        (slots, capacity, dispersion) => {
          const rates = { pickups: slots.map(([out]) => out), returns: slots.map(([, back]) => back) }
          const loss = expectedLoss(rates, { mostStock: 20, capacity, ...(dispersion === null ? {} : { dispersion }) })
          for (let stock = 0; stock < 19; stock++) {
            expect(marginalGain(loss, stock)).toBeGreaterThanOrEqual(marginalGain(loss, stock + 1) - 1e-9)
            expect(marginalGain(loss, stock)).toBeLessThanOrEqual(1 + 1e-9)
            expect(loss[stock]).toBeGreaterThanOrEqual(-1e-12)
            if (capacity === null) expect(marginalGain(loss, stock)).toBeGreaterThanOrEqual(-1e-9)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('grow by a lost return for each bike beyond the room', () => {
    const loss = expectedLoss(day(0.1, 0.1), { mostStock: 6, capacity: 4, lostReturnWeight: 0.5 })
    expect(marginalGain(loss, 4)).toBeCloseTo(-0.5, 9)
    expect(marginalGain(loss, 5)).toBeCloseTo(-0.5, 9)
    const closed = expectedLoss(day(0.1, 0.1), { mostStock: 1, capacity: 0, lostReturnWeight: 0.5, dispersion: 2 })
    expect(Array.from(closed, (rides) => rides.toFixed(6))).toEqual(['5.400000', '5.900000'])
  })

  it('do not depend on how a steady day is cut into half hours', () => {
    const fine = expectedLoss(day(0.5, 0.4, 40), { mostStock: 12 })
    const coarse = expectedLoss(day(1, 0.8, 20), { mostStock: 12 })
    for (let stock = 0; stock <= 12; stock++) expect(fine[stock]).toBeCloseTo(coarse[stock] as number, 6)
  })
})

/** Mean loss of 20,000 seeded days, event by event. */
function played(rates: PlaceRates, stock: number, capacity: number, returnLoss: number): number {
  const random = seededRandom(7, `played ${stock}`)
  const days = 20_000
  let lost = 0
  for (let d = 0; d < days; d++) {
    let bikes = stock
    for (let slot = 0; slot < rates.pickups.length; slot++) {
      const [out, back] = [rates.pickups[slot] as number, rates.returns[slot] as number]
      let at = -Math.log(1 - random.next())
      while (at < out + back) {
        at += -Math.log(1 - random.next())
        if (random.next() * (out + back) < out) {
          if (bikes === 0) lost++
          else bikes--
        } else if (bikes === capacity) lost += returnLoss
        else bikes++
      }
    }
  }
  return lost / days
}
