import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { tellSettledMemory } from './fleet-memory.ts'

/** aedes as it comes, without one line of ours: what its connections cost. Asked and answers like `fleet-server.ts`. */
const backlog = 4_096

const aedes = await Aedes.createBroker()
const server = createServer({ noDelay: true }, (socket) => void aedes.handle(socket))
server.listen({ port: 0, host: '127.0.0.1', backlog }, () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`)
})

process.on('message', () => void tellSettledMemory())
process.on('SIGTERM', () => process.exit(0))
