import { createServer, type Server, type Socket } from 'node:net'
import type { AedesOptions, Client, PublishPacket } from 'aedes'
import type { Logger } from 'pino'
import { assert, present } from '../../contracts/assert.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { maxPayloadBytes } from '../../contracts/mqtt/reports.ts'
import { lockOfDownlink } from '../../contracts/mqtt/topics.ts'
import type { LockBroker, UplinkSink } from './broker.ts'
import { certifiedLock, isAllowedWill, maySubscribe, provenLock, publishableTopic } from './broker-access.ts'
import { type Admission, createAdmission } from './broker-admission.ts'
import { brokerRefusal, countDropped, refusedWith } from './broker-drops.ts'
import { createPublishGate, type PublishGate } from './broker-publish-gate.ts'
import { createRate, type Rate } from './broker-rate.ts'
import { type BrokerTls, certificateOf, createTlsListener, type LockCertificate, type TlsEvent } from './broker-tls.ts'
import type { Clock } from './clock.ts'
import { openLeanAedes } from './lean-aedes.ts'

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
  /** Connections that may wait for their turn; the others are shed. */
  readonly maxWaitingConnects?: number
}

/** Payload, topic and the few bytes around them. */
const maxPacketBytes = maxPayloadBytes + 512
/** One process beyond this is one failure domain too large: see lock-protocol.md, 3.7. */
const defaultMaxConnections = 20_000
/** What one core does of TLS handshakes; the others wait at the door. */
const defaultMaxConnectsPerSecond = 500
/** Under the 30 s after which a lock takes a connection that does not come up for lost. */
const longestWaitS = 20
/** Connections that the system holds while this process is busy: a city knocks within a second. */
const listenBacklog = 4_096
const messagesPerSecond = 5
const messageBurst = 20
/** A lock that comes back with a full outbox empties it with this. */
const backlogBurst = 100
const backlogGrantEveryMs = 60_000
/** Two locks with the same id would take over from each other without end. */
const lockConnectsPerSecond = 0.5
const lockConnectBurst = 10
/** SUBSCRIBE, UNSUBSCRIBE, PINGREQ: a lock asks once a connection, and pings every 5 minutes; and the steps of QoS 2. */
const lockAsksPerSecond = 1
const lockAskBurst = 30
const connectTimeoutMs = 10_000
const drainTimeoutMs = 10_000
const keepAliveLimitS = 600

interface LockTraffic {
  readonly messages: Rate
  readonly connects: Rate
  readonly asks: Rate
  /** How often it was thrown out: a connection that is just coming in under older credentials has missed one. */
  kicks: number
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
  /** Only of those who have something under way. */
  const gates = new Map<Client, PublishGate>()
  const trafficOf = createTraffic(clock)
  /** What `kicks` was when a connection proved itself; it is registered some turns later. */
  const provenAtKick = new WeakMap<Client, number>()
  const now = () => clock.realNowMs()
  const admission = openDoor(options, now, () => count('shed'))

  const preConnect: AedesOptions['preConnect'] = (_client, packet, callback) => {
    if (packet.will && !isAllowedWill(packet.clientId, packet.will)) {
      count('forbidden_topic')
      return callback(brokerRefusal('a will is the presence of the lock itself'), false)
    }
    // The platform owns every queue: aedes would keep a session's messages for ever and deliver a stale unlock.
    packet.clean = true
    // As text: its bytes are a view that would keep the whole CONNECT.
    if (packet.will) packet.will.payload = packet.will.payload.toString()
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
    const traffic = trafficOf(proof)
    if (!traffic.connects.take(now())) {
      count('shed')
      return callback(refusedWith(serverUnavailable, 'this lock connects too often'), false)
    }
    provenAtKick.set(client, traffic.kicks)
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
    // A will comes when the connection is gone: there is nobody to hold back, and it must not go with the gate.
    if (client === null || client.closed) return store(() => callback(null))
    const traffic = trafficOf(topic.lockId)
    const gate = gates.get(client) ?? createPublishGate(traffic.messages, now, () => void gates.delete(client))
    gates.set(client, gate)
    if (gate.enter(store, () => callback(null))) return
    count('flood')
    callback(brokerRefusal('too many messages'))
  }

  const hooks = { preConnect, authenticate, authorizePublish, authorizeSubscribe }
  const limits = { connectTimeout: connectTimeoutMs, drainTimeout: drainTimeoutMs, keepaliveLimit: keepAliveLimitS }
  const refuse = (client: Client, why: 'oversize' | 'flood', sentence: string): void => {
    count(why)
    client.emit('error', brokerRefusal(sentence))
  }
  const lean = await openLeanAedes({ ...hooks, ...limits, maxTopicLevels: 8 }, (client, { cmd, length }) => {
    if (length > maxPacketBytes) refuse(client, 'oversize', 'packet too large')
    else if (asking.has(cmd) && lean.isOf(client) && !trafficOf(asId<LockId>(client.id)).asks.take(now())) {
      refuse(client, 'flood', 'too many packets')
    } else return true
    return false
  })
  const { aedes } = lean
  aedes.on('client', (client) => {
    count('connected')
    if (provenAtKick.get(client) !== trafficOf(asId<LockId>(client.id)).kicks) client.close()
  })
  aedes.on('clientDisconnect', (client) => {
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

  const { tls, host } = options
  const open = new Set<Socket>()
  const plain = doorServer(admission, open, lean.handle)
  const servers = [plain]
  if (tls) {
    const handshakes = createTlsListener(tls, lean.handle, count, () => clock.realNowMs())
    servers.push(doorServer(admission, open, (socket) => void handshakes.emit('connection', socket)))
  }
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
      const lockId = present(lockOfDownlink(topic), 'the platform publishes to its locks only')
      const packet: PublishPacket = { cmd: 'publish', topic, payload, qos: 1, retain, dup: false }
      return lean.deliver(lockId, packet)
    },
    isConnected: (lockId) => lean.clientOf(lockId) !== undefined,
    connectedCount: lean.connectedCount,
    grant: (lockId, messages) => grantBacklog(trafficOf(lockId), messages, clock),
    kick: (lockId) => {
      trafficOf(lockId).kicks += 1
      lean.clientOf(lockId)?.close()
    },
    close: async () => {
      admission.close()
      for (const gate of gates.values()) gate.close()
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
      await lean.close()
      // Who has not said who it is, or is in the middle of a handshake, is unknown to aedes and would be waited for.
      for (const socket of open) socket.destroy()
      await Promise.all(closed)
    },
  }
}

/** What costs an answer; a lock has no use for QoS 2. */
const asking: ReadonlySet<string> = new Set(['subscribe', 'unsubscribe', 'pingreq', 'pubrec', 'pubrel', 'pubcomp'])
const serverUnavailable = 3
const badCredentials = 4

function createTraffic(clock: Clock): (lockId: LockId) => LockTraffic {
  const byLock = new Map<LockId, LockTraffic>()
  const quick = () => Math.max(1, clock.speed())
  const messageSpeed = () => messagesPerSecond * quick()
  const connectSpeed = () => lockConnectsPerSecond * quick()
  const askSpeed = () => lockAsksPerSecond * quick()
  return (lockId) => {
    const known = byLock.get(lockId)
    if (known) return known
    const startMs = clock.realNowMs()
    const traffic: LockTraffic = {
      messages: createRate(messageSpeed, messageBurst, startMs),
      connects: createRate(connectSpeed, lockConnectBurst, startMs),
      asks: createRate(askSpeed, lockAskBurst, startMs),
      kicks: 0,
      grantedAtMs: Number.NEGATIVE_INFINITY,
    }
    byLock.set(lockId, traffic)
    return traffic
  }
}

function grantBacklog(traffic: LockTraffic, messages: number, clock: Clock): number {
  const nowMs = clock.realNowMs()
  if ((nowMs - traffic.grantedAtMs) * Math.max(1, clock.speed()) < backlogGrantEveryMs) return 0
  traffic.grantedAtMs = nowMs
  const granted = Math.min(messages, backlogBurst)
  traffic.messages.grant(granted, nowMs)
  return granted
}

function openDoor(options: AedesBrokerOptions, nowMs: () => number, onShed: () => void): Admission {
  const perSecond = options.maxConnectsPerSecond ?? defaultMaxConnectsPerSecond
  const maxWaiting = options.maxWaitingConnects ?? perSecond * longestWaitS
  return createAdmission(
    createRate(() => perSecond, perSecond, nowMs()),
    maxWaiting,
    nowMs,
    onShed,
  )
}

/** Nothing of a connection is read, no handshake begun, before it is its turn. */
const doorServer = (admission: Admission, open: Set<Socket>, accept: (socket: Socket) => void): Server => {
  const forget = function (this: Socket): void {
    open.delete(this)
  }
  return createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    open.add(socket)
    socket.on('close', forget)
    admission.enter(socket, () => accept(socket))
  })
}

function listening(server: Server, { port, host }: Pick<AedesBrokerOptions, 'port' | 'host'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: listenBacklog }, () => {
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
