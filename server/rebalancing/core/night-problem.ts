/**
 * One night's work as the planner sees it: the selective, multi-vehicle pickup-and-delivery problem with one commodity,
 * split visits, concave profits and broken bikes as a second load. Times are whole seconds after `zeroMs`, distances
 * metres, values *rides*: trips that tomorrow's riders make because of it. Plain data, so that it can be kept as JSON
 * and solved again.
 */
export interface NightProblem {
  /** City time of second 0, ms since 1970. */
  readonly zeroMs: number
  /** Its index is the place's row and column in both matrices. */
  readonly places: readonly Place[]
  /** n × n, row-major, `[from * n + to]`, asymmetric. */
  readonly distanceM: readonly number[]
  readonly driveS: readonly number[]
  readonly vans: readonly Van[]
  readonly costs: NightCosts
  readonly handling: Handling
}

export type Place = Depot | Stop

/** Where vans start and end. Usable bikes that come back here are worth nothing until another night. */
export interface Depot {
  readonly kind: 'depot'
  readonly placeId: string
  readonly name: string
  readonly lon: number
  readonly lat: number
  /** Broken bikes may be left here. */
  readonly isWorkshop: boolean
}

/** A cluster of strays, or a hotspot. Every stop may be left out, and may be visited by several vans. */
export interface Stop {
  readonly kind: 'stop'
  readonly placeId: string
  readonly name: string
  readonly lon: number
  readonly lat: number
  /** Service may begin only within it. */
  readonly window: Window | null
  /** Usable bikes that may be taken, in the order in which they are worth taking. */
  readonly takeBikes: readonly string[]
  /** Rides won by taking the first, second, … of them; never rising; below 0 where they are missed. */
  readonly takeValues: readonly number[]
  /** Rides won by putting down the first, second, … bike; never rising. Its length is the free room. */
  readonly giveValues: readonly number[]
  /** Bikes for the workshop, and the rides won by bringing each of them there; never rising. */
  readonly brokenBikes: readonly string[]
  readonly brokenValues: readonly number[]
}

export interface Window {
  readonly openS: number
  readonly closeS: number
}

export interface Van {
  readonly vanId: string
  readonly name: string
  /** Bikes, usable and broken together; 1 to 100. */
  readonly capacity: number
  /** Indices of places. The start may be a stop's place: a van that is on its way. */
  readonly startPlace: number
  readonly endPlace: number
  readonly startS: number
  /** Back at the end place by then. */
  readonly endS: number
  readonly usableAtStart: number
  readonly brokenAtStart: number
  /** Places that this van must visit: stops that a person has locked. */
  readonly lockedPlaces: readonly number[]
}

/** What driving and time cost, in rides, so that a move is made only when it is worth its way. */
export interface NightCosts {
  readonly ridesPerKm: number
  readonly ridesPerHour: number
  /** A van that goes out at all. */
  readonly ridesPerVan: number
}

export interface Handling {
  /** Parking, looking, leaving. */
  readonly stopS: number
  /** Lifting one bike in or out. */
  readonly perBikeS: number
}
