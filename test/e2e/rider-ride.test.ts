import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VirtualBike } from '../../contracts/http/demo.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, patienceMs, phone } from '../fixtures/browser.ts'
import { demoAct, freeBike, logIn, pay, payAndUnlock, pushLever } from '../fixtures/rider-story.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Somebody else's phone, on the way to the page of a bike. */
async function phoneAt(path: string) {
  const opened = await openPage(browser, phone)
  await opened.page.goto(`${zwerm.url}${path}`)
  return opened
}

/** A state of the page: looked at by a person when SHOTS_DIR is set, and by axe always. */
async function isGood(page: Page, name: string): Promise<void> {
  await takeShot(page, `ride-${name}`)
  expect(await barriersOn(page), name).toEqual([])
}
const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

describe('a rider whose lock jams at first', () => {
  it('has the money back, rides at the second try, on two devices, and holds a receipt that prints on one page', async () => {
    const bike = await freeBike(zwerm)
    const rider = `ride-ada-${bike.number}@example.org`
    await demoAct(zwerm, bike.number, 'jam')
    const { page, context, errors, strangers } = await phoneAt(`/b/${bike.code}`)
    await logIn(page, rider)
    await pay(page)
    await shows(page, 'Something blocks the bolt')
    await shows(page, 'Nothing was taken and the held amount has been released.')
    await page.getByRole('button', { name: /Pay and unlock/ }).waitFor()
    await isGood(page, 'jammed')

    await demoAct(zwerm, bike.number, 'jam', false)
    // The same page: one press asks for the money and for the lock once more.
    await payAndUnlock(page)
    const ride = page.url()
    await isGood(page, 'riding')
    await expect.poll(() => page.title(), { timeout: patienceMs }).toContain('Riding')

    await page.reload()
    await shows(page, 'Have a good ride')
    await context.clearCookies()
    await page.reload()
    await shows(page, 'Log in to see this ride')
    await logIn(page, rider)
    await shows(page, 'Have a good ride')
    expect(page.url()).toBe(ride)

    const other = await phoneAt(new URL(ride).pathname)
    await logIn(other.page, rider)
    await shows(other.page, 'Have a good ride')
    await other.page.goto(zwerm.url)
    await other.page.getByRole('link', { name: 'Back to your ride' }).click()
    await shows(other.page, 'Have a good ride')
    expect(other.page.url()).toBe(ride)
    // What is done on one device is seen on the other.
    await press(other.page, 'Pause at the next closing')
    await shows(page, 'Push the lever down now')
    await pushLever(page)
    await Promise.all([page, other.page].map((one) => one.getByRole('heading', { name: 'Paused' }).waitFor()))
    await isGood(page, 'paused')
    await press(page, 'Unlock and ride on')
    await Promise.all([page, other.page].map((one) => shows(one, 'Have a good ride')))

    const closedAtMs = performance.now()
    await demoAct(zwerm, bike.number, 'push_lever')
    await shows(page, 'Thank you for riding')
    console.log(`from pushing the lever to the page that says so: ${Math.round(performance.now() - closedAtMs)} ms`)
    await shows(other.page, 'Thank you for riding')
    const receipt = page.getByRole('link', { name: 'Open the receipt' })
    await receipt.waitFor()
    await isGood(page, 'done')
    expect(strangers).toEqual([])
    expect(errors.filter((error) => !error.includes('401'))).toEqual([])

    await receipt.click()
    await page.getByText(bike.number).first().waitFor()
    await isGood(page, 'receipt')
    await page.emulateMedia({ media: 'print' })
    await takeShot(page, 'ride-receipt-print')
    for (const format of ['A4', 'A5']) {
      const pdf = (await page.pdf({ format })).toString('latin1')
      expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g), format).toHaveLength(1)
    }
  })
})

describe('a rider without a network', () => {
  it('is told what is known, sees the lock open when it is back, and ends a ride whose lock will not close', async () => {
    const bike = await freeBike(zwerm)
    const { page, context } = await phoneAt(`/b/${bike.code}`)
    await logIn(page, `ride-bob-${bike.number}@example.org`)
    await page.getByRole('button', { name: /Pay and unlock/ }).waitFor()
    // Heard a moment ago, so that it can be asked, and silent from now on.
    await demoAct(zwerm, bike.number, 'antenna', false)
    await pay(page)
    await shows(page, 'Opening the lock')
    await context.setOffline(true)
    // At once: the order to open holds for four seconds. The phone hears nothing of what the lock does with it.
    await demoAct(zwerm, bike.number, 'antenna', true)
    await shows(page, /Your phone has had no network since/)
    await shows(page, /may still open/)
    await isGood(page, 'unlock-offline')
    await expect.poll(() => boltOf(bike.number), { timeout: patienceMs }).toBe('unlocked')
    await context.setOffline(false)
    await shows(page, 'Have a good ride')

    await context.setOffline(true)
    await shows(page, /To end it, push the lever down/)
    await press(page, 'Pause at the next closing')
    await shows(page, /Not heard yet/)
    await isGood(page, 'pause-waits')
    await context.setOffline(false)
    await shows(page, 'Push the lever down now')
    await demoAct(zwerm, bike.number, 'push_lever')
    await press(page, 'Unlock and ride on')
    await shows(page, 'Have a good ride')

    await demoAct(zwerm, bike.number, 'jam')
    await demoAct(zwerm, bike.number, 'push_lever')
    await shows(page, /The lock tried to close at/)
    await isGood(page, 'will-not-close')
    await press(page, 'It is still open')
    await press(page, 'It is still open')
    await press(page, 'The ride still goes on')
    await isGood(page, 'will-not-close-say')
    await press(page, 'It will not close: end my ride')
    await shows(page, /Time stopped at/)
    await isGood(page, 'ending')
    await demoAct(zwerm, bike.number, 'jam', false)
    await demoAct(zwerm, bike.number, 'push_lever')
    await shows(page, 'Thank you for riding')
    await shows(page, 'Lock fault')
    await isGood(page, 'done-lock-fault')
  })
})

async function boltOf(number: string): Promise<string> {
  const answer = await fetch(`${zwerm.url}/demo/city/bikes/${number}`)
  return ((await answer.json()) as VirtualBike).bolt
}
