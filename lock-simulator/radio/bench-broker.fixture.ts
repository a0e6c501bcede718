import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Aedes, type AuthenticateError } from 'aedes'

export interface Heard {
  readonly topic: string
  readonly payload: Uint8Array
}

/** A real broker on a free port that knows one password, and remembers all that was published to it. */
export interface BenchBroker {
  readonly url: string
  readonly heard: readonly Heard[]
  /** Resolves with the first thing heard, before or from now on, that `find` accepts. */
  until<T>(find: (message: Heard) => T | null): Promise<T>
  publish(topic: string, payload: string): void
  untilRefusals(count: number): Promise<void>
  connections(): number
  untilConnections(count: number): Promise<void>
  close(): Promise<void>
}

export async function openBenchBroker(password: string): Promise<BenchBroker> {
  const heard: Heard[] = []
  const sockets = new Set<Socket>()
  const looks = new Set<() => void>()
  const lookAgain = () => {
    for (const look of looks) look()
  }
  let refusals = 0
  const broker = await Aedes.createBroker({
    authenticate: (client, username, given, done) => {
      const isKnown = username === client.id && given?.toString() === password
      if (!isKnown) refusals++
      lookAgain()
      done(isKnown ? null : (Object.assign(new Error('bad password'), { returnCode: 4 }) as AuthenticateError), isKnown)
    },
    authorizePublish: (_, packet, done) => {
      heard.push({ topic: packet.topic, payload: Buffer.from(packet.payload) })
      lookAgain()
      done(null)
    },
  })
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      lookAgain()
    })
    broker.handle(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function when<T>(find: () => T | null): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find()
        if (found === null) return
        looks.delete(look)
        resolve(found)
      }
      looks.add(look)
      look()
    })
  }

  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    until: (find) =>
      when(() => {
        for (const message of heard) {
          const found = find(message)
          if (found !== null) return found
        }
        return null
      }),
    publish: (topic, payload) => {
      broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => undefined)
    },
    untilRefusals: async (count) => {
      await when(() => (refusals >= count ? true : null))
    },
    connections: () => sockets.size,
    untilConnections: async (count) => {
      await when(() => (sockets.size === count ? true : null))
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((closed) => broker.close(closed))
      await new Promise((closed) => server.close(closed))
    },
  }
}
