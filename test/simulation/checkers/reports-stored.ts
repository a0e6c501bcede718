import type { Database } from '../../../server/platform/database.ts'
import { type Notes, nameOf, type Violation } from '../world/notes.ts'
import { type Checker, type ReportRow, violation } from './evidence.ts'

const nameOfRow = (row: ReportRow) => `${row.lock_id}/${row.boot_id}/${row.sequence}`

/** A report whose PUBACK left is in the database. */
export const acknowledgedIsStored: Checker = ({ notes, reports, positions }) => {
  const stored = new Set(reports.map(nameOfRow))
  return [...notes.acknowledged.values()]
    .filter((name) => !(name.kind === 'tel' ? positions.has(nameOf(name)) : stored.has(nameOf(name))))
    .map((name) => violation('acknowledged-is-stored', `${name.kind} ${nameOf(name)}`))
}

/** The same of what was acknowledged since the last look, while the world runs. */
export async function acknowledgedSince(db: Database, notes: Notes): Promise<readonly Violation[]> {
  const names = [...notes.unlooked.values()]
  notes.unlooked.clear()
  if (names.length === 0) return []
  const { rows } = await db.query<{ name: string }>(
    `SELECT n.lock_id || '/' || n.boot_id || '/' || n.sequence AS name
       FROM unnest($1::text[], $2::int8[], $3::int8[], $4::boolean[]) AS n (lock_id, boot_id, sequence, is_tel)
      WHERE NOT CASE WHEN is_tel
        THEN EXISTS (SELECT FROM position p WHERE (p.lock_id, p.boot_id, p.sequence) = (n.lock_id, n.boot_id, n.sequence))
        ELSE EXISTS (SELECT FROM lock_report r WHERE (r.lock_id, r.boot_id, r.sequence) = (n.lock_id, n.boot_id, n.sequence))
        END`,
    [
      names.map(({ lockId }) => lockId),
      names.map(({ b }) => b),
      names.map(({ q }) => q),
      names.map(({ kind }) => kind === 'tel'),
    ],
  )
  return rows.map(({ name }) => violation('acknowledged-is-stored', name))
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
