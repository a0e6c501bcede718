import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, phone } from '../fixtures/browser.ts'
import { scenes, writeCameraVideo } from '../fixtures/camera-picture.ts'
import { asWritten, freeBike, logIn, payAndUnlock, pushLever } from '../fixtures/rider-story.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { sharedZwerm } from '../fixtures/shared-zwerm.ts'

const zwerm = sharedZwerm()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zwerm-camera-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A browser whose camera looks at what the video shows. */
async function withCamera(content: string, scene: (typeof scenes)[number], story: (browser: Browser) => Promise<void>) {
  const video = join(folder, `${scene}.y4m`)
  await writeCameraVideo(video, content, scene)
  const browser = await openBrowser([`--use-file-for-fake-video-capture=${video}`])
  try {
    await story(browser)
  } finally {
    await browser.close()
  }
}

const rideToTheReceipt = async (page: Page, rider: string, number: string): Promise<void> => {
  await logIn(page, rider)
  await payAndUnlock(page)
  await pushLever(page)
  await page.getByText('Thank you for riding').waitFor()
  const receipt = await page.getByRole('link', { name: 'Open the receipt' }).getAttribute('href')
  await page.goto(new URL(receipt ?? '', zwerm.url).href)
  await page.getByText(number).first().waitFor()
}

describe('a rider points the camera at the QR code of a bike', () => {
  it.each(scenes)('seen %s, pays, rides, closes the lock and holds a receipt', async (scene) => {
    const bike = await freeBike(zwerm)
    await withCamera(`https://zwerm.example/b/${bike.code}`, scene, async (browser) => {
      const { page, errors, strangers } = await openPage(browser, phone)
      await page.goto(zwerm.url)
      await page.getByRole('button', { name: 'Scan the bike' }).click()
      await page.getByText(asWritten(bike.number)).first().waitFor()
      expect(new URL(page.url()).pathname).toBe(`/b/${bike.code}`)
      await rideToTheReceipt(page, `camera-${bike.number}@example.org`, bike.number)
      expect(strangers).toEqual([])
      // Before the log-in the page asks who it is and is told: nobody yet.
      expect(errors.filter((error) => !error.includes('401'))).toEqual([])
    })
  })

  it('that somebody else printed: it is named, and not followed', async () => {
    await withCamera('https://pay-here.example/win', 'clean', async (browser) => {
      const { page, strangers } = await openPage(browser, phone)
      await page.goto(zwerm.url)
      await page.getByRole('button', { name: 'Scan the bike' }).click()
      await page.getByText('That QR code is not of one of our bikes.').waitFor()
      await takeShot(page, 'scan-not-ours')
      expect(await barriersOn(page)).toEqual([])
      expect(strangers).toEqual([])
    })
  })
})

it('a camera that is refused leaves the number: mistyped it is told, right it opens the bike', async () => {
  const bike = await freeBike(zwerm)
  const browser = await openBrowser(['--use-fake-ui-for-media-stream=deny'])
  const { page } = await openPage(browser, phone)
  await page.goto(zwerm.url)
  await page.getByRole('button', { name: 'Scan the bike' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText('The camera may not be used.').waitFor()
  await takeShot(page, 'scan-refused')
  expect(await barriersOn(page)).toEqual([])
  const [first = '', second = '', ...rest] = bike.number
  const field = sheet.getByLabel('Or type the bike number')
  await field.fill([first, (Number(second) + 1) % 10, ...rest].join(''))
  await sheet.getByRole('button', { name: 'Go' }).click()
  await sheet.getByText('That is not a whole bike number.').waitFor()
  await field.fill(bike.number)
  await sheet.getByRole('button', { name: 'Go' }).click()
  await page.getByText(asWritten(bike.number)).first().waitFor()
  expect(new URL(page.url()).pathname).toBe(`/b/${bike.number}`)
  await browser.close()
})
