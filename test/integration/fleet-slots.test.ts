import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFleet } from '../../server/fleet/fleet-service.ts'
import { realClock } from '../../server/platform/clock.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { silentLogger } from '../fixtures/lock-connection.ts'
import { openTestDatabase, type TestDatabase } from '../fixtures/test-database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const openOne = () =>
  openFleet({
    ...{ db, clock: realClock, ids: secureIds, logger: silentLogger, schedule: () => undefined },
    publish: async () => undefined,
  })
const slotsOf = (fleet: Awaited<ReturnType<typeof openOne>>) =>
  Object.fromEntries(fleet.bikes().map(({ lockId, slot }) => [lockId, slot]))

it('a bike keeps its slot over a restart, also when the process before it knew other bikes, and a new one gets the next', async () => {
  const first = await openOne()
  for (const lockId of ['lock-aa', 'lock-bb', 'lock-cc']) await first.addBike({ lockId })
  const other = await openOne()
  await other.addBike({ lockId: 'lock-dd' })
  const bb = await first.addBike({ lockId: 'lock-bb' })
  expect(slotsOf(await openOne())).toEqual({ ...slotsOf(first), ...slotsOf(other) })
  expect(Object.values(slotsOf(other)).sort()).toEqual([0, 1, 2, 3])
  expect(bb.slot).toBe(slotsOf(other)['lock-bb'])
})
