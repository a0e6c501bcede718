import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, patienceMs } from '../fixtures/browser.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
let link: string
beforeAll(async () => {
  link = (await zwerm.newPerson('Saskia', 'dispatcher')).url
  browser = await openBrowser()
})
afterAll(() => browser?.close())

describe('a dispatcher with the one-time link', () => {
  it('sees the fleet move on a drawn map, finds a bike by its number and reads its details', async () => {
    const { page, errors, strangers } = await openPage(browser, desktop)
    await page.goto(link)
    await page.waitForSelector('html[data-map-idle]')
    await page.getByText('60 of 60 bikes').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(page.url()).not.toContain('link=')
    // A blank map is a PNG of about 12 KB; streets, water and labels make far more.
    await expect
      .poll(async () => (await page.locator('canvas').first().screenshot()).length, { timeout: patienceMs })
      .toBeGreaterThan(60_000)
    await takeShot(page, 'ops-map')

    // Riders ride: the counter of riding bikes is not zero for long.
    await page.getByRole('button', { name: /^[1-9]\d*\s*Riding$/ }).waitFor()
    await page.getByRole('searchbox').fill('1001')
    await page.getByRole('row', { name: /1\s*0\s*0\s*1\s*9/ }).click()
    await page.getByText('zw-', { exact: false }).first().waitFor()
    await takeShot(page, 'ops-bike')
    expect(await barriersOn(page)).toEqual([])
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })

  it('cannot use the link a second time', async () => {
    const { page } = await openPage(browser, desktop)
    await page.goto(link)
    await page.getByText(/was used or has expired/).waitFor()
  })
})
