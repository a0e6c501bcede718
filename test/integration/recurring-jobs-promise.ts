import { expect, test } from 'vitest'
import { openQueue, type QueueAddress, type QueueOptions, type RecurringJobs } from '../../server/platform/queue.ts'

const everyMs = 1_000

/** What recurring jobs promise wherever they are kept. Call it inside a `describe`, on a store without older jobs. */
export function proveRecurringJobs(address: () => QueueAddress): void {
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

  test('a job that is added twice by two processes runs once, and a failed run is tried again', async () => {
    const both = [await openQuiet(), await openQuiet()]
    const runs: string[] = []
    const done = countdown(2)
    const handler = async (key: string, { attempt }: { readonly attempt: number }) => {
      runs.push(`${key} ${attempt}`)
      if (key === 'tonight' && attempt === 1) throw new Error('tripped')
      done.one()
    }
    const added = await Promise.all(both.map((jobs) => jobs.once('plan', handler)))
    for (const jobs of added) await jobs.add('tonight')
    await added[0]?.add('tomorrow')
    await done.done
    await Promise.all(both.map((jobs) => jobs.close()))
    expect(runs.sort()).toEqual(['tomorrow 1', 'tonight 1', 'tonight 2'])
  })

  test('a job that was given up runs again when it is added again', async () => {
    const attempts: number[] = []
    const givenUp = countdown(3)
    const jobs = await open({ onFailure: () => givenUp.one() })
    const done = countdown(1)
    const added = await jobs.once('stubborn', async (_, { attempt }) => {
      attempts.push(attempt)
      if (attempts.length <= 3) throw new Error('the database is away')
      done.one()
    })
    await added.add('tonight')
    await givenUp.done
    await added.add('tonight')
    await done.done
    await jobs.close()
    expect(attempts).toEqual([1, 2, 3, 1])
  })

  test('an interval below a second is refused', async () => {
    const jobs = await open({ onFailure: () => undefined })
    await expect(jobs.every('hurry', 10, async () => undefined)).rejects.toThrow(RangeError)
    await jobs.close()
  })

  const openQuiet = () => open({ onFailure: () => undefined })

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
