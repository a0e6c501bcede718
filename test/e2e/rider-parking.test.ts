import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, phone } from '../fixtures/browser.ts'
import { beyondTheArea, freeBike, logIn, payAndUnlock, pushLever, takeTo } from '../fixtures/rider-story.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
})

describe('a rider who parks', () => {
  it('sees where one may, is warned in the wrong place, pays a fee, moves the bike and has it back', async () => {
    const { page, errors, strangers } = await openPage(browser, phone)
    await page.goto(zwerm.url)
    await page.getByText('Where to park').click()
    await page.getByText(/Inside the dashed line you may park. Outside it costs ¥5.00 extra./).waitFor()
    await page.getByRole('heading', { name: 'Nearest hotspots' }).waitFor()
    await page.locator('html[data-map-idle]').waitFor()
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'parking-legend')
    await page.getByText('Where to park').click()
    await takeShot(page, 'parking-map-light')
    await page.emulateMedia({ colorScheme: 'dark' })
    await takeShot(page, 'parking-map-dark')
    await page.emulateMedia({ colorScheme: 'light' })

    const beyond = await beyondTheArea(zwerm)
    const bike = await freeBike(zwerm)
    const home = { lon: bike.lon, lat: bike.lat }
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await logIn(page, `parking-${bike.number}@example.org`)
    await payAndUnlock(page)
    await page.getByText('If you park here').waitFor()
    await takeTo(zwerm, bike.number, beyond)
    await page.getByText('Outside the service area: parking here costs ¥5.00 extra.').waitFor()
    await page
      .getByText(/You may park .* from here|Nearest hotspot:|Hotspot .* away/)
      .first()
      .waitFor()
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'parking-advice')

    await pushLever(page)
    await page.getByRole('heading', { name: 'Left in the wrong place' }).waitFor()
    await page.getByRole('rowheader', { name: /Left outside the service area/ }).waitFor()
    await page.getByText(/unlock the bike again within \d+ minutes/).waitFor()
    expect(await barriersOn(page)).toEqual([])
    await page.getByRole('button', { name: /The bike in your hand/ }).click()
    await page.getByRole('heading', { name: 'Left in the wrong place' }).scrollIntoViewIfNeeded()
    await takeShot(page, 'parking-fee')
    const wrongTrip = page.url()

    await page.getByRole('link', { name: 'Unlock it again to put it right' }).click()
    await payAndUnlock(page)
    await takeTo(zwerm, bike.number, home)
    await page
      .getByText(/You may park here|Hotspot|You are at the hotspot/)
      .first()
      .waitFor()
    await pushLever(page)
    await page.getByText('this ride is free, and the fee of the ride before goes back').waitFor()
    await takeShot(page, 'parking-put-right')

    await page.goto(wrongTrip)
    await page.getByRole('heading', { name: 'Put right' }).waitFor()
    await page.getByText('The bike was left right in time. ¥5.00 goes back to you.').waitFor()
    expect(await barriersOn(page)).toEqual([])
    await page.getByRole('heading', { name: 'Put right' }).scrollIntoViewIfNeeded()
    await takeShot(page, 'parking-cleared')
    expect(strangers).toEqual([])
    expect(errors.filter((error) => !error.includes('401'))).toEqual([])
  })
})
