import { bikeStates } from '../../contracts/live/bike-states.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import type { RowAlarms } from './fleet-columns.ts'
import type { FleetView } from './fleet-view.ts'
import { isInside, type MercatorArea } from './mercator-area.ts'

/** Which bikes are wanted: the part of the view that map and list share. */
export type FleetFilter = Pick<FleetView, 'states' | 'alarms' | 'battery' | 'models' | 'quiet' | 'search'>

const minuteMs = 60_000

export interface FilterData {
  readonly table: Pick<
    FleetTable,
    'count' | 'numbers' | 'states' | 'x' | 'y' | 'placed' | 'cityMs' | 'charges' | 'heardAtMs' | 'models'
  >
  readonly alarms: RowAlarms
  /** Of the chosen zone; null: none is chosen. */
  readonly area: MercatorArea | null
}

/** How many filters are set besides the search. */
export const filtersIn = (view: FleetView): number =>
  [
    view.states.length > 0,
    view.alarms.length > 0,
    view.battery !== null,
    view.models.length > 0,
    view.quiet !== null,
    view.zone !== null,
  ].filter(Boolean).length

/** 1 for every row that is wanted. One pass over typed arrays: at 100 000 bikes a few milliseconds. */
export function wantedRows(data: FilterData, filter: FleetFilter): Uint8Array {
  const { table, area } = data
  const wanted = hasOneOf(data, filter.alarms)
  const isState = Uint8Array.from(bikeStates, (state) =>
    filter.states.length === 0 || filter.states.includes(state) ? 1 : 0,
  )
  const { battery, models, quiet } = filter
  const heardSinceMs = quiet === null ? 0 : table.cityMs - quiet * minuteMs
  const digits = digitsOf(filter.search)
  for (let row = 0; row < table.count; row++) {
    if (wanted[row] === 0) continue
    const isWanted =
      isState[table.states[row] as number] === 1 &&
      (battery === null || isBetween(table.charges[row] as number, battery)) &&
      (models.length === 0 || models.includes(table.models[row] as string)) &&
      // never heard is not a number, and heard since nothing
      (quiet === null || !((table.heardAtMs[row] as number) >= heardSinceMs)) &&
      (digits === null || (table.numbers[row] as string).includes(digits)) &&
      (area === null || (table.placed[row] !== 0 && isInside(area, table.x[row] as number, table.y[row] as number)))
    if (!isWanted) wanted[row] = 0
  }
  return wanted
}

/** The digits of a bike's number in a search, without the spaces it is printed with; null when it is no part of one. */
export function digitsOf(search: string): string | null {
  const digits = search.replace(/\s/g, '')
  return /^\d{1,8}$/.test(digits) ? digits : null
}

/** Unknown is more than 100, and in no range. */
const isBetween = (percent: number, range: { readonly from: number; readonly to: number }) =>
  percent >= range.from && percent <= range.to

function hasOneOf({ table, alarms }: FilterData, kinds: readonly string[]): Uint8Array {
  const rows = new Uint8Array(table.count)
  if (kinds.length === 0) return rows.fill(1)
  for (const kind of kinds) for (const row of alarms.rowsOfKind.get(kind) ?? []) rows[row] = 1
  return rows
}
