import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlarmList } from '../../contracts/http/alarms.ts'
import type { CrewTasks, ReportList, TaskList, TaskStory } from '../../contracts/http/tasks.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import type { Problem } from '../../contracts/refusals.ts'
import { type CrewClient, logInCrew } from '../fixtures/crew-client.ts'
import { type DeskClient, deskClient } from '../fixtures/desk-client.ts'
import { addPastRides } from '../fixtures/ride-history.ts'
import { logInRider } from '../fixtures/rider-client.ts'
import { placeLock, type StreetLock } from '../fixtures/street-lock.ts'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

let platform: TestPlatform
let anna: DeskClient
let bram: DeskClient
let crew: CrewClient
const locks: StreetLock[] = []

beforeAll(async () => {
  platform = await openTestPlatform()
  anna = await deskClient(platform, 'dispatcher')
  bram = await deskClient(platform, 'support')
  crew = await logInCrew(platform, 'Crew 9')
})
afterAll(async () => {
  for (const { lock } of locks) lock.destroy()
  await platform.close()
})

async function newBike(id: string): Promise<StreetLock> {
  const placed = await placeLock(platform, id)
  locks.push(placed)
  return placed
}
async function alarmOn(bikeId: string): Promise<string> {
  await platform.rooms.db.transaction((tx) =>
    platform.rooms.alarms.raise(tx, {
      ...{ kind: 'forced', bikeId: asId<BikeId>(bikeId), tripId: null, causeKey: randomUUID() },
      ...{ detail: {}, atMs: platform.clock.nowMs() },
    }),
  )
  const { body } = await anna.get<AlarmList>(`/v1/staff/alarms?state=live&bikeId=${bikeId}`)
  return body.alarms[0]?.alarmId ?? ''
}
const make = (body: object, who = anna) => who.send<TaskStory & Problem>('POST', '/v1/staff/tasks', body)
const act = (who: DeskClient, { task }: TaskStory, deed: object) =>
  who.send<TaskStory & Problem>('POST', `/v1/staff/tasks/${task.taskId}/acts`, { version: task.version, deed })

describe('a task', () => {
  it('made of an alarm is of its bike, and ends it when it is done', async () => {
    const { bike } = await newBike('task-lock-alarm')
    const alarmId = await alarmOn(bike.bikeId)
    const made = await make({ kind: 'look', title: 'Look at the lock', priority: 'now', alarmId })
    expect(made).toMatchObject({
      status: 201,
      body: { task: { bikeId: bike.bikeId, alarmIsOpen: true, state: 'open' } },
    })
    const begun = (await act(anna, made.body, { act: 'start' })).body
    expect(begun.task).toMatchObject({ state: 'doing', assignedTo: { staffId: anna.staffId } })
    const done = await act(anna, begun, { act: 'done', note: 'new bolt', resolveAlarm: true })
    expect(done.body.task).toMatchObject({ state: 'done', alarmIsOpen: false })
    const { alarms } = (await anna.get<AlarmList>(`/v1/staff/alarms?state=resolved&bikeId=${bike.bikeId}`)).body
    expect(alarms).toMatchObject([{ alarmId, resolution: 'fixed' }])
    expect((await act(bram, done.body, { act: 'drop' })).body.code).toBe('task_ended')
    expect((await act(bram, done.body, { act: 'reopen' })).body.task.state).toBe('open')
  })

  it('that two take at once belongs to the first', async () => {
    const made = (await make({ kind: 'other', title: 'Sweep', priority: 'later' })).body
    const answers = await Promise.all([act(anna, made, { act: 'start' }), act(bram, made, { act: 'start' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'task_changed' })
  })

  it('is made of what there is only', async () => {
    const task = { kind: 'look', title: 'x', priority: 'later' }
    for (const origin of ['alarmId', 'bikeId', 'reportId', 'assignedTo']) {
      expect((await make({ ...task, [origin]: randomUUID() })).status).toBe(404)
    }
  })

  it('is shown to crews, the most urgent first and then the nearest, and is done once', async () => {
    const { bike } = await newBike('task-lock-crew')
    const near = (await make({ kind: 'collect', title: 'Collect it', priority: 'now', bikeId: bike.bikeId })).body.task
    await platform.rooms.fleet.tick()
    const list = (await crew.send<CrewTasks>('GET', '/v1/crew/tasks?lon=4.727&lat=52.3585')).body
    const shown = list.tasks.find(({ taskId }) => taskId === near.taskId)
    expect(shown).toMatchObject({ bikeNumber: bike.number, isMine: false })
    expect(shown?.distanceM).toBeGreaterThan(50)
    const ranks = list.tasks.map(({ priority }) => ['now', 'today', 'later'].indexOf(priority))
    expect(ranks).toEqual([...ranks].sort())
    for (let times = 0; times < 2; times += 1) {
      expect((await crew.send('POST', `/v1/crew/tasks/${near.taskId}/done`, { note: 'in the van' })).status).toBe(204)
    }
    const { tasks } = (await anna.get<TaskList>(`/v1/staff/tasks?state=done&bikeId=${bike.bikeId}`)).body
    expect(tasks).toMatchObject([{ taskId: near.taskId, state: 'done' }])
  })
})

describe("a rider's report", () => {
  const say = async (number: string, kind: string, address: string, rodeOn?: StreetLock['bike']) => {
    const rider = await logInRider(platform.url, `${address}@example.org`)
    if (rodeOn !== undefined) await rideOf(rodeOn)
    return (await rider.post<Problem>(`/v1/bikes/${number}/reports`, { kind, text: 'it is so' })).status
  }
  /** A ride of whoever logged in last. */
  const rideOf = async ({ bikeId, lockId, number }: StreetLock['bike']) => {
    const { db } = platform.rooms
    const { rows } = await db.query<{ rider_id: string }>(
      `SELECT rider_id FROM rider WHERE length(address_sealed) > 1 ORDER BY created_at DESC LIMIT 1`,
    )
    const ride = { bike: { bikeId, lockId, number }, askedAtMs: platform.clock.nowMs() - 600_000, openMs: 1_000 }
    const [made] = await addPastRides(db, [{ ...ride, minutes: 5 }])
    await db.query('UPDATE trip SET rider_id = $2 WHERE trip_id = $1', [made?.tripId, rows[0]?.rider_id])
  }
  const reportsOf = async (bikeId: string) =>
    (await anna.get<ReportList>(`/v1/staff/rider-reports?bikeId=${bikeId}`)).body.reports
  const actOnReport = (reportId: string | undefined, deed: string) =>
    bram.send<Problem>('POST', `/v1/staff/rider-reports/${reportId}/acts`, { act: deed })
  const reported = async (bikeId: string) =>
    (await anna.get<AlarmList>(`/v1/staff/alarms?state=live&kind=reported&bikeId=${bikeId}`)).body.alarms

  it('of the lock is a notice, of two riders an alarm that keeps the bike; of the saddle neither', async () => {
    const { bike } = await newBike('report-lock')
    expect(await say(bike.number, 'saddle', 'one')).toBe(201)
    expect(await reported(bike.bikeId)).toEqual([])
    expect(await say(bike.number, 'lock', 'one', bike)).toBe(201)
    expect(await say(bike.number, 'lock', 'one')).toBe(409)
    expect(await reported(bike.bikeId)).toMatchObject([{ severity: 'notice', blocksRental: false }])
    expect(await say(bike.number, 'lock', 'two', bike)).toBe(201)
    expect(await reported(bike.bikeId)).toMatchObject([{ severity: 'warning', blocksRental: true, times: 2 }])
    expect(await say('00000000', 'lock', 'one')).toBe(404)
  })

  it('of somebody who never had the bike keeps it from nobody, nor does one that was closed', async () => {
    const { bike } = await newBike('report-sofa')
    expect(await say(bike.number, 'brakes', 'sofa-1')).toBe(201)
    expect(await say(bike.number, 'brakes', 'sofa-2')).toBe(201)
    expect(await reported(bike.bikeId)).toMatchObject([{ severity: 'notice', blocksRental: false, times: 2 }])
    expect(await say(bike.number, 'brakes', 'rode-1', bike)).toBe(201)
    expect(await reported(bike.bikeId)).toMatchObject([{ blocksRental: false }])
    for (const { reportId } of await reportsOf(bike.bikeId))
      expect((await actOnReport(reportId, 'close')).status).toBe(204)
    expect(await reported(bike.bikeId)).toEqual([])
    expect(await say(bike.number, 'brakes', 'rode-2', bike)).toBe(201)
    expect(await reported(bike.bikeId)).toMatchObject([{ blocksRental: false }])
  })

  it('keeps the bike each time that a colleague says so', async () => {
    const { bike } = await newBike('report-again')
    await say(bike.number, 'chain', 'again')
    const [report] = await reportsOf(bike.bikeId)
    for (let times = 0; times < 2; times += 1) {
      expect((await actOnReport(report?.reportId, 'raise')).status).toBe(204)
      const [alarm] = await reported(bike.bikeId)
      expect(alarm).toMatchObject({ blocksRental: true, severity: 'warning' })
      const deed = { act: 'resolve', how: 'fixed' }
      await anna.send('POST', `/v1/staff/alarms/${alarm?.alarmId}/acts`, { version: alarm?.version, deed })
    }
    await actOnReport(report?.reportId, 'raise')
    await actOnReport(report?.reportId, 'close')
    expect(await reported(bike.bikeId)).toMatchObject([{ blocksRental: true }])
  })

  it('is told to the desk without its rider, and seen when a task is made of it', async () => {
    const { bike } = await newBike('report-task')
    await say(bike.number, 'tyre', 'three')
    const path = `/v1/staff/rider-reports?bikeId=${bike.bikeId}`
    const [report] = (await anna.get<ReportList>(path)).body.reports
    expect(JSON.stringify(report)).not.toContain('rider_id')
    const reportId = report?.reportId ?? ''
    await make({ kind: 'repair', title: 'Mend the tyre', priority: 'today', reportId })
    expect((await anna.get<ReportList>(path)).body.reports).toMatchObject([{ state: 'seen' }])
    const close = () => bram.send<Problem>('POST', `/v1/staff/rider-reports/${reportId}/acts`, { act: 'close' })
    expect([(await close()).status, (await close()).status]).toEqual([204, 204])
    const raise = await bram.send<Problem>('POST', `/v1/staff/rider-reports/${reportId}/acts`, { act: 'raise' })
    expect(raise.body.code).toBe('report_closed')
  })
})
