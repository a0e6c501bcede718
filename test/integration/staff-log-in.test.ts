import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { present } from '../../contracts/assert.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import { hashing } from '../../server/staff/passwords.ts'
import { goodPassword, openStaffWorld, type StaffWorld } from '../fixtures/staff-world.ts'

const minuteMs = 60_000
let world: StaffWorld
beforeAll(async () => {
  world = await openStaffWorld()
})
afterAll(() => world.db.close())

const tryPassword = async (name: string, password: string, code?: string) => {
  const answer = await world.staff.logIn.byPassword(name, password, code === undefined ? {} : { code })
  return isRefusal(answer) ? answer.code : 'in'
}
const tries = async (name: string, count: number) => {
  const answers: string[] = []
  for (let i = 0; i < count; i++) answers.push(await tryPassword(name, 'not the password'))
  return answers
}
const linkOf = async (staffId: Parameters<typeof world.staff.linkFor>[0], without = false) =>
  present(await world.staff.linkFor(staffId, without), 'a colleague has a link').link

describe('a log-in with a password', () => {
  it('opens with the name in capitals and blanks around it', async () => {
    await world.colleague('noor@example.org')
    expect(await tryPassword('  NOOR@Example.org ', goodPassword)).toBe('in')
  })

  it('answers an unknown name, a crew, somebody switched off and a wrong password alike, and traces each', async () => {
    const { staffId } = await world.colleague('gone')
    await world.staff.switchOff(staffId)
    await world.colleague('here')
    const before = (await world.audit.rows({ action: 'log_in.failed:password' }, 200)).length
    const answers = []
    for (const name of ['nobody', 'gone', 'here']) answers.push(await tryPassword(name, 'not the password'))
    expect(answers).toEqual(['log_in_wrong', 'log_in_wrong', 'log_in_wrong'])
    expect(await tryPassword('gone', goodPassword)).toBe('log_in_wrong')
    const rows = await world.audit.rows({ action: 'log_in.failed:password' }, 200)
    expect(rows.length - before).toBe(4)
    expect(JSON.stringify(rows)).not.toMatch(/not the password|"nobody"|brug/)
  })

  it('looks at a hash for nobody as it does for somebody', async () => {
    await world.colleague('timed')
    // Equal work, not equal milliseconds: the same statements and one argon2 each.
    const counted = async (name: string) => {
      const statements: string[] = []
      const { query } = world.db
      Object.assign(world.db, {
        query: (text: string, values?: readonly unknown[]) => {
          statements.push(text.trim().slice(0, 24))
          return query(text, values)
        },
      })
      await tryPassword(name, 'not the password')
      Object.assign(world.db, { query })
      return statements
    }
    const known = await counted('timed')
    expect(known.length).toBeGreaterThan(1)
    expect(await counted('nobody at all')).toEqual(known)
  })

  it('is locked after five wrong tries for fifteen minutes, the right password included', async () => {
    await world.colleague('locked')
    expect(await tries('locked', 6)).toEqual([...Array.from({ length: 5 }, () => 'log_in_wrong'), 'log_in_locked'])
    expect(await tryPassword('locked', goodPassword)).toBe('log_in_locked')
    world.pass(15 * minuteMs - 1)
    expect(await tryPassword('locked', goodPassword)).toBe('log_in_locked')
    world.pass(1)
    expect(await tryPassword('locked', goodPassword)).toBe('in')
  })

  it('locks a name that nobody has just the same', async () => {
    expect(await tries('no such person', 6)).toEqual([
      ...Array.from({ length: 5 }, () => 'log_in_wrong'),
      'log_in_locked',
    ])
  })

  it('gives no more tries to many at once', async () => {
    await world.colleague('burst')
    const answers = await Promise.all(Array.from({ length: 12 }, () => tryPassword('burst', 'not the password')))
    expect(answers.filter((answer) => answer === 'log_in_wrong')).toHaveLength(5)
    expect(answers.filter((answer) => answer === 'log_in_locked')).toHaveLength(7)
  })

  it('hashes anew with today’s parameters when the old ones were weaker', async () => {
    const { staffId } = await world.colleague('old-hash')
    const weak = await hash(goodPassword, { ...hashing, timeCost: 1, memoryCost: 8_192 })
    await world.db.query('UPDATE staff SET password_hash = $2 WHERE staff_id = $1', [staffId, weak])
    expect(await tryPassword('old-hash', goodPassword)).toBe('in')
    const { rows } = await world.db.query<{ password_hash: string }>(
      'SELECT password_hash FROM staff WHERE staff_id = $1',
      [staffId],
    )
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await tryPassword('old-hash', goodPassword)).toBe('in')
  })
})

describe('a second factor', () => {
  it('is asked for once the password is right, and never before', async () => {
    const who = await world.colleague('careful')
    const { secret } = await world.withPhone(who)
    expect(await tryPassword('careful', 'not the password')).toBe('log_in_wrong')
    expect(await tryPassword('careful', goodPassword)).toBe('second_factor_asked')
    expect(await tryPassword('careful', goodPassword, '000000')).toBe('second_factor_wrong')
    expect(await tryPassword('careful', goodPassword, world.codeOf(secret))).toBe('in')
  })

  it('takes a code once, also of two who bring it at once', async () => {
    const who = await world.colleague('replay')
    const { secret } = await world.withPhone(who)
    const code = world.codeOf(secret)
    const both = await Promise.all([1, 2].map(() => tryPassword('replay', goodPassword, code)))
    expect(both.sort()).toEqual(['in', 'second_factor_wrong'])
    expect(await tryPassword('replay', goodPassword, code)).toBe('second_factor_wrong')
    world.pass(30_000)
    expect(await tryPassword('replay', goodPassword, world.codeOf(secret))).toBe('in')
  })

  it('does not count the code that turned it on', async () => {
    const who = await world.colleague('first-code')
    const shown = await world.staff.showSecondFactor(who, undefined)
    if (isRefusal(shown)) throw new Error(shown.code)
    const code = world.codeOf(shown.secret)
    expect(isRefusal(await world.staff.confirmSecondFactor(who, code))).toBe(false)
    expect(await tryPassword('first-code', goodPassword, code)).toBe('second_factor_wrong')
  })

  it('takes each recovery code once', async () => {
    const who = await world.colleague('spare')
    const { codes } = await world.withPhone(who)
    const [first = '', second = ''] = codes
    expect(await tryPassword('spare', goodPassword, first.toUpperCase())).toBe('in')
    expect(await tryPassword('spare', goodPassword, first)).toBe('second_factor_wrong')
    expect(await tryPassword('spare', goodPassword, second.replace('-', ''))).toBe('in')
    expect(await world.staff.me(who)).toMatchObject({ hasSecondFactor: true, recoveryCodesLeft: 8 })
  })

  it('locks after five wrong codes, however often the password is shown to be right in between', async () => {
    const who = await world.colleague('guessed')
    await world.withPhone(who)
    const answers: string[] = []
    for (let i = 0; i < 6; i++) {
      answers.push(await tryPassword('guessed', goodPassword, '000000'))
      answers.push(await tryPassword('guessed', goodPassword))
    }
    expect(answers.filter((answer) => answer === 'second_factor_wrong').length).toBeLessThanOrEqual(5)
    expect(answers.at(-1)).toBe('log_in_locked')
  })

  it('is kept sealed, and goes with the password and a code alone', async () => {
    const who = await world.colleague('sealed')
    const { secret } = await world.withPhone(who)
    const { rows } = await world.db.query<{ totp_sealed: Uint8Array }>(
      'SELECT totp_sealed FROM staff WHERE staff_id = $1',
      [who.staffId],
    )
    expect(Buffer.from(rows[0]?.totp_sealed ?? []).toString('latin1')).not.toContain(secret)
    const drop = async (password: string, code: string) =>
      (await world.staff.dropSecondFactor(who, password, code))?.code ?? 'off'
    expect(await drop('not the password', world.codeOf(secret))).toBe('password_wrong')
    expect(await drop(goodPassword, '000000')).toBe('second_factor_wrong')
    expect(await drop(goodPassword, world.codeOf(secret))).toBe('off')
    expect(await tryPassword('sealed', goodPassword)).toBe('in')
  })

  it('that is shown waits a quarter of an hour for its first code', async () => {
    const who = await world.colleague('slow')
    const shown = await world.staff.showSecondFactor(who, undefined)
    if (isRefusal(shown)) throw new Error(shown.code)
    world.pass(15 * minuteMs + 1)
    expect(await world.staff.confirmSecondFactor(who, world.codeOf(shown.secret))).toMatchObject({
      code: 'second_factor_over',
    })
    expect(await world.staff.me(who)).toMatchObject({ hasSecondFactor: false })
  })
})

describe('a log-in with a link', () => {
  it('of somebody with a second factor asks for it, and stays good until the code is right', async () => {
    const who = await world.colleague('by-link')
    const { secret } = await world.withPhone(who)
    const link = await linkOf(who.staffId)
    const open = async (code?: string) => {
      const answer = await world.staff.useLink(link, 'desk', code === undefined ? {} : { code })
      return isRefusal(answer) ? answer.code : 'in'
    }
    expect(await open()).toBe('second_factor_asked')
    expect(await open('000000')).toBe('second_factor_wrong')
    expect(await open(world.codeOf(secret))).toBe('in')
    expect(await open()).toBe('link_used')
  })

  it('that was made for a lost phone takes the second factor away, and says so in the log', async () => {
    const who = await world.colleague('lost-phone')
    await world.withPhone(who)
    const answer = await world.staff.useLink(await linkOf(who.staffId, true), 'desk')
    expect(isRefusal(answer)).toBe(false)
    expect(await world.staff.me(who)).toMatchObject({ hasSecondFactor: false, recoveryCodesLeft: 0 })
    const [row] = await world.audit.rows({ staffId: who.staffId, action: 'log_in:' }, 1)
    expect(row?.detail).toMatchObject({ by: 'link', withoutSecondFactor: true })
  })

  it('at the crew’s app asks for no code, and opens that app alone', async () => {
    const who = await world.colleague('helps-crews', 'crew_lead')
    await world.withPhone(who)
    const answer = await world.staff.useLink(await linkOf(who.staffId), 'crew')
    if (isRefusal(answer)) throw new Error(answer.code)
    expect(await world.sessions.ownerOf(answer.token)).toMatchObject({ role: 'crew_lead', confinedTo: 'crew' })
  })

  it('replaces a forgotten password within the hour, and asks for the old one later', async () => {
    const who = await world.colleague('forgot')
    world.pass(60 * minuteMs + 1)
    const set = async (password: string | undefined, next: string) =>
      (await world.staff.setPassword(who, password, next))?.code ?? 'set'
    expect(await set(undefined, 'een brug en drie boten')).toBe('password_wrong')
    expect(await set('not the password', 'een brug en drie boten')).toBe('password_wrong')
    expect(await set(goodPassword, 'een brug en drie boten')).toBe('set')
    const answer = await world.staff.useLink(await linkOf(who.staffId), 'desk')
    if (isRefusal(answer)) throw new Error(answer.code)
    const fresh = { staffId: who.staffId, token: answer.token }
    expect(await world.staff.setPassword(fresh, undefined, goodPassword)).toBeNull()
    expect(await tryPassword('forgot', goodPassword)).toBe('in')
  })
})

describe('a new password', () => {
  it('is refused when it is short, common or the own name', async () => {
    const who = await world.colleague('chooser')
    const set = async (next: string) => (await world.staff.setPassword(who, undefined, next))?.code ?? 'set'
    expect(await set('short')).toBe('password_short')
    expect(await set('password1234')).toBe('password_common')
    expect(await set('chooser12345')).toBe('password_own_name')
    expect(await tryPassword('chooser', goodPassword)).toBe('in')
  })

  it('ends the person’s other sessions at once', async () => {
    const who = await world.colleague('leaver')
    const other = await world.staff.logIn.byPassword('leaver', goodPassword, {})
    if (isRefusal(other)) throw new Error(other.code)
    expect(await world.sessions.ownerOf(other.token)).not.toBeNull()
    expect(await world.staff.setPassword(who, undefined, 'een brug en drie boten')).toBeNull()
    expect(await world.sessions.ownerOf(other.token)).toBeNull()
    expect(await world.sessions.ownerOf(who.token)).not.toBeNull()
  })
})
