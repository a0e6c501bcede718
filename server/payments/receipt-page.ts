import { createHash } from 'node:crypto'
import { toString as qrToString } from 'qrcode'
import type { Receipt } from '../../contracts/http/trips.ts'
import { escaped } from '../platform/page-text.ts'
import { type ReceiptLanguage, type ReceiptTexts, receiptTexts } from './receipt-texts.ts'

const style = `
:root { color-scheme: light dark; --ink: #17212b; --quiet: #5a6672; --paper: #fff; --line: #d7dde3; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --quiet: #9fabb7; --paper: #12181e; --line: #34404b; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 "Noto Sans", system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 0; }
.quiet { color: var(--quiet); margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1.25rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; margin: 1.25rem 0; }
th, td { padding: .375rem 0 .375rem .75rem; text-align: right; font-weight: inherit; vertical-align: top;
  font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--quiet); border-bottom: 1px solid var(--line); }
tfoot tr:first-child > * { border-top: 1px solid var(--line); font-weight: 700; }
figure { margin: 1.5rem 0 0; width: 10rem; }
figure svg { display: block; width: 100%; height: auto; background: #fff; border-radius: .25rem; }
figcaption { color: var(--quiet); font-size: .875rem; margin-top: .375rem; }
@media print {
  @page { margin: 12mm; }
  html { font-size: 10pt; }
  body { padding: 0; line-height: 1.35; }
  main { position: relative; max-width: none; }
  h1 { font-size: 15pt; }
  h1, .quiet, dl { margin-right: 3.4cm; }
  dl, table { margin-top: .8rem; margin-bottom: .8rem; }
  dl { gap: .1rem 1rem; }
  th, td { padding-top: .2rem; padding-bottom: .2rem; }
  figure { position: absolute; top: 0; right: 0; width: 2.8cm; margin: 0; }
  tr, figure { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`

/** Nothing is loaded from anywhere; the one style sheet is allowed by its hash. */
export const receiptPagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(style)
  .digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** A receipt as a page that also prints well. `timeZone` is the city's, an IANA name. */
export async function receiptPage(receipt: Receipt, language: ReceiptLanguage, timeZone: string): Promise<string> {
  const texts = receiptTexts[language]
  const qr = await qrToString(receipt.url, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
  const heading = `${texts.title} ${receipt.number}`
  return document(
    language,
    heading,
    `<h1>${escaped(heading)}</h1>
<p class="quiet">${escaped(texts.issued)} ${escaped(momentIn(texts, timeZone, receipt.issuedAt))}</p>
${facts(receipt, texts, timeZone)}
${prices(receipt, texts)}
${corrections(receipt, texts, timeZone)}
<figure>${qr}<figcaption>${escaped(texts.scan)}</figcaption></figure>`,
  )
}

/** What somebody sees who has no token, or a wrong one. */
export function noReceiptPage(language: ReceiptLanguage): string {
  const texts = receiptTexts[language]
  return document(language, texts.title, `<h1>${escaped(texts.title)}</h1><p>${escaped(texts.missing)}</p>`)
}

function facts(receipt: Receipt, texts: ReceiptTexts, timeZone: string): string {
  const pausedMinutes = Math.ceil(receipt.pausedMs / 60_000)
  const rows: readonly (readonly [string, string])[] = [
    [texts.bike, receipt.bikeNumber],
    [texts.started, momentIn(texts, timeZone, receipt.startedAt)],
    [texts.ended, momentIn(texts, timeZone, receipt.endedAt)],
    ...(pausedMinutes > 0 ? [[texts.paused, `${pausedMinutes} ${texts.minutes}`] as const] : []),
    [texts.tariff, receipt.tariffId],
    [texts.paymentReference, receipt.paymentReference],
  ]
  return `<dl>${rows.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`
}

function prices(receipt: Receipt, texts: ReceiptTexts): string {
  const money = (amount: number) => escaped(moneyIn(texts.locale, receipt.currency, amount))
  const lines = receipt.lines.map(
    (line) =>
      `<tr><th scope="row">${escaped(texts.lines[line.key])}</th><td>${line.quantity}</td><td>${money(
        line.unitAmount,
      )}</td><td>${money(line.amount)}</td></tr>`,
  )
  const open = totalNow(receipt) - receipt.captured
  const sums: readonly (readonly [string, number])[] = [
    [texts.total, receipt.total],
    [`${texts.vatIncluded} ${receipt.vat.ratePercent}%`, receipt.vat.amount],
    [texts.paid, receipt.captured],
    ...(receipt.refunded > 0 ? [[texts.refunded, receipt.refunded] as const] : []),
    ...(open > 0 ? [[texts.stillOpen, open] as const] : []),
  ]
  return `<table><thead><tr><th scope="col">${escaped(texts.item)}</th><th scope="col">${escaped(
    texts.quantity,
  )}</th><th scope="col">${escaped(texts.each)}</th><th scope="col">${escaped(texts.amount)}</th></tr></thead>
<tbody>${lines.join('')}</tbody>
<tfoot>${sums.map(([name, amount]) => `<tr><th scope="row" colspan="3">${escaped(name)}</th><td>${money(amount)}</td></tr>`).join('')}</tfoot></table>`
}

/** The receipt stays as it was issued; what came after it stands below. */
function corrections(receipt: Receipt, texts: ReceiptTexts, timeZone: string): string {
  const all = receipt.corrections ?? []
  if (all.length === 0) return ''
  const money = (amount: number) => escaped(moneyIn(texts.locale, receipt.currency, amount))
  const rows = all.map(
    ({ kind, at, amount }) =>
      `<tr><th scope="row">${escaped(texts.correctionKinds[kind])}</th><td>${escaped(
        momentIn(texts, timeZone, at),
      )}</td><td>${money(-amount)}</td></tr>`,
  )
  const vatNow = receipt.vat.amount - all.reduce((sum, { vat }) => sum + vat, 0)
  return `<h2>${escaped(texts.corrections)}</h2>
<table><tbody>${rows.join('')}</tbody>
<tfoot><tr><th scope="row" colspan="2">${escaped(texts.totalNow)}</th><td>${money(totalNow(receipt))}</td></tr>
<tr><th scope="row" colspan="2">${escaped(texts.vatIncluded)} ${receipt.vat.ratePercent}%</th><td>${money(
    vatNow,
  )}</td></tr></tfoot></table>`
}

const totalNow = (receipt: Receipt): number =>
  receipt.total - (receipt.corrections ?? []).reduce((sum, { amount }) => sum + amount, 0)

const document = (language: string, title: string, body: string): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>
`

function moneyIn(locale: string, currency: string, amountMinor: number): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

const momentIn = (texts: ReceiptTexts, timeZone: string, atMs: number): string =>
  new Intl.DateTimeFormat(texts.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(atMs)
