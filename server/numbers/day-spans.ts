import type { LocalTime } from '../city/local-time.ts'
import { dayAfter } from './core/days.ts'
import type { Span } from './count-day.ts'

const hoursPerDay = 24
const slotsPerDay = 48
const minutesPerSlot = 30

/** A whole local day: 23 or 25 hours long where the clock is changed. */
export const wholeDay = (localTime: LocalTime, day: string): Span => ({
  day,
  fromMs: localTime.momentOf(day, 0),
  toMs: localTime.momentOf(dayAfter(day, 1), 0),
  hours: hoursPerDay,
  slots: slotsPerDay,
})

/** The same day up to a time by the clock on the wall; hours and half hours that have begun count. */
export const dayUpTo = (localTime: LocalTime, day: string, minute: number): Span => ({
  ...wholeDay(localTime, day),
  toMs: localTime.momentOf(day, minute),
  hours: Math.floor(minute / 60) + 1,
  slots: Math.floor(minute / minutesPerSlot) + 1,
})
