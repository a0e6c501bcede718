import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { migrate, migrationsFolder } from '../../server/platform/migrate.ts'
import { deskIdleMs, sessionLifetimeMs } from '../../server/riders/core/session-life.ts'
import { goodPassword, openStaffWorld, type StaffWorld } from '../fixtures/staff-world.ts'
import { openTestDatabase } from '../fixtures/test-database.ts'

const hourMs = 3_600_000
let world: StaffWorld
beforeAll(async () => {
  world = await openStaffWorld(['admin'])
})
afterAll(() => world.db.close())

const logIn = async (name: string): Promise<string> => {
  const session = await world.staff.logIn.byPassword(name, goodPassword, {})
  if (isRefusal(session)) throw new Error(session.code)
  return session.token
}

describe('a session of the desk', () => {
  it('ends twelve hours after the last use, and after seven days of use', async () => {
    await world.colleague('idle')
    const [rested, used] = [await logIn('idle'), await logIn('idle')]
    for (let passed = 0; passed < sessionLifetimeMs.desk; passed += 6 * hourMs) {
      expect(await world.sessions.ownerOf(used)).not.toBeNull()
      world.pass(6 * hourMs)
      if (passed > deskIdleMs) expect(await world.sessions.ownerOf(rested)).toBeNull()
    }
    expect(await world.sessions.ownerOf(used)).toBeNull()
  })

  it('is not kept alive by an open line that only listens', async () => {
    await world.colleague('listener')
    const token = await logIn('listener')
    world.pass(deskIdleMs - hourMs)
    expect(await world.sessions.isAlive(token)).toBe(true)
    world.pass(hourMs)
    expect(await world.sessions.isAlive(token)).toBe(false)
  })

  it('tells when its person was last seen', async () => {
    const { staffId } = await world.colleague('seen')
    const seenAt = async () => (await world.staff.people(true)).find((one) => one.staffId === staffId)?.seenAt
    const token = await logIn('seen')
    expect(await seenAt()).toBe(world.nowMs())
    world.pass(hourMs)
    await world.sessions.ownerOf(token)
    expect(await seenAt()).toBe(world.nowMs())
  })

  it('can be ended from another one, and whoever listens for that is told', async () => {
    const { staffId, token } = await world.colleague('many')
    const other = await logIn('many')
    const told: boolean[][] = []
    world.sessions.onEnded((isEnded) => told.push([isEnded(other), isEnded(token)]))
    const listed = await world.sessions.listOf(staffId)
    expect(listed).toHaveLength(2)
    const one = present(
      listed.find(({ by }) => by === 'password'),
      'the password opened one',
    )
    expect(await world.sessions.ownerOf(other)).not.toBeNull()
    expect(await world.sessions.endAll(staffId, { only: one.sessionId })).toBe(1)
    expect(told).toEqual([[true, false]])
    expect(await world.sessions.ownerOf(other)).toBeNull()
    expect(await world.sessions.ownerOf(token)).not.toBeNull()
  })

  it('that was being looked up while it ended is not remembered', async () => {
    const { staffId, token } = await world.colleague('race')
    const [, ended] = await Promise.all([world.sessions.ownerOf(token), world.sessions.endAll(staffId, {})])
    expect(ended).toBeGreaterThan(0)
    expect(await world.sessions.ownerOf(token)).toBeNull()
  })

  it('has only its own account until there is the second factor that the role needs', async () => {
    const who = await world.colleague('boss', 'admin')
    expect(await world.sessions.ownerOf(who.token)).toMatchObject({ confinedTo: 'self' })
    expect(await world.staff.me(who)).toMatchObject({ needsSecondFactor: true })
    await world.withPhone(who)
    expect(await world.sessions.ownerOf(who.token)).not.toHaveProperty('confinedTo')
  })
})

describe('a colleague', () => {
  it('who is given another role has it at the next request', async () => {
    const { staffId, token } = await world.colleague('mover', 'viewer')
    expect(await world.sessions.ownerOf(token)).toMatchObject({ role: 'viewer' })
    expect(await world.staff.changeRole(staffId, 'support')).toBeNull()
    expect(await world.sessions.ownerOf(token)).toMatchObject({ role: 'support' })
  })

  it('who becomes a crew is logged out of the desk, and the links of before are over', async () => {
    const { staffId, token } = await world.colleague('to-the-vans', 'dispatcher')
    const { link } = present(await world.staff.linkFor(staffId), 'a colleague has a link')
    await world.staff.changeRole(staffId, 'crew')
    expect(await world.sessions.ownerOf(token)).toBeNull()
    expect(await world.staff.useLink(link, 'crew')).toMatchObject({ code: 'link_used' })
    expect(await world.staff.logIn.byPassword('to-the-vans', goodPassword, {})).toMatchObject({ code: 'log_in_wrong' })
  })

  it('who is switched off is out at once, with every link, and comes back with the same name', async () => {
    const { staffId, token } = await world.colleague('off')
    const { link } = present(await world.staff.linkFor(staffId), 'a colleague has a link')
    expect(await world.sessions.ownerOf(token)).not.toBeNull()
    expect(await world.staff.switchOff(staffId)).toBeNull()
    expect(await world.sessions.ownerOf(token)).toBeNull()
    expect(await world.staff.useLink(link, 'desk')).toMatchObject({ code: 'link_used' })
    expect(await world.staff.linkFor(staffId)).toBeNull()
    expect(await world.staff.switchOn(staffId)).toBeNull()
    expect(await world.staff.useLink(link, 'desk')).toMatchObject({ code: 'link_used' })
    expect(await logIn('off')).toEqual(expect.any(String))
  })

  it('has a log-in name that nobody else has, whatever its capitals', async () => {
    const { staffId } = await world.colleague('unique')
    expect(await world.staff.addPerson('Other', 'viewer', ' UNIQUE ')).toMatchObject({ code: 'log_in_name_taken' })
    expect(await world.staff.addPerson('Other', 'viewer', 'no blanks please')).toMatchObject({
      code: 'log_in_name_wrong',
    })
    const other = await world.colleague('another')
    expect(await world.staff.rename(other.staffId, 'Another', 'Unique')).toMatchObject({ code: 'log_in_name_taken' })
    expect(await world.staff.rename(staffId, 'Unique', '')).toBeNull()
    expect(await world.staff.rename(other.staffId, 'Another', 'Unique')).toBeNull()
  })
})

describe('the last admin', () => {
  it('is neither switched off nor given another role, also when two try it with the last two', async () => {
    const { rows } = await world.db.query<{ staff_id: string }>("SELECT staff_id FROM staff WHERE role = 'admin'")
    for (const { staff_id } of rows)
      await world.db.query("UPDATE staff SET role = 'viewer' WHERE staff_id = $1", [staff_id])
    const [first, second] = [await world.colleague('last-1', 'admin'), await world.colleague('last-2', 'admin')]
    const done = await Promise.all([
      world.staff.switchOff(first.staffId),
      world.staff.changeRole(second.staffId, 'viewer'),
    ])
    expect(done.map((no) => no?.code ?? 'done').sort()).toEqual(['done', 'last_admin'])
    const { rows: left } = await world.db.query<{ staff_id: string }>(
      "SELECT staff_id FROM staff WHERE role = 'admin' AND ended_at IS NULL",
    )
    expect(left).toHaveLength(1)
    expect(
      await world.staff.switchOff(first.staffId === left[0]?.staff_id ? first.staffId : second.staffId),
    ).toMatchObject({ code: 'last_admin' })
  })
})

describe('a desk of before', () => {
  it('keeps its people: who was an operator is an admin, and whoever was logged in still is', async () => {
    const db = await openTestDatabase()
    const folder = await mkdtemp(join(tmpdir(), 'zwerm-before-'))
    try {
      await db.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
      await db.query('DROP SCHEMA IF EXISTS seeded CASCADE')
      const files = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort()
      const copy = (names: readonly string[]) =>
        Promise.all(names.map((name) => cp(join(migrationsFolder, name), join(folder, name))))
      await copy(files.filter((name) => name < '0011'))
      await migrate(db, { folder })
      const [operator, crew] = [secureIds.uuid(), secureIds.uuid()]
      for (const [id, role] of [
        [operator, 'operator'],
        [crew, 'crew'],
      ]) {
        await db.query('INSERT INTO staff (staff_id, name, role, created_at) VALUES ($1, $2, $2, $3)', [
          id,
          role,
          new Date(0),
        ])
        await db.query('INSERT INTO session (token_hash, staff_id, created_at, expires_at) VALUES ($1, $2, $3, $4)', [
          Buffer.from(String(role)),
          id,
          new Date(0),
          new Date(1),
        ])
      }
      await copy(files.filter((name) => name.startsWith('0011')))
      await migrate(db, { folder })
      const { rows } = await db.query(
        'SELECT s.staff_id, s.role, e.app, e.began_by FROM staff s JOIN session e USING (staff_id) ORDER BY s.role',
      )
      expect(rows).toEqual([
        { staff_id: operator, role: 'admin', app: 'desk', began_by: 'link' },
        { staff_id: crew, role: 'crew', app: 'crew', began_by: 'link' },
      ])
    } finally {
      await db.close()
      await rm(folder, { recursive: true })
    }
  })
})
