import type { LanguageCode } from '../../ui-kit/i18n/text.ts'

/** An example of a number as people of this language know theirs. */
export const exampleNumber: Readonly<Record<LanguageCode, string>> = {
  en: '+31 6 1234 5678',
  nl: '06 1234 5678',
  zh: '138 1234 5678',
}

/**
 * A phone number as E.164 without its spaces, or a mail address; null while it is neither. Who writes Dutch may leave
 * out +31, who writes Chinese +86: numbers that look like theirs are taken for theirs, and shown whole before anything
 * is sent.
 */
export function addressOf(text: string, language: LanguageCode): string | null {
  const plain = text.trim()
  const digits = plain.replace(/[\s()./-]/g, '').replace(/^00/, '+')
  const phone = withCountry(digits, language)
  if (/^\+[1-9][0-9]{6,14}$/.test(phone)) return phone
  return /^[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,24}$/.test(plain) ? plain : null
}

function withCountry(digits: string, language: LanguageCode): string {
  if (language === 'nl' && /^0[1-9][0-9]{8}$/.test(digits)) return `+31${digits.slice(1)}`
  if (language === 'zh' && /^1[3-9][0-9]{9}$/.test(digits)) return `+86${digits}`
  // The zero of a number at home has no place after a country code.
  return digits.replace(/^\+310/, '+31')
}
