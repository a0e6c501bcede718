import type { ClockLine } from '../../contracts/http/demo.ts'

/** How this phone's clock becomes the city's: the server's line, and how far the phone's own clock is off. */
export interface CityClock {
  /** Null: the city's time is real time. */
  readonly line: ClockLine | null
  /** Server's clock minus the phone's. */
  readonly skewMs: number
}

export const realClock: CityClock = { line: null, skewMs: 0 }

/** The server's `date` header is cut to the second and ages on its way: less than this is no difference. */
const smallestSkewMs = 2_000

/** City time at a moment of the phone's clock, whole milliseconds. Acts are dated with it, also without a network. */
export function cityNow({ line, skewMs }: CityClock, phoneMs: number): number {
  const realMs = phoneMs + skewMs
  if (line === null) return Math.round(realMs)
  return Math.round(line.cityAtMs + Math.max(0, realMs - line.realAtMs) * line.speed)
}

/**
 * How far the phone's clock is off, from one answer of the server.
 * @param dateHeader HTTP `date`; @param sentMs and @param heardMs the phone's clock around the request
 */
export function skewOf(dateHeader: string | null, sentMs: number, heardMs: number): number {
  const serverMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader)
  if (Number.isNaN(serverMs)) return 0
  const halfSecondMs = 500
  const skewMs = serverMs + halfSecondMs - (sentMs + heardMs) / 2
  return Math.abs(skewMs) < smallestSkewMs ? 0 : Math.round(skewMs)
}
