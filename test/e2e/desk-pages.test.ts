import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage } from '../fixtures/browser.ts'
import { newDataDir, type RunningZwerm, removeDataDir, runZwerm } from '../fixtures/running-zwerm.ts'
import { takeShot } from '../fixtures/screenshot.ts'

let zwerm: RunningZwerm
let browser: Browser
let context: BrowserContext
let page: Page
let errors: readonly string[]
let strangers: readonly string[]
beforeAll(async () => {
  const dataDir = await newDataDir()
  zwerm = await runZwerm({ dataDir })
  browser = await openBrowser()
  await zwerm.line('the city lives')
  ;({ page, context, errors, strangers } = await openPage(browser, desktop))
  await context.addInitScript({ content: watchShifts })
  await page.goto(zwerm.staffLink)
  await page.getByRole('navigation').first().waitFor()
})
afterAll(async () => {
  await browser?.close()
  await zwerm?.stop()
  await removeDataDir(zwerm.dataDir)
})

/** In the page: the sum of layout shifts that nobody caused (web-vitals' CLS without its session windows). */
const watchShifts = `
  globalThis.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
`

const addresses = [
  '/',
  '/alarms',
  '/alarms/settings',
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

/** What has come is drawn: no page is judged while it waits. */
async function settled(): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('.spinner').first().waitFor({ state: 'detached' })
  if (await page.locator('.map-box').count()) await page.waitForSelector('html[data-map-idle]')
}

describe('every page of the desk', () => {
  it.each(addresses)('%s has no barrier in light and in dark, and nothing jumps', async (address) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.goto(`${zwerm.url}/ops${address}`)
      await settled()
      await takeShot(page, `desk${address.replace(/\W+/g, '-')}-${colorScheme}`)
      expect(await barriersOn(page)).toEqual([])
      const shifted = await page.evaluate<number>('globalThis.shifted')
      expect(shifted).toBeLessThan(0.1)
    }
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })
})

describe('the demo’s desk', () => {
  it('makes rain and breaks bikes, which the platform notices, and heals them', async () => {
    await page.goto(`${zwerm.url}/ops/demo`)
    await page.getByRole('radio', { name: 'Rain' }).check()
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
    await page.getByRole('button', { name: 'Heal 1 bike' }).click()
    await page.getByText('1 bike is as before.').waitFor()
    expect(errors).toEqual([])
  })
})
