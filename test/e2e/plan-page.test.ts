import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { CrewRoute, RouteList } from '../../contracts/http/crews.ts'
import type { NightSettings } from '../../contracts/http/nights.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, patienceMs, phone, type WatchedPage } from '../fixtures/browser.ts'
import { at, firstDayCity } from '../fixtures/night-city.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const eveningMinute = 20 * 60
/** Routes are taken from an hour before the shift on. */
const crewsMinute = 21 * 60 + 40
/** Of city time, while the day goes by; slower on the way to the crews' hour, of which a busy machine must not see the end. */
const hurry = { day: 3_600, evening: 900 }
const strays = 30

let cityDir: string
let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  cityDir = await mkdtemp(join(tmpdir(), 'zwerm-plan-city-'))
  writeCity({ out: cityDir, seed: 1, radiusM: 1_600 }, () => undefined)
  await buildApps()
  platform = await openTestPlatform({ root, cityDir })
  browser = await openBrowser()
  await untilMinute(eveningMinute - 30, hurry.day)
  await firstDayCity(platform, strays)
})
afterAll(async () => {
  await browser?.close()
  await platform?.close()
  await rm(cityDir, { recursive: true, force: true })
})

/** The city's first day begins in the morning; its night is planned in the evening. */
async function untilMinute(minute: number, speed: number): Promise<void> {
  const { clock } = platform
  const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Europe/Amsterdam' })
  const minuteNow = () => {
    const [hour, past] = format.format(clock.nowMs()).split(':').map(Number)
    return (hour ?? 0) * 60 + (past ?? 0)
  }
  const untilMs = clock.nowMs() + (minute - minuteNow()) * 60_000
  clock.setSpeed(speed)
  await vi.waitFor(() => expect(clock.nowMs()).toBeGreaterThanOrEqual(untilMs), { timeout: patienceMs, interval: 50 })
  clock.setSpeed(1)
}

/** A crew's phone: the link has logged it in. */
async function openPhone(name: string): Promise<WatchedPage> {
  const staffId = await platform.rooms.staff.newPerson(name, 'crew')
  const { url } = present(await platform.rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const opened = await openPage(browser, phone)
  await opened.page.goto(url)
  await opened.page.getByRole('heading', { name: `Good evening, ${name}` }).waitFor()
  return opened
}

async function ownRoute(page: Page): Promise<CrewRoute> {
  const list = (await (await page.request.get(`${platform.url}/v1/crew/routes`)).json()) as RouteList
  const own = present(
    list.routes.find(({ isMine }) => isMine),
    'the crew has a route',
  )
  return (await (await page.request.get(`${platform.url}/v1/crew/routes/${own.routeId}`)).json()) as CrewRoute
}

/** A crew lead's desk: the link has logged her in. */
async function openDesk(name: string): Promise<WatchedPage> {
  const staffId = await platform.rooms.staff.newPerson(name, 'crew_lead')
  const { url } = present(await platform.rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const opened = await openPage(browser, desktop)
  await opened.page.goto(url)
  await opened.page.getByRole('link', { name: 'Night plan' }).waitFor()
  return opened
}

async function planQuickly(page: Page): Promise<void> {
  const address = `${platform.url}/v1/staff/night/settings`
  const settings = (await (await page.request.get(address)).json()) as NightSettings
  const data = { ...settings, planSeconds: 2, publishBySelf: false }
  const answer = await page.request.put(address, { data, headers: { 'x-zwerm-app': 'ops' } })
  expect(answer.status()).toBe(200)
}

describe('a crew lead', () => {
  it('plans the night, moves a stop and sees the price before it is done, takes it back, and publishes', async () => {
    const { page, errors, strangers } = await openDesk('Noor')
    await planQuickly(page)
    await page.getByRole('link', { name: 'Night plan' }).click()
    await page.getByRole('button', { name: 'Plan now' }).click()

    await page.getByText('This plan').waitFor()
    await page.waitForSelector('html[data-map-idle]')
    await takeShot(page, 'night-plan')
    expect(await barriersOn(page)).toEqual([])

    const firstStop = page.locator('.van', { hasText: 'stops' }).first().locator('.stop button').first()
    const before = await firstStop.innerText()
    await firstStop.click()
    // across the whole city and back: by the fields, as without a mouse
    await page.getByLabel('Position', { exact: true }).selectOption({ index: 10 })
    await page.getByRole('button', { name: 'See the price' }).click()
    const price = page.getByRole('region', { name: 'Price of the change' })
    await price.getByText(/−[\d.]+ rides · .* km/).waitFor()
    await takeShot(page, 'night-price')
    // nothing has happened yet
    expect(await firstStop.innerText()).toBe(before)
    await price.getByRole('button', { name: 'Apply' }).click()
    await price.waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Changes 1' }).click()
    await page.getByText('a stop moved').waitFor()
    await page.getByText('· Noor').waitFor()
    await page.getByRole('button', { name: 'Undo the last' }).click()
    await page.getByText('Nobody has changed this plan.').waitFor()

    await page.getByRole('button', { name: 'Publish…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Published', { exact: true }).waitFor()
    await page.getByRole('tab', { name: 'Vans' }).click()
    await page.getByText('nobody yet').first().waitFor()
    await takeShot(page, 'night-published')
    expect(await barriersOn(page)).toEqual([])
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })

  it('brings a zone in from a file, once its mistake was shown on the map', async () => {
    const { page, errors, strangers } = await openDesk('Wei')
    await page.getByRole('link', { name: 'Places' }).click()
    await page.getByText('What holds now').waitFor()
    const chooser = page.locator('input[type=file]')
    await chooser.setInputFiles(fileOf([corner(0, 0), corner(60, 60), corner(60, 0), corner(0, 60)]))
    await page.getByText(/problems?; nothing was changed/).waitFor()
    await page.getByRole('region', { name: 'Import zones' }).getByRole('button', { name: 'Show on the map' }).click()
    await page.waitForSelector('html[data-map-idle]')
    await takeShot(page, 'places-problem')
    expect(await barriersOn(page)).toEqual([])

    await chooser.setInputFiles(fileOf([corner(0, 0), corner(60, 0), corner(60, 60), corner(0, 60)]))
    await page.getByText('This is what would happen').waitFor()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('Imported', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Old market', exact: true }).waitFor()
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })
})

/** So many metres east and north of the middle of the city, longitude first. */
function corner(east: number, north: number): [number, number] {
  const { lon, lat } = at(east, north)
  return [lon, lat]
}

/** A place where nobody may park, as a file. */
function fileOf(corners: readonly [number, number][]) {
  const geometry = { type: 'Polygon', coordinates: [[...corners, corners[0]]] }
  const properties = { kind: 'no_parking', name: 'Old market' }
  const collection = { type: 'FeatureCollection', features: [{ type: 'Feature', geometry, properties }] }
  return { name: 'zones.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify(collection)) }
}

describe('a crew that does not find a bike', () => {
  it('says so, and the rest of its night is planned anew', async () => {
    await untilMinute(crewsMinute, hurry.evening)
    const { page, errors, strangers } = await openPhone('Iris')
    await page
      .getByRole('button', { name: /Take this route/ })
      .first()
      .click()
    await page.getByRole('link', { name: 'To the first stop' }).click()
    const before = await ownRoute(page)
    const missing = present(before.stops[0]?.take[0], 'the first stop takes a bike')
    const promised = before.stops.reduce((bikes, { take }) => bikes + take.length, 0)

    const number = new RegExp(missing.number.split('').join('\\s?'))
    await page.getByRole('button', { name: number }).first().click()
    await page.getByRole('button', { name: 'Not here' }).click()
    await page.getByRole('button', { name: 'Save: not found' }).click()

    await page.getByText('The rest was planned anew').waitFor()
    await takeShot(page, 'crew-planned-anew')
    expect(await barriersOn(page)).toEqual([])
    const after = await ownRoute(page)
    expect(after.revision).toBeGreaterThan(before.revision)
    const taken = after.stops.flatMap(({ take }) => take)
    expect(taken.filter(({ bikeId, state }) => bikeId === missing.bikeId && state !== 'not_found')).toEqual([])
    const given = after.stops.reduce((bikes, { give }) => bikes + give, 0)
    expect(given).toBeLessThanOrEqual(promised + before.load.length)
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })
})
