import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Numbers, Unmet } from '../../contracts/http/numbers.ts'
import { staffRoles } from '../../contracts/permissions.ts'
import { localTimeIn } from '../../server/city/local-time.ts'
import { addHistoryBikes, addPastRides, bookPrice } from '../fixtures/ride-history.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const localTime = localTimeIn('Europe/Amsterdam')
let platform: TestPlatform
let street: StreetLock
const tokens = new Map<string, string>()

beforeAll(async () => {
  platform = await openTestPlatform()
  street = await placeLock(platform, 'numbers-lock-1')
  await platform.rooms.fleet.tick()
  const { staff } = platform.rooms
  const sessionBy = staff.useLink
  for (const role of staffRoles) {
    const link = await staff.linkFor(await staff.newPerson(`A ${role}`, role))
    const app = role === 'crew' ? 'crew' : 'desk'
    const session = await sessionBy(link?.link ?? '', app)
    tokens.set(role, 'token' in session ? session.token : '')
  }
  const nowMs = platform.clock.nowMs()
  const [bike] = await addHistoryBikes(platform.db, 1, nowMs - 86_400_000)
  if (bike === undefined) throw new Error('a bike was made')
  const [ride] = await addPastRides(platform.db, [{ bike, askedAtMs: nowMs - 60_000, openMs: 2_000, minutes: 0.5 }])
  if (ride === undefined) throw new Error('a ride was made')
  await bookPrice(platform.db, ride, 1_090, nowMs - 20_000)
})
afterAll(async () => {
  street.lock.destroy()
  await platform.close()
})

async function ask(query: string, role = 'admin') {
  const answer = await fetch(`${platform.url}/v1/staff/numbers${query}`, {
    headers: { authorization: `Bearer ${tokens.get(role)}` },
  })
  // A text() would take the byte order mark for itself.
  const text = Buffer.from(await answer.arrayBuffer()).toString('utf8')
  return { status: answer.status, headers: answer.headers, text }
}
const numbers = async (query: string, role = 'admin') => JSON.parse((await ask(query, role)).text) as Numbers
const unmet = async () => JSON.parse((await ask('/unmet')).text) as Unmet

describe('numbers over HTTP', () => {
  it('are today’s without a question, and the last days with one', async () => {
    const today = localTime.dateAt(platform.clock.nowMs())
    expect(await numbers('')).toMatchObject({ from: today, to: today, today, total: { rides: 1 } })
    const month = await numbers('?days=28')
    expect([month.to, month.total.rides, month.timeZone]).toEqual([today, 1, 'Europe/Amsterdam'])
    expect(month.now).toMatchObject({ bikesInService: 1, bikesAvailable: 1, bikesInUse: 0 })
  })

  it('show money to finance and admins, and to nobody else, as figures and as a file', async () => {
    for (const role of staffRoles) {
      const { status, text } = await ask('', role)
      if (role === 'crew') {
        expect(status).toBe(403)
        continue
      }
      const seesMoney = role === 'finance' || role === 'admin'
      const { money } = JSON.parse(text) as Numbers
      expect([role, money === null]).toEqual([role, !seesMoney])
      if (seesMoney) expect(money).toMatchObject([{ currency: 'CNY', total: { gross: 1_090, vat: 90 } }])
      expect((await ask('?format=csv', role)).text.includes('gross_minor_cny')).toBe(seesMoney)
    }
  })

  it.each([
    '?from=2026-02-30&to=2026-03-01',
    '?from=2026-03-02&to=2026-03-01',
    '?from=2025-01-01&to=2026-11-01',
    '?from=yesterday',
    '?days=0',
    '?days=401',
    '?format=xml',
    '?more=1',
  ])('are refused where the question is wrong: %s', async (query) => {
    expect((await ask(query)).status).toBe(400)
    expect((await ask(`/unmet${query}`)).status).toBe(400)
  })

  it('come as a file that says the same as the figures', async () => {
    const { headers, text } = await ask('?days=7&format=csv')
    const { from, to, days } = await numbers('?days=7')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe(`attachment; filename="zwerm-numbers-${from}-${to}.csv"`)
    expect(text.charCodeAt(0)).toBe(0xfeff)
    const [header = '', ...lines] = text.slice(1).trimEnd().split('\r\n')
    const names = header.split(',')
    expect(lines.map((line) => line.split(',')[0])).toEqual(days.map(({ day }) => day))
    const last = lines.at(-1)?.split(',') ?? []
    expect([last[names.indexOf('rides')], last[names.indexOf('gross_minor_cny')]]).toEqual(['1', '1090'])
    for (const part of ['availability', 'unmet', 'locks']) {
      const answer = await ask(`/${part}?format=csv`)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    }
  })
})

describe('a scan of a bike that cannot be taken', () => {
  const scan = async (search?: string) => {
    const query = search === undefined ? '' : `?search=${search}`
    const answer = await fetch(`${platform.url}/v1/bikes/by-code/${street.bike.number}${query}`)
    return (await answer.json()) as { refusal: string | null }
  }

  it('is unmet demand where the bike stands, once for one person, and nobody can tell whose it was', async () => {
    const id = `scan-${randomUUID().slice(0, 20)}`
    expect((await scan(id)).refusal).toBeNull()
    await platform.db.query('UPDATE bike SET in_service = false WHERE bike_id = $1', [street.bike.bikeId])
    await platform.rooms.fleet.tick()
    for (let i = 0; i < 3; i++) expect((await scan(id)).refusal).toBe('bike_out_of_service')
    // A page that asks what a ride costs is no scan.
    await scan()
    expect((await unmet()).cells.map(({ unmetSearches, failedScans }) => [unmetSearches, failedScans])).toEqual([
      [0, 1],
    ])
    await scan(randomUUID())
    const { cells, hours } = await unmet()
    expect(cells.map(({ failedScans }) => failedScans)).toEqual([2])
    expect(hours.reduce((sum, hour) => sum + hour.failedScans, 0)).toBe(2)
    const { rows } = await platform.db.query<{ row: string }>('SELECT demand_count::text AS row FROM demand_count')
    expect(rows.filter(({ row }) => row.includes(id))).toEqual([])
  })

  it('does not count who has found nothing there by a search already', async () => {
    const before = (await unmet()).cells.reduce((sum, cell) => sum + cell.unmetSearches + cell.failedScans, 0)
    const id = randomUUID()
    const { lon, lat } = (await unmet()).cells[0] ?? { lon: 0, lat: 0 }
    await fetch(`${platform.url}/v1/bikes?lon=${lon}&lat=${lat}&search=${id}`)
    await scan(id)
    const after = (await unmet()).cells.reduce((sum, cell) => sum + cell.unmetSearches + cell.failedScans, 0)
    expect(after - before).toBe(1)
  })
})
