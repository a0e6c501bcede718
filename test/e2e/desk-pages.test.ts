import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage } from '../fixtures/browser.ts'
import { layoutShiftOf, watchLayoutShifts } from '../fixtures/layout-shifts.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
let page: Page
let errors: readonly string[]
let strangers: readonly string[]
beforeAll(async () => {
  browser = await openBrowser()
  const storageState = await zwerm.deskSession('Dirk', 'admin')
  let context: BrowserContext
  ;({ page, context, errors, strangers } = await openPage(browser, { ...desktop, storageState }))
  await context.addInitScript({ content: watchLayoutShifts })
})
afterAll(() => browser?.close())

/** All but the live map, which has a story of its own. */
const addresses = [
  '/alarms',
  '/alarms/settings',
  '/locks',
  '/trips',
  '/work',
  '/night',
  '/night/settings',
  '/reports',
  '/places',
  '/places/edit/new?kind=hotspot',
  '/numbers',
  '/people',
  '/account',
  '/audit',
  '/demo',
] as const

/** A page that jumps does so each time; an alarm or a trip that comes just then moves it once. */
const mostLoads = 3

/** What has come is drawn: no page is judged while it waits. */
async function settled(): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('.spinner').first().waitFor({ state: 'detached' })
  if (await page.locator('.map-box').count()) await page.waitForSelector('html[data-map-idle]')
}

describe('a page of the desk', () => {
  it.each(addresses)('%s has no barrier in light and in dark, and nothing jumps', async (address) => {
    let shifted = Number.POSITIVE_INFINITY
    for (let loads = 0; loads < mostLoads && shifted >= 0.1; loads++) {
      await page.goto(`${zwerm.url}/ops${address}`)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await settled()
        await takeShot(page, `desk${address.replace(/\W+/g, '-')}-${colorScheme}`)
        expect(await barriersOn(page)).toEqual([])
      }
      shifted = await layoutShiftOf(page)
    }
    expect(shifted).toBeLessThan(0.1)
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })
})

describe('the demo’s desk', () => {
  it('makes rain and breaks bikes, which the platform notices, and heals them', async () => {
    await page.goto(`${zwerm.url}/ops/demo`)
    await page.getByRole('radio', { name: 'Rain' }).click()
    await page.getByRole('radio', { name: 'Rain' }).and(page.locator(':checked')).waitFor()
    await page.getByLabel('What happens').selectOption('forced')
    await page.getByLabel('How many bikes').fill('1')
    await page.getByRole('button', { name: 'Let it happen' }).click()
    const struck = page.getByRole('status').getByRole('link').first()
    await struck.waitFor()
    await takeShot(page, 'desk-demo-struck')

    await struck.click()
    await page
      .getByText(/forced/i)
      .first()
      .waitFor()
    await page.goto(`${zwerm.url}/ops/demo`)
    await page.getByRole('button', { name: /Heal \d+ bikes?/ }).click()
    await page.getByText(/\d+ bikes? (is|are) as before\./).waitFor()
    await page.getByRole('radio', { name: 'Fair' }).click()
    await page.getByRole('radio', { name: 'Fair' }).and(page.locator(':checked')).waitFor()
    expect(errors).toEqual([])
  })
})
