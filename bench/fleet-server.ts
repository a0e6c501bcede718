import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * The server as it runs, which collects its garbage when it is told `{"settle": true}` and then prints
 * `{"settled": {"rss": bytes, "heapUsed": …}}`: what is held, not what was thrown away. Nothing of the server is replaced.
 */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: object) => void
/** Everything that can be had, also what a process that is about to run out of memory would look for. */
const thoroughly = { type: 'major', execution: 'sync', flavor: 'last-resort' }
const collections = 3
const pauseMs = 500

process.on('message', (message: { readonly settle?: unknown; readonly heap?: unknown }) => {
  if (message.settle === true) void settle()
})

async function settle(): Promise<void> {
  for (let round = 0; round < collections; round++) {
    collect(thoroughly)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
  process.stdout.write(`${JSON.stringify({ settled: { rss, heapUsed, heapTotal, external, arrayBuffers } })}\n`)
}

await import('../server/main.ts')
