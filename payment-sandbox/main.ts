import { parseArgs } from 'node:util'
import { startSandbox } from './sandbox-app.ts'

/**
 * `node --import tsx payment-sandbox/main.ts --data DIR [--port 0] [--host 127.0.0.1] [--time-scale 1]
 * [--public-url URL]`: prints `{"ready":true,"url":…}` when it listens, then one line per decision.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    'time-scale': { type: 'string', default: '1' },
    'public-url': { type: 'string' },
  },
})

const port = numberWithin(values.port, 0, 65_535)
const timeScale = numberWithin(values['time-scale'], 1, 10_000)
const publicUrl = values['public-url']
if (values.data === undefined || port === undefined || timeScale === undefined || !isUsable(publicUrl)) {
  console.error('usage: main.ts --data DIR [--port 0-65535] [--host HOST] [--time-scale 1-10000] [--public-url URL]')
  process.exit(2)
}

const sandbox = await startSandbox({
  dataDir: values.data,
  host: values.host,
  port,
  timeScale,
  ...(publicUrl === undefined ? {} : { publicUrl: publicUrl.replace(/\/$/, '') }),
  log: (line) => console.log(line),
  onBroken: (error) => {
    console.error('the journal cannot be written any more', error)
    process.exit(1)
  },
})
console.log(JSON.stringify({ ready: true, url: sandbox.url }))

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}

function numberWithin(text: string, from: number, to: number): number | undefined {
  const value = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  return value >= from && value <= to ? value : undefined
}

function isUsable(url: string | undefined): boolean {
  return url === undefined || (URL.canParse(url) && /^https?:/.test(url))
}
