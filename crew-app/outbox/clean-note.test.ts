import { expect, it } from 'vitest'
import { cleanNote } from './clean-note.ts'

it('keeps every note that a database can keep', () => {
  expect(cleanNote('Slot kapot 🚲, 坏了')).toBe('Slot kapot 🚲, 坏了')
})
it('leaves out zero characters and half signs', () => {
  expect(cleanNote('wheel\0 bent \ud83d')).toBe('wheel bent ')
  expect(cleanNote('\udeb2')).toBe('')
})
