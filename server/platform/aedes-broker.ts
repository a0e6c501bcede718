import { createServer, type Server } from 'node:net'
import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes'
import type { Logger } from 'pino'
import { assert } from '../../contracts/assert.ts'
import type { LockId } from '../../contracts/ids.ts'
import { maxPayloadBytes } from '../../contracts/mqtt/reports.ts'
import type { LockBroker, UplinkSink } from './broker.ts'
import { certifiedLock, isAllowedWill, maySubscribe, provenLock, publishableTopic } from './broker-access.ts'
import { brokerRefusal, countDropped, refusedWith } from './broker-drops.ts'
import { createPublishGate, type PublishGate } from './broker-publish-gate.ts'
import { createRate, type Rate } from './broker-rate.ts'
import { type BrokerTls, certificateOf, createTlsListener, type LockCertificate, type TlsEvent } from './broker-tls.ts'
import type { Clock } from './clock.ts'

/** What a broker did, for counters. */
export type BrokerEvent =
  | 'connected'
  | 'disconnected'
  | 'shed'
  | 'wrong_password'
  | 'forbidden_topic'
  | 'forbidden_filter'
  | 'oversize'
  | 'flood'
  | 'uplink'
  /** Bytes that are no MQTT, or not in its order. */
  | 'malformed'
  /** Nothing came that would say who it is. */
  | 'no_connect'
  /** A good certificate under another lock's client id; one that was revoked or replaced. */
  | 'certificate_of_other'
  | 'certificate_revoked'
  | TlsEvent

export interface AedesBrokerOptions {
  /** 0 takes a free port; the one taken is `port` of the broker. */
  readonly port: number
  readonly host: string
  readonly clock: Clock
  readonly logger: Logger
  /** The MQTT password of a lock; null when there is no such lock. */
  readonly passwordOf: (lockId: LockId) => string | null
  readonly sink: UplinkSink
  /** A second listener, for TLS; certificates need `certificateHolds` besides. */
  readonly tls?: BrokerTls
  /** Whether a lock of ours has this certificate now: neither revoked nor replaced. */
  readonly certificateHolds?: (certificate: LockCertificate) => boolean
  readonly onEvent?: (event: BrokerEvent) => void
  readonly maxConnections?: number
  readonly maxConnectsPerSecond?: number
}

/** Payload, topic and the few bytes around them. */
const maxPacketBytes = maxPayloadBytes + 512
/** One process beyond this is one failure domain too large: see lock-protocol.md, 3.7. */
const defaultMaxConnections = 20_000
/** What one core does of TLS handshakes; the rest come back after their jittered back-off. */
const defaultMaxConnectsPerSecond = 500
const messagesPerSecond = 5
const messageBurst = 20
/** A lock that comes back with a full outbox empties it with this. */
const backlogBurst = 100
const backlogGrantEveryMs = 60_000
/** Two locks with the same id would take over from each other without end. */
const lockConnectsPerSecond = 0.5
const lockConnectBurst = 10
const connectTimeoutMs = 10_000
const drainTimeoutMs = 10_000
const keepAliveLimitS = 600

/** aedes 1.2.0, private but pinned, and each held by a test: the packet being parsed, and the highest counter seen. */
interface ClientInternals {
  readonly _parser?: { readonly packet?: { readonly length?: number } }
  duplicates: object
}
type Callback = (error?: Error) => void
type PublishFrom = (packet: PublishPacket, from: Client | null, done: Callback) => void

interface LockTraffic {
  readonly messages: Rate
  readonly connects: Rate
  grantedAtMs: number
}

/**
 * An MQTT 3.1.1 broker in this process whose PUBACK is a receipt: it is sent after `sink` says that the message is
 * stored. While the sink cannot store, the answer is held (and with it the connection's next messages), never refused.
 * What a lock says goes to the sink and to nobody else; locks hear only what `publish` sends them.
 */
export async function openAedesBroker(
  options: AedesBrokerOptions,
): Promise<LockBroker & { readonly port: number; readonly tlsPort: number | null }> {
  const { clock, logger, sink } = options
  const count = options.onEvent ?? (() => undefined)
  const connections = new Map<string, Client>()
  const gates = new Map<Client, PublishGate>()
  const trafficOf = createTraffic(clock)
  const connects = connectRate(options, clock)
  const now = () => clock.realNowMs()

  const preConnect: AedesOptions['preConnect'] = (client, packet, callback) => {
    if (!connects.take(now())) {
      count('shed')
      return callback(brokerRefusal('too many connects at once: try again later'), false)
    }
    if (packet.will && !isAllowedWill(packet.clientId, packet.will)) {
      count('forbidden_topic')
      return callback(brokerRefusal('a will is the presence of the lock itself'), false)
    }
    // The platform owns every queue: aedes would keep a session's messages for ever and deliver a stale unlock.
    packet.clean = true
    forgetDuplicates(client)
    return callback(null, true)
  }

  const authenticate: AedesOptions['authenticate'] = (client, username, password, callback) => {
    const certificate = certificateOf(client.conn)
    const proof =
      certificate === null
        ? (provenLock({ clientId: client.id, username, password }, options.passwordOf) ?? {
            no: 'wrong_password' as const,
          })
        : certifiedLock(client.id, certificate, options.certificateHolds)
    if (typeof proof === 'object') {
      count(proof.no)
      return callback(refusedWith(badCredentials, 'bad user name or password'), false)
    }
    if (!trafficOf(proof).connects.take(now())) {
      count('shed')
      return callback(refusedWith(serverUnavailable, 'this lock connects too often'), false)
    }
    return callback(null, true)
  }

  const authorizeSubscribe: AedesOptions['authorizeSubscribe'] = (client, subscription, callback) => {
    if (maySubscribe(client.id, subscription.topic)) return callback(null, subscription)
    count('forbidden_filter')
    return callback(null, null)
  }

  /** The one hook of aedes that runs before the PUBACK (lib/handlers/publish.js). Also called for wills. */
  const authorizePublish: AedesOptions['authorizePublish'] = (client, packet, callback) => {
    const topic = publishableTopic(client?.id ?? null, packet.topic)
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    if (topic === null || packet.qos === 2) {
      count('forbidden_topic')
      return callback(brokerRefusal('a lock publishes to its own topics only, QoS 0 or 1'))
    }
    if (payload.byteLength > maxPayloadBytes) {
      count('oversize')
      return callback(brokerRefusal('payload too large'))
    }
    count('uplink')
    const store = (done: () => void) => sink({ lockId: topic.lockId, topic, payload }, once(done))
    // Presence is not rate limited: it comes once a connection, and a will when the connection is already gone.
    if (client === null || topic.kind === 'presence') return store(() => callback(null))
    const traffic = trafficOf(topic.lockId)
    if (topic.uplink === 'hello') grantBacklog(traffic, clock)
    let gate = gates.get(client)
    if (!gate) {
      gate = createPublishGate(traffic.messages, now)
      gates.set(client, gate)
    }
    if (gate.enter(store, () => callback(null))) return
    count('flood')
    callback(brokerRefusal('too many messages'))
  }

  const hooks = { preConnect, authenticate, authorizePublish, authorizeSubscribe }
  const aedes = await startAedes(hooks)
  aedes.on('client', (client) => {
    connections.set(client.id, client)
    count('connected')
  })
  aedes.on('clientDisconnect', (client) => {
    if (connections.get(client.id) === client) connections.delete(client.id)
    gates.get(client)?.close()
    gates.delete(client)
    count('disconnected')
  })
  aedes.on('clientError', (client, error) => {
    countDropped(error, count)
    logger.debug({ lockId: client.id, error: error.message }, 'lock dropped')
  })
  aedes.on('connectionError', (_, error) => {
    countDropped(error, count)
    logger.debug({ error: error.message }, 'connection dropped')
  })

  const accept = acceptOn(aedes, count)
  const { tls, host } = options
  const servers = [createServer({ noDelay: true }, accept)]
  if (tls) servers.push(createTlsListener(tls, accept, count, () => clock.realNowMs()))
  const ports: number[] = []
  for (const [i, server] of servers.entries()) {
    server.maxConnections = options.maxConnections ?? defaultMaxConnections
    server.on('drop', () => count('shed'))
    ports.push(await listening(server, { host, port: i === 0 ? options.port : (tls?.port ?? 0) }))
    server.on('error', (error) => logger.error({ err: error }, 'the broker cannot accept connections'))
  }
  return {
    port: ports[0] ?? 0,
    tlsPort: ports[1] ?? null,
    publish: (topic, payload, { retain = false } = {}) => {
      assert(!retain || /\/(cfg|fw)$/.test(topic), 'only desired states are retained, never a command')
      return new Promise((resolve, reject) => {
        const packet: PublishPacket = { cmd: 'publish', topic, payload, qos: 1, retain, dup: false }
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()))
      })
    },
    isConnected: (lockId) => connections.has(lockId),
    connectedCount: () => connections.size,
    kick: (lockId) => connections.get(lockId)?.close(),
    close: async () => {
      for (const gate of gates.values()) gate.close()
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
      await new Promise<void>((resolve) => aedes.close(resolve))
      await Promise.all(closed)
    },
  }
}

const serverUnavailable = 3
const badCredentials = 4

async function startAedes(hooks: AedesOptions): Promise<Aedes> {
  const limits = { connectTimeout: connectTimeoutMs, drainTimeout: drainTimeoutMs, keepaliveLimit: keepAliveLimitS }
  const aedes = await Aedes.createBroker({ ...hooks, ...limits, maxTopicLevels: 8 })
  const publish = aedes.publish.bind(aedes) as unknown as PublishFrom
  // A lock's word has no subscribers: without this each would be matched and stored for nobody, after its PUBACK.
  const publishOwn = (packet: PublishPacket, from: Client | Callback | null, done: Callback = () => undefined) => {
    if (typeof from === 'function') publish(packet, null, from)
    else if (from === null) publish(packet, null, done)
    else done()
  }
  aedes.publish = publishOwn as Aedes['publish']
  return aedes
}

/**
 * aedes keeps the highest counter that it sent a client and drops what comes with a lower one. Counters are given before
 * slow steps, so a retained or QoS 1 message that is overtaken in the same tick is lost without a word (its issues #955
 * and #994). One node and filters that do not overlap need no such memory.
 */
function forgetDuplicates(client: Client): void {
  const internals = client as unknown as ClientInternals
  internals.duplicates = new Proxy({}, { set: () => true })
}

function createTraffic(clock: Clock): (lockId: LockId) => LockTraffic {
  const byLock = new Map<LockId, LockTraffic>()
  const quick = () => Math.max(1, clock.speed())
  return (lockId) => {
    const known = byLock.get(lockId)
    if (known) return known
    const startMs = clock.realNowMs()
    const traffic: LockTraffic = {
      messages: createRate(() => messagesPerSecond * quick(), messageBurst, startMs),
      connects: createRate(() => lockConnectsPerSecond * quick(), lockConnectBurst, startMs),
      grantedAtMs: Number.NEGATIVE_INFINITY,
    }
    byLock.set(lockId, traffic)
    return traffic
  }
}

function grantBacklog(traffic: LockTraffic, clock: Clock): void {
  const nowMs = clock.realNowMs()
  if ((nowMs - traffic.grantedAtMs) * Math.max(1, clock.speed()) < backlogGrantEveryMs) return
  traffic.grantedAtMs = nowMs
  traffic.messages.grant(backlogBurst, nowMs)
}

function connectRate(options: AedesBrokerOptions, clock: Clock): Rate {
  const perSecond = options.maxConnectsPerSecond ?? defaultMaxConnectsPerSecond
  return createRate(() => perSecond, perSecond, clock.realNowMs())
}

function acceptOn(aedes: Aedes, count: (event: BrokerEvent) => void) {
  return (socket: Parameters<Aedes['handle']>[0]): void => {
    const client = aedes.handle(socket)
    const internals = client as unknown as ClientInternals
    // After aedes' own listener has parsed: a length that is too large is known from the header, before the body.
    socket.on('readable', () => {
      if ((internals._parser?.packet?.length ?? 0) <= maxPacketBytes) return
      count('oversize')
      client.emit('error', brokerRefusal('packet too large'))
    })
  }
}

function listening(server: Server, { port, host }: Pick<AedesBrokerOptions, 'port' | 'host'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      assert(address !== null && typeof address === 'object', 'a listening TCP server has a port')
      resolve(address.port)
    })
  })
}

function once(done: () => void): () => void {
  let called = false
  return () => {
    assert(!called, 'a message is answered once')
    called = true
    done()
  }
}
