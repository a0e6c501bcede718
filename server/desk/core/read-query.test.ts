import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readQuery } from './read-query.ts'

const id = '019a8f30-0a11-7c3e-9a77-0d3b5f7e9c13'

describe('a search', () => {
  it('reads a number as it is printed on the bike', () => {
    expect(readQuery(' 100 146 ').code).toBe('100146')
  })
  it('reads the code in the address of a sticker, also with something behind it', () => {
    expect(readQuery('https://zwerm.example/b/7Kq2mXw9?x=1').code).toBe('7Kq2mXw9')
    expect(readQuery('7Kq2mXw9').code).toBe('7Kq2mXw9')
  })
  it('reads lock ids, ids of trips and receipts', () => {
    expect(readQuery('ZW-000123').lockId).toBe('zw-000123')
    expect(readQuery(id.toUpperCase()).uuid).toBe(id)
    expect(readQuery(`http://x/trip/${id}`).uuid).toBe(id)
    expect(readQuery('2026-000123')).toMatchObject({ receipt: '2026-000123', uuid: null })
  })
  it('takes any text, and finds no name in what is none', () => {
    expect(readQuery('Hoofdstraat?')).toEqual({ code: null, lockId: null, uuid: null, receipt: null })
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void readQuery(text)))
  })
})
