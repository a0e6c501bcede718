import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { epochMs } from '../../contracts/units.ts'
import { openCityClock } from '../../server/demo/city-clock.ts'
import { realClock } from '../../server/platform/clock.ts'
import { checkSecretsFit } from '../../server/platform/secrets.ts'
import { forgetWhatIsOver } from '../../server/retention.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await openTestPlatform()
})
afterAll(() => platform.close())

describe('requests with one Idempotency-Key at the same time', () => {
  it('end in one answer, whichever comes first and however often it is repeated', async () => {
    const rider = await logInRider(platform.url, 'twice@example.org')
    const key = randomUUID()
    const ask = () => rider.post<{ promiseId: string }>('/v1/promises', { provider: 'alipay' }, key)
    const answers = await Promise.all([ask(), ask(), ask()])
    const made = answers.filter(({ status }) => status === 201)
    expect(made.length).toBeGreaterThanOrEqual(1)
    for (const { status } of answers) expect([201, 429]).toContain(status)
    const again = await ask()
    expect(again).toMatchObject({ status: 201, body: { promiseId: made[0]?.body.promiseId } })
  })
})

describe('city time', () => {
  const kept = 1_790_000_000_000
  const keep = (cityMs: number, speed: number) =>
    platform.db.query(
      `INSERT INTO city_clock (only_row, city_at, real_at, speed) VALUES (true, $1, $1, $2)
       ON CONFLICT (only_row) DO UPDATE SET city_at = $1, speed = $2`,
      [new Date(cityMs), speed],
    )
  it('of a real operator has passed during an outage, as on the wall', async () => {
    await keep(kept, 1)
    const before = Date.now()
    const clock = await openCityClock(platform.db, 1, 0, true)
    expect(clock.nowMs()).toBeGreaterThanOrEqual(before)
  })
  it('of a demo goes on where it was and never back, whatever its speed was when it was killed', async () => {
    await keep(kept, 100)
    const clock = await openCityClock(platform.db, 1, 0)
    // Two seconds between saves, twice, at a hundred times the speed.
    expect(clock.nowMs()).toBeGreaterThanOrEqual(kept + 400_000)
  })
})

describe('the master keys', () => {
  it('are held against the database that was begun with them', async () => {
    const secrets = {
      lockMaster: new Uint8Array(32).fill(1),
      riderMaster: new Uint8Array(32).fill(2),
      factoryToken: '',
    }
    await checkSecretsFit(platform.db, secrets)
    await checkSecretsFit(platform.db, secrets)
    const others = { ...secrets, lockMaster: new Uint8Array(32).fill(9) }
    await expect(checkSecretsFit(platform.db, others)).rejects.toThrow(/not those that this database was begun with/)
  })
})

describe('what is over', () => {
  it('is forgotten after its time, and nothing else', async () => {
    const day = 86_400_000
    const nowMs = Date.now()
    await platform.db.query(
      `INSERT INTO outbox (kind, payload, ready_at, attempts, created_at, done_at)
       VALUES ('old', '{}', $1, 1, $1, $1), ('new', '{}', $2, 1, $2, $2)`,
      [new Date(nowMs - 31 * day), new Date(nowMs - day)],
    )
    await forgetWhatIsOver(platform.db, { ...realClock, nowMs: () => epochMs(nowMs) })
    const { rows } = await platform.db.query<{ kind: string }>(`SELECT kind FROM outbox WHERE kind IN ('old', 'new')`)
    expect(rows).toEqual([{ kind: 'new' }])
  })
})
