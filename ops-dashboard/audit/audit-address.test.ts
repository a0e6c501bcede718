import { describe, expect, it } from 'vitest'
import { addressOf, queryOf, viewOf } from './audit-address.ts'

const noor = '019a8f30-0a11-7c3e-9a77-0d3b5f7e9c11'
const midnightOf = (day: string) => Date.parse(`${day}T00:00:00Z`)

describe('the address of the audit page', () => {
  it('is the same after being read', () => {
    const address = `who=${noor}&what=bike.command&about=5724&from=2026-11-01&to=2026-11-22&before=1188`
    expect(addressOf(viewOf(new URLSearchParams(address))).toString()).toBe(address)
  })

  it('asks for whole days, the last one included', () => {
    const query = queryOf(viewOf(new URLSearchParams('from=2026-11-01&to=2026-11-30')), midnightOf)
    expect(query.get('from')).toBe(String(Date.parse('2026-11-01T00:00:00Z')))
    expect(query.get('to')).toBe(String(Date.parse('2026-12-01T00:00:00Z')))
  })

  it('shows everything when it says nonsense', () => {
    const view = viewOf(new URLSearchParams('who=me&from=yesterday&to=2026-1-1&before=-3'))
    expect(addressOf(view).toString()).toBe('')
    expect(queryOf(view, midnightOf).toString()).toBe('')
  })
})
