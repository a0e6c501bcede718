import { type Browser, devices, type Page } from 'playwright-core'
import type { TripView } from '../contracts/http/trips.ts'
import { openBrowser } from '../test/fixtures/browser.ts'
import { logInRider, type RiderClient } from '../test/fixtures/rider-client.ts'
import { demoAct, freeBike } from '../test/fixtures/rider-story.ts'
import { newDataDir, type RunningZwerm, removeDataDir, runZwerm } from '../test/fixtures/running-zwerm.ts'
import { median, rounded } from './live-world.ts'

const usualRides = 7
const mostRides = 50
/** Slower phones than this machine: Chromium's own brake, told in the answer. */
const usualBrake = 1

interface Ride {
  readonly seconds: number
  /** Of them at the payer's own page, from its first byte until it leads back. */
  readonly payerSeconds: number
  readonly taps: number
}

/**
 * `npm run bench -- first-ride [RIDES] [BRAKE]`: a logged-in rider opens `/b/CODE` in a browser that has stored nothing (Pixel
 * 7) and presses what must be pressed until the page says that the lock is open, over the payer's page of the sandbox and
 * a simulated lock. `seconds` is the median of the whole, `taps` the most that any ride took. Beside it in the same run
 * `api_seconds`: the same ride asked by a program without pages, which is what money, broker and lock take by themselves.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const rides = Math.max(1, Math.min(mostRides, Number(args[0] ?? usualRides)))
  const brake = Math.max(1, Math.min(20, Number(args[1] ?? usualBrake)))
  const zwerm = await runZwerm({ dataDir: await newDataDir() })
  const browser = await openBrowser()
  try {
    await zwerm.line('the city lives')
    const pages: Ride[] = []
    const programs: number[] = []
    for (let ride = 0; ride < rides; ride += 1) {
      pages.push(await rideByPage(zwerm, browser, `first-${ride}@example.org`, brake))
      programs.push(await rideByProgram(zwerm, `program-${ride}@example.org`))
      process.stderr.write(`${JSON.stringify({ ...pages.at(-1), api_seconds: programs.at(-1) })}\n`)
    }
    const seconds = median(pages.map((one) => one.seconds))
    const apiSeconds = median(programs)
    return {
      seconds: rounded(seconds, 2),
      taps: Math.max(...pages.map(({ taps }) => taps)),
      payer_page_seconds: rounded(median(pages.map((one) => one.payerSeconds)), 2),
      api_seconds: rounded(apiSeconds, 2),
      ratio: rounded(seconds / apiSeconds, 1),
      slowest_seconds: rounded(Math.max(...pages.map((one) => one.seconds)), 2),
      rides,
      cpu_brake: brake,
    }
  } finally {
    await browser.close()
    await zwerm.stop()
    await removeDataDir(zwerm.dataDir)
  }
}

async function rideByPage(zwerm: RunningZwerm, browser: Browser, address: string, brake: number): Promise<Ride> {
  const bike = await freeBike(zwerm)
  const rider = await logInRider(zwerm.url, address)
  // A context of its own has no cache, no storage and no worker of an earlier ride.
  const context = await browser.newContext({ ...devices['Pixel 7'], locale: 'en-GB' })
  await context.addCookies([{ name: 'zwerm_rider', value: rider.token, url: zwerm.url }])
  const page = await context.newPage()
  if (brake > 1) {
    const cdp = await context.newCDPSession(page)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: brake })
  }
  const payer = watchPayer(page, new URL(zwerm.url).host)
  let taps = 0
  const tap = async (name: RegExp) => {
    await page.getByRole('button', { name }).tap()
    taps += 1
  }
  const from = performance.now()
  await page.goto(`${zwerm.url}/b/${bike.code}`, { waitUntil: 'commit' })
  await tap(/Pay and unlock/)
  await tap(/Approve/)
  await page.getByText('Have a good ride').waitFor()
  const seconds = (performance.now() - from) / 1_000
  await context.close()
  await end(zwerm, rider, bike.number)
  return { seconds, payerSeconds: payer.seconds(), taps }
}

/** How long the page was somebody else's. */
function watchPayer(page: Page, ownHost: string) {
  let since: number | null = null
  let totalMs = 0
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) return
    const isOwn = new URL(frame.url()).host === ownHost
    if (!isOwn) since ??= performance.now()
    else if (since !== null) {
      totalMs += performance.now() - since
      since = null
    }
  })
  return { seconds: () => totalMs / 1_000 }
}

async function rideByProgram(zwerm: RunningZwerm, address: string): Promise<number> {
  const bike = await freeBike(zwerm)
  const rider = await logInRider(zwerm.url, address)
  const from = performance.now()
  const promiseId = await rider.promise()
  const trip = await rider.post<TripView>('/v1/trips', { bikeCode: bike.code, promiseId }, crypto.randomUUID())
  await rider.tripUntil(trip.body.tripId, ({ state }) => state === 'riding')
  const seconds = (performance.now() - from) / 1_000
  await end(zwerm, rider, bike.number)
  return seconds
}

async function end(zwerm: RunningZwerm, rider: RiderClient, number: string): Promise<void> {
  const me = await rider.get<{ activeTripId: string | null }>('/v1/me')
  await demoAct(zwerm, number, 'push_lever')
  if (me.body.activeTripId !== null) await rider.tripUntil(me.body.activeTripId, ({ state }) => state === 'charged')
}
