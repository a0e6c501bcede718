import type { LocalTime } from '../city/local-time.ts'
import type { BikeFacts } from '../fleet/core/bike-state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { type AvailabilitySampler, createAvailabilitySampler } from './availability-sampler.ts'
import { createDayRollUp, type DayRollUp } from './day-roll-up.ts'
import { createNumbersReader, type NumbersReader } from './numbers-reader.ts'

export interface NumbersRoom {
  readonly reader: NumbersReader
  readonly sampler: AvailabilitySampler
  readonly rollUp: DayRollUp
}

/** What the days came to: looks at the fleet, keeps the figures of days that are over, reads them. */
export const openNumbers = (deps: {
  readonly db: Database
  readonly clock: Clock
  readonly localTime: LocalTime
  readonly bikes: () => readonly BikeFacts[]
  readonly flushDemand: () => Promise<void>
}): NumbersRoom => ({
  reader: createNumbersReader(deps),
  sampler: createAvailabilitySampler(deps),
  rollUp: createDayRollUp(deps),
})
