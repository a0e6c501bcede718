import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import { type BikeState, bikeStates } from '../../contracts/live/bike-states.ts'
import {
  agedBit,
  type DeltaFrame,
  type FillFrame,
  type LiveFrame,
  neverHeard,
  noBike,
  noCharge,
  type StatesFrame,
  type VitalsFrame,
} from '../../contracts/live/live-frame.ts'
import { isInBox } from '../../contracts/live/mercator-box.ts'

/** The whole fleet as columns, one row per bike in the snapshot's order. Live frames change the columns in place. */
export interface FleetTable {
  readonly count: number
  readonly bikeIds: readonly string[]
  readonly numbers: readonly string[]
  readonly models: readonly string[]
  readonly slots: Uint32Array
  readonly rowOfSlot: ReadonlyMap<number, number>
  /** The same for the frames' loops; −1 for a slot of nobody's */
  readonly rowsBySlot: Int32Array
  /** Web Mercator × 2³² */
  readonly x: Uint32Array
  readonly y: Uint32Array
  readonly headings: Uint8Array
  /** Index in bike-states.ts */
  readonly states: Uint8Array
  /** 1 when the bike was not heard for too long: its place is a memory */
  readonly aged: Uint8Array
  /** 1 where the bike is there; 2 where it was, before it went out of view; 0 where no place is known */
  readonly placed: Uint8Array
  /** Percent; `noCharge` when it is not known */
  readonly charges: Uint8Array
  /** City time of the last word, exact to half a minute of real time; NaN when there was none */
  readonly heardAtMs: Float64Array
  readonly epoch: number
  sequence: number
  cityMs: number
  /** Grows when a state, an age or whether a bike is placed has changed: orders and counts made before are old. */
  stateVersion: number
}

export function tableOfSnapshot(snapshot: FleetSnapshot): FleetTable {
  const { slots, x, cityTime, models } = snapshot
  const rowsBySlot = new Int32Array(slots.reduce((most, slot) => Math.max(most, slot + 1), 0)).fill(-1)
  for (const [row, slot] of slots.entries()) rowsBySlot[slot] = row
  return {
    count: slots.length,
    bikeIds: snapshot.bikeIds,
    numbers: snapshot.numbers,
    models: snapshot.modelOf.map((index) => models[index] ?? ''),
    slots: Uint32Array.from(slots),
    rowOfSlot: new Map(slots.map((slot, row) => [slot, row])),
    rowsBySlot,
    x: Uint32Array.from(x, (value) => value ?? 0),
    y: Uint32Array.from(snapshot.y, (value) => value ?? 0),
    headings: Uint8Array.from(snapshot.headings),
    states: Uint8Array.from(snapshot.states, (state) => state & ~agedBit),
    aged: Uint8Array.from(snapshot.states, (state) => (state & agedBit) >> 7),
    placed: Uint8Array.from(x, (value) => (value === null ? 0 : 1)),
    charges: Uint8Array.from(snapshot.charges, (value) => value ?? noCharge),
    heardAtMs: Float64Array.from(snapshot.heardAgoS, (ago) => (ago === null ? Number.NaN : cityTime - ago * 1_000)),
    epoch: snapshot.epoch,
    sequence: snapshot.sequence,
    cityMs: cityTime,
    stateVersion: 0,
  }
}

/**
 * Takes one frame into the table. `old`: already in the snapshot; `gap`: something was missed, or the frame is of another
 * server or of a bike that is not known, and only a new snapshot helps (the table is unchanged then).
 */
export function applyFrame(table: FleetTable, frame: LiveFrame): 'applied' | 'old' | 'gap' {
  if (frame.epoch !== table.epoch) return 'gap'
  const ahead = (frame.sequence - table.sequence) | 0
  if (ahead < 0) return 'old'
  if (frame.roster !== table.count) return 'gap'
  switch (frame.kind) {
    case 'delta':
      if (ahead === 0) return 'old'
      if (ahead > 1 || !knowsAll(table, frame.slots) || !knowsAll(table, frame.changedSlots)) return 'gap'
      applyDelta(table, frame)
      break
    case 'fill':
      if (ahead > 0 || !knowsAll(table, frame.slots)) return 'gap'
      applyFill(table, frame)
      break
    case 'states':
      if (!applyStates(table, frame)) return 'gap'
      break
    case 'vitals':
      applyVitals(table, frame)
      return 'applied'
    case 'totals':
      return ahead === 0 && !agrees(table, frame.byState) ? 'gap' : 'applied'
    case 'counts':
      return 'applied'
  }
  table.sequence = frame.sequence
  table.cityMs = frame.cityMs
  return 'applied'
}

/** In a loop without functions: a hundred thousand rows pass here each second. */
function knowsAll({ rowsBySlot }: FleetTable, slots: Uint32Array): boolean {
  for (let at = 0; at < slots.length; at++) {
    if ((rowsBySlot[slots[at] as number] ?? -1) < 0) return false
  }
  return true
}

function place(table: FleetTable, frame: DeltaFrame | FillFrame): void {
  const { rowsBySlot, x, y, headings, placed } = table
  let isNewThere = false
  for (let at = 0; at < frame.slots.length; at++) {
    const row = rowsBySlot[frame.slots[at] as number] as number
    x[row] = frame.x[at] as number
    y[row] = frame.y[at] as number
    headings[row] = frame.headings[at] as number
    if (placed[row] === 1) continue
    placed[row] = 1
    isNewThere = true
  }
  if (isNewThere) table.stateVersion += 1
}

function applyDelta(table: FleetTable, frame: DeltaFrame): void {
  const { rowsBySlot, heardAtMs } = table
  place(table, frame)
  for (let at = 0; at < frame.slots.length; at++) {
    heardAtMs[rowsBySlot[frame.slots[at] as number] as number] = frame.cityMs
  }
  for (let at = 0; at < frame.changedSlots.length; at++) {
    setState(table, rowsBySlot[frame.changedSlots[at] as number] as number, frame.changedStates[at] as number)
  }
  if (frame.changedSlots.length > 0) table.stateVersion += 1
}

/** Whoever was seen in the part that is filled and is not told of has gone elsewhere. */
function applyFill(table: FleetTable, frame: FillFrame): void {
  const { x, y, placed } = table
  const { area, known } = frame
  if (area.west <= area.east) {
    for (let row = 0; row < table.count; row++) {
      if (placed[row] !== 1 || !isInBox(area, x[row] as number, y[row] as number)) continue
      if (!isInBox(known, x[row] as number, y[row] as number)) placed[row] = 2
    }
    table.stateVersion += 1
  }
  place(table, frame)
}

function applyStates(table: FleetTable, { states }: StatesFrame): boolean {
  const { slots } = table
  for (let row = 0; row < table.count; row++) {
    if ((states[slots[row] as number] ?? noBike) === noBike) return false
  }
  for (let row = 0; row < table.count; row++) setState(table, row, states[slots[row] as number] as number)
  table.stateVersion += 1
  return true
}

function applyVitals(table: FleetTable, frame: VitalsFrame): void {
  for (let at = 0; at < frame.slots.length; at++) {
    const row = table.rowsBySlot[frame.slots[at] as number] ?? -1
    if (row < 0) continue
    const ago = frame.heardAgoS[at] as number
    table.heardAtMs[row] = ago === neverHeard ? Number.NaN : frame.cityMs - ago * 1_000
    table.charges[row] = frame.charges[at] as number
  }
}

function setState(table: FleetTable, row: number, state: number): void {
  table.states[row] = state & ~agedBit
  table.aged[row] = (state & agedBit) >> 7
}

function agrees(table: FleetTable, byState: Uint32Array): boolean {
  const counted = new Uint32Array(byState.length)
  for (const state of table.states) counted[state] = (counted[state] ?? 0) + 1
  return counted.every((bikes, state) => bikes === byState[state])
}

export function countByState(table: Pick<FleetTable, 'states'>): Readonly<Record<BikeState, number>> {
  const counts = bikeStates.map(() => 0)
  for (const state of table.states) counts[state] = (counts[state] ?? 0) + 1
  return Object.fromEntries(bikeStates.map((state, byte) => [state, counts[byte]])) as Record<BikeState, number>
}
