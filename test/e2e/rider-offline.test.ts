import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCity } from '../../demo-city/write-city.ts'
import { buildApps } from '../../scripts/build-apps.ts'
import { barriersOn } from '../fixtures/barriers.ts'
import { desktop, openBrowser, openPage, patienceMs, phone } from '../fixtures/browser.ts'
import { layoutShiftOf, watchLayoutShifts } from '../fixtures/layout-shifts.ts'
import { takeShot } from '../fixtures/screenshot.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

/** The pages as they are served here: a copy, because a newer version comes out while they are open. */
let root: string
let platform: TestPlatform
let browser: Browser
let street: StreetLock
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zwerm-rider-pages-'))
  const cityDir = join(root, 'city')
  writeCity({ out: cityDir, seed: 1, radiusM: 900 }, () => undefined)
  const { folders } = await buildApps()
  for (const [app, folder] of Object.entries(folders)) await cp(folder, join(root, 'dist', app), { recursive: true })
  platform = await openTestPlatform({ root, cityDir })
  street = await placeLock(platform, 'rider-offline')
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  street?.lock.destroy()
  await platform?.close()
  await rm(root, { recursive: true, force: true })
})

const rider = () => join(root, 'dist', 'rider')
const place = { permissions: ['geolocation'], geolocation: { longitude: 4.7262, latitude: 52.3586 } }
/** Our policy forbids the page to evaluate strings, so the waiting is done from outside. */
const until = (page: Page, isSo: string) =>
  page.evaluate(`new Promise((done) => {
    const look = async () => ((await (${isSo})) ? done(true) : setTimeout(look, 50))
    look()
  })`)
const isKept = (page: Page) => until(page, 'navigator.serviceWorker.controller?.state === "activated"')
const mapDrawn = (page: Page) => page.waitForSelector('html[data-map-idle]')
const bikes = (page: Page) => page.locator('ul.bikes li')

/** Distinct colours of the map as it is to be seen: about 20 when its tiles are missing. */
async function coloursOf(page: Page): Promise<number> {
  const picture = (await page.locator('canvas').first().screenshot()).toString('base64')
  const colours = await page.evaluate(`(async () => {
    const blob = await (await fetch('data:image/png;base64,${picture}')).blob()
    const bitmap = await createImageBitmap(blob)
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context.drawImage(bitmap, 0, 0)
    return new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size
  })()`)
  return Number(colours)
}

describe('the first page of a rider', () => {
  it('loads at most 80 kB of programs, styles and words before its map', async () => {
    const html = await readFile(join(rider(), 'index.html'), 'utf8')
    const named = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name ?? '')
    const packed = async (name: string) => gzipSync(await readFile(join(rider(), 'assets', name)), { level: 9 }).length
    const sizes = await Promise.all(named.map(packed))
    const all = await readdir(join(rider(), 'assets'))
    // of three languages one is loaded: the largest counts
    const words = await Promise.all(
      ['shared', 'rider'].map(async (part) => {
        const files = all.filter((name) => new RegExp(`^${part}-[\\w-]{8}\\.js$`).test(name))
        expect(files).toHaveLength(3)
        return Math.max(...(await Promise.all(files.map(packed))))
      }),
    )
    const bytes = [...sizes, ...words].reduce((sum, size) => sum + size, 0)
    console.log(`first load of the rider: ${bytes} bytes, gzip`)
    expect(bytes).toBeGreaterThan(60_000)
    expect(bytes).toBeLessThanOrEqual(80_000)
  })

  it('comes packed, its worker unkept by caches, and an unknown address is told to people only', async () => {
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${platform.url}${path}`, { headers })
      await answer.arrayBuffer()
      return answer
    }
    const [first = ''] = (await readdir(join(rider(), 'assets'))).filter((name) => /^first-.*\.js$/.test(name))
    const packed = await ask(`/assets/${first}`, { 'accept-encoding': 'br' })
    expect(packed.headers.get('content-encoding')).toBe('br')
    expect(packed.headers.get('cache-control')).toContain('immutable')
    expect((await ask('/service-worker.js')).headers.get('cache-control')).toBe('no-cache')
    const lost = await ask('/nowhere', { accept: 'text/html' })
    expect([lost.status, lost.headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')])
    for (const path of ['/nowhere', '/v1/nowhere', '/crew/nowhere']) {
      const answer = await ask(path, { accept: path === '/nowhere' ? 'application/json' : 'text/html' })
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.headers.get('content-type'), path).toContain('problem+json')
    }
  })

  it('can be installed, stays where it was drawn, and names each screen', async () => {
    const { page, context, errors, strangers } = await openPage(browser, { ...phone, ...place })
    await page.addInitScript({ content: watchLayoutShifts })
    await page.goto(platform.url)
    await bikes(page).first().waitFor()
    await mapDrawn(page)
    await expect.poll(() => page.title(), { timeout: patienceMs }).toBe('Find a bike · Zwerm')
    expect(await layoutShiftOf(page)).toBeLessThan(0.1)
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'rider-home')
    const devtools = await context.newCDPSession(page)
    expect((await devtools.send('Page.getAppManifest')).errors).toEqual([])
    await isKept(page)
    // an off-the-record window is the one thing that a test cannot help
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([])
    for (const path of ['/mine', '/nowhere']) {
      await page.goto(platform.url + path)
      await until(page, 'document.title === document.querySelector("main h1")?.innerText + " · Zwerm"')
      expect(await layoutShiftOf(page)).toBeLessThan(0.1)
      expect(await barriersOn(page)).toEqual([])
    }
    await takeShot(page, 'rider-404')
    await page.getByRole('link', { name: 'Find a bike' }).click()
    await bikes(page).first().waitFor()
    await until(page, 'document.activeElement?.id === "main"')
    expect(strangers).toEqual([])
    // before the log-in the page asks who it is and is told: nobody yet; an unknown address is a 404
    expect(errors.filter((error) => !/401|404/.test(error))).toEqual([])
  })
})

describe('a phone without a network', () => {
  it('starts the app with its map and the bikes as last known, tells the truth, and goes on when it is back', async () => {
    const { page, context } = await openPage(browser, { ...phone, ...place })
    await page.goto(platform.url)
    await bikes(page).first().waitFor()
    await mapDrawn(page)
    await isKept(page)
    // what was loaded before the worker was there is loaded through it once
    await page.reload()
    await bikes(page).first().waitFor()
    await mapDrawn(page)
    const drawn = await coloursOf(page)

    await context.setOffline(true)
    await page.reload()
    await page.getByRole('heading', { name: 'Find a bike' }).waitFor()
    await page.getByText(/Last known: .*\d\d:\d\d/).waitFor()
    await bikes(page).first().waitFor()
    await mapDrawn(page)
    await expect.poll(() => coloursOf(page), { timeout: patienceMs }).toBeGreaterThan(Math.min(120, drawn / 2))
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'rider-offline')
    // the two other languages are on the phone too
    await page.getByRole('combobox').selectOption('nl')
    await page.getByRole('heading', { name: 'Vind een fiets' }).waitFor()
    await page.getByText(/Laatst bekend:/).waitFor()
    await page.getByRole('combobox').selectOption('en')

    await page.getByPlaceholder('12 345').fill(street.bike.number)
    await page.getByRole('button', { name: 'Go' }).click()
    await page.getByText('You are offline. Nothing was sent').waitFor()
    await takeShot(page, 'rider-offline-bike')
    await context.setOffline(false)
    await page
      .getByText(new RegExp(street.bike.number.split('').join('\\s?')))
      .first()
      .waitFor()
    await page.getByText('You are offline').first().waitFor({ state: 'detached' })
  })
})

describe('a screen that does not come', () => {
  it('says what to do, and is there when it is tried again', async () => {
    // a browser that keeps nothing, as in a private window
    const { page, context } = await openPage(browser, { ...phone, ...place, serviceWorkers: 'block' })
    await context.route('**/assets/mine-screens-*.js', (route) => route.abort())
    await page.goto(platform.url)
    await bikes(page).first().waitFor()
    await page.evaluate('history.pushState(null, "", "/mine")')
    await page.getByRole('heading', { name: 'This screen did not open' }).waitFor()
    expect(await barriersOn(page)).toEqual([])
    await takeShot(page, 'rider-broken')
    await context.unroute('**/assets/mine-screens-*.js')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByLabel('Phone number or e-mail').waitFor()
  })
})

describe('a newer version', () => {
  it('comes with the next start, not to a page that is open, nor on the way to a ride', async () => {
    const { page, context } = await openPage(browser, { ...desktop, ...place })
    await page.goto(platform.url)
    await isKept(page)
    const index = join(rider(), 'index.html')
    const worker = join(rider(), 'service-worker.js')
    const isNewer = () => page.evaluate('document.querySelector("meta[name=version]") !== null')
    await writeFile(index, (await readFile(index, 'utf8')).replace('<title>', '<meta name="version" /><title>'))
    const listed = await readFile(worker, 'utf8')
    const changed = listed.replace(/("?revision"?:\s*)["'`][0-9a-f]{32}["'`]/g, '$1"0123456789abcdef0123456789abcdef"')
    expect(changed).not.toBe(listed)
    await writeFile(worker, changed)

    await page.evaluate('navigator.serviceWorker.getRegistration("/").then((one) => one.update())')
    await until(page, 'navigator.serviceWorker.getRegistration("/").then((one) => one.waiting !== null)')
    expect(await isNewer()).toBe(false)
    await page.goto(`${platform.url}/trip/none`)
    expect(await isNewer()).toBe(false)
    // a QR code opens a second page beside the first, which must keep its version
    const other = await context.newPage()
    await other.goto(`${platform.url}/b/${street.bike.number}`)
    await other.locator('main h1').first().waitFor()
    expect(await other.evaluate('document.querySelector("meta[name=version]") !== null')).toBe(false)
    await other.close()

    // The page that was closed may count as open for a moment longer: then it is the start after this one.
    const newer = page.locator('meta[name=version]')
    do {
      await page.goto(platform.url)
      await bikes(page).first().waitFor()
      // On its way to the newer version it cannot be asked.
    } while ((await newer.count().catch(() => 0)) === 0)
    await bikes(page).first().waitFor()
    const shells = () => page.evaluate('caches.keys().then((names) => names.filter((n) => n.includes("shell")).length)')
    await expect.poll(shells, { timeout: patienceMs }).toBe(1)
  })
})
