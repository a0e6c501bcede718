import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import type { AuditPage } from '../../contracts/http/audit.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { nameAct } from '../../server/audit/core/name-act.ts'
import { forgetWhatIsOver } from '../../server/retention.ts'
import { type DeskClient, deskClient } from '../fixtures/desk-client.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const nobody = '019a8f30-0a11-7c3e-9a77-0d3b5f7e9c11'
let platform: TestPlatform
let admin: DeskClient
beforeAll(async () => {
  platform = await openTestPlatform()
  admin = await deskClient(platform, 'admin')
})
afterAll(() => platform.close())

const rowsOf = (staffId: string) => platform.rooms.audit.rows({ staffId }, 1)
async function countOf(staffId: string): Promise<number> {
  const { rows } = await platform.db.query<{ rows: number }>(
    'SELECT count(*)::int AS rows FROM audit WHERE staff_id = $1',
    [staffId],
  )
  return rows[0]?.rows ?? 0
}
const send = (method: string, path: string, token: string, body: string) =>
  fetch(`${platform.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body,
  })
const unsafeRoutes = (audience: 'staff' | 'crew') =>
  platform.app.declaredRoutes
    .filter(({ config }) => config?.audience === audience)
    .flatMap(({ method, url, config }) => [method].flat().map((one) => ({ method: one, url, config })))
    .filter(({ method, url }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) && !url.endsWith('/current'))

describe('whatever a colleague does', () => {
  it.each(['staff', 'crew'] as const)('at the routes for %s leaves one row, with how it ended', async (audience) => {
    const routes = unsafeRoutes(audience)
    expect(routes.length).toBeGreaterThan(audience === 'staff' ? 20 : 2)
    for (const { method, url, config } of routes) {
      const before = await countOf(admin.staffId)
      const path = url.replace(/:\w+/g, nobody)
      const { status } = await send(method, path, admin.token, JSON.stringify({ reason: 'a test asks' }))
      const rows = await rowsOf(admin.staffId)
      const left = (await countOf(admin.staffId)) - before
      expect([method, url, left]).toEqual([method, url, config?.audited === false ? 0 : 1])
      if (config?.audited === false) continue
      const { action } = nameAct(config?.permission ?? 'crew', method, url, {})
      expect(rows[0]).toMatchObject({ action, status, role: 'admin', reason: 'a test asks' })
      if (url.includes(':')) expect(rows[0]?.subjectId).toBe(nobody)
    }
  })

  it('and says as no JSON at all, or as too much of it, does as well', async () => {
    for (const [body, status] of [
      ['{"name":', 400],
      [JSON.stringify({ name: 'x'.repeat(70_000) }), 400],
    ] as const) {
      const before = await countOf(admin.staffId)
      const answer = await send('POST', '/v1/staff/people', admin.token, body)
      expect(answer.status).toBeGreaterThanOrEqual(status)
      const rows = await rowsOf(admin.staffId)
      expect([(await countOf(admin.staffId)) - before, rows[0]?.status]).toEqual([1, answer.status])
    }
  })

  it('and says with characters that no database keeps, is refused and leaves a row', async () => {
    for (const name of ['a\u0000b', 'half \ud83d']) {
      const answer = await send('POST', '/v1/staff/people', admin.token, JSON.stringify({ name, role: 'viewer' }))
      expect(answer.status).toBe(400)
      expect((await rowsOf(admin.staffId))[0]).toMatchObject({ status: 400, code: 'bad_request' })
    }
  })

  it('is kept without secrets', async () => {
    const secrets = { password: 'hunter2-the-old-one', newPassword: 'hunter2-the-new-one' }
    await admin.send('PUT', '/v1/staff/me/password', secrets)
    await admin.send('PUT', '/v1/staff/me/second-factor', { code: '424242' })
    await admin.send('POST', '/v1/staff/me/second-factor/off', { password: 'hunter2-the-old-one', code: '424242' })
    await fetch(`${platform.url}/v1/staff/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ logInName: 'hunter2', password: 'hunter2-the-old-one' }),
    })
    const { rows } = await platform.db.query<{ text: string }>('SELECT to_jsonb(a)::text AS text FROM audit a')
    expect(rows.length).toBeGreaterThan(30)
    for (const { text } of rows) expect(text).not.toMatch(/hunter2|424242/)
    expect(rows.some(({ text }) => text.includes('"newPassword": "…"'))).toBe(true)
  })

  it('names whom it made, and what was so before', async () => {
    const made = await admin.send<{ staffId: string }>('POST', '/v1/staff/people', { name: 'Mia', role: 'viewer' })
    await admin.send('POST', `/v1/staff/people/${made.body.staffId}/role`, { role: 'support', reason: 'helps riders' })
    const rows = await platform.rooms.audit.rows({ subject: made.body.staffId }, 10)
    expect(rows[0]?.detail).toEqual({
      params: { staffId: made.body.staffId },
      body: { role: 'support', reason: 'helps riders' },
    })
    expect(rows.map(({ action, reason, outcome }) => ({ action, reason, outcome }))).toEqual([
      { action: 'people.manage:post people/role', reason: 'helps riders', outcome: { roleBefore: 'viewer' } },
      { action: 'crews.manage:post people', reason: null, outcome: null },
    ])
  })

  it('does not happen when it cannot be written down', async () => {
    await platform.db.query('ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (audit_id < 0) NOT VALID')
    try {
      const answer = await admin.send('POST', '/v1/staff/people', { name: 'Nobody saw', role: 'admin' })
      expect(answer.status).toBe(500)
    } finally {
      await platform.db.query('ALTER TABLE audit DROP CONSTRAINT full_disk')
    }
    const { rows } = await platform.db.query("SELECT 1 FROM staff WHERE name = 'Nobody saw'")
    expect(rows).toEqual([])
  })
})

describe('a try', () => {
  const tries = () => unsafeRoutes('staff').filter(({ config }) => config?.audited === 'unless_dry_run')
  it('of what a colleague may change leaves no row', async () => {
    const before = await countOf(admin.staffId)
    const { body: settings } = await admin.get<object>('/v1/staff/alarm-settings')
    expect((await admin.send('POST', '/v1/staff/alarm-settings/try', settings)).status).toBe(200)
    const everything = { type: 'FeatureCollection', features: [] }
    const order = { collection: everything, mode: 'add', dryRun: true }
    expect((await admin.send('POST', '/v1/staff/zones/import', order)).status).toBe(200)
    expect(tries().length).toBeGreaterThan(4)
    for (const { method, url } of tries()) {
      await send(method, url.replace(/:\w+/g, nobody), admin.token, '{"dryRun":true}')
    }
    expect(await countOf(admin.staffId)).toBe(before)
  })

  it('that is none leaves one: it is not the body alone that says so', async () => {
    for (const { method, url, config } of unsafeRoutes('staff')) {
      if (config?.audited === false) continue
      const before = await countOf(admin.staffId)
      const body = config?.audited === 'unless_dry_run' ? '{"dryRun":"true"}' : '{"dryRun":true}'
      await send(method, url.replace(/:\w+/g, nobody), admin.token, body)
      expect([method, url, (await countOf(admin.staffId)) - before]).toEqual([method, url, 1])
    }
  })

  it('of whoever may not do it is written down', async () => {
    const viewer = await deskClient(platform, 'viewer')
    expect((await viewer.send('POST', `/v1/staff/zones/${nobody}/removal`, { dryRun: true })).status).toBe(403)
    expect((await viewer.send('POST', '/v1/staff/alarm-settings/try', {})).status).toBe(403)
    expect(await platform.rooms.audit.rows({ staffId: viewer.staffId, action: 'zone.edit:' }, 5)).toHaveLength(1)
    expect(await platform.rooms.audit.rows({ staffId: viewer.staffId, action: 'alarm.settings:' }, 5)).toHaveLength(1)
  })
})

describe('a log-in', () => {
  it('is in the log, by whom and how', async () => {
    const { staff, audit } = platform.rooms
    const staffId = await staff.newPerson('Late', 'viewer')
    const { link } = present(await staff.linkFor(staffId), 'a new colleague has a link')
    expect(isRefusal(await staff.useLink(link, 'desk'))).toBe(false)
    expect(await staff.useLink(link, 'desk')).toMatchObject({ code: 'link_used' })
    const rows = await audit.rows({ staffId }, 10)
    expect(rows.map(({ action, code }) => [action, code])).toEqual([
      ['log_in.failed:link', 'link_used'],
      ['log_in:link', null],
    ])
  })
})

describe('the log', () => {
  const page = (query: string) => admin.get<AuditPage>(`/v1/staff/audit?${query}`)

  it('is read page by page, newest first, and the reading is in it', async () => {
    const first = await page('limit=5')
    expect(first.status).toBe(200)
    expect(first.body.entries).toHaveLength(5)
    // begun before it was read
    expect(first.body.entries[0]).toMatchObject({ action: 'audit.see:get audit', status: null })
    const second = await page(`limit=5&before=${first.body.next}`)
    const ids = [...first.body.entries, ...second.body.entries].map(({ auditId }) => auditId)
    expect(ids).toEqual([...ids].sort((a, b) => b - a))
    expect(new Set(ids).size).toBe(10)
  })

  it('is filtered by who, what, about whom and when', async () => {
    const { body } = await page('action=people.manage:&limit=200')
    expect(body.entries.length).toBeGreaterThan(0)
    expect(body.entries.every(({ action }) => action.startsWith('people.manage:'))).toBe(true)
    expect((await page('action=people%25')).body.entries).toEqual([])
    expect((await page(`staffId=${nobody}`)).body.entries).toEqual([])
    expect((await page('from=1600000000000&to=1600000001000')).body.entries).toEqual([])
    const about = await page(`subject=${nobody}&limit=200`)
    expect(about.body.entries.every(({ subject }) => subject?.id === nobody)).toBe(true)
  })

  it('is a file that no spreadsheet runs', async () => {
    await admin.send('POST', `/v1/staff/people/${nobody}/off`, { reason: '=HYPERLINK("http://evil.example")' })
    const answer = await fetch(`${platform.url}/v1/staff/audit.csv?action=crews.manage:`, {
      headers: { authorization: `Bearer ${admin.token}` },
    })
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/)
    const text = await answer.text()
    expect(text).toContain("'=HYPERLINK")
    expect(text).not.toMatch(/(^|[,\n])"?=HYPERLINK/)
  })

  it('is closed to a dispatcher', async () => {
    const dispatcher = await deskClient(platform, 'dispatcher')
    expect(await dispatcher.get('/v1/staff/audit')).toMatchObject({ status: 403 })
    expect((await rowsOf(dispatcher.staffId))[0]).toMatchObject({
      action: 'audit.see:get audit',
      status: 403,
      code: 'not_allowed',
    })
  })

  it('is neither changed nor emptied, but a row is completed once', async () => {
    const { db, rooms } = platform
    const entry = {
      ...{ staffId: null, role: null, action: 'test', subjectKind: null, subjectId: null, reason: null, detail: {} },
      requestId: 'r',
    }
    const id = await rooms.audit.begin(entry)
    await expect(db.query("UPDATE audit SET reason = 'other' WHERE audit_id = $1", [id])).rejects.toThrow()
    await rooms.audit.complete(id, { status: 200, code: null, outcome: null }, { kind: 'bike', id: '5724' })
    await expect(db.query('UPDATE audit SET status = 500 WHERE audit_id = $1', [id])).rejects.toThrow()
    await expect(db.query('DELETE FROM audit WHERE audit_id = $1', [id])).rejects.toThrow()
    await expect(db.query('TRUNCATE audit')).rejects.toThrow()
  })

  it('is forgotten after two years', async () => {
    const { db, clock } = platform
    const old = new Date(clock.realNowMs() - 731 * 86_400_000)
    await db.query(
      `INSERT INTO audit (at, city_at, action, detail, request_id, status)
       VALUES ($1, $1, 'long ago', '{}', 'r', 200), ($2, $2, 'not so long ago', '{}', 'r', 200)`,
      [old, new Date(old.getTime() + 10 * 86_400_000)],
    )
    await forgetWhatIsOver(db, clock)
    const { rows } = await db.query<{ action: string }>("SELECT action FROM audit WHERE action LIKE '%long ago'")
    expect(rows).toEqual([{ action: 'not so long ago' }])
  })
})
