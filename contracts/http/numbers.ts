import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { Currency, Latitude, Longitude } from '../units.ts'

/** Longest range of one question. */
export const mostDays = 400
/**
 * Cells with fewer counts than this must not leave the desk: in a list for others they are left out. The desk itself
 * sees all of them.
 */
export const leastForOthers = 10

/**
 * What each figure is. The English text of the page's help is this one (`numbers.help.<figure>`; a test compares them).
 */
export const definitions = {
  rides: 'Trips whose bike opened, on the day on which the rider asked for it.',
  tripsPerBike:
    'Rides divided by bikes in service: the mean of the day, looked at every five minutes. Days on which nobody looked are left out.',
  bikesInService: 'Bikes that are not taken out of service, the mean of the day, looked at every five minutes.',
  meanRideMinutes: 'From the opening to the end, pauses included, of rides that are over.',
  meanStraightM:
    'Straight line from start to end: the way that was ridden is longer, and a round trip counts as short.',
  availability:
    'Share of looks, one in five minutes at each hotspot, at which at least one bike stood there that could be rented.',
  unlocks: 'Commands to open that have come to an end, of riders and of staff, on the day on which they were sent.',
  lockSuccess: 'Commands to open that the lock carried out, divided by all that have come to an end.',
  openMs:
    'From the command to the lock’s word that it is open. Half of all openings are faster than the first number, 95 of 100 faster than the second.',
  unmet:
    'Searches with no bike within 200 m, and scans of a bike that could not be taken. One person counts once in a half hour and place; who it was is never kept.',
  stranded:
    'Rides that the lock did not end by closing: it would not close, it closed and was not heard, so that the rider ended the ride, or it never answered the unlock. Rides that staff ended are not in it: an alarm tells of a lock that stayed open.',
  alarms:
    'Alarms raised on the day, how many of them a person took up, and how long it took until then for half of those.',
  gross:
    'What rides of riders cost, VAT included, on the day on which the ledger has it; corrections count on their own day.',
  vat: 'The VAT inside the gross amount.',
  refunds: 'Money given back to riders.',
  writtenOff: 'Debts that nobody will pay any more.',
  bikesAvailable: 'Bikes that could be rented at this moment.',
} as const

const Count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })
const Share = (description: string) =>
  Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], { description })
const OrNull = (description: string) => Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description })
const Day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'day of the operator, YYYY-MM-DD' })
const Amount = (description: string) =>
  Type.Integer({ minimum: -9_000_000_000_000, maximum: 9_000_000_000_000, description })

/**
 * GET /v1/staff/numbers and what is below it: local days, both included, at most `mostDays`; or the last `days` of them,
 * today included, which is how an address stays true tomorrow. Without any of them today.
 */
export const NumbersQuery = Type.Object(
  {
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: mostDays })),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    /** The same as a table for spreadsheets. */
    format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('csv')])),
  },
  { additionalProperties: false },
)

/** Figures of a day or of several; null where there was nothing to divide by. */
export const Figures = Type.Object({
  rides: Type.Integer({ minimum: 0, description: definitions.rides }),
  tripsPerBike: OrNull(definitions.tripsPerBike),
  bikesInService: OrNull(definitions.bikesInService),
  meanRideMinutes: OrNull(definitions.meanRideMinutes),
  meanStraightM: OrNull(definitions.meanStraightM),
  availability: Share(definitions.availability),
  unlocks: Type.Integer({ minimum: 0, description: definitions.unlocks }),
  opened: Count,
  /** The lock said no: a command too late, or of before its restart. */
  refused: Count,
  /** The lock tried and could not. */
  jammed: Count,
  /** No word of the lock. */
  unanswered: Count,
  lockSuccess: Share(definitions.lockSuccess),
  openMsP50: OrNull(definitions.openMs),
  openMsP95: OrNull(definitions.openMs),
  searches: Count,
  unmetSearches: Count,
  failedScans: Count,
  unmet: Type.Integer({ minimum: 0, description: definitions.unmet }),
  stranded: Type.Integer({ minimum: 0, description: definitions.stranded }),
  strandedNotClosed: Count,
  strandedNotHeard: Count,
  strandedNotAnswered: Count,
  alarms: Type.Integer({ minimum: 0, description: definitions.alarms }),
  alarmsTakenUp: Count,
  takeUpMsP50: OrNull(definitions.alarms),
})
export type Figures = Type.Static<typeof Figures>

export const Money = Type.Object({
  gross: Amount(definitions.gross),
  vat: Amount(definitions.vat),
  refunds: Amount(definitions.refunds),
  writtenOff: Amount(definitions.writtenOff),
})
export type Money = Type.Static<typeof Money>

export const DayFigures = Type.Object({ day: Day, figures: Figures })
export type DayFigures = Type.Static<typeof DayFigures>

export const DayMoney = Type.Object({ day: Day, money: Money })

/** Everything in integer minor units of one currency. */
export const CurrencyMoney = Type.Object({
  currency: Currency,
  total: Money,
  /** Of the period before. */
  before: Money,
  days: Type.Array(DayMoney, { maxItems: mostDays }),
})
export type CurrencyMoney = Type.Static<typeof CurrencyMoney>

export const Numbers = Type.Object({
  from: Day,
  to: Day,
  /** The operator's: it still goes on. */
  today: Day,
  timeZone: Type.String(),
  /** The first day that anything is known of; null: nothing has happened yet. */
  firstDay: Type.Union([Day, Type.Null()]),
  /** Days that are over and not counted yet: they are missing below, and come within minutes. */
  uncountedDays: Type.Array(Day, { maxItems: mostDays }),
  total: Figures,
  /**
   * The same number of days right before; where today is asked, its last day counts up to the same time of day. Null where
   * nothing was counted yet when it began: half a period is no comparison.
   */
  before: Type.Union([Figures, Type.Null()]),
  days: Type.Array(DayFigures, { maxItems: mostDays }),
  now: Type.Object({
    bikesInService: Count,
    bikesAvailable: Type.Integer({ minimum: 0, description: definitions.bikesAvailable }),
    bikesInUse: Count,
  }),
  /** One for each currency; null for who may not see money. */
  money: Type.Union([Type.Array(CurrencyMoney, { maxItems: 20 }), Type.Null()]),
})
export type Numbers = Type.Static<typeof Numbers>

/** A hotspot in one hour of the day, or in all of them. */
export const HotspotSums = Type.Object({
  samples: Count,
  availability: Share(definitions.availability),
  meanStock: OrNull('bikes that could be rented there, mean of all looks'),
})
export type HotspotSums = Type.Static<typeof HotspotSums>

export const HotspotAvailability = Type.Object({
  zoneId: Uuid,
  name: Type.String(),
  all: HotspotSums,
  /** Bikes that should be there at least, and at most: the means of all looks. */
  least: Type.Number({ minimum: 0 }),
  most: Type.Number({ minimum: 0 }),
  /** By hour of the local day, 0 to 23. */
  hours: Type.Array(HotspotSums, { minItems: 24, maxItems: 24 }),
})
export type HotspotAvailability = Type.Static<typeof HotspotAvailability>

/** GET /v1/staff/numbers/availability */
export const Availability = Type.Object({
  from: Day,
  to: Day,
  hotspots: Type.Array(HotspotAvailability, { maxItems: 1_000 }),
})
export type Availability = Type.Static<typeof Availability>

export const UnmetCell = Type.Object({
  cell: Type.String({ pattern: '^[0-9a-f]{15}$', description: 'H3 index, resolution 9' }),
  /** Its centre. */
  lon: Longitude,
  lat: Latitude,
  /** Its corners, [lon, lat], not closed. */
  boundary: Type.Array(Type.Tuple([Longitude, Latitude]), { minItems: 5, maxItems: 10 }),
  /** The hotspot nearest to its centre; null where there is none within two kilometres. */
  near: Type.Union([Type.Object({ name: Type.String(), distanceM: Type.Integer({ minimum: 0 }) }), Type.Null()]),
  unmetSearches: Count,
  failedScans: Count,
})
export type UnmetCell = Type.Static<typeof UnmetCell>

export const UnmetHour = Type.Object({
  hour: Type.Integer({ minimum: 0, maximum: 23 }),
  unmetSearches: Count,
  failedScans: Count,
})

/** GET /v1/staff/numbers/unmet: most first. */
export const Unmet = Type.Object({
  from: Day,
  to: Day,
  cells: Type.Array(UnmetCell, { maxItems: 5_000 }),
  hours: Type.Array(UnmetHour, { minItems: 24, maxItems: 24 }),
  /** Cells below it are not for others. */
  leastForOthers: Count,
})
export type Unmet = Type.Static<typeof Unmet>

export const LockFigures = Type.Object({
  bikeId: Uuid,
  bikeNumber: Type.String(),
  unlocks: Count,
  opened: Count,
  refused: Count,
  jammed: Count,
  unanswered: Count,
  lockSuccess: Type.Number({ minimum: 0, maximum: 1 }),
  meanOpenMs: OrNull('mean time to open'),
})
export type LockFigures = Type.Static<typeof LockFigures>

/** GET /v1/staff/numbers/locks: those that failed most often, at most 50; who never failed is not there. */
export const LockNumbers = Type.Object({ from: Day, to: Day, locks: Type.Array(LockFigures, { maxItems: 50 }) })
export type LockNumbers = Type.Static<typeof LockNumbers>
