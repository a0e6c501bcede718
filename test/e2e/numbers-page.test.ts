import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { Numbers } from '../../contracts/http/numbers.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, patienceMs, type WatchedPage } from '../fixtures/browser.ts'
import { liveThroughDays } from '../fixtures/lived-days.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const days = 30

let cityDir: string
let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  cityDir = await mkdtemp(join(tmpdir(), 'zwerm-numbers-city-'))
  writeCity({ out: cityDir, seed: 1, radiusM: 1_600 }, () => undefined)
  await buildApps()
  platform = await openTestPlatform({ root, cityDir })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await platform?.close()
  await rm(cityDir, { recursive: true, force: true })
})

/** Logged in by a colleague's link, without the live map on the way. */
async function openDesk(name: string, role: StaffRole, address = '', size = desktop): Promise<WatchedPage> {
  const staffId = await platform.rooms.staff.newPerson(name, role)
  const { link } = present(await platform.rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const opened = await openPage(browser, size)
  const session = await opened.page.request.post(`${platform.url}/v1/staff/sessions`, {
    data: { link },
    headers: { 'x-zwerm-app': 'ops' },
  })
  expect(session.ok()).toBe(true)
  await opened.page.goto(`${platform.url}/ops/numbers${address}`)
  await opened.page.getByRole('heading', { name: 'Numbers', level: 1 }).waitFor()
  return opened
}

/** The whole page, also what one would have to scroll to. */
async function takeWholeShot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS_DIR
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** How many colours a chart's canvas holds: axes have one or two, what is drawn another. */
const colours = (page: Page): Promise<number> =>
  page.evaluate<number>(`(() => {
    const canvas = document.querySelector('.chart-canvas canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    const seen = new Set()
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) seen.add(data.slice(i, i + 3).join())
    return seen.size
  })()`)

describe('the numbers of a city', () => {
  it('are few and say so on its first morning', async () => {
    const { page, errors, strangers } = await openDesk('Ada', 'viewer')
    await page.getByText('Charts compare days').waitFor()
    await takeShot(page, 'numbers-first-morning')
    expect(await barriersOn(page)).toEqual([])
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })

  it('are shown with charts, tables that say the same, and files', async () => {
    await liveThroughDays(platform, days)
    const { page, errors, strangers } = await openDesk('Finn', 'finance')
    const asked = async () =>
      (await (await page.request.get(`${platform.url}/v1/staff/numbers?days=28`)).json()) as Numbers
    // A day that goes on is counted once for some seconds: the morning before may still be remembered.
    await expect
      .poll(async () => (await asked()).days.at(-1)?.figures.rides, { timeout: patienceMs })
      .toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Last 28 days' }).click()
    await page.waitForURL(/days=28/)
    await page.locator('.chart-canvas canvas').nth(3).waitFor()
    await page.waitForSelector('html[data-map-idle]')
    await expect.poll(() => colours(page), { timeout: patienceMs }).toBeGreaterThan(2)
    expect(await barriersOn(page)).toEqual([])

    const numbers = await asked()
    expect(numbers.days).toHaveLength(28)
    const rides = page.getByRole('region', { name: 'Rides', exact: true })
    await rides.getByRole('button', { name: 'Show as table' }).focus()
    await page.keyboard.press('Enter')
    const shown = async () =>
      (await rides.locator('tbody td').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')))
    await expect.poll(shown, { timeout: patienceMs }).toEqual(numbers.days.map(({ figures }) => figures.rides))

    const waiting = page.waitForEvent('download')
    await page.getByRole('link', { name: /Download CSV\s*: Day by day/ }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toBe(`zwerm-numbers-${numbers.from}-${numbers.to}.csv`)
    const [header, ...lines] = (await readFile(await download.path(), 'utf8')).slice(1).trimEnd().split('\r\n')
    const column = present(header, 'a file has a header').split(',').indexOf('rides')
    expect(lines.map((line) => Number(line.split(',')[column]))).toEqual(
      numbers.days.map(({ figures }) => figures.rides),
    )
    expect(header).toContain('gross_minor_cny')

    // The list is equal to the map, and the address holds what is chosen.
    const places = page.getByRole('region', { name: 'Where people found no bike' })
    await places
      .getByRole('button', { name: / from / })
      .first()
      .click()
    await page.waitForURL(/cell=/)
    await page.getByRole('heading', { name: 'Locks that failed most' }).scrollIntoViewIfNeeded()
    const bike = page.locator('.locks a').first()
    expect(await bike.getAttribute('href')).toMatch(/^\/ops\/bikes\/\d+$/)
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })

  it('are the same in the dark, on a tablet and on a phone', async () => {
    for (const [name, viewport] of Object.entries({
      desk: { width: 1440, height: 900 },
      tablet: { width: 1024, height: 768 },
      phone: { width: 390, height: 844 },
    })) {
      const { page, context } = await openDesk(name, 'admin', '?days=28', { ...desktop, viewport })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.locator('.chart-canvas canvas').nth(3).waitFor()
        await page.waitForSelector('html[data-map-idle]')
        await expect.poll(() => colours(page), { timeout: patienceMs }).toBeGreaterThan(2)
        expect(await barriersOn(page)).toEqual([])
        await takeShot(page, `numbers-${name}-${colorScheme}`)
        await takeWholeShot(page, `numbers-${name}-${colorScheme}-whole`)
      }
      await context.close()
    }
  })

  it('have no money in them for who may not see it', async () => {
    const { page } = await openDesk('Vera', 'viewer')
    await page.getByText('Rides per bike and day').first().waitFor()
    expect(await page.getByText('Revenue').count()).toBe(0)
    const csv = await (await page.request.get(`${platform.url}/v1/staff/numbers?days=28&format=csv`)).text()
    expect(csv).not.toContain('minor')
  })
})
