import { connect, type Socket } from 'node:net'
import { parser } from 'mqtt-packet'
import { type Attacker, connectBytes, type FirstBytes, type Said } from './hostile-kinds.ts'

/** Connections of an attacker: as lean as they get, and closed with a reset so that no port waits. */

const host = '127.0.0.1'
/** Unanswered messages of one connection; its lock is let through five times a second anyway. */
const windowOfLock = 8
const closeLimitMs = 30_000
const connectTries = 40
const pauseOfTryMs = 500

/** Sends first bytes on connections of their own, `atOnce` at a time; resolves with how many were sent. */
export async function knock(port: number, kind: FirstBytes, who: readonly Attacker[], amount: number, atOnce: number) {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < amount) {
      const index = next++
      const attacker = who[index % who.length]
      if (attacker) await untilClosed(connect({ host, port, noDelay: true }), kind.bytes(attacker, index))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, amount) }, work))
  return amount
}

/** Until the broker has said its no, or closed. */
function untilClosed(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(limit)
      socket.resetAndDestroy()
      resolve()
    }
    const limit = setTimeout(end, closeLimitMs)
    socket.on('error', () => undefined)
    socket.once('connect', () => socket.write(bytes))
    // A CONNACK that says no is followed by the end; the no is counted by then.
    socket.once('data', end)
    socket.once('close', end)
  })
}

/** A lock that was let in and does what it is told until it is closed. */
export interface LetIn {
  readonly who: Attacker
  /** Sends these, a few unanswered at a time; resolves with how many were answered or cut off. */
  say(kind: Said, from: number, amount: number): Promise<number>
  /** Everything at once, without waiting for anything. */
  shout(bytes: Buffer): Promise<void>
  readonly isOpen: () => boolean
  close(): void
}

/** @throws when the broker refuses for longer than its storm protection would */
export async function letIn(port: number, who: Attacker): Promise<LetIn> {
  for (let tries = 0; tries < connectTries; tries++) {
    const socket = await connected(port, who)
    if (socket !== null) return speaker(socket, who)
    await new Promise((resolve) => setTimeout(resolve, pauseOfTryMs))
  }
  throw new Error(`${who.lockId} was not let in`)
}

function connected(port: number, who: Attacker): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true })
    const end = (taken: Socket | null) => {
      socket.removeAllListeners()
      if (taken === null) socket.destroy()
      resolve(taken)
    }
    socket.once('error', () => end(null))
    socket.once('close', () => end(null))
    socket.once('connect', () => socket.write(connectBytes(who)))
    socket.once('data', (data) => end(data[0] === 0x20 && data[3] === 0 ? socket : null))
  })
}

function speaker(socket: Socket, who: Attacker): LetIn {
  const packets = parser()
  let answered: () => void = () => undefined
  let isOpen = true
  packets.on('packet', ({ cmd }) => {
    if (cmd === 'puback' || cmd === 'suback') answered()
  })
  socket.on('data', (data: Buffer) => packets.parse(data))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isOpen = false
      resolve()
    })
  })

  async function say(kind: Said, from: number, amount: number): Promise<number> {
    let sent = 0
    let unanswered = 0
    if (kind.answer === 'close') {
      socket.write(kind.bytes(who, from))
      await closed
      return 1
    }
    const done = new Promise<void>((resolve) => {
      const more = (): void => {
        while (sent < amount && unanswered < windowOfLock && isOpen) {
          unanswered += 1
          socket.write(kind.bytes(who, from + sent++))
        }
        if (unanswered === 0) resolve()
      }
      answered = () => {
        unanswered -= 1
        more()
      }
      more()
    })
    await Promise.race([done, closed])
    return sent
  }

  return {
    ...{ who, say },
    shout: async (bytes) => {
      socket.write(bytes)
      await closed
    },
    isOpen: () => isOpen,
    close: () => socket.resetAndDestroy(),
  }
}
