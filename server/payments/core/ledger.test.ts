import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minor } from '../../../contracts/units.ts'
import {
  captured,
  clearingOf,
  type Journal,
  type JournalSubject,
  receivableOf,
  refunded,
  reversalOf,
  tripPriced,
  vatOfGross,
  writtenOff,
} from './ledger.ts'

const subject: JournalSubject = {
  riderId: 'rider-1',
  paymentId: 'payment-1',
  tripId: 'trip-1',
  provider: 'alipay',
  currency: 'CNY',
}
const gross = fc.integer({ min: 1, max: 100_000_000 }).map(minor)
const rate = fc.integer({ min: 0, max: 100 })
const sumOf = (journals: readonly Journal[], code?: string): number =>
  journals
    .flatMap((journal) => journal.entries)
    .filter(({ account }) => code === undefined || account.code === code)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0)

describe('VAT inside a gross amount', () => {
  it.each([
    [450, 9, 37],
    [150, 9, 12],
    [121, 21, 21],
    [1, 9, 0],
    [100, 0, 0],
    [3, 100, 1],
    [1, 100, 0],
  ])('%i at %i percent is %i', (grossMinor, percent, vat) => {
    expect(vatOfGross(minor(grossMinor), percent)).toBe(vat)
  })

  it('is the half-up rounding of the exact net, to the last unit', () => {
    fc.assert(
      fc.property(gross, rate, (grossMinor, percent) => {
        const base = BigInt(100 + percent)
        const net = (2n * BigInt(grossMinor) * 100n + base) / (2n * base)
        expect(BigInt(vatOfGross(grossMinor, percent))).toBe(BigInt(grossMinor) - net)
      }),
    )
  })
})

describe('a journal', () => {
  it('of any kind and amount sums to zero, and has no empty entry', () => {
    fc.assert(
      fc.property(gross, rate, (amountMinor, percent) => {
        const priced = tripPriced(subject, amountMinor, percent, 'first')
        const journals = [
          priced,
          reversalOf(subject, { journalId: 'journal-1', entries: priced.entries }),
          captured(subject, amountMinor),
          refunded(subject, amountMinor, amountMinor),
          writtenOff(subject, amountMinor),
        ]
        for (const journal of journals) {
          expect(sumOf([journal])).toBe(0)
          expect(journal.entries.every((entry) => entry.amountMinor !== 0)).toBe(true)
        }
        expect(new Set(journals.map((journal) => journal.idemKey)).size).toBe(journals.length)
      }),
    )
  })

  it('of a ride that was paid leaves the rider owing nothing and the money with the provider', () => {
    const story = [tripPriced(subject, minor(450), 9, 'first'), captured(subject, minor(450))]
    expect(sumOf(story, receivableOf('rider-1').code)).toBe(0)
    expect(sumOf(story, clearingOf('alipay').code)).toBe(450)
    expect(sumOf(story, 'revenue:rides')).toBe(-413)
    expect(sumOf(story, 'vat:payable:9')).toBe(-37)
  })

  it('of a ride that was re-priced and refunded leaves only the new price, with its own VAT', () => {
    const first = tripPriced(subject, minor(450), 9, 'first')
    const story = [
      first,
      captured(subject, minor(450)),
      reversalOf(subject, { journalId: 'journal-1', entries: first.entries }),
      tripPriced(subject, minor(150), 9, 'journal-1'),
      refunded(subject, minor(300), minor(300)),
    ]
    expect(sumOf(story, receivableOf('rider-1').code)).toBe(0)
    expect(sumOf(story, clearingOf('alipay').code)).toBe(150)
    expect(sumOf(story, 'vat:payable:9')).toBe(-12)
    expect(sumOf(story, 'revenue:rides')).toBe(-138)
  })

  it('moves nothing when the amount is nothing: that is a bug, not a journal', () => {
    expect(() => captured(subject, minor(0))).toThrow('positive')
    expect(() => captured(subject, minor(-5))).toThrow('positive')
  })
})
