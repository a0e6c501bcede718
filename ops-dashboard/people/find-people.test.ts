import { describe, expect, it } from 'vitest'
import { findPeople, type Person } from './find-people.ts'

const person = (name: string, more: Partial<Person> = {}): Person => ({
  ...{ staffId: name, name, role: 'viewer', since: 1_795_252_790_000 as Person['since'], seenAt: null, endedAt: null },
  logIn: null,
  ...more,
})
const noor = person('Noor de Wit', { logIn: { name: 'noor@example.org', hasPassword: true, hasSecondFactor: false } })
const sam = person('Sam', { endedAt: 1_795_252_790_000 as Person['since'] })
const names = (query: string, withOff: boolean) => findPeople([noor, sam], query, withOff).map(({ name }) => name)

describe('the list of colleagues', () => {
  it('has who works here, and who is switched off when that is asked', () => {
    expect(names('', false)).toEqual(['Noor de Wit'])
    expect(names('', true)).toEqual(['Noor de Wit', 'Sam'])
  })

  it('finds every word in names and log-in names', () => {
    expect(names('wit NOOR', false)).toEqual(['Noor de Wit'])
    expect(names('example', false)).toEqual(['Noor de Wit'])
    expect(names('noor bos', false)).toEqual([])
  })
})
