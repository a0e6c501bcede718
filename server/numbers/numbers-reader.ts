import { cellToBoundary, cellToLatLng } from 'h3-js'
import {
  type Availability,
  type CurrencyMoney,
  type HotspotSums,
  type LockNumbers,
  leastForOthers,
  type Money,
  type Numbers,
  type Unmet,
  type UnmetCell,
} from '../../contracts/http/numbers.ts'
import { distanceM, type Position } from '../../contracts/units.ts'
import type { LocalTime } from '../city/local-time.ts'
import { type Hotspot, hotspotsAt } from '../city/zones-at.ts'
import { type BikeFacts, bikeState } from '../fleet/core/bike-state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { addCounts, addMoney, type DayCounts, type MoneySums, noCounts, noMoney } from './core/day-counts.ts'
import { daysBetween, periodBefore } from './core/days.ts'
import { figuresOf } from './core/figures-of.ts'
import { countDay, countMoney } from './count-day.ts'
import { dayUpTo, wholeDay } from './day-spans.ts'
import { firstOfAll, keptDays, keptMoney } from './figures-store.ts'
import { hotspotHours, unmetCells, unmetHours, worstLocks } from './numbers-store.ts'
import { rememberBriefly } from './remember-briefly.ts'

/** Local days, both included. */
export interface DayRange {
  readonly from: string
  readonly to: string
}

export interface NumbersReader {
  today(): string
  /** @param withMoney whether who asks may see money */
  numbers(range: DayRange, withMoney: boolean): Promise<Numbers>
  availability(range: DayRange): Promise<Availability>
  unmet(range: DayRange): Promise<Unmet>
  locks(range: DayRange): Promise<LockNumbers>
}

/** Real time: a day that goes on is as fresh as this. */
const liveForMs = 10_000
const mostCells = 5_000
const mostLocks = 50
const mostHotspots = 1_000

/** Reads days that are kept, and counts only the one that still goes on. */
export function createNumbersReader(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly localTime: LocalTime
  readonly bikes: () => readonly BikeFacts[]
  /** Demand is counted in memory first. */
  readonly flushDemand: () => Promise<void>
}): NumbersReader {
  const { db, clock, localTime } = deps
  const today = (): string => localTime.dateAt(clock.nowMs())
  const briefly = rememberBriefly(clock, liveForMs)

  /** Of the days that are kept, and of today as far as it has gone. */
  async function daysIn({ from, to }: DayRange): Promise<ReadonlyMap<string, DayCounts>> {
    const kept = await keptDays(db, from, to)
    const now = today()
    if (now < from || now > to) return kept
    const live = await briefly(`day/${now}`, async () => {
      await deps.flushDemand()
      return countDay(db, wholeDay(localTime, now))
    })
    return new Map([...kept, [now, live]])
  }

  /** The period before; its last day up to the time that it is now, where the asked period ends with today. */
  async function before(range: DayRange): Promise<DayCounts> {
    const period = periodBefore(range.from, range.to)
    const kept = await keptDays(db, period.from, period.to)
    if (range.to !== today() || !kept.has(period.to)) return sumOf(kept.values())
    const minute = localTime.minuteAt(clock.nowMs())
    const part = await briefly(`part/${period.to}`, () => countDay(db, dayUpTo(localTime, period.to, minute)))
    return sumOf([...new Map([...kept, [period.to, part]]).values()])
  }

  async function moneyIn(range: DayRange): Promise<readonly CurrencyMoney[]> {
    const period = periodBefore(range.from, range.to)
    const kept = await keptMoney(db, period.from, range.to)
    const now = today()
    const isToday = now >= range.from && now <= range.to
    const live = isToday ? await briefly(`money/${now}`, () => countMoney(db, wholeDay(localTime, now))) : []
    const minute = localTime.minuteAt(clock.nowMs())
    const readPart = () => countMoney(db, dayUpTo(localTime, period.to, minute))
    const part = range.to === now ? await briefly(`money part/${period.to}`, readPart) : null
    const all = [
      ...kept.filter(({ day }) => !(isToday && day === now) && !(part !== null && day === period.to)),
      ...live.map((money) => ({ ...money, day: now })),
      ...(part ?? []).map((money) => ({ ...money, day: period.to })),
    ]
    const currencies = [...new Set(all.map(({ currency }) => currency))].sort()
    return currencies.map((currency) => {
      const own = all.filter((money) => money.currency === currency)
      const inside = own.filter(({ day }) => day >= range.from).sort((a, b) => (a.day < b.day ? -1 : 1))
      return {
        currency,
        total: moneyOf(inside.reduce(addMoney, noMoney)),
        before: moneyOf(own.filter(({ day }) => day < range.from).reduce(addMoney, noMoney)),
        days: inside.map(({ day, ...money }) => ({ day, money: moneyOf(money) })),
      }
    })
  }

  return {
    today,
    numbers: async (range, withMoney) => {
      const nowMs = clock.nowMs()
      const days = await daysIn(range)
      const first = await firstOfAll(db)
      const firstDays = [first.sampleDay, first.tripMs === null ? null : localTime.dateAt(first.tripMs)]
      const [firstDay = null] = firstDays.filter((day) => day !== null).sort()
      const hasBefore = firstDay !== null && firstDay <= periodBefore(range.from, range.to).from
      const all = deps.bikes()
      const states = all.map((bike) => bikeState(bike, nowMs))
      return {
        ...range,
        today: today(),
        timeZone: localTime.timeZone,
        firstDay,
        uncountedDays: daysBetween(range.from, range.to).filter(
          (day) => firstDay !== null && day >= firstDay && day < today() && !days.has(day),
        ),
        total: figuresOf(sumOf(days.values())),
        before: hasBefore ? figuresOf(await before(range)) : null,
        days: [...days]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([day, counts]) => ({ day, figures: figuresOf(counts) })),
        now: {
          bikesInService: all.filter((bike) => bike.inService).length,
          bikesAvailable: states.filter((state) => state === 'available').length,
          bikesInUse: all.filter((bike) => bike.trip !== null).length,
        },
        money: withMoney ? [...(await moneyIn(range))] : null,
      }
    },
    availability: async (range) => {
      const rows = await hotspotHours(db, range, mostHotspots * 24)
      const zones = [...new Set(rows.map(({ zoneId }) => zoneId))]
      return {
        ...range,
        hotspots: zones.map((zoneId) => {
          const own = rows.filter((row) => row.zoneId === zoneId)
          const total = own.reduce(
            (a, b) => ({
              samples: a.samples + b.samples,
              withBike: a.withBike + b.withBike,
              stock: a.stock + b.stock,
              least: a.least + b.least,
              most: a.most + b.most,
            }),
            nothingSeen,
          )
          const byHour = new Map(own.map((row) => [row.hour, row]))
          return {
            zoneId,
            name: own[0]?.name ?? '?',
            all: sumsOf(total),
            least: oneDigit(total.least / total.samples),
            most: oneDigit(total.most / total.samples),
            hours: Array.from({ length: 24 }, (_, hour) => sumsOf(byHour.get(hour) ?? nothingSeen)),
          }
        }),
      }
    },
    unmet: async (range) => {
      await deps.flushDemand()
      const cells = await unmetCells(db, range, mostCells)
      const hotspots = await hotspotsAt(db, clock.nowMs())
      const hours = new Map((await unmetHours(db, range)).map((row) => [row.hour, row]))
      return {
        ...range,
        leastForOthers,
        cells: cells.map((cell) => {
          const [lat, lon] = cellToLatLng(cell.cell).map(fiveDigits) as [number, number]
          const boundary = cellToBoundary(cell.cell).map(([y, x]): [number, number] => [fiveDigits(x), fiveDigits(y)])
          return { ...cell, lon, lat, boundary, near: nearestOf(hotspots, { lon, lat }) }
        }),
        hours: Array.from({ length: 24 }, (_, hour) => hours.get(hour) ?? { hour, unmetSearches: 0, failedScans: 0 }),
      }
    },
    locks: async (range) => {
      const now = today()
      const span = wholeDay(localTime, now)
      const isToday = now >= range.from && now <= range.to
      const rows = await worstLocks(db, range, isToday ? span : null, mostLocks)
      return {
        ...range,
        locks: rows.map(({ asked, openingMs, ...lock }) => ({
          ...lock,
          unlocks: asked,
          lockSuccess: Math.round((lock.opened / asked) * 10_000) / 10_000,
          meanOpenMs: lock.opened === 0 ? null : Math.round(openingMs / lock.opened),
        })),
      }
    },
  }
}

const sumOf = (days: Iterable<DayCounts>): DayCounts => [...days].reduce(addCounts, noCounts)

const moneyOf = ({ netMinor, vatMinor, refundedMinor, writtenOffMinor }: MoneySums): Money => ({
  gross: netMinor + vatMinor,
  vat: vatMinor,
  refunds: refundedMinor,
  writtenOff: writtenOffMinor,
})

/** About a metre. */
const fiveDigits = (degrees: number): number => Math.round(degrees * 1e5) / 1e5
const nearM = 2_000

function nearestOf(hotspots: readonly Hotspot[], place: Position): UnmetCell['near'] {
  let near: { name: string; distanceM: number } | null = null
  for (const { name, lon, lat } of hotspots) {
    const away = Math.round(distanceM(place, { lon, lat }))
    if (away <= nearM && away < (near?.distanceM ?? Number.POSITIVE_INFINITY)) near = { name, distanceM: away }
  }
  return near
}

const nothingSeen = { samples: 0, withBike: 0, stock: 0, least: 0, most: 0 }
const oneDigit = (value: number): number => Math.round(value * 10) / 10
const sumsOf = ({ samples, withBike, stock }: typeof nothingSeen): HotspotSums => ({
  samples,
  availability: samples === 0 ? null : Math.round((withBike / samples) * 10_000) / 10_000,
  meanStock: samples === 0 ? null : oneDigit(stock / samples),
})
