import { describe, expect, it } from 'vitest'
import type { FareLine } from '../../contracts/http/trips.ts'
import { epochMs } from '../../contracts/units.ts'
import { aboutsOf, asksFor } from './appeal-asks.ts'

const line = (key: FareLine['key'], amount: number): FareLine => ({ key, amount, unitAmount: amount, quantity: 1 })
const bill = (total: number, ...lines: readonly FareLine[]) => ({
  price: { currency: 'CNY', total, lines: [line('unlock', 180), ...lines], final: true },
  endedAt: epochMs(1_795_166_403_480),
})

describe('what an appeal can be about', () => {
  it('is the fee for the place first, where there is one', () => {
    expect(aboutsOf(bill(1_180, line('wrong_place', 1_000)))[0]).toBe('wrong_place')
    expect(aboutsOf(bill(180))).toEqual(['price', 'lock', 'not_my_ride', 'other'])
    expect(aboutsOf(bill(180, line('no_parking', 1_000), line('put_right', -1_000)))).not.toContain('wrong_place')
    expect(aboutsOf({ ...bill(0), endedAt: null })).toEqual(['lock', 'other'])
  })

  it('asks back that fee, or all of the price', () => {
    const trip = bill(1_180, line('no_parking', 1_000))
    expect([asksFor(trip, 'wrong_place'), asksFor(trip, 'price')]).toEqual([1_000, 1_180])
  })
})
