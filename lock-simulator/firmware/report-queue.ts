import { encodeMessage } from '../../contracts/mqtt/codec.ts'
import {
  type Acknowledgement,
  type Hello,
  type LockEvent,
  maxPayloadBytes,
  maxTelemetryRecords,
  type Presence,
  protocolVersion,
  type TelemetryRecord,
} from '../../contracts/mqtt/reports.ts'
import type { UplinkKind } from '../../contracts/mqtt/topics.ts'
import { fullBucket, spendToken, type TokenBucket } from './token-bucket.ts'

export const maxInFlight = 8
export const defaultPubackTimeoutMs = 20_000
/** The outbox is one ring of 3,000: 500 events and 2,500 telemetry records; events may take telemetry's room. */
export const eventLaneSize = 500
export const telemetryLaneSize = 2_500
const maxWaitingAcks = 32
/** Backlog batches leave at most this often: 5 messages a second, the broker's limit. */
const backlogSpacingMs = 200
/** Room for the envelope around the records of a batch. */
const envelopeBytes = 128

export type PublishKind = UplinkKind | 'presence'

/** A message for the radio. `ref` comes back with its PUBACK. */
export interface Publication {
  readonly ref: number
  readonly channel: PublishKind
  readonly payload: string
}

type Load =
  | { readonly lane: 'greeting' }
  | { readonly lane: 'ack'; readonly ack: Acknowledgement }
  | { readonly lane: 'evt'; readonly event: LockEvent }
  | { readonly lane: 'tel'; readonly records: readonly TelemetryRecord[] }

interface InFlight {
  readonly ref: number
  readonly sentAtMs: number
  readonly load: Load
}

/** The outbox, changed in place: a lane may hold thousands of records, and a process thousands of locks. */
export interface ReportQueue {
  readonly bootId: number
  acks: Acknowledgement[]
  events: LockEvent[]
  /** The newest record, while it waits: it overtakes the backlog. */
  fresh: TelemetryRecord | null
  backlog: TelemetryRecord[]
  inFlight: InFlight[]
  /** What is left to say first: the hello, then the birth. */
  greeting: readonly [Hello, Presence] | readonly [Presence] | null
  /** Nothing else leaves before the hello of this connection is acknowledged. */
  helloRef: number | null
  isOnline: boolean
  /** Records with a lower sequence were made before this connection: they carry `bf: 1`. */
  onlineFromQ: number
  nextRef: number
  nextBacklogAtMs: number
  bucket: TokenBucket
  thinnedTelemetry: number
  droppedEvents: number
}

/** `events`: those that were still unacknowledged in flash at boot, oldest first. */
export function emptyQueue(bootId: number, events: readonly LockEvent[]): ReportQueue {
  return {
    bootId,
    acks: [],
    events: [...events],
    fresh: null,
    backlog: [],
    inFlight: [],
    greeting: null,
    helloRef: null,
    isOnline: false,
    onlineFromQ: 0,
    nextRef: 1,
    nextBacklogAtMs: 0,
    bucket: fullBucket(),
    thinnedTelemetry: 0,
    droppedEvents: 0,
  }
}

export function goOnline(queue: ReportQueue, hello: Hello, birth: Presence): void {
  goOffline(queue)
  queue.isOnline = true
  queue.greeting = [hello, birth]
  queue.helloRef = null
  queue.onlineFromQ = hello.q
}

/** Whatever was in flight is unproven: it goes back to the front of its lane, in order. */
export function goOffline(queue: ReportQueue): void {
  queue.isOnline = false
  queue.greeting = null
  queue.helloRef = null
  const unproven = queue.inFlight.map(({ load }) => load)
  queue.inFlight = []
  queue.acks.unshift(...unproven.flatMap((load) => (load.lane === 'ack' ? [load.ack] : [])))
  queue.events.unshift(...unproven.flatMap((load) => (load.lane === 'evt' ? [load.event] : [])))
  const records = unproven.flatMap((load) => (load.lane === 'tel' ? load.records : []))
  if (queue.fresh) records.push(queue.fresh)
  queue.fresh = null
  if (records.length > 0) queue.backlog = [...queue.backlog, ...records].sort((a, b) => a.q - b.q)
  thin(queue)
}

export function addAck(queue: ReportQueue, ack: Acknowledgement): void {
  queue.acks.push(ack)
  if (queue.acks.length > maxWaitingAcks) queue.acks.shift()
}

/** Returns the event that had to make room (only when the whole ring holds nothing but events), or null. */
export function addEvent(queue: ReportQueue, event: LockEvent): LockEvent | null {
  queue.events.push(event)
  thin(queue)
  if (queue.events.length <= eventLaneSize + telemetryLaneSize) return null
  const least = queue.events.findIndex(({ k }) => k !== 'bolt')
  queue.droppedEvents++
  return queue.events.splice(Math.max(0, least), 1)[0] ?? null
}

export function addTelemetry(queue: ReportQueue, record: TelemetryRecord): void {
  if (queue.isOnline) {
    if (queue.fresh) queue.backlog.push(queue.fresh)
    queue.fresh = record
  } else {
    queue.backlog.push(record)
  }
  thin(queue)
}

/** The message is in the server's database. Returns the event that flash may now forget, or null. */
export function onPuback(queue: ReportQueue, ref: number): LockEvent | null {
  const index = queue.inFlight.findIndex((sent) => sent.ref === ref)
  const [sent] = index < 0 ? [] : queue.inFlight.splice(index, 1)
  if (queue.helloRef === ref) queue.helloRef = null
  return sent?.load.lane === 'evt' ? sent.load.event : null
}

export const isPubackLate = (queue: ReportQueue, pubackTimeoutMs: number, uptimeMs: number): boolean => {
  const [oldest] = queue.inFlight
  return oldest !== undefined && uptimeMs >= oldest.sentAtMs + pubackTimeoutMs
}

/** All that may leave now, in order: hello, acks, events, one fresh record, backlog. */
export function pump(queue: ReportQueue, uptimeMs: number): Publication[] {
  const out: Publication[] = []
  if (!queue.isOnline) return out
  while (queue.inFlight.length < maxInFlight && queue.helloRef === null) {
    const next = nextLoad(queue, uptimeMs)
    if (next === null) break
    const ref = queue.nextRef++
    queue.inFlight.push({ ref, sentAtMs: uptimeMs, load: next.load })
    if (next.channel === 'hello') queue.helloRef = ref
    out.push({ ref, channel: next.channel, payload: next.payload })
  }
  return out
}

/** When the queue next wants a `tick`: the oldest PUBACK is overdue, or a paced message may leave. */
export function queueWakeAtMs(queue: ReportQueue, pubackTimeoutMs: number, uptimeMs: number): number | null {
  if (!queue.isOnline) return null
  const [oldest] = queue.inFlight
  const overdueAtMs = oldest === undefined ? null : oldest.sentAtMs + pubackTimeoutMs
  const isBlocked = queue.helloRef !== null || queue.inFlight.length >= maxInFlight
  const isWaiting = queue.events.length > 0 || queue.fresh !== null || queue.backlog.length > 0
  const pacedAtMs = isWaiting && !isBlocked ? uptimeMs + backlogSpacingMs : null
  if (overdueAtMs === null || pacedAtMs === null) return overdueAtMs ?? pacedAtMs
  return Math.min(overdueAtMs, pacedAtMs)
}

interface Outgoing {
  readonly channel: PublishKind
  readonly payload: string
  readonly load: Load
}

function nextLoad(queue: ReportQueue, uptimeMs: number): Outgoing | null {
  if (queue.greeting) return nextGreeting(queue, queue.greeting)
  const ack = queue.acks.shift()
  if (ack) return { channel: 'ack', payload: encodeMessage(flagged(queue, ack)), load: { lane: 'ack', ack } }
  const hasBacklog = queue.backlog.length > 0 && uptimeMs >= queue.nextBacklogAtMs
  if (queue.events.length === 0 && queue.fresh === null && !hasBacklog) return null
  if (!spendToken(queue.bucket, uptimeMs)) return null
  const event = queue.events.shift()
  if (event) return { channel: 'evt', payload: encodeMessage(flagged(queue, event)), load: { lane: 'evt', event } }
  if (queue.fresh) {
    const record = queue.fresh
    queue.fresh = null
    return telemetry(queue, [record])
  }
  queue.nextBacklogAtMs = uptimeMs + backlogSpacingMs
  return telemetry(queue, queue.backlog.splice(0, batchLength(queue.backlog)))
}

function nextGreeting(queue: ReportQueue, greeting: NonNullable<ReportQueue['greeting']>): Outgoing {
  const load: Load = { lane: 'greeting' }
  if (greeting.length === 2) {
    queue.greeting = [greeting[1]]
    return { channel: 'hello', payload: encodeMessage(greeting[0]), load }
  }
  queue.greeting = null
  return { channel: 'presence', payload: encodeMessage(greeting[0]), load }
}

const isOld = (queue: ReportQueue, b: number, q: number) => b !== queue.bootId || q < queue.onlineFromQ

const flagged = <T extends { readonly b: number; readonly q: number }>(queue: ReportQueue, record: T): T =>
  isOld(queue, record.b, record.q) ? { ...record, bf: 1 } : record

function telemetry(queue: ReportQueue, records: readonly TelemetryRecord[]): Outgoing {
  const first = records[0]
  const bf = first && isOld(queue, queue.bootId, first.q) ? { bf: 1 } : {}
  const payload = encodeMessage({ v: protocolVersion, b: queue.bootId, ...bf, r: records })
  return { channel: 'tel', payload, load: { lane: 'tel', records } }
}

/** As many of the oldest records as fit one message. */
function batchLength(records: readonly TelemetryRecord[]): number {
  let bytes = envelopeBytes
  let count = 0
  for (const record of records.slice(0, maxTelemetryRecords)) {
    bytes += encodeMessage(record).length + 1
    if (bytes > maxPayloadBytes) break
    count++
  }
  return Math.max(1, count)
}

/** Over its size the telemetry lane loses every second of its older half: the track gets coarser, not shorter. */
function thin(queue: ReportQueue): void {
  const size = Math.max(0, telemetryLaneSize - Math.max(0, queue.events.length - eventLaneSize))
  while (queue.backlog.length > size) {
    const before = queue.backlog.length
    const half = Math.ceil(before / 2)
    queue.backlog = queue.backlog.filter((_, index) => index >= half || index % 2 === 1)
    queue.thinnedTelemetry += before - queue.backlog.length
  }
}
