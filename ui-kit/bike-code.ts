import { isBikeNumber } from '../contracts/bike-number.ts'

export type ReadCode =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'mistyped_number' }
  | { readonly kind: 'not_ours' }

const codePattern = /^[A-Za-z0-9]{8,32}$/
const longestTextChars = 300

/**
 * What a person typed, or a camera read, as a bike's code or number. From a QR picture only an http(s) address whose
 * path is /b/CODE counts: other stickers are not ours. The host is left to the server's own look-up.
 */
export function readBikeCode(text: string, from: 'typed' | 'scanned'): ReadCode {
  const trimmed = text.trim().slice(0, longestTextChars)
  const inUrl = codeOfUrl(trimmed)
  if (inUrl !== null) return { kind: 'code', code: inUrl }
  if (from === 'scanned') return { kind: 'not_ours' }
  const plain = trimmed.replace(/[\s.-]/g, '')
  if (/^[0-9]{1,8}$/.test(plain)) {
    return isBikeNumber(plain) ? { kind: 'code', code: plain } : { kind: 'mistyped_number' }
  }
  return codePattern.test(plain) ? { kind: 'code', code: plain } : { kind: 'not_ours' }
}

function codeOfUrl(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const found = /^\/b\/([A-Za-z0-9]{4,32})\/?$/.exec(new URL(text).pathname)
  return found?.[1] ?? null
}
