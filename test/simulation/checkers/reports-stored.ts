import { nameOf } from '../world/notes.ts'
import { type Checker, type ReportRow, violation } from './evidence.ts'

const nameOfRow = (row: ReportRow) => `${row.lock_id}/${row.boot_id}/${row.sequence}`

/** A report whose PUBACK left is in the database. */
export const acknowledgedIsStored: Checker = ({ notes, reports, positions }) => {
  const stored = new Set(reports.map(nameOfRow))
  return [...notes.acknowledged.values()]
    .filter((name) => !(name.kind === 'tel' ? positions.has(nameOf(name)) : stored.has(nameOf(name))))
    .map((name) => violation('acknowledged-is-stored', `${name.kind} ${nameOf(name)}`))
}

/** Once the world is healed, every event that a lock made is stored once, and every record no more than once. */
export const storedOnce: Checker = ({ notes, reports, positions }) => {
  const times = new Map<string, number>()
  for (const row of reports) times.set(nameOfRow(row), (times.get(nameOfRow(row)) ?? 0) + 1)
  return [
    ...[...notes.published.keys()]
      .filter((name) => !times.has(name))
      .map((name) => violation('every-event-is-stored', name)),
    ...[...times, ...positions]
      .filter(([, count]) => count > 1)
      .map(([name, count]) => violation('stored-once', `${name} ${count} times`)),
  ]
}
