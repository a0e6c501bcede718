import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../contracts/http/trips.ts'
import { epochMs } from '../../contracts/units.ts'
import { receiptOf } from './core/receipt.ts'
import { receiptPage } from './receipt-page.ts'
import { preferredLanguage } from './receipt-texts.ts'

const receipt: Receipt = receiptOf({
  year: 2026,
  numberInYear: 17,
  issuedAtMs: epochMs(Date.UTC(2026, 0, 2, 3, 4)),
  bikeNumber: '10017',
  startedAtMs: epochMs(Date.UTC(2026, 0, 2, 2, 40)),
  endedAtMs: epochMs(Date.UTC(2026, 0, 2, 3, 0)),
  pausedMs: 61_000,
  currency: 'CNY',
  totalMinor: 450,
  lines: [
    { key: 'unlock', quantity: 1, unitAmount: 150, amount: 150 },
    { key: 'ride_minutes', quantity: 10, unitAmount: 30, amount: 300 },
  ],
  vatPercent: 9,
  tariffId: '<city&1>',
  capturedMinor: 400,
  refundedMinor: 100,
  paymentReference: '2026010222001',
  url: 'https://zwerm.example/r/AAAAAAAAAAAAAAAAAAAAAA',
})

describe('a receipt', () => {
  it('carries its number in the year and its VAT', () => {
    expect(receipt.number).toBe('2026-000017')
    expect(receipt.vat).toEqual({ ratePercent: 9, amount: 37 })
  })

  it.each([
    ['en', 'Receipt 2026-000017', 'CN¥4.50', 'Still to be paid', '2 Jan 2026, 10:40'],
    ['nl', 'Bon 2026-000017', 'CN¥', 'Nog te betalen', '2 jan 2026'],
    ['zh', '收据 2026-000017', '¥4.50', '待支付', '2026年1月2日'],
  ] as const)('is readable in %s, in the time of its city', async (language, ...texts) => {
    const page = await receiptPage(receipt, language, 'Asia/Shanghai')
    for (const text of texts) expect(page).toContain(text)
    expect(page).toContain(`<html lang="${language}">`)
  })

  it('shows nothing as markup that came from data, and loads nothing', async () => {
    const page = await receiptPage(receipt, 'en', 'Asia/Shanghai')
    expect(page).toContain('&lt;city&amp;1&gt;')
    expect(page).not.toContain('<city')
    expect(page).not.toMatch(/<script|src=|href=|url\(/)
  })
})

describe('the language of a page', () => {
  it.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['de, nl;q=0.5, en;q=0.4', 'nl'],
    ['en;q=0.1, nl;q=0.9', 'nl'],
    ['nl;q=0, en;q=0.1', 'en'],
    ['*', 'en'],
    [undefined, 'en'],
    [`${'x,'.repeat(5_000)}zh`, 'en'],
  ])('for %s is %s', (header, language) => expect(preferredLanguage(header)).toBe(language))
})
