import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, phone } from '../fixtures/browser.ts'
import { asWritten, demoAct, freeBike, logIn, pay, payAndUnlock, pushLever } from '../fixtures/rider-story.ts'
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

describe('a person in the browser', () => {
  it('scans, pays, opens, rides, closes and holds a receipt', async () => {
    const { page, errors, strangers } = await openPage(browser, phone)
    const bike = await freeBike(zwerm)
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await page.getByText(asWritten(bike.number)).first().waitFor()
    await takeShot(page, 'rider-bike')
    expect(await barriersOn(page)).toEqual([])
    await logIn(page, 'ada@example.org')
    await payAndUnlock(page)
    await takeShot(page, 'rider-riding')
    expect(await barriersOn(page)).toEqual([])

    await pushLever(page)
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
    const bike = await freeBike(zwerm)
    await demoAct(zwerm, bike.number, 'jam')
    await page.goto(`${zwerm.url}/b/${bike.code}`)
    await logIn(page, 'bob@example.org')
    await pay(page)
    await page.getByText('Something blocks the bolt').waitFor()
    await page.getByText('Nothing was taken and the reservation has been released.').waitFor()
    await takeShot(page, 'rider-jammed')
    expect(await barriersOn(page)).toEqual([])
  })
})
