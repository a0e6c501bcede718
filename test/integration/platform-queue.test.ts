import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { openQueue, type QueueAddress, type QueueOptions, type RecurringJobs } from '../../server/platform/queue.ts'

const everyMs = 1_000

describe('recurring jobs on the embedded database', () => {
  let folder: string
  let server: EmbeddedPostgres

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zwerm-queue-'))
    server = await startEmbeddedPostgres({ folder })
  })

  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  behave(() => ({ kind: 'embedded', host: server.host, port: server.port }))
})

describe('recurring jobs on Redis', () => {
  let redis: ChildProcess
  let url: string

  beforeAll(async () => {
    const port = await freePort()
    redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'])
    await lineWith(redis, 'Ready to accept connections')
    url = `redis://127.0.0.1:${port}`
  })

  afterAll(async () => {
    redis.kill('SIGTERM')
    await once(redis, 'exit')
  })

  behave(() => ({ kind: 'redis', url }))
})

function behave(address: () => QueueAddress): void {
  test('two processes that ask for the same job run it one at a time, again and again', async () => {
    const failures: string[] = []
    const options = { onFailure: (_: string, error: Error) => void failures.push(error.message) }
    const both = [await openQueue(address(), options), await openQueue(address(), options)]
    let running = 0
    let mostAtOnce = 0
    const runs = countdown(4)
    for (const jobs of both) {
      await jobs.every('sweep', everyMs, async () => {
        running += 1
        mostAtOnce = Math.max(mostAtOnce, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        runs.one()
      })
    }
    await runs.done
    await Promise.all(both.map((jobs) => jobs.close()))
    expect({ mostAtOnce, failures }).toEqual({ mostAtOnce: 1, failures: [] })
  })

  test('a run that fails is told and tried again', async () => {
    const told: unknown[] = []
    const jobs = await open({ onFailure: (name, error, attempt) => void told.push([name, error.message, attempt]) })
    const runs = countdown(2)
    await jobs.every('stumble', 60_000, async () => {
      runs.one()
      if (told.length === 0) throw new Error('tripped')
    })
    await runs.done
    await jobs.close()
    expect(told).toEqual([['stumble', 'tripped', 1]])
  })

  test('closing waits for the run that has begun', async () => {
    const jobs = await open({ onFailure: () => undefined })
    const started = countdown(1)
    let finished = false
    await jobs.every('long', 60_000, async () => {
      started.one()
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      finished = true
    })
    await started.done
    await jobs.close()
    expect(finished).toBe(true)
  })

  test('an interval below a second is refused', async () => {
    const jobs = await open({ onFailure: () => undefined })
    await expect(jobs.every('hurry', 10, async () => undefined)).rejects.toThrow(RangeError)
    await jobs.close()
  })

  function open(options: QueueOptions): Promise<RecurringJobs> {
    return openQueue(address(), options)
  }
}

function countdown(count: number) {
  let left = count
  let finish = (): void => undefined
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const one = (): void => {
    left -= 1
    if (left === 0) finish()
  }
  return { done, one }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function lineWith(child: ChildProcess, words: string): Promise<void> {
  if (child.stdout === null) return
  for await (const line of createInterface(child.stdout)) if (line.includes(words)) return
  throw new Error(`it ended without saying "${words}"`)
}
