import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvHeaders, csvOf } from './csv.ts'

const body = (header: readonly string[], rows: readonly (readonly (string | number | boolean | null)[])[]) =>
  csvOf(header, rows).slice(1)

/** Reads RFC 4180 as a spreadsheet does, by a machine that shares nothing with the writer. */
function read(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string
    if (isQuoted) {
      if (sign !== '"') field += sign
      else if (text[at + 1] === '"') field += text[++at]
      else isQuoted = false
    } else if (sign === '"') isQuoted = true
    else if (sign === ',') {
      row.push(field)
      field = ''
    } else if (sign === '\r' && text[at + 1] === '\n') {
      at++
      rows.push([...row, field])
      row = []
      field = ''
    } else field += sign
  }
  return rows
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\r', '\n', '\t', ' ', "'", 'a', '1'),
    maxLength: 8,
  }),
)

describe('a table for spreadsheets', () => {
  it('begins with a byte order mark, ends each line with CRLF and writes what is not there as nothing', () => {
    expect(
      csvOf(
        ['day', 'rides', 'is late'],
        [
          ['2026-11-22', 12.5, true],
          ['x', null, false],
        ],
      ),
    ).toBe('\uFEFFday,rides,is late\r\n2026-11-22,12.5,yes\r\nx,,no\r\n')
  })

  it('puts what holds a comma, a quote or a line break between quotes', () => {
    expect(body(['a'], [['x,y'], ['say "hi"'], ['two\nlines'], [' apart ']])).toBe(
      'a\r\n"x,y"\r\n"say ""hi"""\r\n"two\nlines"\r\n" apart "\r\n',
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '\uFEFF=1'])('runs no formula: %j', (text) => {
    expect(read(body(['a'], [[text]]))[1]).toEqual([`'${text}`])
  })

  it('leaves a negative number a number', () => {
    expect(body(['a'], [[-12.34]])).toBe('a\r\n-12.34\r\n')
  })

  it('is read back as it was written, whatever it holds, and no field begins a formula', () => {
    const tables = fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.array(fc.array(anyText, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    fc.assert(
      fc.property(tables, (table) => {
        const [header = [], ...rows] = table
        const again = read(body(header, rows))
        expect(again).toHaveLength(table.length)
        table.forEach((row, y) => {
          row.forEach((text, x) => {
            const got = again[y]?.[x]
            expect(got === text || got === `'${text}`).toBe(true)
            expect(got).not.toMatch(/^\s*[=+\-@]/)
          })
        })
      }),
    )
  })

  it('takes no row of another length and no number that is none', () => {
    expect(() => csvOf(['a', 'b'], [['x']])).toThrow('a row of 1 fields under 2 names')
    expect(() => csvOf(['a'], [[Number.NaN]])).toThrow('no number for a table')
  })

  it('names the file that a browser saves, and no name can add a header', () => {
    expect(csvHeaders('numbers-2026-11-22')['content-disposition']).toBe(
      'attachment; filename="numbers-2026-11-22.csv"',
    )
    expect(() => csvHeaders('a"\r\nx: y')).toThrow('not the name of a file')
  })
})
