export const shortestPassword = 12
/** Long enough for any sentence; a bound, because hashing costs. */
export const longestPassword = 200

export type PasswordFault = 'too_short' | 'too_long' | 'too_common' | 'own_name'

/** What guessers begin with. Small on purpose: length does the rest, and each is refused only where little else is there. */
const commonWords = [
  ...['password', 'passwort', 'wachtwoord', 'geheim', 'secret', 'letmein', 'welcome', 'welkom', 'changeme', 'iloveyou'],
  ...['administrator', 'admin', 'operator', 'dispatcher', 'dashboard', 'zwerm', 'default', 'bicycle', 'fiets', 'login'],
  ...['qwertyuiop', 'qwerty', 'asdfghjkl', 'asdf', 'zxcvbnm', '1qaz2wsx', 'qazwsx', 'abcdefghijkl', 'abcdef', 'abc'],
  ...['1234567890', '0123456789', '0987654321', '123456789', '12345678', '123456', '654321', '12345', '1234', '123'],
  ...['woaini', 'mima', 'football', 'baseball', 'dragon', 'monkey', 'sunshine', 'princess', 'master', 'superman'],
] as const
/** Characters that must be left when common words or the own name are taken out. */
const leastOwn = 8
const fewestDifferent = 5
const shortestNamePart = 3

/** A password as it is hashed: the same on keyboards that compose accents differently (RFC 8265). */
export const normalPassword = (typed: string): string => typed.normalize('NFC')

/**
 * What is wrong with a new password, null when nothing is. No rules of composition (NIST SP 800-63B): length, and not
 * what a guesser tries first.
 *
 * @param own name and log-in name of the person
 */
export function passwordFault(password: string, own: readonly string[]): PasswordFault | null {
  const length = [...password].length
  if (length < shortestPassword) return 'too_short'
  if (length > longestPassword) return 'too_long'
  const folded = password.toLowerCase()
  const names = own
    .flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= shortestNamePart)
  const withoutNames = without(folded, names)
  if (withoutNames !== folded && [...withoutNames].length < leastOwn) return 'own_name'
  const rest = without(withoutNames, commonWords)
  if (rest !== withoutNames && [...rest].length < leastOwn) return 'too_common'
  return new Set(folded).size < fewestDifferent ? 'too_common' : null
}

/** Longest first: a short word must not break a long one. */
function without(text: string, words: readonly string[]): string {
  let rest = text
  for (const word of [...words].sort((a, b) => b.length - a.length)) rest = rest.replaceAll(word, '')
  return rest
}
