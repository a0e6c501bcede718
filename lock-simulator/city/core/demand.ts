/** Wall time of the city's own time zone. */
export interface LocalTime {
  /** 0 Sunday … 6 Saturday */
  readonly weekday: number
  /** 0 to 24, with fraction. */
  readonly hour: number
}

type Curve = readonly (readonly [hour: number, share: number])[]

/** Share of all bikes that people ride at the same time: two peaks on working days, one long day at weekends. */
const workingDay: Curve = [
  [0, 0.012],
  [2, 0.004],
  [4.5, 0.004],
  [6, 0.03],
  [7.5, 0.13],
  [8.5, 0.16],
  [9.5, 0.12],
  [11, 0.1],
  [12.25, 0.125],
  [13.5, 0.11],
  [15, 0.105],
  [16.5, 0.14],
  [17.75, 0.16],
  [19, 0.12],
  [20.5, 0.08],
  [22.5, 0.04],
  [24, 0.012],
]
const weekendDay: Curve = [
  [0, 0.03],
  [2, 0.012],
  [4.5, 0.004],
  [6, 0.015],
  [8, 0.07],
  [9.5, 0.105],
  [11, 0.12],
  [13.5, 0.135],
  [16, 0.14],
  [18, 0.125],
  [20, 0.09],
  [22, 0.06],
  [24, 0.03],
]

export const isWeekend = ({ weekday }: LocalTime): boolean => weekday === 0 || weekday === 6

/** 0 to 1. */
export function shareRiding(time: LocalTime): number {
  return valueAt(isWeekend(time) ? weekendDay : workingDay, time.hour)
}

/** Measured over 20,000 journeys of a seeded crowd: 610 to 700 s, by the hour. */
const meanRideMs = 660_000

/** Who finds no bike takes the bus; then somebody elsewhere sets out instead, within these bounds. */
const correction = { least: 0.5, most: 2.2 }

/**
 * How many people set out in the next `spanMs` of city time, as an expectation: as many as end a ride of average length
 * when the wanted share rides (J. Little, 1961), more or fewer when `riding` is short of it or beyond.
 */
export function expectedDepartures(time: LocalTime, bikes: number, riding: number, spanMs: number): number {
  const wanted = shareRiding(time) * bikes
  if (wanted === 0) return 0
  const gap = (wanted - riding) / wanted
  const factor = Math.min(correction.most, Math.max(correction.least, 1 + 2 * gap))
  return (wanted * factor * spanMs) / meanRideMs
}

export type Purpose = 'work' | 'home' | 'leisure'

/** What people leave for at this time: weights. */
export function purposeWeights(time: LocalTime): Readonly<Record<Purpose, number>> {
  const { hour } = time
  if (hour < 5) return { work: 0.02, home: 0.9, leisure: 0.08 }
  if (isWeekend(time)) {
    return hour < 17 ? { work: 0.06, home: 0.24, leisure: 0.7 } : { work: 0.02, home: 0.6, leisure: 0.38 }
  }
  if (hour < 10) return { work: 0.78, home: 0.07, leisure: 0.15 }
  if (hour < 12) return { work: 0.25, home: 0.25, leisure: 0.5 }
  if (hour < 14) return { work: 0.3, home: 0.15, leisure: 0.55 }
  if (hour < 16) return { work: 0.2, home: 0.35, leisure: 0.45 }
  if (hour < 19.5) return { work: 0.03, home: 0.72, leisure: 0.25 }
  return { work: 0.02, home: 0.6, leisure: 0.38 }
}

function valueAt(curve: Curve, hour: number): number {
  const h = Math.min(24, Math.max(0, hour))
  let [fromHour, fromShare] = curve[0] ?? [0, 0]
  for (const [toHour, toShare] of curve) {
    if (h <= toHour) {
      const t = toHour === fromHour ? 1 : (h - fromHour) / (toHour - fromHour)
      return fromShare + (toShare - fromShare) * t
    }
    fromHour = toHour
    fromShare = toShare
  }
  return fromShare
}
