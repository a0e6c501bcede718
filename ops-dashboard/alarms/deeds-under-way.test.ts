import { describe, expect, it } from 'vitest'
import { afterUndo, createDeedsUnderWay } from './deeds-under-way.ts'

const resolve = { act: 'resolve', how: 'fixed' } as const

describe('deeds on alarms', () => {
  it('pressed twice are done once, and others go on meanwhile', () => {
    const underWay = createDeedsUnderWay()
    expect(underWay.begin(['a', 'b'])).toEqual(['a', 'b'])
    expect(underWay.begin(['b'])).toEqual([])
    expect(underWay.begin(['b', 'c'])).toEqual(['c'])
    underWay.end(['a', 'b'])
    expect(underWay.begin(['b', 'c'])).toEqual(['b'])
  })

  it('keep their way back when the undo did not arrive', () => {
    const before = { deed: resolve, done: ['a', 'b'], refused: [] }
    const offline = { deed: { act: 'reopen' } as const, done: [], refused: [{ code: 'offline', by: null }] }
    expect(afterUndo(before, offline)).toEqual({ deed: resolve, done: ['a', 'b'], refused: offline.refused })
  })

  it('have none any more when it arrived, or when somebody was first', () => {
    const before = { deed: resolve, done: ['a'], refused: [] }
    const undone = { deed: { act: 'reopen' } as const, done: ['a'], refused: [] }
    expect(afterUndo(before, undone)).toBe(undone)
    const first = { ...undone, done: [], refused: [{ code: 'alarm_changed', by: 'Anna' }] }
    expect(afterUndo(before, first)).toBe(first)
  })
})
