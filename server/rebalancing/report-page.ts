import type { MorningReport } from '../../contracts/http/nights.ts'
import { escaped } from '../platform/page-text.ts'

/** One page to read, to print and to mail: everything is in it, nothing is fetched, nothing runs. */
export function reportPage(
  report: MorningReport,
  at: { readonly timeZone: string; readonly depotName: string },
): string {
  const { bikes, value, expectedLost } = report
  const made = clockTime(report.madeAt, at.timeZone)
  const head = `<h1>${escaped(at.depotName)}, the morning after ${escaped(report.night)}</h1><p class="small">Seen at ${made}.</p>`
  const body =
    report.planId === null
      ? `<p class="note">No plan was published for this night. What stands at the hotspots is below.</p>${hotspotTable(report)}`
      : [
          `<section class="figures">`,
          figure(`${bikes.moved} of ${bikes.planned}`, 'bikes moved'),
          figure(
            rides(value.won),
            `worth of the moves in rides, strays and least stocks included; ${rides(value.planned)} planned`,
          ),
          figure(
            rides(expectedLost.now),
            `rides expected to be missed today; ${rides(expectedLost.nothing)} with nothing done`,
          ),
          figure(kilometres(sum(report.vans.map((van) => van.drivenM))), 'driven'),
          `</section>`,
          `<h2>Hotspots</h2>${hotspotTable(report)}`,
          `<h2>Vans</h2>${vanTable(report)}`,
          `<h2>Bikes</h2>${bikeTable(report)}`,
        ].join('\n')
  return page(`Morning report ${report.night}`, `${head}\n${body}`)
}

/** For a night that has no report: there is nothing to hide, and nothing to say. */
export const noReportPage = (night: string): string =>
  page(
    `No report for ${night}`,
    `<h1>No report for the night of ${escaped(night)}</h1>
<p class="note">No plan was made for this night, or its morning has not come yet.</p>`,
  )

function hotspotTable({ hotspots, planId }: MorningReport): string {
  if (hotspots.length === 0) return '<p class="note">There are no hotspots.</p>'
  const isPlanned = planId !== null
  const rows = hotspots.map(({ name, capacity, before, planned, stands }) => {
    const short = planned - stands
    const note = !isPlanned || short <= 0 ? '' : ` <span class="short">${short} short</span>`
    const plan = isPlanned ? `<td>${before}</td><td>${planned}</td>` : ''
    return `<tr><th scope="row">${escaped(name)}</th>${plan}<td>${stands}${note}</td><td>${capacity}</td></tr>`
  })
  const columns = isPlanned ? ['Evening', 'Planned', 'Stands', 'Room'] : ['Stands', 'Room']
  return table(['Hotspot', ...columns], rows)
}

function vanTable({ vans }: MorningReport): string {
  if (vans.length === 0) return '<p class="note">No van was planned to leave.</p>'
  const rows = vans.map((van) => {
    const crew = van.crewName === null ? 'nobody took it' : escaped(van.crewName)
    return `<tr><th scope="row">${escaped(van.vanName)}</th><td class="words">${crew}</td><td>${van.stopsDone} of ${van.stopsPlanned}</td>
<td>${van.bikesMoved} of ${van.bikesPlanned}</td><td>${kilometres(van.drivenM)}</td><td>${van.hours.toFixed(1)} h</td></tr>`
  })
  return table(['Van', 'Crew', 'Stops', 'Bikes', 'Driven', 'Time'], rows)
}

function bikeTable({ bikes }: MorningReport): string {
  const rows = (
    [
      ['Moved', bikes.moved],
      ['of these to the workshop', bikes.toWorkshop],
      ['Not found', bikes.notFound],
      ['Out of reach', bikes.blocked],
      ['Still in a van', bikes.stillInVan],
    ] as const
  ).map(([what, count]) => `<tr><th scope="row">${what}</th><td>${count}</td></tr>`)
  return table(['What became of them', 'Bikes'], rows)
}

const table = (columns: readonly string[], rows: readonly string[]): string =>
  `<table><thead><tr>${columns.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`

const figure = (value: string, what: string): string => `<p><strong>${value}</strong> ${what}</p>`
const rides = (value: number): string => value.toFixed(value < 10 ? 1 : 0)
const kilometres = (metres: number): string => `${(metres / 1_000).toFixed(1)} km`
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const clockTime = (atMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(atMs)

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; --ink: #16211c; --soft: #55625b; --line: #d5ddd8; --paper: #fff; --short: #a3361f }
@media (prefers-color-scheme: dark) { :root { --ink: #e8efeb; --soft: #a3b1a9; --line: #36423b; --paper: #131a16; --short: #ff9d85 } }
body { margin: 0 auto; padding: 24px 16px; max-width: 760px; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 22px; line-height: 1.25; margin: 0 } h2 { font-size: 17px; margin: 28px 0 8px }
.small, .note { color: var(--soft) } .small { font-size: 14px; margin: 4px 0 20px }
.figures p { margin: 0 0 4px } .figures strong { font-size: 19px; font-variant-numeric: tabular-nums }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: 6px 8px; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400 }
th:first-child, td.words { text-align: left } th:first-child { padding-left: 0 }
thead th { color: var(--soft); font-size: 14px; vertical-align: bottom }
.short { color: var(--short); white-space: nowrap }
@media print { body { padding: 0; max-width: none } tr { break-inside: avoid } h2 { break-after: avoid } }
</style>
</head>
<body>
${body}
</body>
</html>
`
