import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beijingTime, epochMsOfBeijingTime } from './beijing-time.ts'
import { fenFromYuan, yuan } from './money.ts'
import { emptyTable, getRow, putRow, rowsOf } from './table.ts'

describe('yuan texts', () => {
  it('come back as the fen they were written from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), (fen) => {
        expect(fenFromYuan(yuan(fen))).toBe(fen)
      }),
    )
  })

  it.each([
    ['1', 100],
    ['1.5', 150],
    ['0.01', 1],
    ['100000000.00', 10_000_000_000],
  ])('%s is %i fen', (text, fen) => {
    expect(fenFromYuan(text)).toBe(fen)
  })

  it.each(['', '0', '0.00', '-1.00', '1.', '.5', '1.234', '1e2', ' 1', '1,00', '100000000.01', '１'])(
    '%j is no amount',
    (text) => {
      expect(fenFromYuan(text)).toBeUndefined()
    },
  )
})

describe('times', () => {
  it('are written in Beijing time, whatever the host', () => {
    expect(beijingTime(Date.UTC(2024, 4, 13, 17, 49, 20))).toBe('2024-05-14 01:49:20')
    expect(epochMsOfBeijingTime('2024-05-14 01:49:20')).toBe(Date.UTC(2024, 4, 13, 17, 49, 20))
  })

  it.each(['2024-02-30 00:00:00', '2024-05-14T01:49:20', '2024-05-14', '', '2024-13-01 00:00:00'])(
    '%j is no time',
    (text) => {
      expect(epochMsOfBeijingTime(text)).toBeUndefined()
    },
  )
})

describe('a table', () => {
  it('keeps its old versions', () => {
    const one = putRow(emptyTable<number>(), 'a', 1)
    const two = putRow(putRow(one, 'a', 2), 'b', 3)
    expect([getRow(one, 'a'), one.size, getRow(two, 'a'), two.size]).toEqual([1, 1, 2, 2])
    expect([...rowsOf(two)].sort()).toEqual([2, 3])
  })
})
