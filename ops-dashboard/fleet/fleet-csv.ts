import { stateOfByte } from '../../contracts/live/fleet-frame.ts'
import { noCharge } from '../../contracts/live/live-frame.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import type { RowAlarms } from './fleet-columns.ts'
import { lastPoint } from './last-point.ts'

const head = ['number', 'state', 'battery_percent', 'last_heard', 'alarm', 'trip_since', 'model', 'lat', 'lon'] as const

type CsvTable = Pick<FleetTable, 'numbers' | 'states' | 'charges' | 'heardAtMs' | 'models' | 'x' | 'y' | 'placed'>

/** The listed bikes as CSV (RFC 4180) with a byte order mark; times in UTC. Headings are for programs: not translated. */
export function fleetCsv(
  rows: Uint32Array,
  { table, rides, alarms }: { readonly table: CsvTable; readonly rides: Uint32Array; readonly alarms: RowAlarms },
): string {
  const lines = [head.join(',')]
  for (const row of rows) {
    const battery = table.charges[row] as number
    const point = lastPoint(table, row)
    const values = [
      table.numbers[row] as string,
      stateOfByte(table.states[row] as number),
      battery === noCharge ? '' : String(battery),
      timeOf(table.heardAtMs[row] as number),
      alarms.gravest[row] === 0 ? '' : (alarms.kinds[(alarms.gravest[row] as number) - 1] ?? ''),
      timeOf(rides[row] === 0 ? Number.NaN : (rides[row] as number) * 1_000),
      table.models[row] as string,
      point === null ? '' : point.lat.toFixed(6),
      point === null ? '' : point.lon.toFixed(6),
    ]
    lines.push(values.map(quoted).join(','))
  }
  return `\ufeff${lines.join('\r\n')}\r\n`
}

const timeOf = (atMs: number) => (Number.isNaN(atMs) ? '' : new Date(atMs).toISOString())

/** A cell that a spreadsheet would take for a formula gets an apostrophe. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
