import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { parser } from 'mqtt-packet'
import type { Rate } from '../server/platform/broker-rate.ts'
import { type Attacker, connectBytes, type FirstBytes, type Said } from './hostile-kinds.ts'

/** Connections of an attacker: as lean as they get, and closed with a reset so that no port waits. */

const host = '127.0.0.1'
/** Unanswered messages of one connection; its lock is let through five times a second anyway. */
const windowOfLock = 8
const closeLimitMs = 30_000
/** Of a thousand voices that all speak at once, each waits for its turn. */
const answerLimitMs = 60_000
const connectTries = 40
const pauseOfTryMs = 500

/** How the broker met those who knocked. */
export interface Knocked {
  readonly sent: number
  letIn: number
  /** By a CONNACK; the others were closed. */
  refused: number
}

/**
 * Sends first bytes on connections of their own, `atOnce` at a time.
 * @throws when one of them is neither answered nor closed in time
 */
export async function knock(
  port: number,
  kind: FirstBytes,
  who: readonly Attacker[],
  amount: number,
  atOnce: number,
): Promise<Knocked> {
  const knocked: Knocked = { sent: amount, letIn: 0, refused: 0 }
  let next = 0
  const work = async (): Promise<void> => {
    while (next < amount) {
      const index = next++
      const attacker = who[index % who.length]
      if (!attacker) continue
      const socket = connect({ host, port, noDelay: true })
      const answer = await untilAnswered(socket, kind.bytes(attacker, index), kind.name)
      if (answer?.[0] !== connack) continue
      if (answer[3] === 0) knocked.letIn += 1
      else knocked.refused += 1
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, amount) }, work))
  return knocked
}

const connack = 0x20

/** What the broker says first, null when it closes without a word. */
function untilAnswered(socket: Socket, bytes: Buffer, what: string): Promise<Buffer | null> {
  const answered = new Promise<Buffer | null>((resolve) => {
    socket.on('error', () => undefined)
    socket.once('connect', () => socket.write(bytes))
    // A CONNACK that says no is followed by the end; the no is counted by then.
    socket.once('data', resolve)
    socket.once('close', () => resolve(null))
  })
  return within(closeLimitMs, `an answer or an end to: ${what}`, answered).finally(() => socket.resetAndDestroy())
}

/** @throws after `limitMs`, with what was waited for */
async function within<T>(limitMs: number, what: string, waited: Promise<T>): Promise<T> {
  const stop = new AbortController()
  const limit = pause(limitMs, null, { signal: stop.signal }).then(
    () => Promise.reject(new Error(`waited ${limitMs / 1_000} s for ${what}`)),
    // Stopped, since it came.
    () => waited,
  )
  try {
    return await Promise.race([waited, limit])
  } finally {
    stop.abort()
  }
}

/** A lock that was let in and does what it is told until it is closed. */
export interface LetIn {
  readonly who: Attacker
  /**
   * Sends these, a few unanswered at a time and no faster than `pace`; resolves with how many were answered.
   * @throws when it is cut off, or an answer does not come
   */
  say(kind: Said, from: number, amount: number, pace?: Rate): Promise<number>
  /** Messages that the broker passed on to it: it has asked for none that it may have. */
  toldOf(): number
  close(): void
}

/** @throws when the broker refuses for longer than its storm protection would */
export async function letIn(port: number, who: Attacker): Promise<LetIn> {
  for (let tries = 0; tries < connectTries; tries++) {
    const socket = await within(closeLimitMs, `${who.lockId} to be let in`, connected(port, who))
    if (socket !== null) return speaker(socket, who)
    await pause(pauseOfTryMs)
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
    socket.once('data', (data) => end(data[0] === connack && data[3] === 0 ? socket : null))
  })
}

function speaker(socket: Socket, who: Attacker): LetIn {
  const packets = parser()
  let answered: () => void = () => undefined
  let told = 0
  packets.on('packet', ({ cmd }) => {
    if (cmd === 'puback' || cmd === 'suback') answered()
    if (cmd === 'publish') told += 1
  })
  socket.on('data', (data: Buffer) => packets.parse(data))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))

  function sayAll(kind: Said, from: number, amount: number, pace?: Rate): Promise<number> {
    let [sent, done] = [0, 0]
    let waits: NodeJS.Timeout | undefined
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${who.lockId} ${why}: ${kind.name}, ${done} of ${amount}`))
      const limit = setTimeout(() => fail('has no answer'), answerLimitMs)
      void closed.then(() => {
        clearTimeout(limit)
        clearTimeout(waits)
        fail('was cut off')
      })
      const more = (): void => {
        waits = undefined
        while (sent < amount && sent - done < windowOfLock) {
          if (pace?.take(performance.now()) === false) {
            waits = setTimeout(more, pace.waitMs(performance.now()))
            return
          }
          socket.write(kind.bytes(who, from + sent++))
        }
      }
      answered = () => {
        done += 1
        limit.refresh()
        if (done < amount) return waits === undefined ? more() : undefined
        clearTimeout(limit)
        resolve(done)
      }
      more()
    })
  }

  return {
    who,
    say: async (kind, from, amount, pace) => {
      if (kind.answer !== 'close') return sayAll(kind, from, amount, pace)
      socket.write(kind.bytes(who, from))
      await within(closeLimitMs, `the end of ${who.lockId} after: ${kind.name}`, closed)
      return 1
    },
    toldOf: () => told,
    close: () => socket.resetAndDestroy(),
  }
}
