import type { Logger } from 'pino'
import type { LockId } from '../../contracts/ids.ts'
import { distanceM, type EpochMs, type Position } from '../../contracts/units.ts'
import type { BikeFacts } from '../fleet/core/bike-state.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { cellOf } from '../rebalancing/core/demand/count-demand.ts'
import { localHalfHour, minutesBySlot } from '../rebalancing/core/demand/local-half-hour.ts'
import { addDemand, type DemandSum } from './demand-store.ts'
import type { LocalTime } from './local-time.ts'

/** A person walks so far to a bike: a search that has none within it found none. */
export const walkM = 200

export interface Search {
  /** Random, made by the app for one person's looking around; kept in memory only, never stored or logged. */
  readonly searchId: string
  readonly lon: number
  readonly lat: number
  /** A bike within `walkM`. */
  readonly isMet: boolean
}

/** A bike that was scanned and could not be taken. */
export interface FailedScan {
  /** As of a search: the same person's has the same. */
  readonly searchId: string
  /** Of the bike: counted where it stands. */
  readonly lockId: LockId
}

export interface DemandCounter {
  rideBegan(lockId: LockId, atMs: EpochMs): void
  rideEnded(lockId: LockId, atMs: EpochMs): void
  /** Counted once for an id, a cell and a half hour. */
  searched(search: Search): void
  /** Counted once for an id, a cell and a half hour, and not at all where its search there has found none either. */
  scannedInVain(scan: FailedScan): void
  /** Minutes in which a cell had no bike to rent. */
  wasEmpty(cell: string, fromMs: EpochMs, toMs: EpochMs): void
  /** Adds what was counted since to the database; whatever fails is kept for the next time. */
  flush(): Promise<void>
}

type Counts = Omit<DemandSum, 'cell' | 'date' | 'slot'>
type CountName = keyof Counts

/** Cells and half hours in memory: a day of a large city, should the database be away so long. */
const mostPending = 20_000
const rowsAtOnce = 2_000
/** Searches and scans remembered as counted; the oldest go first. */
const rememberedSearches = 50_000
/** Further than this from any of our bikes nobody's search is about them: anybody can ask about anywhere. */
const oursWithinM = 3_000
const metresPerDegreeLat = 110_000
const nothing: Counts = { pickups: 0, dropoffs: 0, searches: 0, unmet: 0, failedScans: 0, emptyMinutes: 0 }

/** Counts in memory by cell and half hour; who it was is never in it. */
export function createDemandCounter(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly localTime: LocalTime
  readonly placeOf: (lockId: LockId) => Position | null
  readonly bikes: () => readonly Pick<BikeFacts, 'shadow'>[]
}): DemandCounter {
  const { db, clock, logger, localTime, placeOf } = deps
  let pending = new Map<string, DemandSum>()
  const counted = new Set<string>()
  let isFull = false

  function add(at: Omit<DemandSum, CountName>, counts: Partial<Counts>): void {
    const key = `${at.cell}/${at.date}/${at.slot}`
    const before = pending.get(key) ?? { ...nothing, cell: at.cell, date: at.date, slot: at.slot }
    if (!pending.has(key) && pending.size >= mostPending) {
      if (!isFull) logger.error({ mostPending }, 'demand is not counted: the database has been away for too long')
      isFull = true
      return
    }
    const sum = { ...before }
    for (const name of Object.keys(nothing) as CountName[]) sum[name] += counts[name] ?? 0
    pending.set(key, sum)
  }

  function addAt({ lon, lat }: Position, atMs: EpochMs, counts: Partial<Counts>): void {
    add({ cell: cellOf(lon, lat), ...localHalfHour(atMs, localTime.offsetMinutes) }, counts)
  }

  function ride(lockId: LockId, atMs: EpochMs, counts: Partial<Counts>): void {
    const place = placeOf(lockId)
    // A bike that never knew where it was tells nothing of a place.
    if (place !== null) addAt(place, atMs, counts)
  }

  const isOurs = (place: Position): boolean =>
    deps.bikes().some(({ shadow: { position } }) => {
      if (position === null || Math.abs(position.lat - place.lat) * metresPerDegreeLat > oursWithinM) return false
      return distanceM(position, place) <= oursWithinM
    })

  /** True the first time. Half hours are part of the key, so that what was counted runs out by itself. */
  function isFirst(key: string): boolean {
    if (counted.has(key)) return false
    if (counted.size >= rememberedSearches) {
      const [oldest] = counted
      if (oldest !== undefined) counted.delete(oldest)
    }
    counted.add(key)
    return true
  }

  function keyOf(searchId: string, { lon, lat }: Position, nowMs: EpochMs): string {
    const { date, slot } = localHalfHour(nowMs, localTime.offsetMinutes)
    return `${searchId}/${cellOf(lon, lat)}/${date}/${slot}`
  }

  async function write(): Promise<void> {
    const taken = pending
    pending = new Map()
    const sums = [...taken.values()]
    for (let done = 0; done < sums.length; done += rowsAtOnce) {
      try {
        await addDemand(db, sums.slice(done, done + rowsAtOnce))
      } catch (error) {
        for (const sum of sums.slice(done)) add(sum, sum)
        throw error
      }
    }
    isFull = false
  }

  let writing: Promise<void> = Promise.resolve()
  return {
    rideBegan: (lockId, atMs) => ride(lockId, atMs, { pickups: 1 }),
    rideEnded: (lockId, atMs) => ride(lockId, atMs, { dropoffs: 1 }),
    searched: ({ searchId, lon, lat, isMet }) => {
      const nowMs = clock.nowMs()
      const key = keyOf(searchId, { lon, lat }, nowMs)
      if (counted.has(key) || !isOurs({ lon, lat })) return
      isFirst(key)
      if (!isMet) isFirst(`${key}/in vain`)
      addAt({ lon, lat }, nowMs, { searches: 1, unmet: isMet ? 0 : 1 })
    },
    scannedInVain: ({ searchId, lockId }) => {
      const nowMs = clock.nowMs()
      const place = placeOf(lockId)
      if (place === null || !isFirst(`${keyOf(searchId, place, nowMs)}/in vain`)) return
      addAt(place, nowMs, { failedScans: 1 })
    },
    wasEmpty: (cell, fromMs, toMs) => {
      for (const { date, slot, minutes } of minutesBySlot(fromMs, toMs, localTime.offsetMinutes)) {
        add({ cell, date, slot }, { emptyMinutes: minutes })
      }
    },
    flush: () => {
      // One after the other, so that nobody reads between a taking and its writing.
      writing = writing.then(write, write)
      return writing
    },
  }
}
