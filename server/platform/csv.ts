/** What a field may hold. Null is an empty field; a number is written plainly, with a point. */
export type CsvValue = string | number | boolean | null

/** Excel takes a file without it for the encoding of the reader's Windows. */
const byteOrderMark = '\uFEFF'
const lineEnd = '\r\n'
/** What makes a spreadsheet take a text for a formula, behind any blanks; the wide forms count for it too. */
const formulaStart = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/
const needsQuotes = /[",\r\n]/

/**
 * A table as RFC 4180 for people's spreadsheets: UTF-8 with a byte order mark, CRLF, the header first. A text that a
 * spreadsheet would run as a formula gets an apostrophe in front of it; numbers never do.
 *
 * @throws when a row is not as long as the header, or a number is not finite
 */
export function csvOf(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  let text = byteOrderMark + lineOf(header)
  for (const row of rows) {
    if (row.length !== header.length) throw new RangeError(`a row of ${row.length} fields under ${header.length} names`)
    text += lineOf(row)
  }
  return text
}

/** Headers of an answer that a browser saves as `name`.csv; `name` of small letters, digits and hyphens. */
export const csvHeaders = (name: string): Readonly<Record<'content-type' | 'content-disposition', string>> => {
  if (!/^[a-z0-9-]{1,80}$/.test(name)) throw new RangeError(`not the name of a file: ${name}`)
  return { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}.csv"` }
}

const lineOf = (row: readonly CsvValue[]): string => row.map(fieldOf).join(',') + lineEnd

function fieldOf(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no number for a table`)
    return String(value)
  }
  const safe = formulaStart.test(value) ? `'${value}` : value
  return needsQuotes.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}
