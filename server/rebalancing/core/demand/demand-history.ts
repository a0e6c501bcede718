/** What the forecast learns from. A cell is any key: an H3 cell, a hotspot, a station. */
export interface DemandHistory {
  /** Every place that is to be forecast, seen or not. */
  readonly cells: readonly DemandCell[]
  /** Every day that was watched, oldest first, also one without a trip. */
  readonly days: readonly DemandDay[]
  /** Half hours in which something happened; what is missing was watched and quiet. */
  readonly counts: readonly HalfHourCount[]
}

export interface DemandCell {
  readonly key: string
  /** The part of the city from which it borrows: the H3 cell of resolution 7, or any other key. */
  readonly parent: string
  /** How much is expected of it before it has shown anything, e.g. its capacity; 1 when nothing is known. Above 0. */
  readonly weight: number
}

/** `off`: weekends, public holidays. */
export type DayType = 'working' | 'off'
export const dayTypes = ['working', 'off'] as const

export interface Weather {
  /** Mean of the day, degrees Celsius. */
  readonly temperatureC: number
  /** Sum of the day, millimetres. */
  readonly rainMm: number
}

export interface DemandDay {
  /** `YYYY-MM-DD`, local. */
  readonly date: string
  readonly dayType: DayType
  readonly weather?: Weather
}

export interface HalfHourCount {
  readonly cell: string
  readonly date: string
  /** 0 to 47. */
  readonly slot: number
  readonly pickups: number
  readonly returns: number
  /** Searches for a bike here that found none. */
  readonly unmet: number
  /** Minutes of the half hour without a bike, 0 to 30. */
  readonly emptyMinutes: number
}
