import type { FleetFacts } from '../../../contracts/http/desk.ts'

/** What a list of bikes is made of, one bike. */
export interface ListedBike {
  readonly slot: number
  readonly bikeId: string
  readonly model: string
  readonly shadow: { readonly soc: number | null; readonly lastHeardAtMs: number | null }
}

/** The bikes as columns: at 100 000 bikes a third of the size of rows, and quick to sort. */
export function fleetColumns(
  bikes: readonly ListedBike[],
  tripSince: ReadonlyMap<string, number>,
  nowMs: number,
): FleetFacts {
  const placeOfModel = new Map<string, number>()
  const place = (model: string): number => {
    const known = placeOfModel.get(model)
    if (known !== undefined) return known
    placeOfModel.set(model, placeOfModel.size)
    return placeOfModel.size - 1
  }
  const model = bikes.map((bike) => place(bike.model))
  return {
    at: nowMs,
    models: [...placeOfModel.keys()],
    slot: bikes.map((bike) => bike.slot),
    battery: bikes.map(({ shadow }) => (shadow.soc === null ? -1 : Math.round(shadow.soc))),
    heard: bikes.map(({ shadow }) => (shadow.lastHeardAtMs === null ? 0 : Math.floor(shadow.lastHeardAtMs / 1_000))),
    model,
    tripSince: bikes.map((bike) => tripSince.get(bike.bikeId) ?? 0),
  }
}
