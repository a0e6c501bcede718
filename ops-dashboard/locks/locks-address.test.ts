import { expect, it } from 'vitest'
import { addressOf, questionOf, typed, viewOf } from './locks-address.ts'

it('says in the address what is shown, and nothing that cannot be', () => {
  const view = { q: 'zw-00', batch: 'spring-1', state: 'revoked', after: 'zw-000010' } as const
  expect(viewOf(addressOf(view))).toEqual(view)
  expect(addressOf({ q: '', batch: '', state: '', after: '' }).toString()).toBe('')
  expect(viewOf(new URLSearchParams('q=%25&batch=A&state=gone&after=x'))).toEqual({
    q: '',
    batch: '',
    state: '',
    after: '',
  })
})

it('asks the server for that', () => {
  expect(questionOf({ q: '10017', batch: '', state: '', after: '' })).toBe('/v1/staff/locks?q=10017')
  expect(questionOf({ q: '', batch: 'spring-1', state: 'active', after: '' })).toBe(
    '/v1/staff/locks?batch=spring-1&revoked=false',
  )
})

it('takes a number as it stands on the bike', () => {
  expect(typed(' 10 017 ')).toBe('10017')
  expect(typed('ZW-0000_17')).toBe('zw-000017')
})
