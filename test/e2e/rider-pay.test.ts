import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, phone } from '../fixtures/browser.ts'
import { freeBike, logIn, pushLever } from '../fixtures/rider-story.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const json = { 'content-type': 'application/json' }

/** A fault of the sandbox that strikes one payment only; the answer ends it. */
async function fault(kind: object, target: string, number: string): Promise<() => Promise<void>> {
  const answer = await fetch(`${zwerm.sandboxUrl}/control/faults`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ fault: kind, target, number, probability: 1 }),
  })
  const { id } = (await answer.json()) as { id: string }
  return async () => {
    await fetch(`${zwerm.sandboxUrl}/control/faults/${id}`, { method: 'DELETE' })
  }
}

/** The rider's open promise, as the provider numbers it; on whatever page the rider is. */
async function openPromiseNumber(page: Page): Promise<string> {
  const me = (await (await page.context().request.get(`${zwerm.url}/v1/me`)).json()) as { openPromiseId: string }
  return me.openPromiseId.replaceAll('-', '')
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

/** What somebody with another phone does after scanning the code. */
async function answerOnOtherPhone(number: string, action: 'approve' | 'decline'): Promise<void> {
  const order = (await (await fetch(`${zwerm.sandboxUrl}/control/orders/zh${number}`)).json()) as { token: string }
  await fetch(`${zwerm.sandboxUrl}/payer/${order.token}`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ action }),
  })
}

describe('paying', () => {
  it('on a phone is told truthfully, whichever way it ends, and can always be tried again', async () => {
    const { page } = await openPage(browser, phone)
    const bike = await freeBike(zwerm)
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await logIn(page, `payer-phone-${bike.number}@example.org`)

    await press(page, /Pay and unlock/)
    await press(page, 'Decline')
    await page.getByText('The payment was not approved.').waitFor()
    await takeShot(page, 'pay-declined')
    expect(await barriersOn(page)).toEqual([])

    await press(page, 'Try again')
    await press(page, 'Let it expire')
    await page.getByText('The time to pay is over.').waitFor()

    // Back without an answer: the question is still open, and can be left.
    await press(page, 'Try again')
    await page.getByRole('link', { name: 'Go back without an answer' }).click()
    await page.getByText('It is not approved yet.').waitFor()
    await takeShot(page, 'pay-not-answered')
    expect(await barriersOn(page)).toEqual([])
    await page.reload()
    await page.getByText('It is not approved yet.').waitFor()
    await press(page, 'Stop, I do not want to pay now')
    await page.getByText('You stopped the payment.').waitFor()

    // The provider falls silent while the rider is back from its page.
    await press(page, 'Try again')
    await page.getByRole('link', { name: 'Go back without an answer' }).click()
    await page.getByText('It is not approved yet.').waitFor()
    const number = await openPromiseNumber(page)
    const heal = await fault({ kind: 'http-500', when: 'before' }, '*', `zh${number}`)
    await page.getByText('We do not know yet').waitFor()
    await takeShot(page, 'pay-unknown')
    expect(await barriersOn(page)).toEqual([])
    await answerOnOtherPhone(number, 'approve')
    await heal()
    await page.getByText('Have a good ride').waitFor()

    // Nothing more is held while a ride runs: another bike's page leads back to it.
    const other = await freeBike(zwerm)
    await page.goto(`${zwerm.url}/b/${other.code}`)
    await page.getByText('You have a ride already').waitFor()
    expect(await page.getByRole('button', { name: /unlock/i }).count()).toBe(0)
    await page.getByRole('main').getByRole('link', { name: 'Back to your ride' }).click()
    await page.getByText('Have a good ride').waitFor()
    await pushLever(page)
    await page.getByText('Thank you for riding').waitFor()
  })

  it('on a desktop is a code for the phone; what is held waits for the next bike; a debt is paid', async () => {
    const { page } = await openPage(browser, desktop)
    const bike = await freeBike(zwerm)
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await logIn(page, `payer-desk-${bike.number}@example.org`)
    await press(page, /Pay and unlock/)
    await page.getByRole('img', { name: 'Scan this code in your payment app.' }).waitFor()
    await takeShot(page, 'pay-qr')
    expect(await barriersOn(page)).toEqual([])
    // The tab is closed before the phone has answered: the promise is there for whoever comes back.
    const number = await openPromiseNumber(page)
    await page.goto('about:blank')
    await answerOnOtherPhone(number, 'approve')
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await page.getByText('held already').waitFor()
    await takeShot(page, 'pay-held')
    expect(await barriersOn(page)).toEqual([])
    await press(page, 'Release it')
    await page.getByRole('button', { name: /Pay and unlock/ }).waitFor()

    // The next ride is paid on this device, by a payer who has no money when it is taken.
    await press(page, 'Change')
    await press(page, /Alipay · on this device/)
    await press(page, /Pay and unlock/)
    await page.getByText('Approve this hold?').waitFor()
    const heal = await fault({ kind: 'insufficient-funds' }, 'alipay.trade.pay', `zc${await openPromiseNumber(page)}`)
    await press(page, 'Approve')
    await page.getByText('Have a good ride').waitFor()
    await pushLever(page)
    await page.getByText('Thank you for riding').waitFor()

    const next = await freeBike(zwerm)
    await page.goto(`${zwerm.url}/b/${next.code}`)
    await page.getByText('is unpaid from an earlier ride').waitFor()
    await takeShot(page, 'pay-debt')
    expect(await barriersOn(page)).toEqual([])
    await press(page, /^Pay ¥|^Pay CN¥/)
    await press(page, 'Decline')
    await page.getByText('The payment was not approved.').waitFor()
    await press(page, 'Try again')
    await press(page, 'Approve')
    await page.getByText('Paid. Thank you, you can ride again.').waitFor()
    await page.getByRole('button', { name: /Pay and unlock/ }).waitFor()
    await takeShot(page, 'pay-debt-paid')
    expect(await barriersOn(page)).toEqual([])
    await heal()
  })
})
