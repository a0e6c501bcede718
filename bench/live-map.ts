import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../test/fixtures/browser.ts'
import { openLiveServer } from './live-server.ts'
import { type LiveWorld, liveCentre, makeLiveWorld, median, rounded, seeded } from './live-world.ts'

const sizes = [1_000, 10_000, 50_000, 100_000]
const updateEveryMs = 1_000
const warmUpdates = 4
const measuredUpdates = 9
const longestMs = 120_000
const viewport = { width: 1_280, height: 800 }

/** What the page keeps of each frame: ui-kit/bench/live-map-page.ts. */
interface Seen {
  readonly callMs: readonly number[]
  readonly delayMs: readonly number[]
  readonly frameBytes: readonly number[]
  readonly moved: readonly number[]
}

interface Measured {
  readonly callMs: number
  readonly mainMs: number
  readonly delayMs: number
  readonly bytesPerBike: number
}

/**
 * The desk's live map at 1 Hz with every bike moving, in a real Chromium: the hub's own frames over a WebSocket, the
 * page's own feed, table and layer; and the same feed into a GeoJSON source. `call_ms`: script from a frame's bytes to the
 * map's columns. `main_ms`: processor time of the page's main thread in one second, all redraws of the slide included.
 * `delay_ms`: from the tick to the card's buffer.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const wanted = args.length === 0 ? sizes : args.map(Number)
  const folder = await buildPage()
  const browser = await openBrowser()
  const rows: Record<string, number>[] = []
  try {
    for (const bikes of wanted) {
      const world = makeLiveWorld(bikes, seeded(7))
      const layer = await measure(browser, folder, world, 'layer')
      const setData = await measure(browser, folder, world, 'setdata')
      const row = {
        bikes,
        call_ms: rounded(layer.callMs, 1),
        main_ms: rounded(layer.mainMs, 1),
        bytes_per_bike: rounded(layer.bytesPerBike, 2),
        delay_ms: rounded(layer.delayMs, 0),
        setdata_call_ms: rounded(setData.callMs, 1),
        setdata_main_ms: rounded(setData.mainMs, 1),
      }
      process.stderr.write(`${JSON.stringify(row)}\n`)
      rows.push(row)
    }
  } finally {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { rows }
}

async function measure(browser: Browser, folder: string, world: LiveWorld, mode: string): Promise<Measured> {
  const server = await openLiveServer(world)
  await server.app.register(fastifyStatic, { root: folder })
  // no basemap: it is the same for both and would only blur what is measured
  server.app.get('/tiles/*', async (_, reply) => reply.code(204).send())
  const url = await server.listen()
  const context = await browser.newContext({ viewport })
  await context.addCookies([{ name: 'zwerm_staff', value: 'bench', url }])
  const page = await context.newPage()
  page.on('pageerror', (error) => process.stderr.write(`${error}\n`))
  try {
    await page.goto(`${url}/index.html?${mode}&lon=${liveCentre.lon}&lat=${liveCentre.lat}`)
    const cpu = await mainThread(browser, page)
    const mains: number[] = []
    let before = 0
    let nextMs = performance.now()
    const endMs = nextMs + longestMs
    for (let update = 0; update < warmUpdates + measuredUpdates; ) {
      if (performance.now() > endMs) throw new Error(`the page drew no ${world.bikes.length} bikes within two minutes`)
      world.ride(Date.now())
      server.hub.tick()
      nextMs += updateEveryMs
      await after(Math.max(0, nextMs - performance.now()))
      const frames = await page.evaluate<number>('liveMapBench.callMs.length')
      const usedMs = await cpu()
      if (frames > 0) update += 1
      if (update > warmUpdates) mains.push(usedMs - before)
      before = usedMs
    }
    const figures = await page.evaluate<Seen>('liveMapBench')
    const last = <T>(list: readonly T[]) => list.slice(-measuredUpdates)
    return {
      callMs: median(last(figures.callMs)),
      mainMs: median(mains),
      delayMs: median(last(figures.delayMs)),
      bytesPerBike: median(figures.frameBytes) / median(figures.moved),
    }
  } finally {
    await context.close()
    await server.close()
  }
}

/** Processor time of the page's main thread so far, milliseconds: the kernel's count, else the browser's own. */
async function mainThread(browser: Browser, page: Page): Promise<() => Promise<number>> {
  const whole = await browser.newBrowserCDPSession()
  const own = await page.context().newCDPSession(page)
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  const [pid] = renderers.length === 1 ? renderers : []
  await own.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const kernel = pid === undefined ? null : await scheduledMs(pid)
    if (kernel !== null) return kernel
    const { metrics } = await own.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
  }
}

/** The first thread of a process on Linux; null elsewhere. */
async function scheduledMs(pid: number): Promise<number | null> {
  try {
    const [onCpuNs] = (await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')).split(' ')
    return Number(onCpuNs) / 1e6
  } catch {
    return null
  }
}

/** The page of ui-kit/bench, built as the desk's own pages are, in a folder of its own. */
async function buildPage(): Promise<string> {
  const root = fileURLToPath(new URL('../ui-kit/bench/', import.meta.url))
  const folder = await mkdtemp(join(tmpdir(), 'zwerm-live-map-'))
  const { build } = await import('vite')
  await build({
    ...{ root, configFile: false, logLevel: 'error' },
    worker: { format: 'es' },
    build: {
      ...{ outDir: folder, emptyOutDir: true, assetsInlineLimit: 0 },
      rolldownOptions: { input: join(root, 'live-map-page.ts'), output: { entryFileNames: 'page.js' } },
    },
  })
  const html = `<!doctype html><meta charset="utf-8"><title>bench</title>
<style>html,body,#map{margin:0;width:100%;height:100%}</style><div id="map"></div><script type="module" src="/page.js"></script>`
  await writeFile(join(folder, 'index.html'), html)
  return folder
}
