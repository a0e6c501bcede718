import { createServer } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Aedes } from 'aedes'

/** aedes as it comes, without one line of ours: what its connections cost. Speaks like `fleet-server.ts`. */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: object) => void
/** Everything that can be had, also what a process that is about to run out of memory would look for. */
const thoroughly = { type: 'major', execution: 'sync', flavor: 'last-resort' }
const collections = 3
const pauseMs = 500
const backlog = 4_096

const aedes = await Aedes.createBroker()
const server = createServer({ noDelay: true }, (socket) => void aedes.handle(socket))
server.listen({ port: 0, host: '127.0.0.1', backlog }, () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`)
})

process.on('message', async () => {
  for (let round = 0; round < collections; round++) {
    collect(thoroughly)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  process.stdout.write(`${JSON.stringify({ settled: process.memoryUsage() })}\n`)
})
process.on('SIGTERM', () => process.exit(0))
