import { describe, expect, it } from 'vitest'
import { foldedLogInName, isLogInName } from './log-in-name.ts'

describe('a log-in name', () => {
  it('is the same in capitals, with blanks around it and in wide letters', () => {
    expect([' Noor ', 'NOOR', 'ｎｏｏｒ'].map(foldedLogInName)).toEqual(['noor', 'noor', 'noor'])
  })

  it.each(['noor', 'noor.de-wit', 'noor@example.org', 'n2'])('may be %s', (name) => {
    expect(isLogInName(name)).toBe(true)
  })

  it.each(['', 'n', 'noor de wit', '.noor', 'noor@', 'Noor', 'nöör', 'n'.repeat(101), 'noor\n'])(
    'may not be %j',
    (name) => {
      expect(isLogInName(name)).toBe(false)
    },
  )
})
