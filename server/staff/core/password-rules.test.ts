import { describe, expect, it } from 'vitest'
import { longestPassword, normalPassword, passwordFault } from './password-rules.ts'

const own = ['Noor de Wit', 'noor.dewit@example.org']

describe('a new password', () => {
  it.each([
    'correct horse battery',
    'drie fietsen en een brug',
    '共享单车很好骑在阿姆斯特丹的路上',
    '839201748362',
    'p4ss-Word-of-a-kind',
    'my password is a long sentence',
    'noor rides eleven bikes',
  ])('may be %s', (password) => {
    expect(passwordFault(password, own)).toBeNull()
  })

  it.each([
    ['elevenchars', 'too_short'],
    ['x'.repeat(longestPassword + 1), 'too_long'],
    ['password1234', 'too_common'],
    ['PasswordPassword!', 'too_common'],
    ['qwertyuiop12345', 'too_common'],
    ['welkom123456!', 'too_common'],
    ['aaaaaaaaaaaaaaa', 'too_common'],
    ['abababababababab', 'too_common'],
    ['zwermzwermzwerm', 'too_common'],
    ['NoorDeWit2026', 'own_name'],
    ['noordewit@example', 'own_name'],
  ])('may not be %s: %s', (password, fault) => {
    expect(passwordFault(password, own)).toBe(fault)
  })

  it('counts characters and not bytes, and an accent is one of them however it was typed', () => {
    expect(passwordFault('🚲'.repeat(11), [])).toBe('too_short')
    expect(normalPassword('cafe\u0301 om de hoek')).toBe('café om de hoek')
  })
})
