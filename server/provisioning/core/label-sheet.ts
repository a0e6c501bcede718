import { labelsOfSheet } from '../../../contracts/http/locks.ts'

/** One sticker: the bike's number in large figures beside the QR code that opens its page. */
export interface Label {
  /** Grouped as people read it. */
  readonly number: string
  readonly url: string
  /** Rows of the QR code, true is black, without a quiet zone. */
  readonly squares: readonly (readonly boolean[])[]
}

/** Of an A4 sheet of 3 × 8 stickers of 70 × 37 mm, the usual ones (Avery 3474); millimetres. */
const sheet = { width: 210, height: 297, columns: 3, rows: 8, labelWidth: 70, labelHeight: 37 } as const
const topMm = (sheet.height - sheet.rows * sheet.labelHeight) / 2
/** The QR code with its quiet zone: readable from an arm's length. */
const codeMm = 31
/** ISO/IEC 18004: four modules of nothing on each side. */
const quietModules = 4
const markMm = 3
const insetMm = 2.5

/** A sheet as an SVG that prints in its own size. At most `labelsOfSheet` labels; what is left stays empty. */
export function labelSheet(labels: readonly Label[], title: string): string {
  const parts = labels.slice(0, labelsOfSheet).map((label, i) => {
    const x = (i % sheet.columns) * sheet.labelWidth
    const y = topMm + Math.floor(i / sheet.columns) * sheet.labelHeight
    return `<g transform="translate(${x} ${y})">${labelOf(label)}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}mm" height="${sheet.height}mm" viewBox="0 0 ${sheet.width} ${sheet.height}" font-family="Noto Sans, Arial, sans-serif" role="img">
<title>${escaped(title)}</title>
<rect width="${sheet.width}" height="${sheet.height}" fill="#fff"/>
${parts.join('\n')}
${cutMarks()}
</svg>
`
}

function labelOf({ number, url, squares }: Label): string {
  const y = (sheet.labelHeight - codeMm) / 2
  const module = codeMm / (squares.length + 2 * quietModules)
  const left = insetMm + codeMm + 0.5
  const room = sheet.labelWidth - left - insetMm
  // Six figures and a gap are about 3.9 times as wide as they are high.
  const size = Math.min(11, room / (0.59 * number.length))
  const [host, path] = linesOf(url)
  return [
    `<g transform="translate(${insetMm + quietModules * module} ${y + quietModules * module}) scale(${module})">`,
    `<path fill="#000" shape-rendering="crispEdges" d="${pathOf(squares)}"/></g>`,
    `<text x="${left}" y="16.5" font-size="${size.toFixed(2)}" font-weight="700">${escaped(number)}</text>`,
    `<text x="${left}" y="23" font-size="2.6">${escaped(host)}</text>`,
    `<text x="${left}" y="26.6" font-size="2.6">${escaped(path)}</text>`,
  ].join('')
}

/** The address in two lines, as it would be typed. */
function linesOf(url: string): readonly [string, string] {
  const bare = url.replace(/^https?:\/\//, '')
  const cut = bare.indexOf('/')
  return cut < 0 ? [bare, ''] : [bare.slice(0, cut), bare.slice(cut)]
}

/** One path for all black squares, in runs. */
function pathOf(squares: Label['squares']): string {
  const runs: string[] = []
  for (const [y, row] of squares.entries()) {
    let x = 0
    while (x < row.length) {
      let end = x
      while (row[end]) end += 1
      if (end > x) runs.push(`M${x} ${y}h${end - x}v1h${x - end}z`)
      x = end + 1
    }
  }
  return runs.join('')
}

/** Short lines where the cuts meet: nothing is left of them on a sticker that was cut along them. */
function cutMarks(): string {
  const lines: string[] = []
  for (let column = 0; column <= sheet.columns; column++) {
    for (let row = 0; row <= sheet.rows; row++) {
      const x = column * sheet.labelWidth
      const y = topMm + row * sheet.labelHeight
      lines.push(`M${x - markMm / 2} ${y}h${markMm}M${x} ${y - markMm / 2}v${markMm}`)
    }
  }
  return `<path d="${lines.join('')}" fill="none" stroke="#999" stroke-width="0.1"/>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? '')
