import type { PlaceRates } from './dissatisfaction.ts'
import type { DemandForecast } from './forecast.ts'
import { slotsPerDay } from './local-half-hour.ts'

/** A cell of the forecast, and the share of its riders who would walk to this place (0 to 1). */
export interface CellShare {
  /** Index into `forecast.cells`. */
  readonly cell: number
  readonly share: number
}

/** The half hours that a plan looks at: from the morning after the vans are home to the end of that day. */
export interface SlotSpan {
  /** 0 to 47. */
  readonly fromSlot: number
  /** 1 to 48, not itself in the span. */
  readonly toSlot: number
}

/**
 * What the riders of some cells ask of one place, ready for `expectedLoss`. Cells of one neighbourhood are busy on the
 * same days, so their spreads are added as if they moved together.
 */
export function placeDemand(
  forecast: DemandForecast,
  cells: readonly CellShare[],
  { fromSlot, toSlot }: SlotSpan,
): PlaceRates & { readonly dispersion: number } {
  const pickups = new Float64Array(toSlot - fromSlot)
  const returns = new Float64Array(toSlot - fromSlot)
  let mean = 0
  let deviation = 0
  for (const { cell, share } of cells) {
    let own = 0
    for (let slot = fromSlot; slot < toSlot; slot++) {
      const [out, back] = [forecast.pickups[cell * slotsPerDay + slot], forecast.returns[cell * slotsPerDay + slot]]
      pickups[slot - fromSlot] = (pickups[slot - fromSlot] as number) + share * (out as number)
      returns[slot - fromSlot] = (returns[slot - fromSlot] as number) + share * (back as number)
      own += share * (out as number)
    }
    mean += own
    deviation += own / Math.sqrt(forecast.dispersion[cell] as number)
  }
  return { pickups, returns, dispersion: deviation > 0 ? (mean / deviation) ** 2 : Number.POSITIVE_INFINITY }
}
