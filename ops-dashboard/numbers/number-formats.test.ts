import { describe, expect, it } from 'vitest'
import { changeOf, formatFigure, formatLocalDay } from './number-formats.ts'

const tag = 'en-GB'

describe('a figure', () => {
  it.each([
    [null, 'count', '–'],
    [12_345, 'count', '12,345'],
    [1.4, 'ratio', '1.40'],
    [0.8712, 'percent', '87.1%'],
    [11.84, 'minutes', '11.8 min'],
    [2_310, 'ms', '2.3 sec'],
    [184_000, 'ms', '3.1 min'],
    [1_310, 'metres', '1.3 km'],
    [18_234, 'money', '€182.34'],
  ] as const)('%s as %s reads %s', (value, unit, text) => {
    // Tables of locales differ in a plural and in a comma.
    expect(formatFigure(tag, value, unit).replace(/(min|sec)s$/, '$1')).toBe(text)
  })
})

describe('a change', () => {
  it('is told in percent, and of shares in points', () => {
    expect(changeOf(tag, 412, 380, 'count')).toEqual({ text: '+8.4 %', direction: 'up' })
    expect(changeOf(tag, 100, 300, 'count')).toEqual({ text: '-67 %', direction: 'down' })
    expect(changeOf(tag, 0.87, 0.9, 'percent')).toEqual({ text: '-3 pp', direction: 'down' })
    expect(changeOf(tag, 5, 5, 'count')).toEqual({ text: '0 %', direction: 'same' })
  })

  it('is not told where there was nothing before', () => {
    expect(changeOf(tag, 5, 0, 'count')).toBeNull()
    expect(changeOf(tag, 5, null, 'ratio')).toBeNull()
    expect(changeOf(tag, null, 5, 'ratio')).toBeNull()
  })
})

describe('a day of the operator', () => {
  it('is that day wherever the reader sits', () => {
    expect(formatLocalDay(tag, '2026-11-20', true).replace(',', '')).toBe('Fri 20 Nov')
  })
})
