import { storable } from '../../../contracts/storable-text.ts'

/** Fields that are never written down, wherever they stand. */
const secretName = /password|secret|token|^code$|^link$|recovery|cookie|authorization|^key$|credential/i
/** Where a crew's phone was is forgotten sooner than the log: it does not go in. Zones and places have geometries. */
const placeName = /^(lon|lat|longitude|latitude)$/i

export const redacted = '…'
/** Deeper, longer and more than this is left out: the log says what was asked, the room keeps what came of it. */
const deepest = 6
const longestText = 300
const mostItems = 20
const mostFields = 40
export const largestDetailChars = 4_000

/** What was asked, fit to be kept: no secrets, no places, and never long. Total for any JSON. */
export function redact(asked: unknown): unknown {
  const kept = piece(asked, 0)
  return JSON.stringify(kept ?? null).length <= largestDetailChars ? kept : { tooLong: fieldsOf(asked) }
}

function piece(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    return storable(value.length > longestText ? `${value.slice(0, longestText)}${redacted}` : value)
  }
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object') return undefined
  if (depth >= deepest) return redacted
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => piece(item, depth + 1) ?? null)
    return value.length > mostItems ? [...items, `${redacted} ${value.length - mostItems}`] : items
  }
  if (ArrayBuffer.isView(value)) return { bytes: value.byteLength }
  // A stream that is still to be read, for one.
  if (!isPlain(value)) return redacted
  const fields = Object.entries(value)
    .slice(0, mostFields)
    .filter(([name]) => !placeName.test(name))
    .map(([name, field]) => [
      storable(name.slice(0, longestText)),
      secretName.test(name) ? redacted : piece(field, depth + 1),
    ])
  return Object.fromEntries(fields)
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** The names of what was too long to be kept. */
const fieldsOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.keys(value)
        .slice(0, mostFields)
        .map((name) => storable(name.slice(0, 40)))
    : []
