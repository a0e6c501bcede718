import { Aedes, type AedesOptions } from 'aedes'
import { asId, type LockId } from '../contracts/ids.ts'
import { downlinkTopic, uplinkTopic } from '../contracts/mqtt/topics.ts'

/**
 * The server as it runs, with a stopwatch at its broker: told `{"echo": lockId}` it publishes to that lock's command
 * topic and prints `{"echoed": lockId, "ms": …}` when the lock's answer reaches the broker's hook, which is where the
 * ingest begins. Nothing of the server itself is replaced.
 */
const waiting = new Map<string, { readonly lockId: LockId; readonly sentMs: number }>()
const createBroker = Aedes.createBroker.bind(Aedes)
let broker: Aedes | null = null

Aedes.createBroker = async (options?: AedesOptions) => {
  const authorize = options?.authorizePublish
  broker = await createBroker({
    ...options,
    authorizePublish: (client, packet, callback) => {
      const echo = waiting.get(packet.topic)
      if (echo) {
        waiting.delete(packet.topic)
        process.stdout.write(`${JSON.stringify({ echoed: echo.lockId, ms: performance.now() - echo.sentMs })}\n`)
      }
      authorize?.(client, packet, callback)
    },
  })
  return broker
}

process.on('message', (message: { readonly echo?: unknown }) => {
  if (typeof message.echo !== 'string') return
  const lockId = asId<LockId>(message.echo)
  waiting.set(uplinkTopic(lockId, 'log'), { lockId, sentMs: performance.now() })
  const packet = { cmd: 'publish', topic: downlinkTopic(lockId, 'cmd'), payload: 'echo', qos: 1 } as const
  broker?.publish({ ...packet, retain: false, dup: false }, () => undefined)
})

await import('../server/main.ts')
