import { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerPage, call, detail, freeze, startWorld, type World } from './test-kit/merchant.ts'

let world: World
beforeAll(async () => {
  world = await startWorld((settings) => new AlipaySdk(settings))
})
afterAll(async () => {
  await world.close()
})

const show = (page: string, language: string) => fetch(page, { headers: { 'accept-language': language } })

describe('the payer page', () => {
  it.each([
    ['zh-CN,zh;q=0.9', 'zh', '是否同意冻结这笔金额？'],
    ['nl', 'nl', 'Deze reservering goedkeuren?'],
    ['fr;q=0.9,nl;q=0.2,en;q=0.1', 'nl', 'Goedkeuren'],
    ['de', 'en', 'Approve this hold?'],
    ['constructor', 'en', 'Approve'],
  ])('speaks to %s in %s', async (acceptLanguage, lang, text) => {
    const page = await (await show(await freeze(world, 'P-1'), acceptLanguage)).text()
    expect(page).toContain(`<html lang="${lang}">`)
    expect(page).toContain(text)
    expect(page).toContain('¥ 20.00')
  })

  it('sends a browser back to the merchant, and shows the result to whoever returns', async () => {
    const returnUrl = 'http://127.0.0.1:9/rides/42?paid=1&x="'
    const page = await freeze(world, 'P-2', '20.00', { return_url: returnUrl })
    const answered = await fetch(page, {
      method: 'POST',
      body: new URLSearchParams({ action: 'approve' }),
      redirect: 'manual',
    })
    expect(answered.status).toBe(303)
    expect(answered.headers.get('location')).toBe('http://127.0.0.1:9/rides/42?paid=1&x=%22')
    const later = await (await show(page, 'en')).text()
    expect(later).toContain('Approved. The amount is held.')
    expect(later).toContain('Back to the merchant')
    expect(later).not.toContain('x="')
  })

  it('shows the result where there is nowhere to go back to', async () => {
    const page = await freeze(world, 'P-3')
    const answered = await fetch(page, { method: 'POST', body: new URLSearchParams({ action: 'decline' }) })
    expect([answered.status, await answered.text()]).toEqual([
      200,
      expect.stringContaining('Declined. Nothing was held.'),
    ])
    expect(await detail(world, 'P-3')).toMatchObject({ status: 'CLOSED', order_status: 'CLOSED' })
  })

  it('takes a double tap as one answer and refuses a change of mind', async () => {
    const page = await freeze(world, 'P-4')
    expect((await answerPage(page, 'approve')).status).toBe(200)
    expect((await answerPage(page, 'approve')).status).toBe(200)
    expect(await answerPage(page, 'decline')).toMatchObject({ status: 409, body: { orderStatus: 'AUTHORIZED' } })
  })

  it('lets a request expire at once when the payer wishes', async () => {
    const page = await freeze(world, 'P-5')
    expect(await answerPage(page, 'expire')).toMatchObject({ body: { orderStatus: 'CLOSED' } })
    expect(await (await show(page, 'nl')).text()).toContain('Dit verzoek is verlopen.')
  })

  it('says so when the time is over, even before anything else has noticed', async () => {
    const page = await freeze(world, 'P-6')
    await world.passMs(15 * 60_000)
    expect(await (await show(page, 'en')).text()).toContain('This request has expired.')
  })

  it('does not know other tokens or actions', async () => {
    const page = await freeze(world, 'P-7')
    expect((await fetch(`${page}x`)).status).toBe(404)
    expect((await answerPage(`${page}x`, 'approve')).status).toBe(404)
    expect((await answerPage(page, 'steal')).status).toBe(400)
    expect(page).toMatch(/\/payer\/[\w-]{43}$/)
  })

  it('runs no script, is kept by no cache, and escapes what the merchant wrote', async () => {
    const made = await call(world, 'alipay.fund.auth.order.voucher.create', {
      out_order_no: 'P-8',
      out_request_no: 'P-8-F',
      order_title: '<script>alert(1)</script>',
      amount: '1.00',
      product_code: 'PREAUTH_PAY',
    })
    const response = await show(String(made.code_value), 'en')
    expect(await response.text()).not.toContain('<script')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  })
})
