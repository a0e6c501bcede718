import { beforeAll, beforeEach, expect, it } from 'vitest'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import type { Hello } from '../../contracts/mqtt/reports.ts'
import { epochMs, realMs } from '../../contracts/units.ts'
import { createAlarms } from '../../server/alarms/alarms-service.ts'
import { withAfterCommit } from '../../server/platform/after-commit.ts'
import type { Clock } from '../../server/platform/clock.ts'
import type { Database } from '../../server/platform/database.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { createLockListener } from '../../server/trips/lock-listener.ts'
import { hello } from '../fixtures/lock-messages.ts'
import { addHistoryBikes, type HistoryBike } from '../fixtures/ride-history.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../fixtures/test-database.ts'

const start = Date.UTC(2030, 0, 2, 12)
const minuteMs = 60_000
const clock: Clock = { nowMs: () => epochMs(start), realNowMs: () => realMs(start), speed: () => 1 }

let kept: TestDatabase
let db: Database
let bike: HistoryBike
const alarms = createAlarms({ clock, ids: secureIds, tellDesk: () => undefined })

beforeAll(async () => {
  kept = await openTestDatabase()
  db = withAfterCommit(kept)
  return () => kept.close()
})
beforeEach(async () => {
  await truncateAll(kept)
  bike = (await addHistoryBikes(kept, 1, start))[0] as HistoryBike
})

const raise = (kind: AlarmKind, atMs: number) =>
  db.transaction((tx) =>
    alarms.raise(tx, {
      ...{ kind, bikeId: asId<BikeId>(bike.bikeId), tripId: null, causeKey: `${kind}:${atMs}` },
      ...{ detail: {}, atMs: epochMs(atMs) },
    }),
  )
const open = async () => {
  const { rows } = await kept.query<{ kind: string }>(`SELECT kind FROM alarm WHERE state <> 'resolved' ORDER BY kind`)
  return rows.map(({ kind }) => kind)
}
/** The lock connects and says how its bolt is; nobody rides it. */
function says(over: Partial<Hello>, madeAtMs: number) {
  const noRide = () => Promise.reject(new Error('no ride is told of it'))
  const listener = createLockListener({
    ...{ alarms, clock, bikeOfLock: () => asId<BikeId>(bike.bikeId) },
    trips: { advance: noRide, savePlace: noRide },
  })
  const report = { lockId: asId<LockId>(bike.lockId), kind: 'hello', madeAtMs: epochMs(madeAtMs) } as const
  return db.transaction((tx) => listener.onReport(tx, { ...report, body: hello(over) }))
}

it('a lock that says after a restart that it is locked ends what its lost closing would have ended', async () => {
  for (const kind of [
    'jammed_close',
    'lock_did_not_close',
    'opened_by_staff',
    'opened_after_release',
    'forced',
  ] as const)
    await raise(kind, start - minuteMs)
  await says({ bolt: 'locked' }, start)
  expect(await open()).toEqual(['forced'])
})

it('a word that is older than the alarm ends nothing', async () => {
  await raise('opened_by_staff', start - 2 * minuteMs)
  await raise('jammed_close', start)
  await says({ bolt: 'locked' }, start - minuteMs)
  expect(await open()).toEqual(['jammed_close'])
  // Told again after the word was said.
  await raise('jammed_close', start + minuteMs)
  await says({ bolt: 'locked' }, start + minuteMs / 2)
  expect(await open()).toEqual(['jammed_close'])
})

it('a lock that is open, or has more to tell, ends nothing by its hello', async () => {
  await raise('jammed_close', start - minuteMs)
  await says({ bolt: 'unlocked' }, start)
  await says({ bolt: 'locked', ob: { evt: 2, tel: 0 } }, start)
  expect(await open()).toEqual(['jammed_close'])
})
