import type { Browser, Page } from 'playwright-core'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VirtualBikes } from '../../contracts/http/demo.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, phone } from '../fixtures/browser.ts'
import { newDataDir, type RunningZwerm, removeDataDir, runZwerm } from '../fixtures/running-zwerm.ts'
import { takeShot } from '../fixtures/screenshot.ts'

let zwerm: RunningZwerm
let browser: Browser
beforeAll(async () => {
  const dataDir = await newDataDir()
  zwerm = await runZwerm({ dataDir })
  browser = await openBrowser()
  await zwerm.line('the city lives')
})
afterAll(async () => {
  await browser?.close()
  await zwerm?.stop()
  await removeDataDir(zwerm.dataDir)
})

/** A bike that nobody else uses, as the panel offers it. */
async function freeBike(): Promise<Static<typeof VirtualBikes>['bikes'][number]> {
  const answer = await fetch(`${zwerm.url}/demo/city/bikes?lon=4.726&lat=52.3585`)
  const { bikes } = (await answer.json()) as Static<typeof VirtualBikes>
  const bike = bikes.find(({ bolt, antenna }) => bolt === 'locked' && antenna)
  if (!bike) throw new Error('the city offers no bike')
  return bike
}

async function logIn(page: Page, address: string): Promise<void> {
  await page.getByLabel('Phone number or e-mail').fill(address)
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByRole('button', { name: 'Fill it in' }).click()
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
}

describe('a person in the browser', () => {
  it('scans, pays, opens, rides, closes and holds a receipt', async () => {
    const { page, errors, strangers } = await openPage(browser, phone)
    const bike = await freeBike()
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await page.getByText(spaced(bike.number)).first().waitFor()
    await takeShot(page, 'rider-bike')
    expect(await barriersOn(page)).toEqual([])
    await logIn(page, 'ada@example.org')
    await page.getByRole('button', { name: /Pay and unlock/ }).click()
    // The payer page of the payment sandbox, as the payment app would show it.
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Have a good ride').waitFor()
    await takeShot(page, 'rider-riding')
    expect(await barriersOn(page)).toEqual([])

    const push = page.getByRole('button', { name: 'Push the lever down' })
    if (!(await push.isVisible())) await page.getByRole('button', { name: /The bike in your hand/ }).click()
    await push.click()
    await page.getByText('Thank you for riding').waitFor()
    await takeShot(page, 'rider-done')
    expect(await barriersOn(page)).toEqual([])
    const receipt = await page.getByRole('link', { name: 'Open the receipt' }).getAttribute('href')
    await page.goto(new URL(receipt ?? '', zwerm.url).href)
    await page.getByText(bike.number).first().waitFor()
    await takeShot(page, 'rider-receipt')
    expect(strangers).toEqual([])
    // Before the log-in the page asks who it is and is told: nobody yet.
    expect(errors.filter((error) => !error.includes('401'))).toEqual([])
  })

  it('is told that the bolt is stuck, and that the money is free again', async () => {
    const { page } = await openPage(browser, phone)
    const bike = await freeBike()
    await fetch(`${zwerm.url}/demo/city/bikes/${bike.number}/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ act: 'jam', on: true }),
    })
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await logIn(page, 'bob@example.org')
    await page.getByRole('button', { name: /Pay and unlock/ }).click()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Something blocks the bolt').waitFor()
    await page.getByText('Nothing was taken and the reservation has been released.').waitFor()
    await takeShot(page, 'rider-jammed')
    expect(await barriersOn(page)).toEqual([])
  })
})

const spaced = (number: string) => new RegExp(number.split('').join('\\s?'))
