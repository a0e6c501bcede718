import { describe, expect, it } from 'vitest'
import { cursorIn, placeOfCursor } from './list-cursor.ts'

const list = (...rows: number[]) => Uint32Array.from(rows)

describe('the cursor of a list that changes beneath it', () => {
  it('stays with its bike wherever that has moved to', () => {
    expect(cursorIn(list(9, 8, 7), { row: 7, place: 0 })).toEqual({ row: 7, place: 2 })
  })

  it('goes to the bike that stands at its place when its own has left', () => {
    expect(cursorIn(list(5, 6, 8, 9), { row: 7, place: 2 })).toEqual({ row: 8, place: 2 })
  })

  it('goes to the last bike of a list that has become shorter', () => {
    expect(cursorIn(list(5, 6), { row: 9, place: 4 })).toEqual({ row: 6, place: 1 })
  })

  it('waits for its bike while the list is empty, and is shown nowhere', () => {
    const cursor = { row: 7, place: 2 }
    expect(cursorIn(list(), cursor)).toBe(cursor)
    expect(placeOfCursor(list(), cursor)).toBe(-1)
    expect(cursorIn(list(5, 6, 7), cursor)).toBe(cursor)
  })

  it('is nowhere on a bike that was in no list yet', () => {
    const cursor = { row: 7, place: -1 }
    expect(cursorIn(list(5, 6), cursor)).toBe(cursor)
    expect(placeOfCursor(list(5, 6), cursor)).toBe(-1)
    expect(cursorIn(list(5, 7), cursor)).toEqual({ row: 7, place: 1 })
  })

  it('is the same one for as long as it fits', () => {
    const cursor = { row: 6, place: 1 }
    expect(cursorIn(list(5, 6), cursor)).toBe(cursor)
    expect(placeOfCursor(list(5, 6), cursor)).toBe(1)
    expect(cursorIn(list(5, 6), null)).toBeNull()
  })
})
