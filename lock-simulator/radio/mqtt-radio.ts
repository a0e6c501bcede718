import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { MqttClient } from 'mqtt'
import type { LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import { type Presence, protocolVersion } from '../../contracts/mqtt/reports.ts'
import { downlinkFilter, presenceTopic } from '../../contracts/mqtt/topics.ts'
import type { Random } from '../../contracts/random.ts'
import { type BackOffLimits, createBackOff, fieldBackOff, sessionNonce } from './back-off.ts'
import { DeafSocket } from './deaf-socket.ts'
import { downlinkOf, type Radio, type RadioHandlers, topicOf } from './radio.ts'

/** The carrier's address translation forgets a silent connection after 5 to 30 minutes. */
const keepAliveS = 300
const connectTimeoutMs = 30_000

export interface MqttRadioSettings {
  readonly lockId: LockId
  /** Not needed by a lock with a certificate. */
  readonly password?: string | undefined
  /** `mqtt://host:port`, or `mqtts://host:port` with TLS. */
  readonly url: string
  /** Over TLS: who signed the broker's certificate, when that is not an authority of the system; and the lock's own. PEM. */
  readonly tls?: RadioTls | undefined
  readonly random: Random
  readonly backOff?: BackOffLimits
}

export interface RadioTls {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

const usualPorts: Readonly<Record<string, number>> = { 'mqtt:': 1_883, 'mqtts:': 8_883 }

/**
 * MQTT 3.1.1 over TCP or TLS, in real time: clean session, will, one QoS 1 subscription. mqtt.js neither reconnects nor
 * re-sends here: a new client per connection, the back-off is ours, and the outbox is the firmware's.
 */
export function createMqttRadio(settings: MqttRadioSettings): Radio {
  const { lockId, password, url, random, backOff } = settings
  const dial = dialler(url, settings.tls)
  const pause = createBackOff(random, backOff ?? fieldBackOff)
  let handlers: RadioHandlers | null = null
  let session: { readonly client: MqttClient; readonly socket: DeafSocket; upSinceMs: number | null } | null = null
  let timer: NodeJS.Timeout | null = null
  let hasAntenna = true
  /** Closed by us while the broker could not hear it: the broker's half lives on until it times out. */
  let halfOpen: DeafSocket | null = null

  function connectNow(): void {
    timer = null
    if (handlers === null || !hasAntenna || session !== null) return
    const sid = sessionNonce(random)
    const farewell: Presence = { v: protocolVersion, on: 0, sid }
    const socket = new DeafSocket(dial())
    const client = new MqttClient(() => socket, {
      clientId: lockId,
      username: lockId,
      ...(password === undefined ? {} : { password }),
      protocolVersion: 4,
      clean: true,
      keepalive: keepAliveS,
      reconnectPeriod: 0,
      connectTimeout: connectTimeoutMs,
      resubscribe: false,
      timerVariant: 'native',
      will: { topic: presenceTopic(lockId), payload: Buffer.from(encodeMessage(farewell)), qos: 1, retain: true },
    })
    const current = { client, socket, upSinceMs: null as number | null }
    session = current
    client.on('connect', () => {
      client.subscribe(downlinkFilter(lockId), { qos: 1 }, (error) => {
        if (session !== current) return
        if (error) {
          client.end(true)
          return
        }
        current.upSinceMs = Date.now()
        handlers?.connected(sid)
      })
    })
    client.on('message', (topic, payload) => {
      const channel = downlinkOf(lockId, topic)
      if (session === current && channel !== null) handlers?.message(channel, payload)
    })
    // Every error is followed by `close`, which is where a lost connection is dealt with.
    client.on('error', () => client.end(true))
    client.on('close', () => onClosed(current))
  }

  function onClosed(closed: NonNullable<typeof session>): void {
    if (session !== closed) return
    session = null
    if (closed.upSinceMs !== null) {
      pause.connectionEnded(Date.now() - closed.upSinceMs)
      handlers?.disconnected()
    }
    reconnectLater()
  }

  function reconnectLater(): void {
    if (handlers === null || timer !== null || !hasAntenna) return
    timer = setTimeout(connectNow, pause.nextDelayMs())
  }

  function giveUp(): void {
    const given = session
    if (given === null) return
    if (!hasAntenna) {
      halfOpen?.bury()
      halfOpen = given.socket
    }
    given.client.end(true)
    onClosed(given)
  }

  return {
    switchOn: (given) => {
      handlers = given
      connectNow()
    },
    publish: ({ ref, channel, payload }) => {
      const current = session
      if (current === null || current.upSinceMs === null) return
      const options = { qos: 1 as const, retain: channel === 'presence' }
      current.client.publish(topicOf(lockId, channel), payload, options, (error) => {
        if (!error && session === current) handlers?.puback(ref)
      })
    },
    closeConnection: giveUp,
    setAntenna: (isOn) => {
      if (isOn === hasAntenna) return
      hasAntenna = isOn
      if (!isOn) {
        session?.socket.deafen()
        return
      }
      halfOpen?.bury()
      halfOpen = null
      if (session === null) {
        reconnectLater()
        return
      }
      session.socket.bury()
      giveUp()
    },
    setReconnectSpread: (seconds) => pause.spread(seconds),
    switchOff: () => {
      handlers = null
      if (timer !== null) clearTimeout(timer)
      timer = null
      const last = session
      session = null
      last?.client.end(true)
      last?.socket.bury()
      halfOpen?.bury()
      halfOpen = null
    },
  }
}

/** @throws with a sentence when the address is none of a broker */
function dialler(url: string, tls: RadioTls | undefined): () => Socket {
  const { protocol, hostname, port } = new URL(url)
  const usualPort = usualPorts[protocol]
  if (usualPort === undefined) throw new Error(`${url}: a broker's address begins with mqtt:// or mqtts://`)
  // A modem sends what it is given: with Nagle's algorithm an event waits for the answer to what went before it.
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || usualPort), noDelay: true }
  if (protocol === 'mqtt:') return () => connect(to)
  // Each connection is a TLS handshake of its own; the broker's name or address must be in its certificate.
  return () => connectTls({ ...to, minVersion: 'TLSv1.3', ...given(tls) })
}

const given = ({ ca, cert, key }: RadioTls = {}) => ({
  ...(ca === undefined ? {} : { ca: [ca] }),
  ...(cert === undefined || key === undefined ? {} : { cert, key }),
})
