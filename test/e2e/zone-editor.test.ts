import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { ZoneCollection } from '../../contracts/http/zones.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, patienceMs, type WatchedPage } from '../fixtures/browser.ts'
import { at, standingBike } from '../fixtures/night-city.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** More than the longest way over a page. */
const mostTabs = 120

let cityDir: string
let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  cityDir = await mkdtemp(join(tmpdir(), 'zwerm-zones-city-'))
  writeCity({ out: cityDir, seed: 1, radiusM: 1_600 }, () => undefined)
  await buildApps()
  platform = await openTestPlatform({ root, cityDir })
  browser = await openBrowser()
  for (const [i, place] of [at(700, 640), at(705, 642), at(695, 655)].entries()) {
    await standingBike(platform, `zone-bike-${i}`, place)
  }
})
afterAll(async () => {
  await browser?.close()
  await platform?.close()
  await rm(cityDir, { recursive: true, force: true })
})

/** A dispatcher's desk: the link has logged her in. */
async function openDesk(name: string, scheme: 'light' | 'dark' = 'light'): Promise<WatchedPage> {
  const staffId = await platform.rooms.staff.newPerson(name, 'dispatcher')
  const { url } = present(await platform.rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const opened = await openPage(browser, {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    colorScheme: scheme,
  })
  await opened.page.goto(url)
  await opened.page.getByRole('link', { name: 'Places' }).waitFor()
  return opened
}

/** Goes on with Tab until something has the focus, as a person without a pointer does. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let tabs = 0; tabs < mostTabs; tabs++) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${String(target)} is not reached by Tab`)
}
async function press(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}
async function type(page: Page, target: Locator, text: string): Promise<void> {
  await target.waitFor()
  await tabTo(page, target)
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const exported = async (page: Page): Promise<ZoneCollection> =>
  (await page.request.get(`${platform.url}/v1/staff/zones?download=1`)).json() as Promise<ZoneCollection>

describe('a hotspot', () => {
  it('is drawn with the keyboard alone, and is in the export and on the map', async () => {
    const { page, errors, strangers } = await openDesk('Noor')
    await press(page, page.getByRole('link', { name: 'Places' }))
    await press(page, page.getByRole('link', { name: 'New: Hotspot' }))
    await page.waitForSelector('html[data-map-idle]')
    await type(page, page.getByLabel('Name', { exact: true }), 'Old harbour')
    await type(page, page.getByLabel('Capacity', { exact: true }), '12')

    await tabTo(page, page.getByRole('radio', { name: 'Circle' }))
    await page.keyboard.press('ArrowDown')
    for (const [east, north] of [
      [660, 600],
      [740, 600],
      [740, 680],
      [700, 700],
    ] as const) {
      const { lon, lat } = at(east, north)
      await type(page, page.getByLabel('Latitude'), lat.toFixed(6))
      await type(page, page.getByLabel('Longitude'), lon.toFixed(6))
      await press(page, button(page, 'Add a corner here'))
    }
    await page.getByText('Nothing is wrong with this shape.').waitFor()
    const corners = page.getByRole('listbox', { name: 'Corners in order' })
    await expect.poll(() => corners.getByRole('option').count(), { timeout: patienceMs }).toBe(4)

    // one corner more, after the last one; ten metres to the west and one to the north; and the step back and forth
    await tabTo(page, corners)
    await page.keyboard.press('End')
    await page.keyboard.press('+')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => corners.getByRole('option').count(), { timeout: patienceMs }).toBe(5)
    await page.locator('.facts', { hasText: 'Bikes inside' }).getByText('3', { exact: true }).waitFor()
    await takeShot(page, 'zone-drawn-by-keyboard')
    expect(await barriersOn(page)).toEqual([])

    await press(page, button(page, 'Save, it holds now'))
    await page.getByText('Old harbour is saved and holds now.').waitFor()
    const { features } = await exported(page)
    const made = features.find(({ properties }) => properties.name === 'Old harbour')
    expect(made?.properties).toMatchObject({ kind: 'hotspot', capacity: 12, version: 1 })
    expect(made?.geometry.type === 'Polygon' && made.geometry.coordinates[0]).toHaveLength(6)

    // on the map: chosen, in the middle, in the colour of hotspots
    await page.waitForSelector('html[data-map-idle]')
    await page.waitForURL(({ searchParams }) => searchParams.get('zone') === made?.properties.zoneId)
    const row = page.getByRole('row', { name: /Old harbour/ })
    await row.getByText('3 of 12').waitFor()
    await takeShot(page, 'places-after-keyboard')
    await vi.waitFor(async () => expect(await greenInTheMiddle(page)).toBeGreaterThan(300), {
      timeout: patienceMs,
      interval: 200,
    })
    expect(await barriersOn(page)).toEqual([])
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })
})

/** How many pixels of the painted overlay have the hotspots' colour, near its middle. */
const greenInTheMiddle = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('.zone-map canvas[aria-hidden="true"]')
    const { data } = canvas.getContext('2d').getImageData(canvas.width / 2 - 60, canvas.height / 2 - 60, 120, 120)
    let count = 0
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] === 0x0a && data[i + 1] === 0x5c && data[i + 2] === 0x4c) count += 1
    }
    return count
  })()`)

describe('the service area', () => {
  it('whose border is drawn over itself is refused, and the corner is named in words, list and on the map', async () => {
    const { page, errors } = await openDesk('Wei', 'dark')
    const { features } = await exported(page)
    const area = present(
      features.find(({ properties }) => properties.kind === 'service_area'),
      'the demo city has a service area',
    )
    const before = JSON.stringify(area)
    await page.goto(`${platform.url}/ops/places/edit/${area.properties.zoneId}`)
    await page.waitForSelector('html[data-map-idle]')
    await takeShot(page, 'area-editor-dark')
    const list = page.getByRole('listbox', { name: 'Corners in order' })
    await page.getByText('Nothing is wrong with this shape.').waitFor()
    // a server that is away for a moment is asked again, without a hand at the drawing
    await page.route('**/versions', (route) => route.fulfill({ status: 503 }), { times: 1 })
    // the second corner goes to the far side of the city
    await list.getByRole('option').nth(1).click()
    const { lon, lat } = at(-200, -1_900)
    await page.getByLabel('Latitude').fill(`${lat.toFixed(6)}, ${lon.toFixed(6)}`)
    await button(page, 'Move to this position').click()
    await page.getByText(/^Corner \d+: the border crosses or touches itself/).waitFor()
    await page.getByRole('option', { name: /wrong: 1/ }).waitFor()
    await page.getByRole('button', { name: 'Show on the map' }).first().click()
    await page.waitForSelector('html[data-map-idle]')
    await takeShot(page, 'area-crossing-dark')
    expect(await barriersOn(page)).toEqual([])
    await button(page, 'Save, it holds now').click()
    await page.getByText(/^Corner \d+: the border crosses or touches itself/).waitFor()
    const after = (await exported(page)).features.find(({ properties }) => properties.kind === 'service_area')
    expect(JSON.stringify(after)).toBe(before)
    // what was drawn is there after a reload, and can be given up
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByText('This is your unsaved drawing from before.').waitFor()
    await button(page, 'Discard the drawing').click()
    await page.getByText('Nothing has changed yet.').waitFor()
    await page.goto(`${platform.url}/ops/places`)
    await page.waitForSelector('html[data-map-idle]')
    await takeShot(page, 'places-dark')
    expect(await barriersOn(page)).toEqual([])
    expect(errors).toEqual([expect.stringContaining('503')])
  })
})
