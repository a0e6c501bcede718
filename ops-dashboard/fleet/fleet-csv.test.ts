import { expect, it } from 'vitest'
import { bikeStates } from '../../contracts/live/bike-states.ts'
import { mercatorX, mercatorY } from '../../contracts/live/fleet-frame.ts'
import { noCharge } from '../../contracts/live/live-frame.ts'
import { fleetCsv } from './fleet-csv.ts'

const table = {
  numbers: ['100146', '100153'],
  states: Uint8Array.of(bikeStates.indexOf('alarm'), bikeStates.indexOf('available')),
  charges: Uint8Array.of(7, noCharge),
  heardAtMs: Float64Array.of(Date.UTC(2026, 10, 22, 3, 0, 0), Number.NaN),
  models: ['city, large', '=cmd'],
  x: Uint32Array.of(mercatorX(4.7262), 0),
  y: Uint32Array.of(mercatorY(52.3585), 0),
  placed: Uint8Array.of(2, 0),
}
const alarms = { gravest: Uint8Array.of(1, 0), kinds: ['lost'], rowsOfKind: new Map() }

it('writes the listed bikes in their order, with nothing where nobody knows, and no formulas', () => {
  const rides = Uint32Array.of(0, Date.UTC(2026, 10, 22, 2, 30, 0) / 1_000)
  expect(fleetCsv(Uint32Array.of(1, 0), { table, rides, alarms })).toBe(
    [
      '\ufeffnumber,state,battery_percent,last_heard,alarm,trip_since,model,lat,lon',
      "100153,available,,,,2026-11-22T02:30:00.000Z,'=cmd,,",
      '100146,alarm,7,2026-11-22T03:00:00.000Z,lost,,"city, large",52.358500,4.726200',
      '',
    ].join('\r\n'),
  )
})
