import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'

/** Rows to list, those that need a person first (states are in that order), then by number. */
export function rowsToList(table: FleetTable, shown: readonly boolean[], numberPart: string): readonly number[] {
  const wanted = numberPart.replace(/\D/g, '')
  const rows: number[] = []
  for (let row = 0; row < table.count; row++) {
    const isShown = shown[table.states[row] as number] === true
    if (isShown && (wanted === '' || (table.numbers[row] as string).includes(wanted))) rows.push(row)
  }
  return rows.sort(
    (a, b) =>
      (table.states[b] as number) - (table.states[a] as number) ||
      (table.numbers[a] as string).localeCompare(table.numbers[b] as string),
  )
}
