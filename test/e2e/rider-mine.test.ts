import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, phone } from '../fixtures/browser.ts'
import { asWritten, freeBike, logIn, payAndUnlock, pushLever } from '../fixtures/rider-story.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Each screen is looked at as it stands: without barriers. */
async function seen(page: Page, name: string): Promise<void> {
  await takeShot(page, `mine-${name}`)
  expect(await barriersOn(page)).toEqual([])
}
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Your own' }).getByRole('link', { name, exact: true })

describe('what is mine', () => {
  it('is the ride with its receipt, the language, a copy of all of it, and an end that begins anew', async () => {
    const address = `mine-${randomUUID()}@example.org`
    const { page, errors } = await openPage(browser, phone)
    await page.goto(`${zwerm.url}/mine`)
    await page.getByText('Log in to see what is yours').last().waitFor()
    await seen(page, 'not-logged-in')
    await logIn(page, address)
    await page.getByText('No rides yet.').waitFor()
    await seen(page, 'empty')

    const bike = await freeBike(zwerm)
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await page.getByText(asWritten(bike.number)).first().waitFor()
    await payAndUnlock(page)
    await pushLever(page)
    await page.getByText('Thank you for riding').waitFor()

    await page.goto(`${zwerm.url}/mine`)
    await page.getByRole('main').getByText(asWritten(bike.number)).waitFor()
    // The money may still be on its way when the ride is over.
    while (!(await page.getByText('Paid', { exact: true }).isVisible())) {
      await page.reload()
      await page.getByRole('main').getByText(asWritten(bike.number)).waitFor()
    }
    await seen(page, 'rides')
    await page.getByRole('link', { name: /^Receipt of/ }).click()
    await page.getByText(bike.number).first().waitFor()
    await page.goBack()

    await tab(page, 'Appeals').click()
    await page.waitForURL(/\/mine\/appeals$/)
    await seen(page, 'appeals')

    await tab(page, 'Account').click()
    await page.getByText('m•••@example.org').waitFor()
    await page.getByText('This device', { exact: true }).waitFor()
    await seen(page, 'account')
    await page.getByText('Nederlands', { exact: true }).last().click()
    await page.getByText('Waar je bent ingelogd').waitFor()
    await seen(page, 'account-nl')
    await page.getByText('English', { exact: true }).last().click()
    await page.getByText('Where you are logged in').waitFor()

    await tab(page, 'My data').click()
    await page.getByRole('button', { name: 'Make a copy…' }).click()
    await page.getByRole('button', { name: 'Fill it in' }).click()
    await seen(page, 'copy-code')
    await page.getByRole('button', { name: 'Make the copy' }).click()
    const link = page.getByRole('link', { name: /^Download the copy/ })
    await link.waitFor()
    await seen(page, 'data')
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const copy = JSON.parse(await readFile(await download.path(), 'utf8')) as {
      account: { address: string }
      trips: { bikeNumber: string }[]
    }
    expect(copy.account.address).toBe(address)
    expect(copy.trips.map(({ bikeNumber }) => bikeNumber)).toEqual([bike.number])

    await page.getByRole('button', { name: 'Delete my account…' }).click()
    await page.getByRole('button', { name: 'Send me the code' }).click()
    await page.getByRole('button', { name: 'Fill it in' }).click()
    await seen(page, 'delete')
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByRole('heading', { name: 'Your account is deleted' }).waitFor()
    await seen(page, 'deleted')

    await page.goto(`${zwerm.url}/mine`)
    await logIn(page, address)
    await page.getByText('No rides yet.').waitFor()
    expect(errors.filter((error) => !error.includes('401'))).toEqual([])
  })
})
