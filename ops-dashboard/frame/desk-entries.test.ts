import { expect, it } from 'vitest'
import { may, type StaffRole } from '../../contracts/permissions.ts'
import { deskEntries, entriesFor, isUnder } from './desk-entries.ts'

const all = deskEntries.map(({ path }) => path)
const names = (role: StaffRole, isDemo = false, paths: readonly string[] = all) =>
  entriesFor(paths, (permission) => may(role, permission), isDemo).map(({ name }) => name)

it('shows each role what it may see, and the demo city in a demo only', () => {
  expect(names('viewer')).not.toContain('audit')
  expect(names('finance')).toContain('audit')
  expect(names('dispatcher', true)).toContain('demo')
  expect(names('dispatcher', false)).not.toContain('demo')
  expect(names('viewer', true)).not.toContain('demo')
})

it('shows pages that there are, also when their path may go deeper', () => {
  expect(names('admin', false, ['/', '/alarms/:alarmId?', '/trips/:tripId'])).toEqual(['fleet', 'alarms'])
})

it('marks the page that is open, also where the address goes deeper', () => {
  expect(isUnder({ path: '/' }, '/')).toBe(true)
  expect(isUnder({ path: '/' }, '/bikes/100146')).toBe(true)
  expect(isUnder({ path: '/' }, '/trips')).toBe(false)
  expect(isUnder({ path: '/night' }, '/night/settings')).toBe(true)
  expect(isUnder({ path: '/trips' }, '/tripsters')).toBe(false)
})
