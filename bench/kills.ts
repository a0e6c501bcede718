import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCrowds } from '../lock-simulator/wire/crowds.ts'
import { orderLocks } from '../lock-simulator/wire/desk.ts'
import { type OwnPlatform, openOwnPlatform } from '../scripts/start/own-platform.ts'
import { openPgDatabase } from '../server/platform/pg-database.ts'
import { judge } from './kills-checks.ts'
import { startRiders } from './kills-riders.ts'
import { openTarget, type TargetDatabase } from './target-database.ts'

/** A server that lives shorter is killed while it still reads what the one before has left. */
const livesAtLeastMs = 200
const livesAtMostMs = 6_000
const healLimitMs = 300_000
const ridesLimitMs = 300_000
const lookEveryMs = 500
const rattleEveryMs = 6_000
const wanderEveryMs = 1_000
const rampMs = 2_000
/** Quick, so that between two kills everybody has come back. */
const backOff = { baseMs: 300, capMs: 2_000, resetAfterMs: 1_000 }

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)

/**
 * kill -9 of the server in mid-work, over and over, while locks tell of bolts, alarms and positions and riders ride and
 * pay: whatever was acknowledged is there, once. With TEST_DATABASE_URL in a database of its own on that server, else
 * on the embedded one.
 */
export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '30' },
      locks: { type: 'string', default: '200' },
      riders: { type: 'string', default: '30' },
    },
  })
  const number = (name: keyof typeof values): number => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name}: a whole number from 1`)
    return value
  }
  const [kills, locks, riders] = [number('kills'), number('locks'), number('riders')]
  if (riders > locks) throw new Error('--riders: each has a bike, so at most as many as --locks')
  const target = await openTarget('kills')
  try {
    return { database: target.kind, ...(await killOften({ kills, locks, riders }, target.given)) }
  } finally {
    await target.close()
  }
}

async function killOften(
  { kills, locks, riders }: { readonly kills: number; readonly locks: number; readonly riders: number },
  given: TargetDatabase['given'],
): Promise<Record<string, unknown>> {
  const platform = await openOwnPlatform({ isPaid: true, onProgress: say, onLine: hear, ...given })
  const crowds = startCrowds(2)
  try {
    const { httpUrl, factoryToken, mqttUrl } = platform
    const bikes = await orderLocks({ httpUrl, factoryToken, locks, prefix: 'kills' })
    crowds.connect(bikes, { url: mqttUrl, seed: 'kills', rampMs, backOff, remembers: true })
    while ((await crowds.count()).heard < locks) await pause(lookEveryMs)
    const others = bikes.slice(riders).map(({ lockId }) => lockId as string)
    crowds.rattle(others.slice(0, others.length >> 1), rattleEveryMs)
    crowds.wander(others.slice(others.length >> 1), wanderEveryMs)
    const people = startRiders(httpUrl, bikes.slice(0, riders), crowds.lever)
    for (let kill = 1; kill <= kills; kill++) {
      await pause(livesAtLeastMs + Math.random() * (livesAtMostMs - livesAtLeastMs))
      await platform.kill()
      await platform.start()
      const { tripsStarted, tripsOver } = people.news()
      const { messagesStored } = await crowds.count()
      say(`kill ${kill}: ${messagesStored} messages acknowledged, ${tripsStarted.length} trips, ${tripsOver} over`)
    }
    crowds.still()
    say('no more kills: everything comes to rest')
    const unfinished = await people.finish(ridesLimitMs)
    const atRest = await heal(platform, crowds, locks)
    const { tripsStarted } = people.news()
    const verdict = await withDatabase(platform, async (db) =>
      judge(db, {
        acknowledged: await crowds.write(platform.dataDir),
        tripsStarted,
        sandboxUrl: String(platform.sandboxUrl),
      }),
    )
    return { kills, locks, riders, ...verdict, unfinished_rides: unfinished, lost_locks: locks - atRest }
  } finally {
    await crowds.stop()
    await platform.close()
  }
}

/** Until every lock is heard, has nothing left to say, and all of it is decided on. */
async function heal(platform: OwnPlatform, crowds: ReturnType<typeof startCrowds>, locks: number): Promise<number> {
  const limitMs = Date.now() + healLimitMs
  for (;;) {
    const { heard, waitingEvents } = await crowds.count()
    const open = await withDatabase(platform, async (db) => {
      const { rows } = await db.query<{ count: number }>(
        `SELECT (SELECT count(*) FROM lock_report WHERE applied_at IS NULL)
              + (SELECT count(*) FROM command WHERE ended_at IS NULL)
              + (SELECT count(*) FROM trip WHERE state IN ('promised', 'unlocking', 'riding', 'paused', 'ending', 'ended'))
              + (SELECT count(*) FROM payment WHERE trip_id IS NOT NULL AND state IN ('capture_pending', 'release_pending'))
              + (SELECT count(*) FROM outbox WHERE done_at IS NULL)
             AS count`,
      )
      return Number(rows[0]?.count ?? 0)
    })
    if ((heard === locks && waitingEvents === 0 && open === 0) || Date.now() > limitMs) {
      say(`at rest: ${heard} of ${locks} locks heard, ${waitingEvents} events not told, ${open} things open`)
      return heard
    }
    await pause(lookEveryMs)
  }
}

async function withDatabase<T>(platform: OwnPlatform, work: (db: ReturnType<typeof openPgDatabase>) => Promise<T>) {
  const db = openPgDatabase({ ...platform.database, max: 1 })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Warnings of a server that is killed all the time say nothing; errors do. */
function hear(name: string, line: string): void {
  if (/^\{"level":[56]0/.test(line)) say(`[${name}] ${line}`)
}
