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
import { batchPayload } from './deflated-batch.ts'
import type { Nvm, NvmWrite } from './journal.ts'
import {
  addRecord,
  emptyLane,
  laneAtBoot,
  none,
  putBack,
  type TelemetryLane,
  type TelemetryPage,
  takePages,
  thinLane,
} from './telemetry-lane.ts'
import { endGrant, fullBucket, grantTokens, hasGrant, spendToken, type TokenBucket } from './token-bucket.ts'

export const maxInFlight = 8
/** Backlog batches in flight at once: the rest of the window is for what happens now. */
const maxBatchesInFlight = 6
export const defaultPubackTimeoutMs = 20_000
/** The outbox is one ring of 3,000: 500 events and 2,500 telemetry records; events may take telemetry's room. */
export const eventLaneSize = 500
export const telemetryLaneSize = 2_500
const maxWaitingAcks = 32
/** Backlog batches leave at most this often: 5 messages a second, the broker's limit. */
const backlogSpacingMs = 200

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
  /** The newest record, on its way at once: it is in flash only when it comes back. */
  | { readonly lane: 'fresh'; readonly record: TelemetryRecord }
  | { readonly lane: 'tel'; readonly pages: readonly TelemetryPage[] }

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
  backlog: TelemetryLane
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
  droppedEvents: number
  /** The most telemetry records that waited while an event was dropped: none ever does. */
  keptBesideDropped: number
  /** What flash must be told before anything else is said. */
  writes: NvmWrite[]
}

export function emptyQueue(bootId: number, events: readonly LockEvent[] = none): ReportQueue {
  return {
    bootId,
    acks: none,
    events: events.length === 0 ? none : [...events],
    fresh: null,
    backlog: emptyLane(),
    inFlight: none,
    greeting: null,
    helloRef: null,
    isOnline: false,
    onlineFromQ: 0,
    nextRef: 1,
    nextBacklogAtMs: 0,
    bucket: fullBucket(),
    droppedEvents: 0,
    keptBesideDropped: 0,
    writes: none,
  }
}

/** The outbox as flash has kept it over a reset. What cannot be read is skipped, and erased. */
export function queueAtBoot(bootId: number, { events, pages = none }: Pick<Nvm, 'events' | 'pages'>): ReportQueue {
  const queue = emptyQueue(bootId, events.filter(isReadable))
  const { lane, writes } = laneAtBoot(pages.filter(isReadable))
  queue.backlog = lane
  if (events.includes(null) || pages.includes(null)) toFlash(queue, eraseSpoilt)
  toFlash(queue, ...writes)
  makeRoom(queue)
  return queue
}

const isReadable = <T>(cell: T | null): cell is T => cell !== null
const eraseSpoilt: NvmWrite = { cell: 'erase-spoilt' }

export function goOnline(queue: ReportQueue, hello: Hello, birth: Presence): void {
  goOffline(queue)
  queue.isOnline = true
  queue.greeting = [hello, birth]
  queue.onlineFromQ = hello.q
}

/** Whatever was in flight is unproven: it goes back to the front of its lane, in order. */
export function goOffline(queue: ReportQueue): void {
  queue.isOnline = false
  queue.greeting = null
  queue.helloRef = null
  endGrant(queue.bucket)
  const unproven = queue.inFlight.map(({ load }) => load)
  queue.inFlight = none
  const acks = unproven.flatMap((load) => (load.lane === 'ack' ? [load.ack] : none))
  if (acks.length > 0) queue.acks = [...acks, ...queue.acks]
  const events = unproven.flatMap((load) => (load.lane === 'evt' ? [load.event] : none))
  if (events.length > 0) queue.events = [...events, ...queue.events]
  putBack(
    queue.backlog,
    unproven.flatMap((load) => (load.lane === 'tel' ? load.pages : none)),
  )
  const records = unproven.flatMap((load) => (load.lane === 'fresh' ? [load.record] : none))
  if (queue.fresh) records.push(queue.fresh)
  queue.fresh = null
  for (const record of records) toFlash(queue, addRecord(queue.backlog, queue.bootId, record))
  makeRoom(queue)
}

export function addAck(queue: ReportQueue, ack: Acknowledgement): void {
  queue.acks = added(queue.acks, ack)
  if (queue.acks.length > maxWaitingAcks) queue.acks.shift()
}

/** Into flash, and into its lane. An event has to make room only when the whole ring holds nothing but events. */
export function addEvent(queue: ReportQueue, event: LockEvent, mostEvents = eventLaneSize + telemetryLaneSize): void {
  queue.events = added(queue.events, event)
  toFlash(queue, { cell: 'event', event })
  makeRoom(queue)
  if (eventsHeld(queue) <= mostEvents) return
  const least = queue.events.findIndex(({ k }) => k !== 'bolt')
  const [dropped] = queue.events.splice(Math.max(0, least), 1)
  queue.droppedEvents++
  queue.keptBesideDropped = Math.max(queue.keptBesideDropped, queue.backlog.count)
  if (dropped) toFlash(queue, { cell: 'erase-event', b: dropped.b, q: dropped.q })
}

/** Online it leaves at once, and costs flash nothing; what must wait is written. */
export function addTelemetry(queue: ReportQueue, record: TelemetryRecord): void {
  const waiting = queue.isOnline ? queue.fresh : record
  if (queue.isOnline) queue.fresh = record
  if (waiting === null) return
  toFlash(queue, addRecord(queue.backlog, queue.bootId, waiting))
  makeRoom(queue)
}

/** The message is in the server's database: flash may forget it. */
export function onPuback(queue: ReportQueue, ref: number): void {
  const index = queue.inFlight.findIndex((sent) => sent.ref === ref)
  const [sent] = index < 0 ? none : queue.inFlight.splice(index, 1)
  if (queue.inFlight.length === 0) queue.inFlight = none
  if (queue.helloRef === ref) queue.helloRef = null
  if (sent?.load.lane === 'evt') toFlash(queue, { cell: 'erase-event', b: sent.load.event.b, q: sent.load.event.q })
  if (sent?.load.lane === 'tel') for (const { n } of sent.load.pages) toFlash(queue, { cell: 'erase-page', n })
}

/** What flash must be told, in this order, before anything else leaves: once taken it is the caller's. */
export function takeWrites(queue: ReportQueue): readonly NvmWrite[] {
  const { writes } = queue
  queue.writes = none
  return writes
}

function toFlash(queue: ReportQueue, ...writes: readonly NvmWrite[]): void {
  for (const write of writes) queue.writes = added(queue.writes, write)
}

/** The server lets a full outbox out at once: so many messages beyond the rate, while this connection lasts. */
export function grantBacklog(queue: ReportQueue, messages: number): void {
  if (queue.isOnline) grantTokens(queue.bucket, messages)
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
    queue.inFlight = added(queue.inFlight, { ref, sentAtMs: uptimeMs, load: next.load })
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
  const isBacklog = queue.backlog.count > 0 && batchesInFlight(queue) < maxBatchesInFlight
  const isWaiting = queue.events.length > 0 || queue.fresh !== null || isBacklog
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
  if (queue.acks.length === 0) queue.acks = none
  if (ack) return { channel: 'ack', payload: encodeMessage(flagged(queue, ack)), load: { lane: 'ack', ack } }
  const hasBacklog =
    queue.backlog.count > 0 &&
    uptimeMs >= queue.nextBacklogAtMs &&
    (queue.inFlight.length < maxBatchesInFlight || batchesInFlight(queue) < maxBatchesInFlight)
  if (queue.events.length === 0 && queue.fresh === null && !hasBacklog) return null
  if (!spendToken(queue.bucket, uptimeMs)) return null
  const event = queue.events.shift()
  if (queue.events.length === 0) queue.events = none
  if (event) return { channel: 'evt', payload: encodeMessage(flagged(queue, event)), load: { lane: 'evt', event } }
  if (queue.fresh) {
    const record = queue.fresh
    queue.fresh = null
    return { channel: 'tel', payload: freshPayload(queue, record), load: { lane: 'fresh', record } }
  }
  queue.nextBacklogAtMs = hasGrant(queue.bucket) ? uptimeMs : uptimeMs + backlogSpacingMs
  return nextBatch(queue)
}

const batchesInFlight = (queue: ReportQueue): number => {
  let batches = 0
  for (const { load } of queue.inFlight) if (load.lane === 'tel') batches++
  return batches
}

/** The oldest pages, as many as fit a message. */
function nextBatch(queue: ReportQueue): Outgoing {
  let pages = takePages(queue.backlog)
  let payload = pagesPayload(pages)
  if (payload.length > maxPayloadBytes && pages.length > 1) {
    putBack(queue.backlog, pages)
    pages = takePages(queue.backlog, 0)
    payload = pagesPayload(pages)
  }
  return { channel: 'tel', payload, load: { lane: 'tel', pages } }
}

const pagesPayload = (pages: readonly TelemetryPage[]): string =>
  batchPayload(
    pages[0]?.b ?? 0,
    pages.flatMap(({ records }) => records),
  )

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

/** Made while this connection was, unless an overdue PUBACK has broken the one before. */
function freshPayload(queue: ReportQueue, record: TelemetryRecord): string {
  const bf = isOld(queue, queue.bootId, record.q) ? { bf: 1 } : {}
  return encodeMessage({ v: protocolVersion, b: queue.bootId, ...bf, r: [record] })
}

const eventsHeld = (queue: ReportQueue): number => {
  let held = queue.events.length
  for (const { load } of queue.inFlight) if (load.lane === 'evt') held++
  return held
}

/** Over its size the telemetry lane gets coarser. Events beyond their own room take telemetry's. */
function makeRoom(queue: ReportQueue): void {
  const events = eventsHeld(queue)
  if (queue.backlog.count + events <= telemetryLaneSize - maxInFlight * maxTelemetryRecords) return
  let size = telemetryLaneSize - Math.max(0, events - eventLaneSize)
  for (const { load } of queue.inFlight) {
    if (load.lane === 'tel') for (const { records } of load.pages) size -= records.length
  }
  toFlash(queue, ...thinLane(queue.backlog, Math.max(0, size)))
}

/** The shared empty list is never written to. */
function added<T>(list: T[], item: T): T[] {
  if (list === none) return [item]
  list.push(item)
  return list
}
