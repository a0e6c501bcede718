import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, patienceMs, type WatchedPage } from '../fixtures/browser.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const large = { ...desktop, viewport: { width: 1440, height: 900 } }

let cityDir: string
let platform: TestPlatform
let browser: Browser
const locks: StreetLock[] = []
beforeAll(async () => {
  cityDir = await mkdtemp(join(tmpdir(), 'zwerm-alarms-city-'))
  writeCity({ out: cityDir, seed: 1, radiusM: 1_200 }, () => undefined)
  await buildApps()
  platform = await openTestPlatform({ root, cityDir })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  for (const { lock } of locks) lock.destroy()
  await platform?.close()
  await rm(cityDir, { recursive: true, force: true })
})

async function newLock(id: string): Promise<StreetLock> {
  const placed = await placeLock(platform, id)
  locks.push(placed)
  return placed
}

async function openDesk(name: string, role: StaffRole, path: string, size = large): Promise<WatchedPage> {
  const staffId = await platform.rooms.staff.newPerson(name, role)
  const { link } = present(await platform.rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const opened = await openPage(browser, size)
  const session = await opened.page.request.post(`${platform.url}/v1/staff/sessions`, {
    data: { link },
    headers: { 'x-zwerm-app': 'ops' },
  })
  expect(session.ok()).toBe(true)
  await opened.page.goto(`${platform.url}/ops${path}`)
  await opened.page.getByRole('heading', { level: 1 }).waitFor()
  return opened
}

const raise = (bikeId: string, kind: AlarmKind, detail: object = {}) =>
  platform.rooms.db.transaction((tx) =>
    platform.rooms.alarms.raise(tx, {
      ...{ kind, bikeId: asId<BikeId>(bikeId), tripId: null, causeKey: randomUUID() },
      ...{ detail, atMs: platform.clock.nowMs() },
    }),
  )

/** A rider tries to open a bike whose bolt does not move. */
async function tryInVain({ bike }: StreetLock): Promise<void> {
  const rider = await logInRider(platform.url, `inbox-${randomUUID()}@example.org`)
  const order = { bikeCode: bike.code, promiseId: await rider.promise() }
  const { body } = await rider.post<{ tripId: string }>('/v1/trips', order, randomUUID())
  await rider.tripUntil(body.tripId, ({ state }) => state === 'failed')
}

async function inBothColours(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await takeShot(page, `${name}-${colorScheme}`)
    expect(await barriersOn(page)).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

describe('the inbox', () => {
  it('says when nothing needs anybody', async () => {
    const { page, errors, strangers } = await openDesk('Ada', 'viewer', '/alarms')
    await page.getByText('Nothing needs you').waitFor()
    await inBothColours(page, 'alarms-empty')
    expect([...errors, ...strangers]).toEqual([])
    await page.context().close()
  })

  it('shows a lock that jams as it happens; it is seen by keyboard, and a task is made of it', async () => {
    const street = await newLock('inbox-lock-jam')
    const { page, errors } = await openDesk('Bram', 'dispatcher', '/alarms')
    await page.getByText('Nothing needs you').waitFor()
    street.lock.jam(true)
    const vain = tryInVain(street)
    const row = page.getByRole('link', { name: /Lock jams when opening/ })
    await row.waitFor()
    await vain

    await row.focus()
    await page.keyboard.press('a')
    await page.getByText('Seen.', { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Lock jams when opening', level: 2 }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/ops\/alarms\/[0-9a-f-]{36}$/)
    await page.getByText('Bram: has seen it').waitFor()

    await page.getByRole('button', { name: 'Make a task' }).click()
    await page.getByRole('textbox', { name: 'Note' }).first().fill('Bring oil')
    await page.getByRole('button', { name: 'Make task' }).click()
    await page.getByRole('link', { name: /^Lock jams when opening: / }).waitFor()
    await inBothColours(page, 'alarm-open')

    await page.goto(`${platform.url}/ops/work`)
    await page.getByRole('button', { name: /Lock jams when opening/ }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText('Bram: started').waitFor()
    await inBothColours(page, 'work-task')
    await page.getByRole('button', { name: 'Done…' }).click()
    await page.getByRole('checkbox', { name: 'Resolve its alarm too' }).waitFor()
    await page.getByRole('button', { name: 'Done', exact: true }).last().click()
    await page.getByText('Nothing to do').waitFor()
    await page.goto(`${platform.url}/ops/alarms`)
    await page.getByText('Nothing needs you').waitFor()
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('has many alarms at once, which are picked and put to sleep together, and taken back', async () => {
    const streets = [await newLock('inbox-lock-1'), await newLock('inbox-lock-2'), await newLock('inbox-lock-3')]
    const [one, two, three] = streets.map(({ bike }) => bike.bikeId)
    // None of those that the rules would end by themselves.
    await raise(one ?? '', 'forced')
    await raise(one ?? '', 'broken', { by: 'Crew 2', note: 'no saddle' })
    await raise(two ?? '', 'tampered', { what: 'cable' })
    await raise(two ?? '', 'fallen')
    await raise(three ?? '', 'lock_trouble', { what: 'gnss_jam' })
    await raise(three ?? '', 'reported', { what: 'tyre' })
    const { page, errors } = await openDesk('Cor', 'crew_lead', '/alarms')
    await page.getByText('Its cable was cut or pulled').waitFor()
    await inBothColours(page, 'alarms')
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    await page.getByText('6 alarms picked').waitFor()
    await takeShot(page, 'alarms-picked')
    await page.getByRole('button', { name: 'Sleep…' }).click()
    await page.getByRole('button', { name: 'Until 7:00' }).click()
    await page.getByText('6 sleep.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('6 open again.').waitFor()
    await page.getByRole('button', { name: /^\d+ Fallen over$/ }).click()
    await page.waitForURL(/kind=fallen/)
    await expect
      .poll(() => page.getByRole('link', { name: /Broken|Lock(?!s)/ }).count(), { timeout: patienceMs })
      .toBe(0)
    for (const [name, width] of [
      ['1024', 1024],
      ['phone', 390],
    ] as const) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 768 })
      await page.goto(`${platform.url}/ops/alarms`)
      await page.getByText('Its cable was cut or pulled').waitFor()
      await takeShot(page, `alarms-${name}`)
      await page.getByRole('link', { name: /Somebody tampers/ }).click()
      await page.getByRole('heading', { name: 'Somebody tampers with the lock' }).waitFor()
      await takeShot(page, `alarm-${name}`)
    }
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe('a way to the desk that breaks', () => {
  it('costs no words that were typed, and a double click acts once', async () => {
    const { bike } = await newLock('inbox-lock-broken-way')
    await raise(bike.bikeId, 'broken', { by: 'Crew 2', note: 'no bell' })
    const { page } = await openDesk('Fem', 'dispatcher', '/alarms?kind=broken')
    await page.getByRole('link', { name: /no bell/ }).click()
    const acts = '**/v1/staff/alarms/acts'
    await page.route(acts, (route) => route.abort())
    const note = page.getByRole('textbox', { name: 'Note' })
    await note.fill('The bell lies beside it')
    await page.getByRole('button', { name: 'Add note' }).click()
    await page.locator('.deed-result .wrong').waitFor()
    expect(await note.inputValue()).toBe('The bell lies beside it')

    await page.unroute(acts)
    let sent = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/staff/alarms/acts')) sent += 1
    })
    await page.getByRole('button', { name: 'Add note' }).click()
    await expect.poll(() => note.inputValue(), { timeout: patienceMs }).toBe('')
    await page.getByRole('button', { name: 'I have seen it' }).dblclick()
    await page.getByText('Seen.', { exact: true }).waitFor()
    expect(sent).toBe(2)
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(1)
    await page.context().close()
  })
})

describe('from when on alarms are raised', () => {
  it('is tried out before it is saved', async () => {
    const { page, errors } = await openDesk('Dora', 'crew_lead', '/alarms/settings')
    const field = page.getByLabel('Notice below, %')
    await field.fill('60')
    await page.getByRole('row', { name: /Battery low/ }).waitFor()
    await inBothColours(page, 'alarm-settings')
    await field.fill('99')
    await page.getByText('A number is out of its range.').waitFor()
    await page.getByRole('button', { name: 'Save', disabled: true }).waitFor()
    await field.fill('30')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. It holds from now on.').waitFor()
    expect(platform.rooms.alarmsRoom.settings.now().lowBatteryPercent).toBe(30)
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe("riders' reports", () => {
  it('come to the desk without the rider, and a second one keeps the bike from the street', async () => {
    const { bike, lock } = await newLock('inbox-lock-report')
    const { page, errors } = await openDesk('Eva', 'support', '/work?tab=reports')
    await page.getByText('No reports here').waitFor()
    for (const text of ['The front brake does nothing', 'No brakes!']) {
      const rider = await logInRider(platform.url, `report-${randomUUID()}@example.org`)
      const order = { bikeCode: bike.code, promiseId: await rider.promise() }
      const { tripId } = (await rider.post<TripView>('/v1/trips', order, randomUUID())).body
      await rider.tripUntil(tripId, ({ state }) => state === 'riding')
      lock.pushLever()
      await rider.tripUntil(tripId, ({ state }) => state === 'charged')
      const path = `/v1/bikes/${bike.number}/reports`
      expect((await rider.post(path, { kind: 'brakes', text })).status).toBe(201)
      expect((await rider.post(path, { kind: 'brakes', text })).status).toBe(409)
    }
    await page.getByText('No brakes!').waitFor()
    await inBothColours(page, 'work-reports')
    await platform.rooms.fleet.tick()
    expect(platform.rooms.fleet.bikeByCode(bike.code)?.refusal?.code).toBe('bike_out_of_service')
    await page
      .getByRole('button', { name: /^Close: Brakes/ })
      .first()
      .click()
    await expect.poll(() => page.getByText('No brakes!').count(), { timeout: patienceMs }).toBe(0)
    expect(errors).toEqual([])
    await page.context().close()
  })
})
