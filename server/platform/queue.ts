import { setTimeout as pause } from 'node:timers/promises'
import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type Job,
  type PgPool,
  Queue,
  type RedisOptions,
  runMigrations,
  Worker,
} from 'bullmq'
import { Pool } from 'pg'

/** Where the jobs are kept. On the embedded database connections are shared in a pool: it cannot notify. */
export type QueueAddress =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'postgres'; readonly connectionString: string }
  | { readonly kind: 'embedded'; readonly host: string; readonly port: number }

export interface QueueOptions {
  /** One run of a job failed, or the queue's own connection did (`attempt` 0). Failed runs are tried again by themselves. */
  readonly onFailure: (jobName: string, error: Error, attempt: number) => void
}

export interface RecurringJobs {
  /**
   * Runs `handler` every `everyMs` of real time (1,000 or more), the first time at once, one at a time across all
   * processes. Calling it again in another process, or with another interval, changes the same job.
   */
  every(jobName: string, everyMs: number, handler: () => Promise<void>): Promise<void>
  /**
   * Jobs that run once each, one at a time across all processes: `handler` gets what was added. A run that throws is
   * tried again, `maxAttempts` times in all; one whose process died is found by another process and runs again, so the
   * handler must bear being run twice. While it waits for threads its hold on the job is renewed by itself.
   */
  once(jobName: string, handler: OneOffHandler): Promise<OneOffJobs>
  /** Waits for running handlers (a bounded time), then lets go of every connection. */
  close(): Promise<void>
}

/** `key` is what the job is about; the handler reads the rest from the database. */
export type OneOffHandler = (key: string, run: OneOffRun) => Promise<void>

export interface OneOffRun {
  /** From 1. */
  readonly attempt: number
  /** Nobody tries again after this one. */
  readonly isLast: boolean
  /** How far it is, 0 to 1, for whoever looks at the queue. */
  progress(share: number): Promise<void>
}

export interface OneOffJobs {
  /** Adds a job unless one of this key waits or runs: adding it then changes nothing. One that is over runs again. */
  add(key: string): Promise<void>
}

const shortestIntervalMs = 1_000
/** A failed run is tried again twice, after about 1 and 2 seconds; after that it waits for its next turn. */
export const maxAttempts = 3
export const retryDelayMs = 1_000
const retryJitter = 0.5
/** Finished runs are kept for a look at what happened; the record of the business is elsewhere. */
const keptRuns = 20
const runOptions = {
  attempts: maxAttempts,
  backoff: { type: 'exponential', delay: retryDelayMs, jitter: retryJitter },
  removeOnComplete: { count: keptRuns },
  removeOnFail: { count: keptRuns },
} as const
/** How long `close` waits for handlers; a run that is cut off is found stalled by the next process and run again. */
const closeLimitMs = 10_000
/** Each job's worker keeps one connection for itself. */
const maxEmbeddedConnections = 24
const maxConnectionsPerJob = 2
/** Keys on a Redis shared with other programs. */
const prefix = 'zwerm'
const schema = 'bullmq'

/**
 * Opens the job queue, creating BullMQ's tables in the schema `bullmq` on PostgreSQL.
 *
 * @throws when the store cannot be reached
 */
export async function openQueue(address: QueueAddress, options: QueueOptions): Promise<RecurringJobs> {
  if (address.kind === 'redis') {
    // BullMQ asks for endless retries of a command: a worker waits for Redis to come back instead of dying.
    const connection: RedisOptions = { url: address.url, maxRetriesPerRequest: null }
    return recurringJobs({ connection, backend: createRedisBackend }, options, async () => undefined)
  }
  const pool = await openPreparedPool(address, options)
  if (address.kind === 'embedded') {
    return recurringJobs({ connection: pool as PgPool, backend: createPostgresBackend }, options, () => pool.end())
  }
  await pool.end()
  // BullMQ then listens for NOTIFY on a connection of its own and sees a new job at once.
  const connection = { connectionString: address.connectionString, schema, max: maxConnectionsPerJob }
  return recurringJobs({ connection, backend: createPostgresBackend }, options, async () => undefined)
}

async function openPreparedPool(
  address: Exclude<QueueAddress, { kind: 'redis' }>,
  options: QueueOptions,
): Promise<Pool> {
  const pool = new Pool(
    address.kind === 'postgres'
      ? { connectionString: address.connectionString, max: 1 }
      : { host: address.host, port: address.port, user: 'postgres', database: 'postgres', max: maxEmbeddedConnections },
  )
  pool.on('error', (error) => options.onFailure('connection', error, 0))
  // BullMQ listens once for each queue and each worker of a job, on a pool that they share.
  pool.setMaxListeners(maxEmbeddedConnections * 2)
  try {
    const client = await pool.connect()
    await runMigrations(client, schema).finally(() => client.release())
    return pool
  } catch (error) {
    await pool.end()
    throw error
  }
}

interface JobData {
  readonly key: string
}

interface Store<B extends IQueueBackend, C> {
  readonly connection: C
  readonly backend: BackendFactory<B, C>
}

/** One queue for each job, so that a long one does not keep the others waiting. */
function recurringJobs<B extends IQueueBackend, C>(
  store: Store<B, C>,
  options: QueueOptions,
  afterClose: () => Promise<void>,
): RecurringJobs {
  const open: { readonly queue: Pick<Queue, 'close'>; readonly worker: Pick<Worker, 'close'> }[] = []
  const { connection, backend } = store

  async function openJob(jobName: string, handler: (job: Job) => Promise<void>) {
    const queue = new Queue(jobName, { connection, prefix }, backend)
    const worker = new Worker(jobName, handler, { connection, prefix, concurrency: 1, autorun: false }, backend)
    open.push({ queue, worker })
    queue.on('error', (error) => options.onFailure(jobName, error, 0))
    worker.on('error', (error) => options.onFailure(jobName, error, 0))
    worker.on('failed', (job, error) => options.onFailure(jobName, error, job?.attemptsMade ?? 0))
    await queue.setGlobalConcurrency(1)
    const run = () => void worker.run().catch((error: Error) => options.onFailure(jobName, error, 0))
    return { queue, run }
  }

  return {
    async every(jobName, everyMs, handler) {
      if (!(everyMs >= shortestIntervalMs)) throw new RangeError(`${jobName}: every ${everyMs} ms is too often`)
      const { queue, run } = await openJob(jobName, handler)
      await queue.upsertJobScheduler(jobName, { every: everyMs }, { name: jobName, opts: runOptions })
      run()
    },
    async once(jobName, handler) {
      const { queue, run } = await openJob(jobName, async (job) => {
        const attempt = job.attemptsMade + 1
        const progress = (share: number) => job.updateProgress(Math.round(share * 100))
        const { key } = job.data as JobData
        await handler(key, { attempt, isLast: attempt >= maxAttempts, progress })
      })
      run()
      return {
        add: async (key) => {
          const jobId = `${jobName}-${key}`
          // A kept run of that name would make the new one a no-op. A run that stalled too often, or that no store could
          // be told of, was given up without the handler: whoever asks again must not be put off for ever.
          const kept: Job | undefined = await queue.getJob(jobId)
          if (kept && ((await kept.isFailed()) || (await kept.isCompleted()))) await queue.remove(jobId)
          await queue.add(jobName, { key } satisfies JobData, { ...runOptions, jobId })
        },
      }
    },
    async close() {
      await Promise.all(open.map(({ worker }) => closeWithin(worker)))
      await Promise.all(open.map(({ queue }) => queue.close()))
      await afterClose()
    },
  }
}

/** Waits for the running handler; at the limit lets go of it. */
async function closeWithin(worker: Pick<Worker, 'close'>): Promise<void> {
  const limit = new AbortController()
  const closed = worker.close()
  const expired = pause(closeLimitMs, 'expired', { signal: limit.signal, ref: false })
  const first = await Promise.race([closed, expired])
  limit.abort()
  if (first === 'expired') await worker.close(true)
}
