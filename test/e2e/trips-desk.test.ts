import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, patienceMs, type WatchedPage } from '../fixtures/browser.ts'
import { type DeskTrips, openDeskTrips } from '../fixtures/desk-trips.ts'
import { takeShot } from '../fixtures/screenshot.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const begin = { lon: 4.722, lat: 52.357 }
const end = { lon: 4.732, lat: 52.361 }

let cityDir: string
let desk: DeskTrips
let browser: Browser
beforeAll(async () => {
  cityDir = await mkdtemp(join(tmpdir(), 'zwerm-trips-city-'))
  writeCity({ out: cityDir, seed: 1, radiusM: 1_600 }, () => undefined)
  await buildApps()
  desk = await openDeskTrips({ root, cityDir })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await desk?.end()
  await rm(cityDir, { recursive: true, force: true })
})

/** A colleague's desk: the link has logged this person in. */
async function openDesk(name: string, role: StaffRole): Promise<WatchedPage> {
  const { staff } = desk.platform.rooms
  const { url } = present(await staff.linkFor(await staff.newPerson(name, role)), 'a new colleague has a link')
  const opened = await openPage(browser, { ...desktop, viewport: { width: 1440, height: 900 } })
  await opened.page.goto(url)
  await opened.page.getByRole('link', { name: 'Trips', exact: true }).waitFor()
  return opened
}

/** In light and in dark. */
async function expectNoBarriers(page: Page, shot: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, `${shot}-${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

async function explain(page: Page, confirm: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('The rider called about a lost bag')
  await dialog.getByRole('button', { name: confirm, exact: true }).click()
}

/** In the page: how many pixels of a picture have the colour of what has been ridden. Text, since it is not run here. */
const countBlue = `(async (data) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob())
  const pen = new OffscreenCanvas(image.width, image.height).getContext('2d')
  pen.drawImage(image, 0, 0)
  const { data: rgba } = pen.getImageData(0, 0, image.width, image.height)
  const near = (value, wanted) => Math.abs(value - wanted) < 12
  let count = 0
  for (let i = 0; i < rgba.length; i += 4)
    if (near(rgba[i], 0x1d) && near(rgba[i + 1], 0x4e) && near(rgba[i + 2], 0xd8)) count += 1
  return count
})`

/** Pixels of the way that has been ridden, as the map paints it. */
async function bluePixels(page: Page, map: Locator): Promise<number> {
  return page.evaluate(`${countBlue}('${(await map.screenshot()).toString('base64')}')`)
}

describe('a trip at the desk', () => {
  it('is found by the number of its bike, and replayed on the map for a reason', async () => {
    const ride = await desk.riding()
    await desk.rodeAlong(ride, begin, end, 40)
    await desk.close(ride)
    const { page, errors } = await openDesk('Dita', 'dispatcher')
    await page.goto(`${desk.platform.url}/ops/trips`)
    await page.getByLabel('Receipt, payment reference, bike or trip id').fill(ride.street.bike.number)
    await page.getByRole('button', { name: 'Find' }).click()
    await page.getByRole('heading', { name: /Trips of bike/ }).waitFor()
    await page.getByRole('table').getByRole('link').first().click()
    await page.getByRole('heading', { name: /Trip of bike/ }).waitFor()
    expect(page.url()).toContain(`/ops/trips/${ride.tripId}`)
    await expectNoBarriers(page, 'trips-one')

    await page.getByRole('button', { name: 'Replay on the map…' }).click()
    await page.waitForURL(/\?replay=1/)
    await page.getByRole('dialog').getByRole('button', { name: 'Write it down and show' }).click()
    await page.getByText('Write at least 3 characters.').waitFor()
    await expectNoBarriers(page, 'trips-replay-ask')
    await explain(page, 'Write it down and show')
    const player = page.locator('.trip-replay')
    await player.waitFor()
    expect(Number(await player.getAttribute('data-points'))).toBeGreaterThanOrEqual(40)
    await page.waitForSelector('html[data-map-idle]')
    const map = player.locator('.replay-map canvas').first()
    const atBegin = await bluePixels(page, map)
    const slider = player.getByRole('slider', { name: 'Moment of the ride' })
    await slider.focus()
    await page.keyboard.press('End')
    const last = await slider.getAttribute('max')
    await expect.poll(() => slider.inputValue(), { timeout: patienceMs }).toBe(last)
    await expect.poll(() => bluePixels(page, map), { timeout: patienceMs }).toBeGreaterThan(atBegin + 400)
    await page.getByText(/points, the same as on the map/).click()
    await expect.poll(() => player.getByRole('row').count(), { timeout: patienceMs }).toBeGreaterThan(40)
    await expectNoBarriers(page, 'trips-replay')
    await player.getByRole('button', { name: 'Close the replay' }).click()
    await page.getByText('looked at the way').waitFor()
    expect(await desk.seen(ride.tripId)).toMatchObject({ acts: [{ act: 'replay', by: { name: 'Dita' } }] })
    expect(errors).toEqual([])
  })

  it('is not refunded by a dispatcher: there is no button, and the server refuses', async () => {
    const ride = await desk.charged()
    const { page } = await openDesk('Dunya', 'dispatcher')
    await page.goto(`${desk.platform.url}/ops/trips/${ride.tripId}`)
    await page.getByRole('button', { name: 'Replay on the map…' }).waitFor()
    expect(await page.getByRole('button', { name: 'Give money back…' }).count()).toBe(0)
    const refused = await page.request.post(`${desk.platform.url}/v1/staff/trips/${ride.tripId}/refund`, {
      data: { actId: randomUUID(), reason: 'I would like to', amount: 1 },
      headers: { 'x-zwerm-app': 'ops' },
    })
    expect([refused.status(), await refused.json()]).toMatchObject([403, { code: 'not_allowed' }])
    expect((await desk.seen(ride.tripId)).trip.payment).toMatchObject({ captured: 180, refundAsked: 0 })
  })

  it('is refunded by support, which sees the provider do it, and the receipt says so', async () => {
    const ride = await desk.charged()
    const { page, errors } = await openDesk('Suus', 'support')
    await page.goto(`${desk.platform.url}/ops/trips/${ride.tripId}`)
    await page.getByRole('button', { name: 'Give money back…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/^Unlocking/).check()
    await dialog.getByText(/goes back to the rider/).waitFor()
    await expectNoBarriers(page, 'trips-refund')
    await explain(page, 'Give back')
    await page.getByText('Done: gave money back.').waitFor()
    // Pushed: nobody reloads.
    await page.locator('[data-refund="done"]').waitFor()
    await takeShot(page, 'trips-refunded')
    expect((await desk.seen(ride.tripId)).trip.payment).toMatchObject({ state: 'partially_refunded', refunded: 150 })
    const opened = page.context().waitForEvent('page')
    await page.getByRole('link', { name: /^\d{4}-\d{6}$/ }).click()
    const receipt = await opened
    await receipt.getByRole('heading', { name: 'Corrections of this receipt' }).waitFor()
    await receipt.getByText('Total after corrections').waitFor()
    await takeShot(receipt, 'trips-receipt')
    expect(errors).toEqual([])
  })

  it('stands in the list while it goes on, is ended there for its rider, and leaves', async () => {
    const ride = await desk.riding()
    const { page, errors } = await openDesk('Dirk', 'dispatcher')
    await page.goto(`${desk.platform.url}/ops/trips`)
    const line = page.getByRole('row').filter({ hasText: formatBikeNumber(ride.street.bike.number) })
    await line.waitFor()
    await expectNoBarriers(page, 'trips-now')
    await line.getByRole('link').click()
    await page.getByRole('button', { name: 'End the ride…' }).click()
    await page.getByRole('dialog').getByRole('heading', { name: 'After' }).waitFor()
    await expectNoBarriers(page, 'trips-end')
    // An emptied moment is not now: nothing is sent, and the question stays open.
    await page.getByRole('radio', { name: 'At a moment in the past' }).check()
    await page.getByLabel('Ended at (city time)').fill('')
    await explain(page, 'End the ride')
    await page.getByRole('dialog').getByRole('alert').waitFor()
    expect((await desk.seen(ride.tripId)).trip.endedAt).toBeNull()
    await page.getByRole('radio', { name: 'Now', exact: true }).check()
    await page.getByRole('dialog').getByRole('heading', { name: 'After' }).waitFor()
    await explain(page, 'End the ride')
    await page.getByText('Done: ended the ride.').waitFor()
    await page.getByRole('link', { name: 'All trips' }).click()
    await page.getByText('Nobody rides now.').waitFor()
    await expectNoBarriers(page, 'trips-empty')
    await page.getByRole('tab', { name: 'Ended' }).click()
    await page.waitForURL(/tab=ended/)
    await page.getByRole('row').nth(1).waitFor()
    await takeShot(page, 'trips-ended')
    ride.street.lock.pushLever()
    expect(errors).toEqual([])
  })
})
