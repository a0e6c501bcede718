import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { TripView } from '../../contracts/http/trips.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, patienceMs, type WatchedPage } from '../fixtures/browser.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

let cityDir: string
let platform: TestPlatform
let browser: Browser
let street: StreetLock
beforeAll(async () => {
  cityDir = await mkdtemp(join(tmpdir(), 'zwerm-jam-city-'))
  writeCity({ out: cityDir, seed: 1, radiusM: 1_600 }, () => undefined)
  await buildApps()
  platform = await openTestPlatform({ root, cityDir })
  browser = await openBrowser()
  street = await placeLock(platform, 'jammed-lock-1')
})
afterAll(async () => {
  street?.lock.destroy()
  await browser?.close()
  await platform?.close()
  await rm(cityDir, { recursive: true, force: true })
})

/** A colleague's browser, logged in, on a page of the desk. */
async function openDesk(role: StaffRole, path: string): Promise<WatchedPage> {
  const staffId = await platform.rooms.staff.newPerson(`Sanne (${role})`, role)
  const { link } = present(await platform.rooms.staff.linkFor(staffId), 'a new colleague has a link')
  const opened = await openPage(browser, desktop)
  await opened.page.request.post(`${platform.url}/v1/staff/sessions`, {
    data: { link },
    headers: { 'x-zwerm-app': 'ops' },
  })
  await opened.page.goto(`${platform.url}/ops${path}`)
  return opened
}

/** A rider tries; resolves with the moment at which the lock reports that its bolt is stuck. */
async function riderMeetsTheJam(): Promise<number> {
  const { bike, lock } = street
  const reported = new Promise<number>((resolve) => {
    lock.onMessage(({ direction, channel, payload }) => {
      if (direction === 'up' && channel === 'evt' && payload.includes('jam_open')) resolve(performance.now())
    })
  })
  lock.jam(true)
  const rider = await logInRider(platform.url, 'jam@example.org')
  const promiseId = await rider.promise()
  await rider.post<TripView>('/v1/trips', { bikeCode: bike.code, promiseId }, randomUUID())
  return reported
}

async function isWithoutBarriers(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, `bike-${colorScheme}`)
  }
}

describe('a jammed lock', () => {
  it('is told to the open desk at once, is seen to, restarted, and every step of that is watched', async () => {
    const { page, errors, strangers } = await openDesk('dispatcher', '/alarms')
    await page.getByRole('heading', { name: 'Alarms', level: 1 }).waitFor()
    const row = page.getByRole('link', { name: /Lock jams when opening/ })
    const shown = row.waitFor().then(() => performance.now())
    const reportedAt = await riderMeetsTheJam()
    console.log(`alarm on the page ${Math.round((await shown) - reportedAt)} ms after the lock's report`)
    expect(await row.textContent()).toContain(formatBikeNumber(street.bike.number))

    await row.click()
    await page.getByRole('button', { name: 'I have seen it' }).first().click()
    await page.getByText('Seen', { exact: true }).first().waitFor()
    street.lock.jam(false)

    await page.locator(`a[href="/ops/bikes/${street.bike.number}"]`).first().click()
    await page.getByRole('heading', { name: `Bike ${formatBikeNumber(street.bike.number)}`, level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Restart lock' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('jammed under a rider')
    await dialog.getByRole('button', { name: 'Restart lock' }).click()
    await page.getByText('Restart lock: Done').first().waitFor({ state: 'attached' })
    const way = page.locator('.way').first().locator('li')
    await expect
      .poll(() => way.locator('.step-name').allTextContents(), { timeout: patienceMs })
      .toEqual(['Queued', 'Sent', 'Accepted', 'Done'])
    const times = async () =>
      (await way.locator('.number').allTextContents()).filter((time) => /^\d\d:\d\d:\d\d$/.test(time))
    await expect.poll(times, { timeout: patienceMs }).toHaveLength(4)

    // the story of the bike has it all, and the filter stands in the address
    await page.getByRole('button', { name: 'Command', exact: true }).click()
    await page.waitForURL(({ searchParams }) => searchParams.get('kinds') === 'command')
    await page.locator('.entry.command', { hasText: 'Restart lock: Done' }).waitFor()
    await page.getByRole('button', { name: 'Everything' }).click()
    await page.locator('.entry.alarm', { hasText: 'Lock jams when opening' }).waitFor()
    await isWithoutBarriers(page)
    expect(errors).toEqual([])
    expect(strangers).toEqual([])
  })

  it('can be looked at by a viewer, who is offered nothing to do', async () => {
    const { page } = await openDesk('viewer', `/bikes/${street.bike.number}`)
    await page.getByText('Restart lock: Done').first().waitFor({ state: 'attached' })
    for (const name of ['Restart lock', 'Open lock', 'Take out of service', 'Add note', 'New task']) {
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    }
    const refused = await page.request.post(`${platform.url}/v1/staff/bikes/${street.bike.bikeId}/commands`, {
      data: { commandId: randomUUID(), op: 'beep', reason: 'only hidden?' },
      headers: { 'x-zwerm-app': 'ops' },
    })
    expect(refused.status()).toBe(403)
  })
})
