import { describe, expect, it } from 'vitest'
import { actKinds, filterOf, kindOf } from './act-words.ts'

describe('an action', () => {
  it.each([
    ['bike.command:post bikes/commands', 'bike.command'],
    ['crew:post crew/acts', 'crew'],
    ['log_in:password', 'log_in'],
    ['log_in.failed:link', 'log_in.failed'],
    ['bike.fly:post bikes/fly', null],
  ])('%s is told as %s', (action, kind) => {
    expect(kindOf(action)).toBe(kind)
  })

  it('is found by a filter of its kind', () => {
    for (const kind of actKinds) expect(kindOf(filterOf(kind))).toBe(kind)
  })
})
