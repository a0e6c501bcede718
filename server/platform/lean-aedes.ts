import { type Duplex, Readable } from 'node:stream'
import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes'
import { asId, type LockId } from '../../contracts/ids.ts'
import { downlinkFilter, lockOfDownlink } from '../../contracts/mqtt/topics.ts'

/**
 * aedes 1.2.0 without what a fleet of locks does not need: subscribers other than the lock itself, sessions that outlive
 * a connection, QoS 2, other brokers. It reaches into private members; the version is pinned and a test holds each.
 */
export interface LeanAedes {
  readonly aedes: Aedes
  /** Takes a connection. */
  handle(socket: Duplex): void
  clientOf(lockId: LockId): Client | undefined
  /** Whether this connection has proven to be its lock's, and nothing newer took it over. */
  isOf(client: Client): boolean
  connectedCount(): number
  /** To this lock's own connection, if it has one that listens. Resolves when it is written. */
  deliver(lockId: LockId, packet: PublishPacket): Promise<void>
  close(): Promise<void>
}

/** What is known of a packet before its body. */
export interface PacketHeader {
  readonly cmd: string
  /** Bytes of the body. */
  readonly length: number
}

interface ParserInternals {
  readonly client: Client
  readonly packet: PacketHeader
  _parsePayload(): boolean
}
interface ClientInternals {
  readonly _parser: ParserInternals
  readonly subscriptions: Readonly<Record<string, unknown>>
  duplicates: object
  _inboundInflight: Set<number>
  _eos: () => void
}
interface AedesInternals {
  readonly clients: Readonly<Record<string, Client>>
  readonly persistence: {
    putWill: () => Promise<void>
    createRetainedStreamCombi: (filters: readonly string[]) => Readable
  }
  subscribe: (topic: string, deliver: unknown, done: () => void) => void
  unsubscribe: (topic: string, deliver: unknown, done?: () => void) => void
}
type Callback = (error?: Error) => void
type PublishFrom = (packet: PublishPacket, from: Client | null, done: Callback) => void

/** @param mayRead asked of each packet by its header alone; false: nothing more is read, and the connection was refused */
export async function openLeanAedes(
  options: AedesOptions,
  mayRead: (client: Client, header: PacketHeader) => boolean,
): Promise<LeanAedes> {
  const aedes = await Aedes.createBroker(options)
  const internals = aedes as unknown as AedesInternals
  const publish = aedes.publish.bind(aedes) as unknown as PublishFrom
  // A lock's word has no subscribers: without this each would be matched and stored for nobody, after its PUBACK. Of its
  // own news aedes needs the heartbeat only.
  const publishOwn = (packet: PublishPacket, from: Client | Callback | null, done: Callback = () => undefined) => {
    const end = typeof from === 'function' ? from : done
    if ((from !== null && typeof from !== 'function') || otherNews.test(packet.topic)) end()
    else publish(packet, null, end)
  }
  aedes.publish = publishOwn as Aedes['publish']
  // Each lock hears its own topics only, and `deliver` knows its connection: there is nothing to match.
  internals.subscribe = (_topic, _deliver, done) => done()
  internals.unsubscribe = (_topic, _deliver, done) => done?.()
  // Kept for other brokers to publish, when this one is gone: there is none. The client keeps its own.
  internals.persistence.putWill = async () => undefined

  const retained = createRetained()
  internals.persistence.createRetainedStreamCombi = (filters) => Readable.from(filters.flatMap(retained.of))

  const { clients } = internals
  const parsePayload = guardedParse(mayRead)

  return {
    aedes,
    handle: (socket) => slim(aedes.handle(socket as Parameters<Aedes['handle']>[0]), socket, parsePayload),
    clientOf: (lockId) => clients[lockId],
    isOf: (client) => clients[client.id] === client,
    connectedCount: () => aedes.connectedClients,
    deliver: async (lockId, packet) => {
      if (packet.retain) retained.keep(lockId, packet)
      const client = clients[lockId]
      if (client === undefined || !listens(client)) return
      await new Promise<void>((resolve, reject) => {
        client.publish({ ...packet, retain: false }, (error) => (error ? reject(error) : resolve()))
      })
    },
    close: () => new Promise((resolve) => aedes.close(resolve)),
  }
}

/**
 * What each lock is told whenever it subscribes. aedes holds every topic of the city against every SUBSCRIBE: with 10,000
 * configured locks that took 35 ms of the only core for each of them that came back.
 */
function createRetained() {
  const byLock = new Map<LockId, Map<string, PublishPacket>>()
  return {
    keep: (lockId: LockId, packet: PublishPacket): void => {
      const own = byLock.get(lockId) ?? new Map<string, PublishPacket>()
      byLock.set(lockId, own.set(packet.topic, packet))
    },
    /** A lock's filter takes in all of its own topics and no other. */
    of: (filter: string): readonly PublishPacket[] => {
      const lockId = lockOfDownlink(filter)
      return lockId === null ? [] : [...(byLock.get(lockId)?.values() ?? [])]
    },
  }
}

/** What aedes tells other brokers of its clients. */
const otherNews = /^\$SYS\/[^/]+\/(new|disconnect)\//

const listens = (client: Client): boolean =>
  (client as unknown as ClientInternals).subscriptions[downlinkFilter(asId<LockId>(client.id))] !== undefined

/**
 * aedes keeps the highest counter that it sent a client and drops what comes with a lower one. Counters are given before
 * slow steps, so a retained or QoS 1 message that is overtaken in the same tick is lost without a word (its issues #955
 * and #994). One node and filters that do not overlap need no such memory.
 */
const noMemory = new Proxy({}, { set: () => true })
/** QoS 2 is refused before anything would be put here. */
const noQos2 = new Set<number>()

function slim(client: Client, socket: Duplex, parsePayload: ParserInternals['_parsePayload']): void {
  const internals = client as unknown as ClientInternals
  internals.duplicates = noMemory
  internals._inboundInflight = noQos2
  internals._parser._parsePayload = parsePayload
  // A watch on the stream's end with a dozen listeners, for which a socket's `close` does as well.
  internals._eos()
  internals._eos = () => undefined
  socket.on('close', closeOwner)
}

function closeOwner(this: Duplex): void {
  ;(this as Duplex & { readonly client: Client }).client.close()
}

/** A length that is too large, or a packet too many, is known from the header, before the body. */
function guardedParse(mayRead: (client: Client, header: PacketHeader) => boolean) {
  return function parsePayload(this: ParserInternals): boolean {
    if (!mayRead(this.client, this.packet)) return false
    const { _parsePayload: parse } = Object.getPrototypeOf(this) as ParserInternals
    return parse.call(this)
  }
}
