import type { Logger } from 'pino'
import type { LockId } from '../../contracts/ids.ts'
import { decodeAcknowledgement, decodeEvent, decodeHello, decodePresence } from '../../contracts/mqtt/codec.ts'
import type { UplinkKind } from '../../contracts/mqtt/topics.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Uplink, UplinkSink } from '../platform/broker.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isConnectionLost, sqlStateOf } from '../platform/database.ts'
import { createBootTimes } from './boot-times.ts'
import type { StoredReport } from './core/lock-report.ts'
import type { LockWord } from './core/lock-shadow.ts'
import { type NewPosition, type NewReport, storeWords } from './ingest-store.ts'
import { ensurePositionPartitions } from './position-partitions.ts'
import { createReportApplier, type ReportHandler } from './report-applier.ts'
import { realSchedule, type Schedule } from './schedule.ts'
import { readTelemetry } from './telemetry-message.ts'

/** Who hears what locks say: the fleet's shadows. `heard` comes after the commit. */
export interface LockListener {
  heard(lockId: LockId, word: LockWord, receivedAtMs: EpochMs): void
  present(lockId: LockId, on: boolean, sessionId: string): void
}

export type IngestEvent = 'unreadable' | 'stored' | 'poisoned'

export interface UplinkIngest {
  readonly sink: UplinkSink
  /** Decides on reports, in the order in which handlers were added; all of them share the report's transaction. */
  onReport(handler: ReportHandler): void
  /** Begins to apply what an earlier run left, before anything new of the same lock. Call after the handlers are added. */
  start(): Promise<void>
  /** Stores what is pending and applies everything that can be applied now. */
  flush(): Promise<void>
  /** Ends the commit that runs and what is being applied, and begins no other: what it leaves was not acknowledged. */
  stop(): Promise<void>
  /** Messages that wait for a commit. */
  pendingMessages(): number
}

/** A message that waits for its commit. */
interface Pending {
  readonly lockId: LockId
  readonly word: LockWord
  readonly receivedAtMs: EpochMs
  readonly done: (outcome: 'stored' | 'refused') => void
}

/** How long the first message of a batch of telemetry waits for others. */
const flushAfterMs = 5
/**
 * Rows of one commit. The embedded database does nothing else meanwhile, so this is what an unlock may have to wait
 * for: 500 rows took 8 ms (17 ms at worst of 60) on two shared cores, 2,000 took 32 ms.
 */
const rowsPerCommitEmbedded = 500
const rowsPerCommitServer = 2_000
const firstRetryMs = 100
const longestRetryMs = 2_000
const complainEveryMs = 60_000
/** Locks whose last complaint is remembered; beyond it all are forgotten, which costs some lines of log. */
const maxComplainers = 10_000

export function createUplinkIngest(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly listener: LockListener
  readonly schedule?: Schedule
  readonly onEvent?: (event: IngestEvent, count: number) => void
  readonly rowsPerCommit?: number
}): UplinkIngest {
  const { db, clock, logger, listener, schedule = realSchedule, onEvent: count = () => undefined } = deps
  const rowsPerCommit = deps.rowsPerCommit ?? (db.kind === 'embedded' ? rowsPerCommitEmbedded : rowsPerCommitServer)
  const boots = createBootTimes(db)
  const applier = createReportApplier({ db, clock, logger, schedule })
  const complain = createComplaints(logger, clock)
  const pending: Pending[] = []
  let woken = false
  let hurried = false
  let committing: Promise<void> | null = null
  let failures = 0
  let isStopped = false
  /** The answer to a commit was lost: what was stored of these locks is only known to the database. */
  const doubtful = new Set<LockId>()
  let partitionsForDay = Number.NEGATIVE_INFINITY

  const sink: UplinkSink = (uplink, done) => {
    if (uplink.topic.kind === 'presence') return takePresence(uplink, done)
    const decoded = readers[uplink.topic.uplink](uplink.payload)
    if (!decoded.ok) {
      count('unreadable', 1)
      complain(uplink.lockId, uplink.topic.uplink, decoded.why)
      return done('refused')
    }
    pending.push({ lockId: uplink.lockId, word: decoded.value, receivedAtMs: clock.nowMs(), done })
    if (decoded.value.kind === 'tel' || failures > 0) wake(flushAfterMs)
    else hurry()
  }

  function takePresence({ lockId, payload }: Uplink, done: Pending['done']): void {
    const decoded = decodePresence(payload)
    if (decoded.ok) listener.present(lockId, decoded.value.on === 1, decoded.value.sid)
    else count('unreadable', 1)
    done(decoded.ok ? 'stored' : 'refused')
  }

  /** Somebody stands at the bike and waits for this word: it takes along what is there and does not wait for more. */
  function hurry(): void {
    if (hurried || committing || isStopped) return
    hurried = true
    schedule(0, () => {
      hurried = false
      void commitPending()
    })
  }

  function wake(delayMs: number): void {
    if (woken || committing || isStopped) return
    woken = true
    schedule(delayMs, () => {
      woken = false
      void commitPending()
    })
  }

  /** One at a time, so that commits, and with them the answers, keep the order of arrival. */
  function commitPending(): Promise<void> {
    committing ??= commitUntilEmpty().finally(() => {
      committing = null
      if (pending.length > 0) wake(failures === 0 ? 0 : Math.min(longestRetryMs, firstRetryMs * 2 ** (failures - 1)))
    })
    return committing
  }

  async function commitUntilEmpty(): Promise<void> {
    while (pending.length > 0 && !isStopped) {
      const batch = nextBatch(pending, rowsPerCommit)
      try {
        await preparePartitions()
        await commit(batch)
        failures = 0
      } catch (error) {
        failures = Math.min(failures + 1, 10)
        for (const { lockId, word } of batch) if (word.kind !== 'tel') doubtful.add(lockId)
        logger.error({ err: error, waiting: pending.length, failures }, 'reports are not stored, locks wait')
        return
      }
    }
  }

  async function commit(batch: readonly Pending[]): Promise<void> {
    try {
      const stored = await store(batch)
      answer(batch, 'stored')
      count('stored', batch.length)
      if (doubtful.size > 0) applier.readAgain(doubtful)
      doubtful.clear()
      applier.add(stored)
    } catch (error) {
      if (!isAboutTheData(error)) throw error
      // One message that the database cannot hold must not stop the others: halve until it stands alone.
      if (batch.length > 1) {
        const half = batch.length >> 1
        await commit(batch.slice(0, half))
        await commit(batch.slice(half))
        return
      }
      count('poisoned', 1)
      logger.error({ err: error, lockId: batch[0]?.lockId }, 'a message cannot be stored and is dropped')
      answer(batch, 'refused')
    }
  }

  async function store(batch: readonly Pending[]): Promise<readonly StoredReport[]> {
    const timeOf = await boots.of(batch)
    const reports: NewReport[] = []
    const positions: NewPosition[] = []
    for (const { lockId, word, receivedAtMs } of batch) {
      const bootId = word.body.b
      if (word.kind === 'tel') {
        for (const record of word.body.r) {
          positions.push({ lockId, bootId, record, madeAtMs: timeOf(lockId, bootId, record), receivedAtMs })
        }
      } else
        reports.push({
          lockId,
          word,
          madeAtMs: notAfter(timeOf(lockId, bootId, word.body), receivedAtMs),
          receivedAtMs,
        })
    }
    return storeWords(db, reports, positions)
  }

  /** Batches are taken from the head, so answers keep the order of arrival. */
  function answer(batch: readonly Pending[], outcome: 'stored' | 'refused'): void {
    pending.splice(0, batch.length)
    for (const { lockId, word, receivedAtMs, done } of batch) {
      if (outcome === 'stored') listener.heard(lockId, word, receivedAtMs)
      done(outcome)
    }
  }

  async function preparePartitions(): Promise<void> {
    const day = Math.floor(clock.nowMs() / dayMs)
    if (day <= partitionsForDay) return
    try {
      await ensurePositionPartitions(db, clock.nowMs())
    } catch (error) {
      if (isConnectionLost(error)) throw error
      logger.error({ err: error }, 'partitions of position were not made: the default partition takes the records')
    }
    partitionsForDay = day
  }

  return {
    sink,
    onReport: applier.handle,
    start: async () => applier.start(),
    flush: async () => {
      const failed = failures
      do await commitPending()
      while (pending.length > 0 && failures <= failed)
      await applier.settled()
    },
    stop: async () => {
      isStopped = true
      await committing
      await applier.stop()
    },
    pendingMessages: () => pending.length,
  }
}

const dayMs = 86_400_000

type Read = { readonly ok: true; readonly value: LockWord } | { readonly ok: false; readonly why: string }

const readers: Readonly<Record<UplinkKind, (payload: Uint8Array) => Read>> = {
  hello: (payload) => as('hello', decodeHello(payload)),
  evt: (payload) => as('evt', decodeEvent(payload)),
  ack: (payload) => as('ack', decodeAcknowledgement(payload)),
  tel: (payload) => as('tel', readTelemetry(payload)),
  ota: () => ({ ok: false, why: 'no firmware job runs on this platform' }),
  log: () => ({ ok: false, why: 'diagnostics are not kept' }),
}

function as<Kind extends LockWord['kind'], Body>(
  kind: Kind,
  decoded: { readonly ok: true; readonly value: Body } | { readonly ok: false; readonly why: string },
): Read {
  return decoded.ok ? { ok: true, value: { kind, body: decoded.value } as unknown as LockWord } : decoded
}

/** As many messages as fit in `maxRows` rows, at least one. */
function nextBatch(pending: readonly Pending[], maxRows: number): readonly Pending[] {
  let rows = 0
  let length = 0
  for (const { word } of pending) {
    rows += word.kind === 'tel' ? word.body.r.length : 1
    if (length > 0 && rows > maxRows) break
    length += 1
  }
  return pending.slice(0, length)
}

/** SQLSTATE class 22 (a value that does not fit) or 23 (a constraint): trying again would never help. */
const isAboutTheData = (error: unknown): boolean => /^2[23]...$/.test(sqlStateOf(error) ?? '')

/** Nothing is made after it came in; what is billed must not lie in the future. */
const notAfter = (madeAtMs: EpochMs, receivedAtMs: EpochMs): EpochMs =>
  madeAtMs > receivedAtMs ? receivedAtMs : madeAtMs

/** A line at most once a minute and lock: a broken lock must not fill the log. */
function createComplaints(logger: Logger, clock: Clock): (lockId: LockId, topic: UplinkKind, why: string) => void {
  const lastAtMs = new Map<LockId, number>()
  return (lockId, topic, why) => {
    const nowMs = clock.realNowMs()
    if (nowMs - (lastAtMs.get(lockId) ?? Number.NEGATIVE_INFINITY) < complainEveryMs) return
    if (lastAtMs.size >= maxComplainers) lastAtMs.clear()
    lastAtMs.set(lockId, nowMs)
    logger.warn({ lockId, topic, why }, 'a message cannot be read and is dropped')
  }
}
