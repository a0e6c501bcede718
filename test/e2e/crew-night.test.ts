import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { CrewRoute } from '../../contracts/http/crews.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, patienceMs, phone, type WatchedPage } from '../fixtures/browser.ts'
import { publishNight } from '../fixtures/published-night.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const smallCity = { seed: 1, radiusM: 900 }

let cityDir: string
let platform: TestPlatform
let browser: Browser
let locks: readonly StreetLock[]
beforeAll(async () => {
  cityDir = await mkdtemp(join(tmpdir(), 'zwerm-crew-city-'))
  writeCity({ out: cityDir, ...smallCity }, () => undefined)
  await buildApps()
  platform = await openTestPlatform({ root, cityDir })
  browser = await openBrowser()
  locks = [
    await placeLock(platform, 'crew-e2e-1'),
    await placeLock(platform, 'crew-e2e-2'),
    await placeLock(platform, 'crew-e2e-3'),
  ]
  const [first, second, third] = locks.map(({ bike }) => bike.bikeId)
  await publishNight(platform.db, {
    nowMs: platform.clock.nowMs(),
    vans: [
      {
        vanName: 'Van Oost',
        stops: [
          { kind: 'strays', name: 'Lindengracht', take: [present(first, 'a bike'), present(second, 'a bike')] },
          { kind: 'hotspot', name: 'Marktplein', give: 2 },
        ],
      },
      { vanName: 'Van West', stops: [{ kind: 'strays', name: 'Havenkade', take: [present(third, 'a bike')] }] },
    ],
  })
})
afterAll(async () => {
  await browser?.close()
  for (const { lock } of locks ?? []) lock.destroy()
  await platform?.close()
  await rm(cityDir, { recursive: true, force: true })
})

/** A crew's phone with the app open: the link has logged it in. */
async function openPhone(name: string): Promise<WatchedPage> {
  const staffId = await platform.rooms.staff.newPerson(name, 'crew')
  const { url } = present(await platform.rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const permissions = ['geolocation', 'camera']
  const opened = await openPage(browser, {
    ...phone,
    permissions,
    geolocation: { longitude: 4.7262, latitude: 52.3586 },
  })
  await opened.page.goto(url)
  await opened.page.getByRole('heading', { name: `Good evening, ${name}` }).waitFor()
  return opened
}

const takeRoute = (page: Page, van: string) =>
  page.getByRole('button', { name: new RegExp(`Take this route.*${van}`) }).click()

async function typeNumber(page: Page, number: string): Promise<void> {
  await page.getByLabel('Or type the number').fill(number)
  await page.getByRole('button', { name: 'OK' }).click()
}

/** What the server knows of a route, whoever asks. */
async function routeAtServer(page: Page, routeId: string): Promise<CrewRoute> {
  return (await (await page.request.get(`${platform.url}/v1/crew/routes/${routeId}`)).json()) as CrewRoute
}

async function claimedRouteId(page: Page): Promise<string> {
  const list = await (await page.request.get(`${platform.url}/v1/crew/routes`)).json()
  return (list as { routes: { routeId: string; isMine: boolean }[] }).routes.find(({ isMine }) => isMine)?.routeId ?? ''
}

describe('two crews on one evening', () => {
  it('cannot have one route: the second is told who has it', async () => {
    const [mia, tom] = [await openPhone('Mia'), await openPhone('Tom')]
    await tom.page.getByRole('button', { name: /Take this route.*Van West/ }).waitFor()
    // His list is as he saw it, however long the others take: it asks again by itself.
    const seen = await tom.page.request.get(`${platform.url}/v1/crew/routes`)
    await tom.context.route('**/v1/crew/routes', (route) => route.fulfill({ response: seen }))
    await takeRoute(mia.page, 'Van West')
    await mia.page.getByRole('heading', { name: 'Van West is yours' }).waitFor()
    await takeRoute(tom.page, 'Van West')
    await tom.page.getByText('Mia was first and has this route.').waitFor()
    await takeShot(tom.page, 'crew-route-taken')
    expect(await barriersOn(tom.page)).toEqual([])
    expect([...mia.strangers, ...tom.strangers]).toEqual([])
  })
})

describe('a crew without a network', () => {
  it('finishes a stop, survives a reload, and the server has it all once there is signal', async () => {
    const { page, context, strangers } = await openPhone('Sam')
    await takeRoute(page, 'Van Oost')
    await page.getByText('App stored: it starts without signal').waitFor()
    await page.getByText(/Map stored/).waitFor()
    await takeShot(page, 'crew-ready')
    const routeId = await claimedRouteId(page)
    await page.getByRole('link', { name: 'To the first stop' }).click()
    await page.getByRole('heading', { name: 'Lindengracht' }).waitFor()
    await page.waitForSelector('html[data-map-idle]')
    await takeShot(page, 'crew-stop')
    expect(await barriersOn(page)).toEqual([])

    await context.setOffline(true)
    await page.getByRole('button', { name: 'Scan' }).click()
    for (const { bike } of locks.slice(0, 2)) {
      await typeNumber(page, bike.number)
      await page
        .getByText(new RegExp(`Bike ${spaced(bike.number)} loaded`))
        .first()
        .waitFor()
    }
    await takeShot(page, 'crew-scan')
    await page.getByRole('button', { name: 'All done here' }).click()
    await page.getByRole('button', { name: 'Stop done' }).click()
    await page.getByRole('heading', { name: 'Marktplein' }).waitFor()
    await page.getByRole('link', { name: 'No signal · 3' }).waitFor()

    await page.reload()
    await page.getByRole('heading', { name: 'Marktplein' }).waitFor()
    await page.waitForSelector('html[data-map-idle]')
    await expect
      .poll(async () => (await page.locator('canvas').first().screenshot()).length, { timeout: patienceMs })
      .toBeGreaterThan(10_000)
    await page.getByRole('button', { name: 'Choose from the van' }).click()
    await page.getByRole('button', { name: 'Put 2 bikes down here' }).click()
    await page.getByText('2 of 2', { exact: true }).waitFor()
    await page.getByRole('link', { name: /No signal · 5/ }).click()
    await takeShot(page, 'crew-waiting')
    expect(await barriersOn(page)).toEqual([])
    await context.setOffline(false)
    await page.getByText('Everything has been sent.').waitFor()

    const route = await routeAtServer(page, routeId)
    expect(route.stops.map(({ name, state, given }) => ({ name, state, given }))).toEqual([
      { name: 'Lindengracht', state: 'done', given: 0 },
      { name: 'Marktplein', state: 'planned', given: 2 },
    ])
    expect(route.load).toEqual([])
    expect(strangers).toEqual([])
  })

  it('is shown what the server did not take, and who has it', async () => {
    const { page } = await openPhone('Kim')
    const [list] = await publishNight(platform.db, {
      nowMs: platform.clock.nowMs(),
      depotId: 'depot-2',
      vans: [{ vanName: 'Van Noord', stops: [{ kind: 'strays', name: 'Parkweg', take: [] }] }],
    })
    await page.reload()
    await takeRoute(page, 'Van Noord')
    await page.getByRole('link', { name: 'To the first stop' }).click()
    await page.getByRole('button', { name: 'Scan' }).click()
    // Mia has this bike: her route waits for it.
    await typeNumber(page, present(locks[2], 'a third bike').bike.number)
    await page.getByText(/is not on your list/).waitFor()
    await page.getByRole('button', { name: 'Load it' }).click()
    await page.getByRole('button', { name: 'All done here' }).click()
    await page.getByRole('link', { name: '1 not taken' }).click()
    await page.getByText(/^Mia has bike/).waitFor()
    await takeShot(page, 'crew-refused')
    expect(await barriersOn(page)).toEqual([])
    expect((await routeAtServer(page, present(list, 'a route').routeId)).load).toEqual([])
  })
})

describe('a crew that ends its shift with a bike in the van', () => {
  it('is asked to put it down, also after a reload, and the shift is over then', async () => {
    const { page } = await openPhone('Ann')
    const { bike } = present(locks[0], 'a first bike')
    await publishNight(platform.db, {
      nowMs: platform.clock.nowMs(),
      depotId: 'depot-3',
      vans: [{ vanName: 'Van Zuid', stops: [{ kind: 'strays', name: 'Zuidkade', take: [bike.bikeId] }] }],
    })
    await page.reload()
    await takeRoute(page, 'Van Zuid')
    await page.getByRole('link', { name: 'To the first stop' }).click()
    const routeId = await claimedRouteId(page)
    await page.getByRole('button', { name: 'Scan' }).click()
    await typeNumber(page, bike.number)
    await page.getByRole('button', { name: 'All done here' }).click()
    await page.getByRole('link', { name: 'More' }).click()
    await page.getByRole('link', { name: 'End the shift' }).click()
    await page.getByRole('button', { name: 'End the shift' }).click()
    await page.getByRole('heading', { name: 'Bikes left in the van' }).waitFor()
    await page.getByRole('link', { name: 'All sent' }).waitFor()
    await page.getByRole('button', { name: 'Back to the routes' }).click()
    await page.getByRole('button', { name: /Open it again.*Van Zuid/ }).click()
    await page.getByRole('heading', { name: 'Bikes left in the van' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Bikes left in the van' }).waitFor()
    await takeShot(page, 'crew-left-in-van')
    expect(await barriersOn(page)).toEqual([])
    await page.getByRole('button', { name: 'Put bikes down' }).click()
    await page.getByRole('button', { name: 'Put 1 bike down here' }).click()
    await page.getByRole('heading', { name: 'Good night' }).waitFor()
    await page.getByText('Everything has been sent.').waitFor()
    await expect
      .poll(() => routeAtServer(page, routeId), { timeout: patienceMs })
      .toMatchObject({ state: 'done', load: [] })
    await page.getByRole('button', { name: 'Back to the routes' }).click()
    await page.getByRole('heading', { name: 'Good evening, Ann' }).waitFor()
  })
})

describe('a phone that another crew logs in on', () => {
  it('keeps the acts of the first one until it is back, and sends none under the other name', async () => {
    const ben = await platform.rooms.staff.newPerson('Ben', 'crew')
    const linkOfBen = async () => present(await platform.rooms.staff.linkFor(ben), 'Ben has a link').url
    const zoe = present(
      await platform.rooms.staff.linkFor(await platform.rooms.staff.newPerson('Zoe', 'crew')),
      'Zoe has one',
    ).url
    const { bike } = present(locks[1], 'a second bike')
    const [made] = await publishNight(platform.db, {
      nowMs: platform.clock.nowMs(),
      depotId: 'depot-4',
      vans: [{ vanName: 'Van Haven', stops: [{ kind: 'strays', name: 'Kade', take: [bike.bikeId] }] }],
    })
    const { routeId } = present(made, 'a route')
    const { page, context } = await openPage(browser, phone)
    await page.goto(await linkOfBen())
    await takeRoute(page, 'Van Haven')
    await page.getByRole('link', { name: 'To the first stop' }).click()
    await context.route('**/v1/crew/acts', (route) => route.abort())
    await page.getByRole('button', { name: 'Scan' }).click()
    await typeNumber(page, bike.number)
    await page.getByRole('button', { name: 'All done here' }).click()
    await page.getByRole('link', { name: 'No signal · 1' }).waitFor()

    await page.goto(zoe)
    await page.getByRole('heading', { name: 'Good evening, Zoe' }).waitFor()
    await context.unroute('**/v1/crew/acts')
    await page.reload()
    await page.getByText('Acts of another crew still wait on this phone.').waitFor()
    expect((await routeAtServer(page, routeId)).load).toEqual([])

    await page.goto(await linkOfBen())
    await page.getByRole('heading', { name: 'Good evening, Ben' }).waitFor()
    await page.getByRole('link', { name: 'All sent' }).waitFor()
    await expect
      .poll(async () => (await routeAtServer(page, routeId)).load, { timeout: patienceMs })
      .toMatchObject([{ number: bike.number }])
  })
})

const spaced = (number: string) => number.split('').join('\\s?')
