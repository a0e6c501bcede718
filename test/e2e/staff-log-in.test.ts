import { fileURLToPath } from 'node:url'
import { generateSync } from 'otplib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, type WatchedPage } from '../fixtures/browser.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const password = 'drie fietsen en een brug'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  await buildApps()
  platform = await openTestPlatform({ root })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await platform?.close()
})

/** Somebody of this role with a browser; the link leads to the page. */
async function openDesk(name: string, role: StaffRole, page: string): Promise<WatchedPage> {
  const { staff } = platform.rooms
  const staffId = await staff.addPerson(name, role, `${name.toLowerCase()}@example.org`)
  if (isRefusal(staffId)) throw new Error(staffId.code)
  const { link } = present(await staff.linkFor(staffId), 'a new colleague has a link')
  const opened = await openPage(browser, desktop)
  await opened.page.goto(`${platform.url}/ops${page}${page.includes('?') ? '&' : '?'}link=${link}`)
  return opened
}

async function setPassword(page: Page): Promise<void> {
  const card = page.getByRole('region', { name: 'Set a password' })
  await card.getByLabel('New password').fill('password1234')
  await card.getByRole('button', { name: 'Save password' }).click()
  await card.getByText('Many people use this password.').waitFor()
  await card.getByLabel('New password').fill(password)
  await card.getByRole('button', { name: 'Save password' }).click()
  await page.getByText('Saved. You are logged out everywhere else.').waitFor()
}

/** The code that turned it on: it is used. */
async function setUpPhone(page: Page): Promise<string> {
  const card = page.getByRole('region', { name: 'Second factor' })
  await card.getByRole('button', { name: 'Set up' }).click()
  await card.getByRole('img', { name: /QR code/ }).waitFor()
  const secret = (await card.locator('code').innerText()).replaceAll(' ', '')
  await takeShot(page, 'account-second-factor')
  expect(await barriersOn(page)).toEqual([])
  const code = generateSync({ secret })
  await card.getByLabel('Code', { exact: true }).fill(code)
  await card.getByRole('button', { name: 'Turn on' }).click()
  await card.getByRole('heading', { name: 'Your recovery codes' }).waitFor()
  return code
}

async function bothSchemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await takeShot(page, `${name}-${colorScheme}`)
    expect([name, colorScheme, await barriersOn(page)]).toEqual([name, colorScheme, []])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

describe('a colleague', () => {
  it('opens the link, sets a password and a second factor, logs out, and logs in with both', async () => {
    const { page, errors, strangers } = await openDesk('Noor', 'admin', '/')
    // Who has nothing but this link is led there first.
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await setPassword(page)
    const usedCode = await setUpPhone(page)
    await page.locator('.recovery li').nth(9).waitFor()
    const codes = await page.locator('.recovery li').allInnerTexts()
    expect(codes).toHaveLength(10)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes are left.').waitFor()
    await bothSchemes(page, 'account')

    await page.getByRole('main').getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    await bothSchemes(page, 'log-in')
    await page.getByLabel('Log-in name').fill('Noor@example.org')
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByText('The log-in name or the password is wrong.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    const code = page.getByLabel('Code of your authenticator app')
    await code.fill(usedCode)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    await page.getByText('That code is wrong or was used.').waitFor()
    await bothSchemes(page, 'log-in-code')
    await code.fill(codes[0] ?? '')
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
    // Back where the log-out was.
    await page.getByRole('heading', { name: 'My account' }).waitFor()
    await page.getByText('9 recovery codes are left.').waitFor()

    await page.getByRole('link', { name: 'People' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Vera')
    await page.getByLabel('Role').selectOption('viewer')
    await page.getByRole('button', { name: 'Make the link' }).click()
    await page.getByRole('heading', { name: 'Log-in link for Vera' }).waitFor()
    await page.getByRole('button', { name: 'Put away' }).click()
    await page.getByRole('button', { name: 'Change Vera' }).click()
    await bothSchemes(page, 'people')
    await page.getByRole('button', { name: 'Switch off…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('has left the company')
    await dialog.getByRole('button', { name: 'Switch off' }).click()
    await page.getByRole('button', { name: 'Switched off: 1' }).click()
    await page.getByText('switched off since').waitFor()

    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByRole('cell', { name: 'has left the company' }).waitFor()
    await page.getByText('people/off').click()
    await bothSchemes(page, 'audit')
    await page.getByLabel('What').selectOption({ label: 'Failed to log in' })
    await page.waitForURL(/what=log_in\.failed/)
    await page.getByText('The log-in name or the password is wrong.').first().waitFor()
    // Refusals were asked for, and without a city there is no map to configure.
    expect(errors.filter((error) => !error.startsWith('Failed to load resource'))).toEqual([])
    expect(strangers).toEqual([])
    await page.context().close()
  })

  it('who only looks sees nobody’s buttons, and the server refuses what the page does not show', async () => {
    const { page } = await openDesk('Wim', 'viewer', '/people')
    await page.getByRole('heading', { name: 'People', exact: true }).waitFor()
    await page.getByText('you', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: /^(Change|Make|New|Switch o)/ }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0)
    await takeShot(page, 'people-viewer')
    const answer = await page.request.post(`${platform.url}/v1/staff/people`, {
      data: { name: 'Me', role: 'admin' },
      headers: { 'x-zwerm-app': 'ops' },
    })
    expect(answer.status()).toBe(403)
    await page.context().close()
  })

  it('whose session ended is asked to log in, and is back on the same page', async () => {
    const { page } = await openDesk('Mia', 'support', '/people?q=mia')
    await page.getByRole('heading', { name: 'People', exact: true }).waitFor()
    const me = present(
      (await platform.rooms.staff.people(true)).find(({ name }) => name === 'Mia'),
      'Mia is there',
    )
    await page.goto(`${platform.url}/ops/account`)
    await setPassword(page)
    await page.goto(`${platform.url}/ops/people?q=mia`)
    await page.getByText('1 colleague').waitFor()
    await platform.rooms.sessions.endAll(me.staffId as Parameters<typeof platform.rooms.sessions.endAll>[0], {})
    await page.reload()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    await page.getByLabel('Log-in name').fill('mia@example.org')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await page.getByText('1 colleague').waitFor()
    expect(new URL(page.url()).search).toBe('?q=mia')
    await page.context().close()
  })
})
