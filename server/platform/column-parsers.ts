import { types } from 'pg'

type Parse = (text: string) => unknown

/**
 * How a column's text becomes a JS value, the same in all three sizes: int8 → number (throws when it is not exact),
 * numeric → number, timestamptz → epoch ms, date → 'YYYY-MM-DD', json and jsonb parsed, arrays of these alike.
 * Everything else as `pg` does it. Handed to each pool, so other users of `pg` in this process keep its defaults.
 */
export const columnParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parsers.get(oid)
    return own ?? types.getTypeParser(oid, format)
  },
}

/** pg_type.oid, fixed since forever: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const oid = { int8: 20, date: 1082, timestamptz: 1184, numeric: 1700 } as const
const arrayOid = { text: 1009, int8: 1016, date: 1182, timestamptz: 1185, numeric: 1231 } as const

const parseTimestamp = types.getTypeParser(oid.timestamptz, 'text')
const parseTextArray = types.getTypeParser(arrayOid.text as number, 'text')

const parsers: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [oid.int8, exactInteger],
  [oid.date, (text) => text],
  [oid.timestamptz, epochMs],
  [oid.numeric, Number],
  [arrayOid.int8, arrayOf(exactInteger)],
  [arrayOid.date, arrayOf((text) => text)],
  [arrayOid.timestamptz, arrayOf(epochMs)],
  [arrayOid.numeric, arrayOf(Number)],
])

function exactInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a JS number: select it as text`)
  return value
}

/** `infinity` becomes Infinity. */
function epochMs(text: string): number {
  return Number(parseTimestamp(text))
}

function arrayOf(parse: Parse): Parse {
  const each = (element: unknown): unknown => {
    if (Array.isArray(element)) return element.map(each)
    return typeof element === 'string' ? parse(element) : element
  }
  return (text) => each(parseTextArray(text))
}
