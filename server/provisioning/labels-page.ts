import { create } from 'qrcode'
import { labelsOfSheet } from '../../contracts/http/locks.ts'
import { policyOfStyle } from '../platform/page-text.ts'
import { type Label, labelSheet } from './core/label-sheet.ts'

/** What is printed of a bike. */
export interface LabelledBike {
  readonly number: string
  readonly url: string
}

const style = `@page { size: A4; margin: 0 }
body { margin: 0 }
svg { display: block; break-after: page }
@media screen { body { background: #777 } svg { margin: 1rem auto; max-width: 95vw; height: auto } }`

/** Nothing is loaded from anywhere; the one style sheet is allowed by its hash. */
export const labelsPagePolicy = policyOfStyle(style)

/** One sheet of a batch, from 1, as an SVG; null when there is no such sheet. */
export function labelSheetSvg(batchId: string, bikes: readonly LabelledBike[], sheet: number): string | null {
  const shown = bikes.slice((sheet - 1) * labelsOfSheet, sheet * labelsOfSheet)
  if (sheet < 1 || shown.length === 0) return null
  return labelSheet(shown.map(labelOf), `${batchId} ${sheet}/${Math.ceil(bikes.length / labelsOfSheet)}`)
}

/** All sheets of a batch, to be printed at once in their own size. */
export function labelsPage(batchId: string, bikes: readonly LabelledBike[]): string {
  const sheets: string[] = []
  for (let sheet = 1; (sheet - 1) * labelsOfSheet < bikes.length; sheet++) {
    sheets.push(labelSheetSvg(batchId, bikes, sheet) ?? '')
  }
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${batchId}</title><style>${style}</style></head>
<body>${sheets.join('')}</body></html>
`
}

function labelOf({ number, url }: LabelledBike): Label {
  // A quarter of it may be scratched away.
  const { modules } = create(url, { errorCorrectionLevel: 'Q' })
  const squares = Array.from({ length: modules.size }, (_, row) =>
    Array.from({ length: modules.size }, (_, column) => modules.get(row, column) === 1),
  )
  return { number: number.replace(/\B(?=(\d{3})+$)/g, '\u00a0'), url, squares }
}
