import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, patienceMs, phone } from '../fixtures/browser.ts'
import { demoAct, freeBike, logIn, pay, pushLever } from '../fixtures/rider-story.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

async function shots(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, `${name}-${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

describe('a bike whose lock has no reception', () => {
  it('opens with the phone beside it, pauses and opens without any network, and is paid once', async () => {
    const bike = await freeBike(zwerm)
    const { page, context, errors } = await openPage(browser, phone)
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await logIn(page, `no-coverage-${bike.number}@example.org`)
    await page.getByRole('button', { name: /Pay and unlock/ }).waitFor()
    await demoAct(zwerm, bike.number, 'antenna', false)
    await pay(page)

    // After eight seconds without a word of the lock, the phone is offered.
    await page.getByRole('heading', { name: 'The lock has no reception' }).waitFor()
    await shots(page, 'offer')
    await page.getByRole('button', { name: 'Open it with your phone' }).click()
    await page.getByText('Have a good ride').waitFor()
    // Not waitForFunction, which the page's own security policy stops.
    await expect
      .poll(() => page.evaluate(`localStorage.getItem('known:phone-pass')`), { timeout: patienceMs })
      .toContain('"codes":["')

    // Our server is away, the lock is in its garage: the key of the ride does it.
    await context.route('**/v1/**', (route) => route.abort())
    await page.reload()
    await page.getByRole('heading', { name: 'No network?' }).waitFor()
    await page.getByRole('button', { name: 'Pause with your phone' }).click()
    await page.getByText('it pauses your ride').waitFor()
    await shots(page, 'without-network')
    await pushLever(page)
    await page.getByRole('button', { name: 'Tell us through your phone' }).click()
    await page.getByText('What the lock said is kept on your phone').waitFor()
    await page.getByRole('button', { name: 'Open with your phone' }).click()
    // For our server the ride goes on since the first opening: what the lock said counts.
    await page.getByRole('button', { name: 'Pause with your phone' }).click()
    await page.getByText('it pauses your ride').waitFor()
    await pushLever(page)
    await context.unroute('**/v1/**')
    await demoAct(zwerm, bike.number, 'antenna', true)
    await page.reload()
    await page.getByRole('heading', { name: 'Paused' }).waitFor()
    await page.getByRole('button', { name: 'End the ride here' }).click()
    await page.getByText('Open the receipt').waitFor()
    // Before the log-in, and while our server was kept away.
    expect(errors.filter((error) => !/401|ERR_FAILED|Failed to fetch/.test(error))).toEqual([])
  })
})
