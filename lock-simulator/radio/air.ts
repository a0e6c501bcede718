import type { LockId } from '../../contracts/ids.ts'
import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import { type Presence, protocolVersion } from '../../contracts/mqtt/reports.ts'
import { presenceTopic } from '../../contracts/mqtt/topics.ts'
import type { Random } from '../../contracts/random.ts'
import type { Schedule } from '../body/schedule.ts'
import { type Carried, createAirModem } from './air-modem.ts'
import { sessionNonce } from './back-off.ts'
import { type CellLink, downlinkOf, type Radio, type RadioHandlers } from './radio.ts'

/** The broker notices a silent connection after one and a half keep-alives. */
const brokerPatienceMs = 450_000
const longestReplayMs = 20 * 60_000

/** Chances are per message, 0 to 1. */
export interface AirFaults {
  readonly drop: number
  readonly duplicate: number
  /** Overtakes or is overtaken: the message may take ten times as long. */
  readonly reorder: number
  /** Somebody recorded it and sends it again, up to 20 minutes later. */
  readonly replay: number
  readonly disconnect: number
  /** From this message on nothing gets through, and nobody is told. */
  readonly halfOpen: number
  /** Per connection: the broker says no in its CONNACK. */
  readonly refuse?: number
  readonly delayMs: { readonly from: number; readonly to: number }
}

export const clearAir: AirFaults = {
  drop: 0,
  duplicate: 0,
  reorder: 0,
  replay: 0,
  disconnect: 0,
  halfOpen: 0,
  delayMs: { from: 20, to: 80 },
}

/** What truly went wrong, for counting. */
export type AirFault = 'drop' | 'duplicate' | 'reorder' | 'replay' | 'disconnect' | 'half-open' | 'refused'

/** What a broker does with an uplink or a will: `puback` after the commit; it may be called later, or never. */
export type AirSink = (lockId: LockId, topic: string, payload: Uint8Array, puback: () => void) => void

export interface Air {
  radio(lockId: LockId): Radio
  /** A downlink. Lost without a session: clean sessions keep nothing. */
  deliver(lockId: LockId, topic: string, payload: Uint8Array | string): void
  isConnected(lockId: LockId): boolean
  /** The broker closes this lock's connection. */
  kick(lockId: LockId): void
  /** The broker ends and begins anew: every connection breaks, and no will is published of any of them. */
  restartBroker(): void
  /** A stranger connects under this lock's name and says nothing: the broker closes the lock's own connection. */
  takeOver(lockId: LockId): void
  setFaults(faults: AirFaults): void
}

/** One connection, as both of its ends see it. */
export interface Session {
  readonly sid: string
  readonly handlers: RadioHandlers
  readonly sinceMs: number
  /** Told when the broker has closed it, if that can be heard. */
  readonly onClosed: (session: Session) => void
  isHalfOpen: boolean
  lockEnd: 'open' | 'closed'
  /** What its messages go through; null: nothing but the air. */
  readonly link: CellLink | null
  /** Keeps order within each direction, as TCP does. */
  readonly lastAtMs: { up: number; down: number }
}

/** The faulty network and broker of the headless simulation: seeded, in virtual time. */
export function createAir(settings: {
  readonly random: Random
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly sink: AirSink
  readonly faults?: AirFaults
  readonly onFault?: (fault: AirFault) => void
}): Air {
  const { random, nowMs, schedule, sink, onFault = () => undefined } = settings
  let faults = settings.faults ?? clearAir
  /** The broker's view: one session per lock. */
  const sessions = new Map<LockId, Session>()

  /** The broker's end is gone: it publishes the will, and tells the lock if it can. */
  function closeAtBroker(lockId: LockId, session: Session): void {
    if (sessions.get(lockId) === session) sessions.delete(lockId)
    const will: Presence = { v: protocolVersion, on: 0, sid: session.sid }
    sink(lockId, presenceTopic(lockId), encode(encodeMessage(will)), () => undefined)
    if (!session.isHalfOpen) session.onClosed(session)
  }

  /** True with chance `p`, and then counted. */
  function strikes(fault: AirFault, p: number): boolean {
    const isHit = random.chance(p)
    if (isHit) onFault(fault)
    return isHit
  }

  /** The broker knows one session per name: the old one's will goes out before anything of the new one. */
  function enter(lockId: LockId, session: Session): void {
    const old = sessions.get(lockId)
    sessions.set(lockId, session)
    if (old) closeAtBroker(lockId, old)
  }

  function becomeHalfOpen(lockId: LockId, session: Session): void {
    if (session.isHalfOpen) return
    session.isHalfOpen = true
    schedule(nowMs() + brokerPatienceMs, () => {
      if (sessions.get(lockId) === session) closeAtBroker(lockId, session)
    })
  }

  const isCurrent = (lockId: LockId, session: Session) => sessions.get(lockId) === session

  /** Carries one message; `arrive` runs once, twice, late or never. */
  function carry(
    { lockId, bytes }: Carried,
    session: Session,
    way: 'up' | 'down',
    arrive: (copy: number) => void,
  ): void {
    if (session.isHalfOpen) return
    const cellMs = session.link === null ? 0 : session.link.carryMs(bytes)
    if (cellMs === null) {
      onFault('half-open')
      becomeHalfOpen(lockId, session)
      return
    }
    if (strikes('half-open', faults.halfOpen)) {
      becomeHalfOpen(lockId, session)
      return
    }
    if (strikes('disconnect', faults.disconnect)) {
      closeAtBroker(lockId, session)
      return
    }
    if (strikes('drop', faults.drop)) return
    const delayMs = cellMs + random.integer(faults.delayMs.from, faults.delayMs.to)
    const isReordered = strikes('reorder', faults.reorder)
    const inOrderMs = Math.max(nowMs() + delayMs, session.lastAtMs[way])
    if (!isReordered) session.lastAtMs[way] = inOrderMs
    schedule(isReordered ? nowMs() + delayMs * 10 : inOrderMs, () => arrive(0))
    if (strikes('duplicate', faults.duplicate)) schedule(inOrderMs + random.integer(0, 2_000), () => arrive(1))
    if (strikes('replay', faults.replay)) schedule(nowMs() + random.integer(1_000, longestReplayMs), () => arrive(2))
  }

  return {
    radio: (lockId) =>
      createAirModem({
        lockId,
        random,
        nowMs,
        schedule,
        faults: () => faults,
        strikes,
        network: { enter, closeAtBroker, becomeHalfOpen, carry, isCurrent, sink },
      }),
    deliver: (lockId, topic, payload) => {
      const session = sessions.get(lockId)
      const channel = downlinkOf(lockId, topic)
      if (session === undefined || channel === null) return
      const bytes = typeof payload === 'string' ? encode(payload) : payload
      carry({ lockId, bytes: bytes.length }, session, 'down', (copy) => {
        // A recorded message is replayed into whatever connection there is by then.
        const receiver = copy === 2 ? sessions.get(lockId) : session
        if (receiver && !receiver.isHalfOpen && receiver.lockEnd === 'open') receiver.handlers.message(channel, bytes)
      })
    },
    isConnected: (lockId) => sessions.has(lockId),
    kick: (lockId) => {
      const session = sessions.get(lockId)
      if (session) closeAtBroker(lockId, session)
    },
    restartBroker: () => {
      const broken = [...sessions.values()]
      sessions.clear()
      for (const session of broken) if (!session.isHalfOpen) session.onClosed(session)
    },
    takeOver: (lockId) => {
      const handlers: RadioHandlers = {
        connected: () => undefined,
        disconnected: () => undefined,
        message: () => undefined,
        puback: () => undefined,
      }
      const sid = sessionNonce(random.split(`stranger ${lockId} ${nowMs()}`))
      const lastAtMs = { up: 0, down: 0 }
      const onClosed = () => undefined
      enter(lockId, {
        sid,
        handlers,
        sinceMs: nowMs(),
        onClosed,
        isHalfOpen: false,
        lockEnd: 'open',
        link: null,
        lastAtMs,
      })
    },
    setFaults: (next) => {
      faults = next
    },
  }
}

const encoder = new TextEncoder()
const encode = (text: string) => encoder.encode(text)
