import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BikeNear } from '../../contracts/http/bikes.ts'
import type { ReservationView } from '../../contracts/http/reservations.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, patienceMs, phone } from '../fixtures/browser.ts'
import {
  asWritten,
  demoAct,
  freeBike,
  logIn,
  payAndUnlock,
  phoneBeside,
  publicIdOf,
  pushLever,
  type StoryBike,
} from '../fixtures/rider-story.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** The rider's reservation, as the server has it. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const answer = await fetch('/v1/reservations/current')
    return answer.ok ? ((await answer.json()) as ReservationView) : null
  })

/** What the page says after one ring. A busy lock may be too late for it: a person rings again. */
async function ring(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Ring' }).click()
  const said = page.getByText(/It rang: the lock says so\.|The lock has not answered|no connection/).first()
  await said.waitFor()
  return said.innerText()
}

/** Others stand near it, and more than one: the city's own riders take some meanwhile. */
async function hasCompany({ lon, lat }: StoryBike): Promise<boolean> {
  const answer = await fetch(`${zwerm.url}/v1/bikes?lon=${lon}&lat=${lat}&radiusM=500&limit=10`)
  const { bikes } = (await answer.json()) as { readonly bikes: readonly BikeNear[] }
  return bikes.filter(({ distanceM }) => distanceM > 20).length >= 3
}

describe('before a ride', () => {
  it('a stranger looks at a bike, keeps it, finds it by its bell and takes it', async () => {
    const own = await freeBike(zwerm, { suits: async (bike) => (await publicIdOf(zwerm, bike)) !== null })
    const publicId = await publicIdOf(zwerm, own)
    const { page, errors, strangers } = await openPage(browser, { ...phone, ...phoneBeside(own) })
    await page.goto(`${zwerm.url}/`)
    await page
      .getByRole('application', { name: 'Map of free bikes' })
      .or(page.getByLabel('Map of free bikes'))
      .first()
      .waitFor()
    const listed = page
      .getByRole('list')
      .getByRole('button', { name: /min walk/ })
      .and(page.locator(`[data-bike="${publicId}"]`))
    await listed.waitFor()
    await page.getByText(/to start, then/).waitFor()
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'before-home')

    await listed.click()
    await page.getByRole('heading', { name: /min walk/ }).waitFor()
    await page.getByText(/never more than/).waitFor()
    expect(new URL(page.url()).searchParams.get('bike')).toBe(publicId)
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'before-card')

    // Asked who it is only now, and not again.
    await page.getByRole('button', { name: 'Reserve for 10 minutes' }).click()
    await logIn(page, `before-keeps-${own.number}@example.org`)
    await page.getByRole('heading', { name: 'Reserved for you' }).waitFor()
    const reservation = await kept(page)
    const number = reservation?.bikeNumber ?? ''
    await page.getByLabel(`Bike ${number}`, { exact: true }).waitFor()
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'before-reserved')

    await page.reload()
    await page.getByRole('heading', { name: 'Reserved for you' }).waitFor()
    await expect.poll(() => ring(page), { timeout: patienceMs }).toContain('It rang: the lock says so.')

    await page.getByRole('link', { name: 'I am at the bike' }).click()
    await page.getByText('You have reserved this bike').waitFor()
    await takeShot(page, 'before-own-bike')
    expect(await barriersOn(page)).toEqual([])
    await payAndUnlock(page)
    await expect.poll(() => kept(page), { timeout: patienceMs }).toBeNull()
    await pushLever(page)
    await page.getByText('Thank you for riding').waitFor()
    expect(strangers).toEqual([])
    expect(errors.filter((error) => !/40[14]/.test(error))).toEqual([])
  })

  it('somebody else finds it reserved, and another one near; a cancelled one is free again', async () => {
    const owner = await openPage(browser, phone)
    const bike = await freeBike(zwerm, { suits: hasCompany })
    await owner.page.goto(`${zwerm.url}/b/${bike.number}`)
    await logIn(owner.page, `before-owner-${bike.number}@example.org`)
    await owner.page.getByRole('button', { name: /Pay and unlock/ }).waitFor()
    const status = await owner.page.evaluate(async (number) => {
      const headers = {
        'content-type': 'application/json',
        'x-zwerm-app': 'rider',
        'idempotency-key': `before-owner-${number}`,
      }
      const body = JSON.stringify({ bike: number })
      return (await fetch('/v1/reservations', { method: 'POST', headers, body })).status
    }, bike.number)
    expect(status).toBe(201)

    const other = await openPage(browser, {
      ...phone,
      permissions: ['geolocation'],
      geolocation: { longitude: bike.lon, latitude: bike.lat },
    })
    await other.page.goto(`${zwerm.url}/b/${bike.number}`)
    await other.page.getByText('Somebody has reserved this bike').waitFor()
    const another = other.page
      .getByRole('region', { name: 'Other bikes near here' })
      .getByRole('link', { name: /min walk/ })
    await another.first().waitFor()
    expect(await barriersOn(other.page)).toEqual([])
    await takeShot(other.page, 'before-reserved-by-other')
    // What the panel lists is left alone by simulated riders for the moments until the card is there.
    await fetch(`${zwerm.url}/demo/city/bikes?lon=${bike.lon}&lat=${bike.lat}`)
    await another.first().click()
    await other.page.getByRole('button', { name: 'Reserve for 10 minutes' }).waitFor()

    // On any device of its rider.
    await owner.page.goto(`${zwerm.url}/`)
    await owner.page.getByRole('button', { name: 'Cancel reservation' }).click()
    await owner.page.getByRole('heading', { name: 'Find a bike' }).waitFor()
    await other.page.goto(`${zwerm.url}/b/${bike.number}`)
    await other.page.getByText(/never more than/).waitFor()
  })

  it('a lock out of reach is said so, and does not ring', async () => {
    const { page } = await openPage(browser, phone)
    const bike = await freeBike(zwerm)
    await page.goto(`${zwerm.url}/b/${bike.number}`)
    await logIn(page, `before-silent-${bike.number}@example.org`)
    await page.getByRole('button', { name: 'Ring' }).waitFor()
    await demoAct(zwerm, bike.number, 'antenna', false)
    await page.getByRole('button', { name: 'Ring' }).click()
    await page.getByText(/The lock has not answered|no connection/).waitFor()
    await page.getByText(asWritten(bike.number)).first().waitFor()
    await demoAct(zwerm, bike.number, 'antenna', true)
  })
})
