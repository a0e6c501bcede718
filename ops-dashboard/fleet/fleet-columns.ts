import type { FleetAlarms, FleetTrips } from '../../contracts/http/desk.ts'
import { alarmKinds } from '../../contracts/live/alarm-kinds.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'

/** Since when each row's bike is ridden, seconds since 1970 in city time; 0: it is not. */
export function ridesOf(table: Pick<FleetTable, 'count' | 'rowOfSlot'>, trips: FleetTrips | null): Uint32Array {
  const since = new Uint32Array(table.count)
  trips?.slot.forEach((slot, at) => {
    const row = table.rowOfSlot.get(slot)
    if (row !== undefined) since[row] = trips.since[at] as number
  })
  return since
}

export interface RowAlarms {
  /** By row: place in `kinds` plus one of the gravest open alarm; 0 for none. */
  readonly gravest: Uint8Array
  /** Gravest first. */
  readonly kinds: readonly string[]
  readonly rowsOfKind: ReadonlyMap<string, readonly number[]>
}

export function alarmsOf(table: Pick<FleetTable, 'count' | 'rowOfSlot'>, open: FleetAlarms | null): RowAlarms {
  const told = open?.kinds ?? []
  const kinds = told.toSorted((a, b) => gravity(a) - gravity(b))
  const gravest = new Uint8Array(table.count)
  const rowsOfKind = new Map<string, number[]>(kinds.map((kind) => [kind, []]))
  for (const { slot, kind } of open?.alarms ?? []) {
    const row = table.rowOfSlot.get(slot)
    if (row === undefined) continue
    const name = told[kind] as string
    const order = kinds.indexOf(name) + 1
    if (gravest[row] === 0 || order < (gravest[row] as number)) gravest[row] = order
    rowsOfKind.get(name)?.push(row)
  }
  return { gravest, kinds, rowsOfKind }
}

/** Kinds that this page does not know yet come last. */
const gravity = (kind: string) => {
  const place = (alarmKinds as readonly string[]).indexOf(kind)
  return place < 0 ? alarmKinds.length : place
}
