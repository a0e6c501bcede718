import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NightSettings, PlanEditAnswer, PlanList, PlanSummary, PlanView } from '../../contracts/http/nights.ts'
import type { Problem } from '../../contracts/refusals.ts'
import { firstDayCity } from '../fixtures/night-city.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

const bikes = 40

let platform: TestPlatform
let token: string

beforeAll(async () => {
  platform = await openTestPlatform()
  const link = await platform.rooms.staff.newLink()
  const session = await platform.rooms.staff.useLink(link, 'desk')
  if (!('token' in session)) throw new Error('no session')
  token = session.token
  await firstDayCity(platform, bikes)
})
afterAll(() => platform.close())

async function ask<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}

const view = async (planId: string) => (await ask<PlanView>('GET', `/v1/staff/plans/${planId}`)).body

/** Asked again and again, as the page does. */
async function planned(planId: string): Promise<PlanView> {
  for (;;) {
    const plan = await view(planId)
    if (plan.state !== 'planning') return plan
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function newDraft(): Promise<PlanView> {
  const { status, body } = await ask<PlanSummary>('POST', '/v1/staff/plans', { seed: 7, seconds: 2 })
  expect(status).toBe(202)
  return planned(body.planId)
}

const stopsOf = (plan: PlanView) => plan.routes.reduce((sum, { stops }) => sum + stops.length, 0)

describe('a night on the first day of a city', () => {
  let draft: PlanView

  it('is planned without any history', async () => {
    const asked = await ask<PlanSummary>('POST', '/v1/staff/plans', { seed: 7, seconds: 2 })
    expect(asked).toMatchObject({ status: 202, body: { state: 'planning', depotId: 'depot-1' } })
    expect(await ask<Problem>('POST', '/v1/staff/plans', {})).toMatchObject({
      status: 409,
      body: { code: 'plan_running' },
    })
    draft = await planned(asked.body.planId)
    expect(draft.failure).toBeNull()
    expect(draft).toMatchObject({ state: 'draft', revision: 0, seed: 7, sureness: 0, evidenceDays: 0 })
    expect(draft.figures?.bikesMoved).toBeGreaterThan(5)
    expect(draft.figures?.objective).toBeGreaterThan(draft.proportional?.objective ?? Number.POSITIVE_INFINITY)
    expect(draft.expectedLost.plan).toBeLessThan(draft.expectedLost.nothing)
    expect(draft.moves.length).toBe(draft.figures?.bikesMoved)
    const { plans, alarm } = (await ask<PlanList>('GET', '/v1/staff/plans')).body
    expect([plans[0]?.planId, plans[0]?.figures, alarm]).toEqual([draft.planId, draft.figures, null])
  })

  it('says of every bike why, and of every place what stands there after', () => {
    for (const move of draft.moves) expect(move.reasons.length).toBeGreaterThan(0)
    const added = draft.places.reduce((sum, { kind, stock, planned: after }) => {
      return kind === 'hotspot' ? sum + (after ?? 0) - (stock ?? 0) : sum
    }, 0)
    expect(added).toBe(draft.moves.filter(({ toPlace }) => draft.places[toPlace ?? 0]?.kind === 'hotspot').length)
    for (const { kind, planned: after, capacity } of draft.places) {
      if (kind === 'hotspot') expect(after).toBeLessThanOrEqual(capacity ?? 0)
    }
  })

  it('tells the price of an edit before it is done, does it, and takes it back', async () => {
    const van = draft.routes.find(({ stops }) => stops.length > 2)
    const request = { revision: draft.revision, edit: { kind: 'drop_stop', vanId: van?.vanId, stop: 0 } }
    const path = `/v1/staff/plans/${draft.planId}/edits`
    const price = (await ask<PlanEditAnswer>('POST', path, { ...request, dryRun: true })).body
    expect(price).toMatchObject({ done: false, faults: [], plan: null, before: draft.figures })
    expect(price.after?.objective).toBeLessThan(price.before.objective)
    expect((await view(draft.planId)).revision).toBe(0)

    const done = (await ask<PlanEditAnswer>('POST', path, { ...request, dryRun: false })).body
    expect(done).toMatchObject({ done: true, after: price.after, plan: { revision: 1, canUndo: true } })
    expect(done.plan?.edits).toMatchObject([{ revision: 1, kind: 'drop_stop', by: 'Operator' }])

    const late = await ask<Problem>('POST', path, { ...request, dryRun: false })
    expect(late).toMatchObject({ status: 409, body: { code: 'plan_changed' } })

    const undone = await ask<PlanView>('POST', `/v1/staff/plans/${draft.planId}/undo`, { revision: 1 })
    expect(undone).toMatchObject({ status: 200, body: { revision: 2, canUndo: false, edits: [] } })
    expect(undone.body.routes.map(({ stops }) => stops)).toEqual(draft.routes.map(({ stops }) => stops))
  })

  it('refuses with a sentence what no van can do, and changes nothing', async () => {
    const path = `/v1/staff/plans/${draft.planId}/edits`
    const edit = { kind: 'change_shift', vanId: draft.routes.find(({ stops }) => stops.length > 3)?.vanId }
    const short = { ...edit, startsAt: '22:00', endsAt: '22:01' }
    const answer = (await ask<PlanEditAnswer>('POST', path, { revision: 2, edit: short, dryRun: false })).body
    expect(answer).toMatchObject({ done: false, after: null, plan: null })
    expect(answer.faults.join(' ')).toMatch(/Van \d would be back \d+ minutes late\./)
    expect((await view(draft.planId)).revision).toBe(2)
  })

  it('takes one of two edits of the same revision', async () => {
    const path = `/v1/staff/plans/${draft.planId}/edits`
    const vanId = draft.routes.find(({ stops }) => stops.length > 2)?.vanId
    const lock = { revision: 2, edit: { kind: 'lock_stop', vanId, stop: 0 }, dryRun: false }
    const both = await Promise.all([1, 2].map(() => ask<{ code?: string }>('POST', path, lock)))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('plan_changed')
  })

  it('goes to the crews when it is published, once', async () => {
    const path = `/v1/staff/plans/${draft.planId}/publish`
    const both = await Promise.all([1, 2].map(() => ask<PlanView>('POST', path)))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const published = await view(draft.planId)
    expect(published.state).toBe('published')
    const { rows } = await platform.db.query<{ routes: number; stops: number; bikes: number }>(
      `SELECT (SELECT count(*) FROM van_route) AS routes, (SELECT count(*) FROM route_stop) AS stops,
              (SELECT count(*) FROM route_bike) AS bikes`,
    )
    expect(rows[0]).toEqual({
      routes: draft.routes.filter(({ stops }) => stops.length > 0).length,
      stops: stopsOf(published),
      bikes: draft.figures?.bikesMoved,
    })
    expect(published.routes.filter(({ routeId }) => routeId !== null).length).toBe(rows[0]?.routes)
  })

  it('changes the routes that nobody has taken yet by an edit after that', async () => {
    const published = await view(draft.planId)
    const van = published.routes.find(({ stops }) => stops.length > 3)
    const edit = { kind: 'drop_stop', vanId: van?.vanId, stop: 1 }
    const path = `/v1/staff/plans/${draft.planId}/edits`
    const { body } = await ask<PlanEditAnswer>('POST', path, { revision: published.revision, edit, dryRun: false })
    expect(body.faults).toEqual([])
    const { rows } = await platform.db.query<{ revision: number; stops: number }>(
      `SELECT revision, (SELECT count(*) FROM route_stop s WHERE s.route_id = r.route_id) AS stops
         FROM van_route r WHERE route_id = $1`,
      [van?.routeId],
    )
    const changed = body.plan?.routes.find(({ vanId }) => vanId === van?.vanId)
    expect(rows).toEqual([{ revision: 2, stops: changed?.stops.length }])
  })

  it('gives way to a newer plan while nobody drives it', async () => {
    const newer = await newDraft()
    expect((await ask('POST', `/v1/staff/plans/${newer.planId}/publish`)).status).toBe(200)
    expect((await view(draft.planId)).state).toBe('superseded')
    const { rows } = await platform.db.query<{ plan_id: string }>('SELECT DISTINCT plan_id FROM van_route')
    expect(rows).toEqual([{ plan_id: newer.planId }])
  })

  it('can be dropped as a draft, and not when it is out', async () => {
    const spare = await newDraft()
    const discard = () => ask<PlanView>('POST', `/v1/staff/plans/${spare.planId}/discard`)
    expect(await discard()).toMatchObject({ status: 200, body: { state: 'superseded' } })
    expect(await discard()).toMatchObject({ status: 409, body: { code: 'plan_wrong_state' } })
  })
})

describe('the settings of nights', () => {
  const path = '/v1/staff/night/settings'

  it('are kept as staff set them, and refused with a sentence where they do not fit', async () => {
    const { body: usual } = await ask<NightSettings>('GET', path)
    expect(usual.vans.length).toBe(3)
    const wrong = { ...usual, vans: usual.vans.map((van) => ({ ...van, depotId: 'nowhere' })) }
    const refused = await ask<Problem>('PUT', path, wrong)
    expect(refused).toMatchObject({ status: 422, body: { code: 'night_settings_wrong' } })
    expect(refused.body.detail).toMatch(/Van 1 belongs to the depot "nowhere", which does not exist\./)
    expect((await ask('PUT', path, { ...usual, planSeconds: 1 })).status).toBe(400)
    expect(await ask('PUT', path, { ...usual, planSeconds: 3 })).toMatchObject({
      status: 200,
      body: { planSeconds: 3 },
    })
    expect((await ask('GET', path)).body).toEqual({ ...usual, planSeconds: 3 })
  })
})

describe('a night without a report', () => {
  it('has a page that says so, and no numbers', async () => {
    expect(await ask('GET', '/v1/staff/reports')).toMatchObject({ status: 200, body: { reports: [] } })
    expect(await ask<Problem>('GET', '/v1/staff/reports/2026-01-01')).toMatchObject({ body: { code: 'not_found' } })
    const page = await fetch(`${platform.url}/v1/staff/reports/2026-01-01.html`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('No report for the night of 2026-01-01')
  })
})
