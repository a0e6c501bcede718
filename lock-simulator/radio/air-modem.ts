import type { LockId } from '../../contracts/ids.ts'
import type { Random } from '../../contracts/random.ts'
import type { Schedule } from '../body/schedule.ts'
import type { AirFault, AirFaults, AirSink, Session } from './air.ts'
import { createBackOff, sessionNonce } from './back-off.ts'
import { type CellLink, type Radio, type RadioHandlers, topicOf } from './radio.ts'

export interface Carried {
  readonly lockId: LockId
  readonly bytes: number
}

/** What a modem can do to the network it is in. */
export interface AirNetwork {
  enter(lockId: LockId, session: Session): void
  closeAtBroker(lockId: LockId, session: Session): void
  becomeHalfOpen(lockId: LockId, session: Session): void
  carry(message: Carried, session: Session, way: 'up' | 'down', arrive: (copy: number) => void): void
  isCurrent(lockId: LockId, session: Session): boolean
  readonly sink: AirSink
}

/** A lock's radio in the simulated air: it connects, and keeps reconnecting with back-off. */
export function createAirModem(settings: {
  readonly lockId: LockId
  readonly random: Random
  readonly nowMs: () => number
  readonly schedule: Schedule
  readonly faults: () => AirFaults
  readonly strikes: (fault: AirFault, p: number) => boolean
  readonly network: AirNetwork
}): Radio {
  const { lockId, random, nowMs, schedule, faults, strikes, network } = settings
  const pause = createBackOff(random.split(`back-off ${lockId}`))
  const nonces = random.split(`sid ${lockId}`)
  let handlers: RadioHandlers | null = null
  let session: Session | null = null
  let hasAntenna = true
  let link: CellLink | null = null
  let cancelAttempt: (() => void) | null = null

  function attemptAt(atMs: number): void {
    if (handlers === null || cancelAttempt !== null) return
    cancelAttempt = schedule(atMs, () => {
      cancelAttempt = null
      if (handlers === null || session !== null) return
      const { refuse, drop } = faults()
      const isRefused = refuse !== undefined && strikes('refused', refuse)
      if (!hasAntenna || isRefused || random.chance(drop)) attemptAt(nowMs() + pause.nextDelayMs())
      else open(handlers)
    })
  }

  function open(current: RadioHandlers): void {
    const opened: Session = {
      sid: sessionNonce(nonces),
      handlers: current,
      sinceMs: nowMs(),
      onClosed,
      isHalfOpen: false,
      lockEnd: 'open',
      link,
      lastAtMs: { up: 0, down: 0 },
    }
    session = opened
    link?.connected()
    network.enter(lockId, opened)
    current.connected(opened.sid)
  }

  function onClosed(closed: Session): void {
    if (session !== closed) return
    session = null
    closed.lockEnd = 'closed'
    pause.connectionEnded(nowMs() - closed.sinceMs)
    handlers?.disconnected()
    attemptAt(nowMs() + pause.nextDelayMs())
  }

  function closeAtLock(): void {
    const closing = session
    if (closing === null) return
    const canBeHeard = !closing.isHalfOpen && hasAntenna
    if (canBeHeard) {
      network.closeAtBroker(lockId, closing)
      return
    }
    network.becomeHalfOpen(lockId, closing)
    onClosed(closing)
  }

  return {
    switchOn: (given) => {
      handlers = given
      attemptAt(nowMs() + random.integer(faults().delayMs.from, faults().delayMs.to))
    },
    publish: ({ ref, channel, payload }) => {
      const current = session
      if (current === null) return
      const bytes = encoder.encode(payload)
      network.carry({ lockId, bytes: bytes.length }, current, 'up', () => {
        network.sink(lockId, topicOf(lockId, channel), bytes, () => {
          if (!network.isCurrent(lockId, current)) return
          network.carry({ lockId, bytes: pubackBytes }, current, 'down', () => {
            if (session === current) handlers?.puback(ref)
          })
        })
      })
    },
    closeConnection: closeAtLock,
    setAntenna: (isOn) => {
      hasAntenna = isOn
      if (session === null) return
      if (!isOn) network.becomeHalfOpen(lockId, session)
      else if (session.isHalfOpen) closeAtLock()
    },
    setLink: (given) => {
      link = given
    },
    setReconnectSpread: pause.spread,
    switchOff: () => {
      handlers = null
      cancelAttempt?.()
      cancelAttempt = null
      closeAtLock()
    },
  }
}

const encoder = new TextEncoder()
const pubackBytes = 4
