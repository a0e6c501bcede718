import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import { type BikeState, bikeStates } from '../../contracts/live/bike-states.ts'
import { type FleetFrame, headingByte, mercatorX, mercatorY, stateByte } from '../../contracts/live/fleet-frame.ts'

/** The whole fleet as columns, one row per bike in the snapshot's order. Live frames change the columns in place. */
export interface FleetTable {
  readonly count: number
  readonly bikeIds: readonly string[]
  readonly numbers: readonly string[]
  readonly rowOfSlot: ReadonlyMap<number, number>
  /** Web Mercator × 2³² */
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly headings: Uint8Array
  readonly states: Uint8Array
  /** 1 where the position is known */
  readonly placed: Uint8Array
  sequence: number
  cityMs: number
}

export function tableOfSnapshot(snapshot: FleetSnapshot): FleetTable {
  const { bikes } = snapshot
  return {
    count: bikes.length,
    bikeIds: bikes.map((bike) => bike.bikeId),
    numbers: bikes.map((bike) => bike.number),
    rowOfSlot: new Map(bikes.map((bike, row) => [bike.slot, row])),
    x: Uint32Array.from(bikes, (bike) => (bike.lon === null ? 0 : mercatorX(bike.lon))),
    y: Uint32Array.from(bikes, (bike) => (bike.lat === null ? 0 : mercatorY(bike.lat))),
    headings: Uint8Array.from(bikes, (bike) => headingByte(bike.headingDeg)),
    states: Uint8Array.from(bikes, (bike) => stateByte(bike.state)),
    placed: Uint8Array.from(bikes, (bike) => (bike.lon === null || bike.lat === null ? 0 : 1)),
    sequence: snapshot.sequence,
    cityMs: snapshot.cityTime,
  }
}

/**
 * Takes one frame into the table. `old`: already in the snapshot; `gap`: a frame was missed or a slot is not known, and
 * only a new snapshot helps (the table is unchanged then).
 */
export function applyFrame(table: FleetTable, frame: FleetFrame): 'applied' | 'old' | 'gap' {
  const ahead = (frame.sequence - table.sequence) >>> 0
  if (ahead === 0 || ahead > 0x8000_0000) return 'old'
  if (ahead > 1 || frame.slots.some((slot) => !table.rowOfSlot.has(slot))) return 'gap'
  frame.slots.forEach((slot, column) => {
    const row = table.rowOfSlot.get(slot) as number
    table.x[row] = frame.x[column] as number
    table.y[row] = frame.y[column] as number
    table.headings[row] = frame.headings[column] as number
    table.states[row] = frame.states[column] as number
    table.placed[row] = 1
  })
  table.sequence = frame.sequence
  table.cityMs = frame.cityMs
  return 'applied'
}

export function countByState(table: Pick<FleetTable, 'states'>): Readonly<Record<BikeState, number>> {
  const counts = bikeStates.map(() => 0)
  for (const state of table.states) counts[state] = (counts[state] ?? 0) + 1
  return Object.fromEntries(bikeStates.map((state, byte) => [state, counts[byte]])) as Record<BikeState, number>
}
