import { createSecureContext } from 'node:tls'
import { asId, type LockId } from '../../contracts/ids.ts'
import { decodeCommand } from '../../contracts/mqtt/codec.ts'
import type { Acknowledgement } from '../../contracts/mqtt/reports.ts'
import { seededRandom } from '../../contracts/random.ts'
import type { Actuation, Lock } from '../body/lock.ts'
import { createLock } from '../body/lock-body.ts'
import type { Schedule } from '../body/schedule.ts'
import type { PublishKind } from '../firmware/report-queue.ts'
import { acknowledgedRecords } from './acknowledged-records.ts'
import type { CrowdCount, CrowdLock, CrowdNews, CrowdOrder } from './crowd-orders.ts'
import { type BrokerAddress, type WireEars, WireRadio } from './wire-radio.ts'

type Connect = Extract<CrowdOrder, { kind: 'connect' }>

/** Locks of one process, each with the real firmware and a socket of its own. */
export interface Crowd {
  /** Switches locks on, each at a random moment of the ramp. */
  connect(order: Connect): void
  lock(lockId: string): Lock | null
  count(): Omit<CrowdCount, 'rssBytes'>
  /** `lock boot sequence channel` of everything that was acknowledged, in that order. */
  acknowledged(): readonly string[]
  stop(): void
}

const plainPort = 1883
const tlsPort = 8883

/** What all locks of a process add up to. */
interface Sums {
  lostConnections: number
  refused: number
  messagesStored: number
  readonly records: string[]
  readonly obeyed: Set<string>
  obeyedTwice: number
  readonly tell: (news: CrowdNews) => void
}

export function createCrowd(schedule: Schedule, tell: (news: CrowdNews) => void): Crowd {
  const members = new Map<string, Member>()
  const sums: Sums = {
    lostConnections: 0,
    refused: 0,
    messagesStored: 0,
    records: [],
    obeyed: new Set(),
    obeyedTwice: 0,
    tell,
  }
  let wanted = 0
  let isStopped = false

  function add(given: CrowdLock, order: Connect, address: BrokerAddress): void {
    if (isStopped) return
    const member = new Member(asId<LockId>(given.lockId), sums, order.remembers)
    member.lock = lockOf(given, order, address, schedule, member)
    if (order.remembers) member.lock.onActuation((actuation) => countObeyed(sums, actuation))
    members.set(given.lockId, member)
  }

  return {
    connect: (order) => {
      const address = addressOf(order)
      wanted += order.locks.length
      for (const given of order.locks) {
        const share = seededRandom(order.seed, `ramp ${given.lockId}`).next()
        schedule(Date.now() + share * order.rampMs, () => add(given, order, address))
      }
    },
    lock: (lockId) => members.get(lockId)?.lock ?? null,
    count: () => {
      let [connected, heard, everHeard, waitingEvents] = [0, 0, 0, 0]
      for (const member of members.values()) {
        if (member.isConnected) connected += 1
        if (member.isHeard) heard += 1
        if (member.wasHeard) everHeard += 1
        waitingEvents += member.lock?.outbox().events ?? 0
      }
      const { lostConnections, refused, messagesStored, obeyedTwice } = sums
      const now = { locks: wanted, connected, heard, everHeard, waitingEvents }
      return { ...now, lostConnections, refused, messagesStored, obeyed: sums.obeyed.size, obeyedTwice }
    },
    acknowledged: () => sums.records,
    stop: () => {
      isStopped = true
      for (const { lock } of members.values()) lock?.destroy()
    },
  }
}

/** Further attempts of the motor at the same command are not another start. */
function countObeyed(sums: Sums, { commandId, attempt }: Actuation): void {
  if (commandId === null || attempt > 1) return
  if (sums.obeyed.has(commandId)) sums.obeyedTwice += 1
  sums.obeyed.add(commandId)
}

/** One lock and what is known of it from outside; a class, because there are ten thousand. */
class Member implements WireEars {
  readonly #lockId: LockId
  readonly #sums: Sums
  readonly #remembers: boolean
  lock: Lock | null = null
  isConnected = false
  isHeard = false
  wasHeard = false

  constructor(lockId: LockId, sums: Sums, remembers: boolean) {
    this.#lockId = lockId
    this.#sums = sums
    this.#remembers = remembers
  }

  connected(): void {
    this.isConnected = true
  }

  disconnected(): void {
    this.isConnected = false
    this.isHeard = false
    this.#sums.lostConnections += 1
  }

  refused(): void {
    this.#sums.refused += 1
  }

  asked(payload: Uint8Array): void {
    const command = decodeCommand(payload)
    if (!command.ok) return
    this.#sums.tell({ kind: 'asked', lockId: this.#lockId, commandId: command.value.id, atMs: momentMs() })
  }

  stored(channel: PublishKind, payload: string): void {
    const sums = this.#sums
    sums.messagesStored += 1
    if (channel === 'hello') {
      this.isHeard = true
      this.wasHeard = true
    }
    if (channel === 'ack') this.#answered(JSON.parse(payload) as Acknowledgement)
    if (!this.#remembers) return
    for (const { bootId, sequence } of acknowledgedRecords(channel, payload)) {
      sums.records.push(`${this.#lockId} ${bootId} ${sequence} ${channel}`)
    }
  }

  #answered({ id, st }: Acknowledgement): void {
    if (st === 'acc') return
    const isDone = st === 'done'
    this.#sums.tell({ kind: 'answered', lockId: this.#lockId, commandId: id, isDone, atMs: momentMs() })
  }
}

function lockOf(
  given: CrowdLock,
  { seed, backOff }: Connect,
  address: BrokerAddress,
  schedule: Schedule,
  ears: WireEars,
): Lock {
  const lockId = asId<LockId>(given.lockId)
  const random = seededRandom(seed, given.lockId)
  const commandKey = new Uint8Array(Buffer.from(given.commandKeyHex, 'hex'))
  const radio = new WireRadio({
    ...{ lockId, password: given.mqttPassword, address, nowMs: Date.now, schedule, ears },
    random: random.split('radio'),
    ...(backOff === null ? {} : { backOff }),
  })
  return createLock({
    ...{ lockId, keys: { keyVersion: given.keyVersion, commandKey }, random, nowMs: Date.now, schedule, radio },
    position: { lon: given.lon, lat: given.lat },
  })
}

function addressOf({ url, localAddress, ca }: Connect): BrokerAddress {
  const { protocol, hostname, port } = new URL(url)
  const isTls = protocol === 'mqtts:'
  const tls = isTls ? createSecureContext(ca === null ? {} : { ca }) : null
  const where = { host: hostname, port: Number(port || (isTls ? tlsPort : plainPort)), tls }
  return localAddress === null ? where : { ...where, localAddress }
}

const momentMs = (): number => performance.timeOrigin + performance.now()
