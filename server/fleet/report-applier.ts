import type { Logger } from 'pino'
import type { LockId } from '../../contracts/ids.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { StoredReport } from './core/lock-report.ts'
import { locksWithUnapplied, markApplied, unappliedOf } from './ingest-store.ts'
import type { Schedule } from './schedule.ts'

/**
 * Decides on a report and saves what follows in `tx`, together with the mark that it was applied. May run again. What it
 * returns is done once, after the commit.
 */
export type ReportHandler = (tx: Queryable, report: StoredReport) => Promise<undefined | readonly (() => void)[]>

/** Stored reports, each applied once, strictly in order per lock. */
export interface ReportApplier {
  handle(handler: ReportHandler): void
  /** Begins with what an earlier run left; happens by itself before the first new report is applied. */
  start(): void
  add(reports: readonly StoredReport[]): void
  /** It is not known what was stored of these locks: their reports are read from the database. */
  readAgain(lockIds: Iterable<LockId>): void
  /** Resolves when nothing is left to do now; locks whose handler failed wait for their next try. */
  settled(): Promise<void>
  /** Ends what is being applied and begins nothing more: the rest is in the database, for the next start. */
  stop(): Promise<void>
  waitingLocks(): number
}

/** Reports of one lock kept in memory; more than that are read from the database when their turn comes. */
const maxQueuedPerLock = 64
const firstRetryMs = 500
const longestRetryMs = 30_000
/** On one session nothing runs at the same time anyway. */
const atOnceEmbedded = 1
const atOnceServer = 8

interface LockQueue {
  reports: StoredReport[]
  /** The database holds more of this lock than the queue does. */
  more: boolean
  /** Something was stored while the database was being read: read once more. */
  touched: boolean
  failures: number
  state: 'ready' | 'working' | 'resting'
}

interface Deps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly schedule: Schedule
}

export function createReportApplier(deps: Deps): ReportApplier {
  const { db, logger, schedule } = deps
  const atOnce = db.kind === 'embedded' ? atOnceEmbedded : atOnceServer
  const queues = new Map<LockId, LockQueue>()
  const ready: LockId[] = []
  const handlers: ReportHandler[] = []
  let waiters: (() => void)[] = []
  let active = 0
  /** Until it is known what an earlier run left, nothing may overtake it: new reports stay in the database as well. */
  let loaded: 'no' | 'loading' | 'yes' = 'no'
  let isStopped = false

  function queueOf(lockId: LockId): LockQueue {
    const known = queues.get(lockId)
    if (known) return known
    const queue: LockQueue = { reports: [], more: false, touched: false, failures: 0, state: 'ready' }
    queues.set(lockId, queue)
    ready.push(lockId)
    return queue
  }

  function work(): void {
    if (loaded === 'no' && !isStopped) void load()
    while (loaded === 'yes' && active < atOnce && !isStopped) {
      const lockId = ready.shift()
      const queue = lockId === undefined ? undefined : queues.get(lockId)
      if (lockId === undefined || queue === undefined) break
      active += 1
      queue.state = 'working'
      void applyNext(lockId, queue).finally(() => {
        active -= 1
        work()
      })
    }
    if (loaded === 'loading' || active > 0 || (loaded === 'yes' && ready.length > 0 && !isStopped)) return
    wakeIdle()
  }

  function wakeIdle(): void {
    const idle = waiters
    waiters = []
    for (const wake of idle) wake()
  }

  async function load(): Promise<void> {
    loaded = 'loading'
    try {
      for (const lockId of await locksWithUnapplied(db)) leaveInDatabase(queueOf(lockId))
      loaded = 'yes'
      work()
    } catch (error) {
      logger.error({ err: error }, 'what an earlier run left could not be read, will be tried again')
      schedule(firstRetryMs, work)
      wakeIdle()
      loaded = 'no'
    }
  }

  async function applyNext(lockId: LockId, queue: LockQueue): Promise<void> {
    try {
      if (queue.reports.length === 0 && queue.more) await readMore(lockId, queue)
      const report = queue.reports[0]
      if (report) {
        await apply(report)
        queue.reports.shift()
      }
      queue.failures = 0
      putBack(lockId, queue)
    } catch (error) {
      rest(lockId, queue, error)
    }
  }

  async function readMore(lockId: LockId, queue: LockQueue): Promise<void> {
    queue.touched = false
    const reports = await unappliedOf(db, lockId, maxQueuedPerLock)
    queue.reports = [...reports]
    queue.more = queue.touched || reports.length === maxQueuedPerLock
  }

  async function apply(report: StoredReport): Promise<void> {
    const acts = await db.transaction(async (tx) => {
      if (!(await markApplied(tx, report.reportId, deps.clock.nowMs()))) return []
      const after: (() => void)[] = []
      for (const handler of handlers) after.push(...((await handler(tx, report)) ?? []))
      return after
    })
    for (const act of acts) act()
  }

  function putBack(lockId: LockId, queue: LockQueue): void {
    if (queue.reports.length === 0 && !queue.more) {
      queues.delete(lockId)
      return
    }
    queue.state = 'ready'
    ready.push(lockId)
  }

  function rest(lockId: LockId, queue: LockQueue, error: unknown): void {
    queue.failures += 1
    queue.state = 'resting'
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(queue.failures - 1, 10))
    const report = queue.reports[0]
    logger.error(
      { err: error, lockId, reportId: report?.reportId, kind: report?.kind, failures: queue.failures, waitMs },
      'a report could not be applied, will be tried again',
    )
    schedule(waitMs, () => {
      putBack(lockId, queue)
      work()
    })
  }

  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      waiters.push(resolve)
      work()
    })

  return {
    handle: (handler) => void handlers.push(handler),
    start: work,
    add: (reports) => {
      for (const report of reports) {
        const queue = queueOf(report.lockId)
        if (loaded !== 'yes' || queue.more || queue.reports.length >= maxQueuedPerLock) leaveInDatabase(queue)
        else queue.reports.push(report)
      }
      work()
    },
    readAgain: (lockIds) => {
      for (const lockId of lockIds) leaveInDatabase(queueOf(lockId))
      work()
    },
    settled,
    stop: () => {
      isStopped = true
      return settled()
    },
    waitingLocks: () => queues.size,
  }
}

function leaveInDatabase(queue: LockQueue): void {
  queue.more = true
  queue.touched = true
}
