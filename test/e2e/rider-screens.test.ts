import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../fixtures/barriers.ts'
import { openBrowser, openPage, phone } from '../fixtures/browser.ts'
import { forgetLayoutShifts, layoutShiftOf, watchLayoutShifts } from '../fixtures/layout-shifts.ts'
import {
  demoAct,
  freeBike,
  holdBike,
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
let page: Page
let bike: StoryBike
let publicId: string | null
let letGo: (() => void) | undefined
let errors: readonly string[]
let strangers: readonly string[]
beforeAll(async () => {
  browser = await openBrowser()
  bike = await freeBike(zwerm, { suits: async (one) => (await publicIdOf(zwerm, one)) !== null })
  letGo = holdBike(zwerm, bike.number)
  publicId = await publicIdOf(zwerm, bike)
  ;({ page, errors, strangers } = await openPage(browser, { ...phone, ...phoneBeside(bike) }))
  await page.addInitScript({ content: watchLayoutShifts })
})
afterAll(async () => {
  letGo?.()
  await browser?.close()
})

const languages = ['nl', 'zh', 'en'] as const
const themes = ['dark', 'light'] as const
/** The elements are the same in both themes: English is judged in both, the others in one. */
const judged: Readonly<Record<(typeof languages)[number], readonly string[]>> = {
  nl: ['dark'],
  zh: ['light'],
  en: themes,
}
const sizes = [
  { width: 360, height: 800 },
  { width: 412, height: 915 },
] as const

/** The screen as it stands, in each language: no barrier, in light or in dark; and nothing jumped on the way to it. */
async function look(name: string): Promise<void> {
  const shifted = await layoutShiftOf(page)
  const barriers: Record<string, string[]> = {}
  for (const language of languages) {
    await page.locator('select.language').selectOption(language, { force: true })
    await page.waitForSelector(`html[lang^=${language}]`)
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme })
      if (judged[language].includes(colorScheme)) {
        const found = await barriersOn(page)
        if (found.length > 0) barriers[`${language} ${colorScheme}`] = found
      }
      if (process.env.SHOTS_DIR === undefined) continue
      for (const size of sizes) {
        await page.setViewportSize(size)
        await takeShot(page, `${name}-${language}-${colorScheme}-${size.width}`)
      }
    }
  }
  // What moves because the test changes language and size is nobody's.
  await forgetLayoutShifts(page)
  expect({ name, barriers, jumps: shifted >= 0.1 ? shifted : 0 }).toEqual({ name, barriers: {}, jumps: 0 })
}

/** Another state of the same page came from the lock: what moves from here on is what it should have kept room for. */
const arrived = async (text: string) => {
  await page.getByText(text).first().waitFor()
  await forgetLayoutShifts(page)
}
const heading = () => page.getByRole('heading', { level: 1 }).first().waitFor()
/** A page that jumps does so each time; what moves because the city lives just then moves once. */
const mostLoads = 3
const open = async (path: string, isThere: () => Promise<unknown> = heading) => {
  for (let loads = 0; loads < mostLoads; loads++) {
    await page.goto(`${zwerm.url}${path}`)
    await heading()
    await page.locator('.spinner').first().waitFor({ state: 'detached' })
    await isThere()
    if ((await layoutShiftOf(page)) < 0.1) return
  }
}

describe('a screen of the rider has no barrier in any language, and nothing jumps', () => {
  it('home, with the bikes near', async () => {
    await open('/', async () => {
      await page.waitForSelector('html[data-map-idle]')
      await page.locator('ul.bikes li').first().waitFor()
    })
    await look('home')
  })

  it('the card of a bike', async () => {
    await page.locator(`ul.bikes li button[data-bike="${publicId}"]`).click()
    await page.getByRole('button', { name: 'Reserve for 10 minutes' }).waitFor()
    await look('card')
  })

  it('a bike before the log-in, and the code', async () => {
    await open(`/b/${bike.code}`, () => page.getByLabel('Phone number or e-mail').waitFor())
    await look('bike')
    await page.getByLabel('Phone number or e-mail').fill('screens@example.org')
    await page.getByRole('button', { name: 'Send me a code' }).click()
    await page.getByRole('button', { name: 'Fill it in' }).waitFor()
    await look('code')
  })

  it('the ride, with help and a report', async () => {
    await open(`/b/${bike.code}`)
    await logIn(page, 'screens@example.org')
    await page.getByRole('button', { name: /Pay and unlock/ }).waitFor()
    await look('pay')
    await payAndUnlock(page)
    await arrived('Have a good ride')
    await page.waitForSelector('html[data-map-idle]')
    await look('ride')
    await page.getByRole('button', { name: 'The lock will not close' }).click()
    await look('lock-help')
    await page.reload()
    await page.getByRole('button', { name: /Report/ }).click()
    await page.getByRole('dialog').waitFor()
    await look('report')
    await page.keyboard.press('Escape')
  })

  it('a pause, and the end of a ride with its appeal', async () => {
    await page.getByRole('button', { name: 'Pause at the next closing' }).click()
    await page.getByText('Push the lever down now').first().waitFor()
    await demoAct(zwerm, bike.number, 'push_lever')
    await arrived('Unlock and ride on')
    await look('paused')
    await page.getByRole('button', { name: 'Unlock and ride on' }).click()
    await page.getByRole('button', { name: 'Pause at the next closing' }).waitFor()
    await pushLever(page)
    await arrived('Thank you for riding')
    await page.getByRole('link', { name: 'Open the receipt' }).waitFor()
    await look('done')
  })

  it('what is the rider’s own', async () => {
    for (const name of ['mine', 'mine/account', 'mine/appeals', 'mine/data']) {
      await open(`/${name}`)
      await look(name.replace('/', '-'))
    }
  })

  it('and none of them asked a stranger or broke', () => {
    expect(strangers).toEqual([])
    // Before the log-in the page asks who it is and is told: nobody yet.
    expect(errors.filter((error) => !error.includes('401'))).toEqual([])
  })
})
