import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { desktop, openBrowser, openPage, patienceMs } from '../fixtures/browser.ts'
import { newDataDir, type RunningZwerm, removeDataDir, runZwerm } from '../fixtures/running-zwerm.ts'
import { takeShot } from '../fixtures/screenshot.ts'

/** A blank map is a PNG of about 12 KB; streets, water and labels make far more. */
const drawnBytes = 60_000

let zwerm: RunningZwerm
let browser: Browser
beforeAll(async () => {
  const dataDir = await newDataDir()
  zwerm = await runZwerm({ dataDir, env: { MAPBOX_TOKEN: 'pk.of-nobody' } })
  browser = await openBrowser()
  await zwerm.line('the city lives')
})
afterAll(async () => {
  await browser?.close()
  await zwerm?.stop()
  await removeDataDir(zwerm.dataDir)
})

const drawn = async (page: Page) => (await page.locator('canvas').first().screenshot()).length

it('a map whose Mapbox account is refused is drawn by the open engine from our own tiles, and again after a lost graphics context', async () => {
  const { page } = await openPage(browser, desktop)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  let asked = 0
  await page.route(/mapbox\.com/, (route) => {
    asked += 1
    return route.fulfill({ status: 401, contentType: 'application/json', body: '{"message":"Not Authorized"}' })
  })
  await page.goto(zwerm.staffLink)
  await page.waitForSelector('html[data-map-fallback]')
  await page.waitForSelector('html[data-map-idle]')
  expect(asked).toBeGreaterThan(0)
  expect(await page.locator('.maplibregl-canvas').count()).toBe(1)
  expect(await page.locator('.mapboxgl-canvas').count()).toBe(0)
  await expect.poll(() => drawn(page), { timeout: patienceMs }).toBeGreaterThan(drawnBytes)

  await page.evaluate(`new Promise((resolve) => {
    const canvas = document.querySelector('canvas')
    const lose = canvas.getContext('webgl2').getExtension('WEBGL_lose_context')
    canvas.addEventListener('webglcontextlost', () => setTimeout(() => lose.restoreContext()))
    canvas.addEventListener('webglcontextrestored', resolve)
    lose.loseContext()
  })`)
  while ((await drawn(page)) <= drawnBytes) await page.evaluate('new Promise(requestAnimationFrame)')
  await takeShot(page, 'map-after-lost-context')
  expect(faults).toEqual([])
})
