import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { FleetSnapshot } from '../../contracts/http/staff.ts'
import { type FrameHead, noCharge } from '../../contracts/live/live-frame.ts'
import type { Position } from '../../contracts/units.ts'
import type { LiveColumns } from './core/live-columns.ts'
import type { FleetBike } from './fleet-service.ts'

const gzipAsync = promisify(gzip)

/** Everybody as columns, one row a bike, as of the last look: who came after it is in the next one. */
export function snapshotOf(
  fleet: readonly FleetBike[],
  columns: LiveColumns,
  at: FrameHead & { readonly citySpeed: number; readonly centre: Position },
): FleetSnapshot {
  const { epoch, sequence, cityMs, citySpeed, centre } = at
  const bikes = fleet.slice(0, columns.bikes)
  const models = [...new Set(bikes.map((bike) => bike.model))]
  const indexOfModel = new Map(models.map((model, index) => [model, index]))
  const { placed, x, y, headings, states, charges, heardAtMs } = columns
  const slots = bikes.map((bike) => bike.slot)
  const column = (values: ArrayLike<number>) => slots.map((slot) => values[slot] as number)
  return {
    ...{ epoch, sequence, cityTime: at.cityMs, citySpeed, models },
    centre: { lon: centre.lon, lat: centre.lat },
    slots,
    bikeIds: bikes.map((bike) => bike.bikeId),
    numbers: bikes.map((bike) => bike.number),
    modelOf: bikes.map((bike) => indexOfModel.get(bike.model) as number),
    x: slots.map((slot) => (placed[slot] === 1 ? (x[slot] as number) : null)),
    y: slots.map((slot) => (placed[slot] === 1 ? (y[slot] as number) : null)),
    headings: column(headings),
    states: column(states),
    charges: slots.map((slot) => (charges[slot] === noCharge ? null : (charges[slot] as number))),
    heardAgoS: slots.map((slot) =>
      heardAtMs[slot] === 0 ? null : Math.max(0, Math.round((cityMs - (heardAtMs[slot] as number)) / 1_000)),
    ),
  }
}

/** Fast: a desk waits for it, and ids do not get much smaller. */
const gzipLevel = constants.Z_BEST_SPEED

/** The snapshot's bytes, made once for all desks that ask within a tick: after a restart they all come together. */
export function createSnapshotBodies(snapshot: () => FleetSnapshot) {
  let of: FleetSnapshot | null = null
  let plain = ''
  let zipped: Promise<Buffer> | null = null
  const refresh = () => {
    const now = snapshot()
    if (now === of) return
    of = now
    plain = JSON.stringify(now)
    zipped = null
  }
  return {
    plain: (): string => {
      refresh()
      return plain
    },
    zipped: (): Promise<Buffer> => {
      refresh()
      zipped ??= gzipAsync(plain, { level: gzipLevel })
      return zipped
    },
  }
}
