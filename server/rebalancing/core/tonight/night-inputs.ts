import type { NightSettings, StrayReason } from '../../../../contracts/http/nights.ts'
import type { StrayBike } from '../demand/find-strays.ts'
import type { NightMinute } from '../night-hours.ts'

/** Everything that a night's problem is built from, as plain values. */
export interface NightInputs {
  readonly nowMs: number
  /** When the operator's clock shows a minute of this night: not a sum, because clocks are put forward and back. */
  readonly momentAt: (minute: NightMinute) => number
  /** Second 0 of the problem: the earliest shift's start, or now where that is later. */
  readonly zeroMs: number
  readonly depotId: string
  readonly settings: NightSettings
  readonly bikes: readonly NightBike[]
  readonly hotspots: readonly NightHotspot[]
  readonly demand: NightDemand
  /** Vans and hotspots of routes that are under way tonight: they are left alone. */
  readonly busy: { readonly vanIds: readonly string[]; readonly placeIds: readonly string[] }
}

/** What is known of one bike; `isInUse` where a rider or a crew has it or will have it. */
export interface NightBike extends Omit<StrayBike, 'lon' | 'lat' | 'insideHotspot'> {
  readonly number: string
  /** Null: nobody knows where it stands. */
  readonly lon: number | null
  readonly lat: number | null
  /** Hours without a ride. */
  readonly idleHours: number
  /** The hotspot that it stands in. */
  readonly insideHotspot: string | null
}

export interface NightHotspot {
  readonly hotspotId: string
  readonly name: string
  readonly lon: number
  readonly lat: number
  readonly capacity: number
  readonly minBikes: number | null
  readonly maxBikes: number | null
}

/** Tomorrow by H3 cell: half hours from 06:00 to the next 06:00. */
export interface NightDemand {
  readonly cells: readonly CellRates[]
  readonly sureness: number
  readonly evidenceDays: number
}

export interface CellRates {
  readonly cell: string
  readonly lon: number
  readonly lat: number
  readonly pickups: readonly number[]
  readonly returns: readonly number[]
  /** k of the negative binomial; null where nothing is known of the spread. */
  readonly dispersion: number | null
}

/** What the page needs to argue for a plan: facts behind the problem's numbers. Kept as JSON beside it. */
export interface NightFacts {
  /** One for each place of the problem, in its order. */
  readonly places: readonly PlaceFacts[]
  readonly bikes: Readonly<Record<string, BikeFacts>>
  readonly sureness: number
  readonly evidenceDays: number
  /** Rides that tomorrow is expected to miss when nobody moves a bike. */
  readonly lostWithNothingDone: number
  /** Clusters of strays that were left aside because a night has a bound. */
  readonly placesLeftAside: number
}

export interface PlaceFacts {
  readonly kind: 'depot' | 'strays' | 'hotspot'
  /** Bikes that stand there, usable and not; null at depots. */
  readonly stock: number | null
  readonly target: number | null
  readonly capacity: number | null
  /** At hotspots: riders' bikes there and around it now, and the rides lost for 0, 1, 2 … of them. */
  readonly usable: number
  readonly lossAt: readonly number[]
}

export interface BikeFacts {
  readonly number: string
  readonly reasons: readonly StrayReason[]
  readonly idleHours: number
  readonly batteryPercent: number | null
  readonly lon: number
  readonly lat: number
  /** Rides that tomorrow's riders lose where it stands, when it is taken. */
  readonly lost: number
}
