import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { PhonePass } from '../../../contracts/http/no-coverage.ts'
import type { RiderId, TripId } from '../../../contracts/ids.ts'
import {
  decodeLockFrame,
  encodeFrame,
  type LockFrame,
  type LockReceipt,
  type PhoneFrame,
  type PhoneKey,
  type PhoneOperation,
} from '../../../contracts/no-coverage.ts'
import { proofToSign, tokenText } from '../../../contracts/no-coverage-words.ts'
import type { Random } from '../../../contracts/random.ts'
import { isRefusal } from '../../../contracts/refusals.ts'
import type { Lock } from '../../../lock-simulator/body/lock.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { PhoneConnection } from '../../../lock-simulator/radio/phone-radio.ts'
import { countFault } from './fault-kinds.ts'
import type { Notes } from './notes.ts'
import type { Moment, PhoneClock } from './phone-clock.ts'
import type { Server } from './server.ts'

export interface PhoneSettings {
  readonly riderId: RiderId
  readonly clock: VirtualClock
  readonly random: Random
  readonly server: Server
  readonly notes: Notes
  readonly time: PhoneClock
  /** Chance that the connection breaks between a grant and its receipt. */
  readonly breaks: number
  /** Chance that another phone, which heard everything, says the same once more. */
  readonly eavesdrops: number
}

const answersWithinMs = 8_000
const asksAgain = 3
const eavesdroppedForMs = 900_000
const proofBytes = 16
/** From a grant's arrival until it is said, where a clock is looked at first. */
const slowestHandsMs = 25_000

/** A rider's phone beside a lock that has no coverage. It has network itself, as at the top of the stairs. */
export function createPhone(settings: PhoneSettings) {
  const { riderId, clock, random, server, notes, time } = settings
  /** Of the ride that it keeps a key of. */
  let pass: PhonePass | null = null
  let usedCodes = 0

  const wait = (fromMs: number, toMs: number) =>
    new Promise<void>((resolve) => clock.schedule(clock.nowMs() + random.integer(fromMs, toMs), resolve))

  /** Opens a bike that is promised: a challenge is brought to the server, its grant to the lock, the receipt back. */
  async function open(tripId: TripId, lock: Lock): Promise<void> {
    const link = connect(lock)
    if (link === null) return
    const challenge = await link.next('ch')
    if (challenge !== null) {
      const heard = time.now()
      const answer = await server.ask((rooms) => rooms.noCoverage.askGrant(riderId, { tripId, challenge }))
      if (answer.kind === 'answered')
        notes.count(isRefusal(answer.value) ? `grant: ${answer.value.code}` : 'grant: yes')
      if (answer.kind === 'answered' && isRefusal(answer.value) && answer.value.code === 'no_coverage_open') {
        link.say({ v: 1, k: 't' })
        await bringFrom(tripId, link)
      }
      if (answer.kind === 'answered' && !isRefusal(answer.value)) {
        const { grant } = answer.value
        const token = tokenText({ kind: 'grant', id: grant.id })
        notes.grants.set(token, { b: challenge.b, untilUptimeMs: challenge.u + grant.ttl })
        if (await isStillGood(heard, grant.ttl)) {
          link.say(grant)
          await hearOut(tripId, lock, link, grant)
        }
      }
    }
    link.leave()
  }

  /** Our page says at once what it got. A phone that looks at its clock first says it late, or never. */
  async function isStillGood(heard: Moment, ttlMs: number): Promise<boolean> {
    if (!time.isWrong) return true
    time.wander()
    await wait(0, slowestHandsMs)
    return time.isNotOver(heard, ttlMs)
  }

  /** By a code of the ride's key: pauses, goes on, or ends. True when the lock has understood. */
  async function use(tripId: TripId, lock: Lock, op: PhoneOperation, act: () => Promise<unknown>): Promise<void> {
    if (pass?.tripId !== tripId || pass.key === null || isOver(pass.key)) await fetchPass(tripId, lock)
    const code = pass?.codes[usedCodes]
    const link = pass?.key && code !== undefined ? connect(lock) : null
    if (link === null || !pass?.key || code === undefined) return
    const challenge = await link.next('ch')
    if (challenge !== null) {
      usedCodes += 1
      const secret = Buffer.from(code, 'base64url')
      const text = proofToSign({ key: pass.key, op, i: usedCodes }, challenge.n)
      const p = Buffer.from(hmac(sha256, secret, utf8ToBytes(text)).subarray(0, proofBytes)).toString('base64url')
      const frame: PhoneFrame = { v: 1, k: 'c', key: pass.key, op, i: usedCodes, p }
      link.say(frame)
      notes.count(`phone ${op}`)
      await act()
      await hearOut(tripId, lock, link, frame)
    }
    link.leave()
  }

  /** A key that is taken for over is thrown away: the one that comes for it begins with its first code again. */
  const isOver = ({ nbf, exp }: PhoneKey): boolean => time.isWrong && !time.isBetween(nbf * 1_000, exp * 1_000)

  async function fetchPass(tripId: TripId, lock: Lock): Promise<void> {
    const answer = await server.ask((rooms) => rooms.noCoverage.passFor(riderId, tripId))
    if (answer.kind === 'no_answer' || isRefusal(answer.value)) return
    pass = answer.value
    usedCodes = 0
    const name = lock.phone().advertisedAs()
    if (name !== null && !pass.advertisedAs.includes(name)) {
      notes.found.push({ invariant: 'a-phone-finds-its-lock', detail: `${lock.lockId} calls itself ${name}` })
    }
  }

  /** The connection may break now; then the lock is asked what it did. */
  async function hearOut(tripId: TripId, lock: Lock, link: Talk, said: PhoneFrame): Promise<void> {
    if (!random.chance(settings.breaks)) {
      await bringFrom(tripId, link)
    } else {
      await wait(0, 900)
      countFault(notes, 'phone lost before the receipt')
      link.leave()
      await wait(500, 20_000)
      const back = connect(lock)
      if (back !== null && (await back.next('ch')) !== null) {
        back.say({ v: 1, k: 't' })
        await bringFrom(tripId, back)
      }
      back?.leave()
    }
    if (random.chance(settings.eavesdrops)) void sayAgain(lock, said)
  }

  /** Somebody who has listened says the same later: perhaps while the bike still stands there, perhaps at its next place. */
  async function sayAgain(lock: Lock, said: PhoneFrame): Promise<void> {
    await wait(1_000, eavesdroppedForMs)
    const stranger = connect(lock)
    if (stranger === null || (await stranger.next('ch')) === null) return
    countFault(notes, 'second phone said the same')
    stranger.say(said)
    await stranger.next('no')
    stranger.leave()
  }

  async function bringFrom(tripId: TripId, link: Talk): Promise<void> {
    const receipt = await link.next('r')
    if (receipt !== null) await bring(tripId, receipt)
  }

  async function bring(tripId: TripId, receipt: LockReceipt): Promise<void> {
    for (let asks = 0; asks < asksAgain; asks++) {
      const answer = await server.ask((rooms) => rooms.noCoverage.takeReceipt(riderId, tripId, receipt))
      if (answer.kind === 'answered') {
        notes.count(isRefusal(answer.value) ? `receipt: ${answer.value.code}` : 'receipt: yes')
        return
      }
      await wait(2_000, 10_000)
    }
  }

  interface Talk {
    /** The next frame of that kind; null: the lock said no, or nothing in time. */
    next<K extends LockFrame['k']>(kind: K): Promise<Extract<LockFrame, { k: K }> | null>
    say(frame: PhoneFrame): void
    leave(): void
  }

  function connect(lock: Lock): Talk | null {
    const heard: LockFrame[] = []
    let isOver = false
    let wake: () => void = () => undefined
    const connection: PhoneConnection | null = lock.phone().connect({
      frame: (bytes) => {
        const frame = decodeLockFrame(bytes)
        if (frame !== null) heard.push(frame)
        wake()
      },
      closed: () => {
        isOver = true
        wake()
      },
    })
    if (connection === null) return null
    return {
      next: async (kind) => {
        const giveUpAtMs = clock.nowMs() + answersWithinMs
        for (;;) {
          const at = heard.findIndex(({ k }) => k === kind || k === 'no')
          const [frame] = at < 0 ? [] : heard.splice(at, 1)
          if (frame?.k === 'no') notes.count(`phone no: ${frame.why}`)
          if (frame !== undefined) return frame.k === kind ? (frame as never) : null
          if (isOver || clock.nowMs() >= giveUpAtMs) return null
          await new Promise<void>((resolve) => {
            wake = resolve
            clock.schedule(giveUpAtMs, resolve)
          })
        }
      },
      say: (frame) => {
        notes.trace(`${clock.nowMs()} phone ${frame.k} ${lock.lockId}`)
        connection.send(encodeFrame(frame))
      },
      leave: () => connection.close(),
    }
  }

  return { open, use }
}
