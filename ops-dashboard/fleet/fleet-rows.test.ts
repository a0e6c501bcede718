import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import { noCharge } from '../../contracts/live/live-frame.ts'
import { alarmsOf, ridesOf } from './fleet-columns.ts'
import { type FleetFilter, wantedRows } from './fleet-filter.ts'
import { rankNumbers, rowsInBox, sortRows } from './fleet-rows.ts'
import { plainView, sortColumns } from './fleet-view.ts'
import { areaOf } from './mercator-area.ts'

const nowS = 1_800_000_000
const bikes = [
  { number: '200030', state: 'available', battery: 80, heard: nowS - 10, lon: 4.7 },
  { number: '200020', state: 'alarm', battery: 4, heard: nowS - 7_200, lon: 4.71 },
  { number: '200010', state: 'riding', battery: 40, heard: nowS - 5, lon: 4.72 },
  { number: '99993', state: 'available', battery: noCharge, heard: Number.NaN, lon: null },
] as const
const table = {
  count: bikes.length,
  numbers: bikes.map(({ number }) => number),
  rowOfSlot: new Map(bikes.map((_, row) => [row + 5, row])),
  states: Uint8Array.from(bikes, ({ state }) => bikeStates.indexOf(state)),
  x: Uint32Array.from(bikes, ({ lon }) => (lon === null ? 0 : mercatorX(lon))),
  y: Uint32Array.from(bikes, () => mercatorY(52.3)),
  placed: Uint8Array.from(bikes, ({ lon }) => (lon === null ? 0 : 1)),
  charges: Uint8Array.from(bikes, ({ battery }) => battery),
  heardAtMs: Float64Array.from(bikes, ({ heard }) => heard * 1_000),
  models: ['city', 'city', 'cargo', 'city'],
  cityMs: nowS * 1_000,
}
const rides = ridesOf(table, {
  // another order than the table's, and a bike it does not have
  slot: [99, 7],
  since: [nowS - 10, nowS - 600],
})
const alarms = alarmsOf(table, {
  kinds: ['jammed_open', 'lost'],
  alarms: [
    { slot: 6, kind: 1 },
    { slot: 6, kind: 0 },
    { slot: 7, kind: 0 },
    { slot: 99, kind: 0 },
  ],
})
const ranks = rankNumbers(table.numbers)

const listed = (filter: Partial<FleetFilter>, sort = plainView.sort, area: ReturnType<typeof areaOf> | null = null) => {
  const wanted = wantedRows({ table, alarms, area }, { ...plainView, ...filter })
  return [...sortRows(wanted, { table, rides, alarms, ranks }, sort)].map((row) => table.numbers[row])
}

describe('the list', () => {
  it('has the bikes that need a person first, then the smaller number', () => {
    expect(listed({})).toEqual(['200020', '200010', '99993', '200030'])
  })
  it.each([
    ['number', ['99993', '200010', '200020', '200030']],
    ['battery', ['200020', '200010', '200030', '99993']],
    ['heard', ['99993', '200020', '200030', '200010']],
    ['alarm', ['200020', '200010', '99993', '200030']],
    ['trip', ['200010', '99993', '200020', '200030']],
  ] as const)('sorts by %s', (column, order) => {
    expect(listed({}, { column, down: false })).toEqual(order)
  })
  it('turned round keeps at its end what nobody knows', () => {
    expect(listed({}, { column: 'battery', down: true })).toEqual(['200030', '200010', '200020', '99993'])
    expect(listed({}, { column: 'number', down: true })).toEqual(['200030', '200020', '200010', '99993'])
  })
  it('is the same rows in the same order as a plain sort makes', () => {
    const one = fc.record({
      state: fc.nat(8),
      battery: fc.integer({ min: -1, max: 100 }),
      heard: fc.nat(4_000_000_000),
    })
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 60 }),
        fc.constantFrom(...sortColumns),
        fc.boolean(),
        (rows, column, down) => {
          const numbers = rows.map((_, row) => String(((row * 7_919) % 90_000) + 10_000))
          const made = {
            table: {
              states: Uint8Array.from(rows, ({ state }) => state),
              charges: Uint8Array.from(rows, ({ battery }) => (battery < 0 ? noCharge : battery)),
              heardAtMs: Float64Array.from(rows, ({ heard }) => heard * 1_000),
            },
            rides: new Uint32Array(rows.length),
            alarms: { ...alarms, gravest: new Uint8Array(rows.length) },
            ranks: rankNumbers(numbers),
          }
          const sorted = [...sortRows(new Uint8Array(rows.length).fill(1), made, { column, down })]
          expect([...sorted].sort((a, b) => a - b)).toEqual(rows.map((_, row) => row))
          if (column !== 'heard') return
          const heard = sorted.map((row) => (rows[row] as (typeof rows)[number]).heard)
          expect(heard).toEqual([...heard].sort((a, b) => (down ? b - a : a - b)))
        },
      ),
    )
  })
})

describe('a filter', () => {
  it.each<[Partial<FleetFilter>, readonly string[]]>([
    [{ states: ['available'] }, ['99993', '200030']],
    [{ states: ['available', 'alarm'] }, ['200020', '99993', '200030']],
    [{ alarms: ['lost'] }, ['200020']],
    [{ alarms: ['jammed_open'] }, ['200020', '200010']],
    [{ alarms: ['never_heard_of'] }, []],
    [{ battery: { from: 0, to: 50 } }, ['200020', '200010']],
    [{ models: ['cargo'] }, ['200010']],
    [{ quiet: 60 }, ['200020', '99993']],
    [{ search: '2000 1' }, ['200010']],
    [{ search: 'zw-000123' }, ['200020', '200010', '99993', '200030']],
    [{ search: '2000', states: ['riding'], models: ['cargo'] }, ['200010']],
  ])('%o', (filter, order) => {
    expect(listed(filter)).toEqual(order)
  })
  it('by zone has the bikes that stand in it and not in its hole', () => {
    const square = (west: number, east: number) =>
      [
        [west, 52.2],
        [east, 52.2],
        [east, 52.4],
        [west, 52.4],
        [west, 52.2],
      ] as Array<[number, number]>
    expect(listed({}, plainView.sort, areaOf([[square(4.65, 4.75)]]))).toEqual(['200020', '200010', '200030'])
    expect(listed({}, plainView.sort, areaOf([[square(4.65, 4.75), square(4.705, 4.715)]]))).toEqual([
      '200010',
      '200030',
    ])
  })
  it('by the map’s box keeps the order', () => {
    const rows = Uint32Array.from([1, 2, 3, 0])
    const box = { west: mercatorX(4.69), east: mercatorX(4.715), north: mercatorY(53), south: mercatorY(52) }
    expect([...rowsInBox(rows, table, box)]).toEqual([1, 0])
  })
})
