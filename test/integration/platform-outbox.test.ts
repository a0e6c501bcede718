import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RealMs, realMs } from '../../contracts/units.ts'
import { afterCommit, withAfterCommit } from '../../server/platform/after-commit.ts'
import { type Clock, realClock } from '../../server/platform/clock.ts'
import type { Database } from '../../server/platform/database.ts'
import { createOutbox, type Outbox } from '../../server/platform/outbox.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

let opened: TestDatabase
let db: Database
let nowMs: RealMs
let outbox: Outbox
const clock: Clock = { ...realClock, realNowMs: () => nowMs }

beforeAll(async () => {
  opened = await openTestDatabase()
  db = withAfterCommit(opened)
})
afterAll(() => opened.close())
beforeEach(async () => {
  await truncateAll(opened)
  nowMs = realMs(1_790_000_000_000)
  outbox = createOutbox({ db, clock, logger: pino({ level: 'silent' }), random: () => 0.5 })
})
const later = (ms: number) => {
  nowMs = realMs(nowMs + ms)
}

describe('an effect in the outbox', () => {
  it('is performed once when its transaction commits, and never when it is rolled back', async () => {
    const done: unknown[] = []
    outbox.handle('greet', async (payload) => void done.push(payload))
    await db.transaction((tx) => outbox.put(tx, 'greet', { name: 'Ada' }))
    const failing = db.transaction(async (tx) => {
      await outbox.put(tx, 'greet', { name: 'nobody' })
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await outbox.performReady()
    await outbox.performReady()
    expect(done).toEqual([{ name: 'Ada' }])
  })

  it('is tried again, later each time, until it succeeds', async () => {
    const attempts: number[] = []
    outbox.handle('call', async (_payload, attempt) => {
      attempts.push(attempt)
      if (attempt < 3) throw new Error('away')
    })
    await db.transaction((tx) => outbox.put(tx, 'call', {}))
    await outbox.performReady()
    await outbox.performReady()
    expect(attempts).toEqual([1])
    later(500)
    await outbox.performReady()
    later(500)
    await outbox.performReady()
    expect(attempts).toEqual([1, 2])
    later(500)
    await outbox.performReady()
    later(600_000)
    await outbox.performReady()
    expect(attempts).toEqual([1, 2, 3])
  })

  it('is taken up by another relay when the first died with it', async () => {
    outbox.handle('call', () => new Promise(() => undefined))
    await db.transaction((tx) => outbox.put(tx, 'call', {}))
    void outbox.performReady()
    const done: number[] = []
    const second = createOutbox({ db, clock, logger: pino({ level: 'silent' }), random: () => 0.5 })
    second.handle('call', async (_payload, attempt) => void done.push(attempt))
    while ((await db.query('SELECT 1 FROM outbox WHERE attempts = 1')).rowCount === 0) await second.performReady()
    await second.performReady()
    expect(done).toEqual([])
    later(60_001)
    await second.performReady()
    expect(done).toEqual([2])
  })
})

describe('what is put off until after the commit', () => {
  it('happens after it, in order, and not at all without it', async () => {
    const acts: string[] = []
    await db.transaction(async (tx) => {
      afterCommit(tx, () => acts.push('first'))
      afterCommit(tx, () => acts.push('second'))
      expect(acts).toEqual([])
    })
    expect(acts).toEqual(['first', 'second'])
    const failing = db.transaction(async (tx) => {
      afterCommit(tx, () => acts.push('never'))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(acts).toEqual(['first', 'second'])
  })
})
