import { connect, type Socket } from 'node:net'
import { type SecureContext, connect as tlsConnect } from 'node:tls'
import mqtt, { type Packet } from 'mqtt-packet'
import { present } from '../../contracts/assert.ts'
import type { LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import { type Presence, protocolVersion } from '../../contracts/mqtt/reports.ts'
import { downlinkFilter, presenceTopic } from '../../contracts/mqtt/topics.ts'
import type { Random } from '../../contracts/random.ts'
import type { Schedule } from '../body/schedule.ts'
import type { Publication, PublishKind } from '../firmware/report-queue.ts'
import { type BackOff, type BackOffLimits, createBackOff, fieldBackOff, sessionNonce } from '../radio/back-off.ts'
import { downlinkOf, type Radio, type RadioHandlers, topicOf } from '../radio/radio.ts'
import { createPacketCutter, type PacketCutter } from './packet-cutter.ts'

/** Where the broker listens, and how it is reached. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
  /** Of loopback addresses each has ports of its own: one address has too few for a large fleet. */
  readonly localAddress?: string
  /** One for the whole process; null: plain TCP. */
  readonly tls: SecureContext | null
}

/** What a crowd wants to know of one radio. `stored`: the platform has acknowledged this message. */
export interface WireEars {
  connected(): void
  disconnected(): void
  refused(): void
  asked(command: Uint8Array): void
  stored(channel: PublishKind, payload: string): void
}

export interface WireRadioSettings {
  readonly lockId: LockId
  readonly password: string
  readonly address: BrokerAddress
  readonly random: Random
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly ears: WireEars
  readonly backOff?: BackOffLimits
}

const keepAliveS = 300
/** Written early enough that the broker has it before one and a half times the keep-alive are over. */
const pingAfterMs = keepAliveS * 900
const pingAnswerMs = 30_000
const connectTimeoutMs = 30_000
const readBytes = 65_536
/** Every socket of the process reads into this: what it holds is used up before the next one reads. */
const readBuffer = Buffer.allocUnsafeSlow(readBytes)

interface Unanswered {
  readonly messageId: number
  readonly publication: Publication
}
interface Session {
  readonly socket: Socket
  readonly sid: string
  readonly cutter: PacketCutter
  readonly unanswered: Unanswered[]
  upSinceMs: number | null
  heardAtMs: number
  cancelTimer: () => void
}

/** MQTT 3.1.1 of a lock on a real socket, with as little memory as will do: ten thousand of them fit into a process. */
export class WireRadio implements Radio {
  readonly #settings: WireRadioSettings
  readonly #pause: BackOff
  #handlers: RadioHandlers | null = null
  #session: Session | null = null
  #cancelReturn: (() => void) | null = null
  #hasAntenna = true
  #nextMessageId = 1
  /** Given up while the broker could not hear it: the broker's half lives on until it times out. */
  #halfOpen: Socket | null = null

  constructor(settings: WireRadioSettings) {
    this.#settings = settings
    this.#pause = createBackOff(settings.random, settings.backOff ?? fieldBackOff)
  }

  switchOn(handlers: RadioHandlers): void {
    this.#handlers = handlers
    this.#connectNow()
  }

  publish(publication: Publication): void {
    const session = this.#session
    if (session === null || session.upSinceMs === null) return
    const messageId = this.#messageId()
    const { channel, payload } = publication
    session.unanswered.push({ messageId, publication })
    const topic = topicOf(this.#settings.lockId, channel)
    const fixed = { cmd: 'publish', qos: 1, dup: false, retain: channel === 'presence' } as const
    this.#write(session, { ...fixed, topic, payload, messageId })
  }

  closeConnection(): void {
    const given = this.#session
    if (given === null) return
    if (this.#hasAntenna) given.socket.destroy()
    else {
      this.#halfOpen?.destroy()
      this.#halfOpen = given.socket
    }
    this.#closed(given)
  }

  setAntenna(isOn: boolean): void {
    if (isOn === this.#hasAntenna) return
    this.#hasAntenna = isOn
    if (!isOn) return
    this.#halfOpen?.destroy()
    this.#halfOpen = null
    // What was said in between is lost, so this connection is of no use any more.
    if (this.#session === null) this.#returnLater()
    else this.closeConnection()
  }

  setReconnectSpread(seconds: number): void {
    this.#pause.spread(seconds)
  }

  switchOff(): void {
    this.#handlers = null
    this.#cancelReturn?.()
    this.#cancelReturn = null
    const last = this.#session
    this.#session = null
    if (last !== null) {
      last.cancelTimer()
      last.socket.destroy()
      if (last.upSinceMs !== null) this.#settings.ears.disconnected()
    }
    this.#halfOpen?.destroy()
    this.#halfOpen = null
  }

  #connectNow(): void {
    this.#cancelReturn = null
    if (this.#handlers === null || !this.#hasAntenna || this.#session !== null) return
    const { lockId, password, random, nowMs, schedule } = this.#settings
    const sid = sessionNonce(random)
    const socket = this.#openSocket((bytes) => this.#hear(session, bytes))
    const session: Session = {
      socket,
      sid,
      cutter: createPacketCutter(),
      unanswered: [],
      upSinceMs: null,
      heardAtMs: nowMs(),
      cancelTimer: schedule(nowMs() + connectTimeoutMs, () => this.#giveUp(session)),
    }
    this.#session = session
    // Every error is followed by `close`, which is where a lost connection is dealt with.
    socket.on('error', () => undefined)
    socket.once('close', () => this.#closed(session))
    const farewell: Presence = { v: protocolVersion, on: 0, sid }
    this.#write(session, {
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: keepAliveS },
      ...{ clientId: lockId, username: lockId, password: Buffer.from(password) },
      will: { topic: presenceTopic(lockId), payload: encodeMessage(farewell), qos: 1, retain: true },
    })
  }

  #openSocket(onBytes: (bytes: Buffer) => void): Socket {
    const { host, port, localAddress, tls } = this.#settings.address
    const onread = {
      buffer: readBuffer,
      callback: (length: number, buffer: Uint8Array) => {
        if (this.#hasAntenna) onBytes((buffer as Buffer).subarray(0, length))
        return true
      },
    }
    const where = { host, port, noDelay: true, onread, ...(localAddress === undefined ? {} : { localAddress }) }
    return tls === null ? connect(where) : tlsConnect({ ...where, secureContext: tls })
  }

  #hear(session: Session, bytes: Buffer): void {
    session.heardAtMs = this.#settings.nowMs()
    try {
      session.cutter.cut(bytes, (packet) => {
        if (this.#session === session) this.#take(session, packet)
      })
    } catch {
      // Not MQTT, or cut short: a modem drops such a line and dials again.
      session.socket.destroy()
    }
  }

  #take(session: Session, packet: Packet): void {
    switch (packet.cmd) {
      case 'connack':
        if (packet.returnCode === 0) this.#subscribe(session)
        else {
          this.#settings.ears.refused()
          session.socket.destroy()
        }
        break
      case 'suback':
        this.#up(session)
        break
      case 'puback':
        this.#answered(session, present(packet.messageId, 'a PUBACK names its message'))
        break
      case 'publish': {
        const { topic, payload, qos, messageId } = packet
        const channel = downlinkOf(this.#settings.lockId, topic)
        const bytes = Uint8Array.from(typeof payload === 'string' ? Buffer.from(payload) : payload)
        if (qos === 1 && messageId !== undefined) this.#write(session, { cmd: 'puback', messageId })
        if (channel === 'cmd') this.#settings.ears.asked(bytes)
        if (channel !== null) this.#handlers?.message(channel, bytes)
        break
      }
      case 'connect':
      case 'subscribe':
      case 'unsubscribe':
      case 'unsuback':
      case 'pubrec':
      case 'pubrel':
      case 'pubcomp':
      case 'pingreq':
      case 'pingresp':
      case 'disconnect':
      case 'auth':
        break
    }
  }

  #subscribe(session: Session): void {
    const subscriptions = [{ topic: downlinkFilter(this.#settings.lockId), qos: 1 as const }]
    this.#write(session, { cmd: 'subscribe', messageId: this.#messageId(), subscriptions })
  }

  #up(session: Session): void {
    if (session.upSinceMs !== null) return
    const { nowMs, ears } = this.#settings
    session.upSinceMs = nowMs()
    session.cancelTimer()
    this.#pingLater(session)
    ears.connected()
    this.#handlers?.connected(session.sid)
  }

  #pingLater(session: Session): void {
    const { nowMs, schedule } = this.#settings
    session.cancelTimer = schedule(nowMs() + pingAfterMs, () => {
      const askedMs = nowMs()
      this.#write(session, { cmd: 'pingreq' })
      session.cancelTimer = schedule(askedMs + pingAnswerMs, () => {
        if (session.heardAtMs < askedMs) this.#giveUp(session)
        else this.#pingLater(session)
      })
    })
  }

  #answered(session: Session, messageId: number): void {
    const index = session.unanswered.findIndex((one) => one.messageId === messageId)
    const [answered] = index < 0 ? [] : session.unanswered.splice(index, 1)
    if (answered === undefined) return
    const { ref, channel, payload } = answered.publication
    this.#settings.ears.stored(channel, payload)
    this.#handlers?.puback(ref)
  }

  #giveUp(session: Session): void {
    if (this.#session === session) this.closeConnection()
  }

  #closed(closed: Session): void {
    if (this.#session !== closed) return
    this.#session = null
    closed.cancelTimer()
    if (closed.upSinceMs !== null) {
      this.#pause.connectionEnded(this.#settings.nowMs() - closed.upSinceMs)
      this.#settings.ears.disconnected()
      this.#handlers?.disconnected()
    }
    this.#returnLater()
  }

  #returnLater(): void {
    if (this.#handlers === null || this.#cancelReturn !== null || !this.#hasAntenna) return
    const { nowMs, schedule } = this.#settings
    this.#cancelReturn = schedule(nowMs() + this.#pause.nextDelayMs(), () => this.#connectNow())
  }

  #messageId(): number {
    const id = this.#nextMessageId
    this.#nextMessageId = id === 65_535 ? 1 : id + 1
    return id
  }

  #write(session: Session, packet: Packet): void {
    if (this.#hasAntenna && !session.socket.destroyed) session.socket.write(mqtt.generate(packet))
  }
}
