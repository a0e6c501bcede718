import { maxTelemetryRecords, type TelemetryRecord } from '../../contracts/mqtt/reports.ts'
import type { NvmWrite } from './journal.ts'

/** Records of a page of flash: what one torn write can spoil. Two pages make a message. */
export const pageRecords = 25

/** Records that lie together in flash, of one boot. `n` names the page; `order` is its place among the others. */
export interface TelemetryPage {
  readonly n: number
  readonly order: number
  readonly b: number
  readonly records: readonly TelemetryRecord[]
}

interface OpenPage extends TelemetryPage {
  readonly records: TelemetryRecord[]
}

/** Telemetry that waits, oldest first: in flash, and mirrored here. Changed in place. */
export interface TelemetryLane {
  pages: OpenPage[]
  /** Records in `pages`. */
  count: number
  nextPage: number
}

/** Shared by all that is empty: a process holds a hundred thousand locks with nothing to say. */
export const none: never[] = []

export const emptyLane = (): TelemetryLane => ({ pages: none, count: 0, nextPage: 1 })

/**
 * The lane as flash has it after a reset. A thinning that was interrupted has left records in two pages: each is taken
 * once, and a page that holds nothing else is to be erased.
 */
export function laneAtBoot(pages: readonly TelemetryPage[]): {
  readonly lane: TelemetryLane
  readonly writes: readonly NvmWrite[]
} {
  const lane = emptyLane()
  const writes: NvmWrite[] = []
  const seen = new Set<string>()
  for (const page of [...pages].sort((one, other) => one.order - other.order || one.n - other.n)) {
    lane.nextPage = Math.max(lane.nextPage, page.n + 1)
    const records = page.records.filter(({ q }) => !seen.has(`${page.b}/${q}`))
    for (const { q } of records) seen.add(`${page.b}/${q}`)
    if (records.length === 0) writes.push({ cell: 'erase-page', n: page.n })
    else push(lane, { ...page, records })
  }
  return { lane, writes }
}

/** A record that must wait is written into the newest page, or begins the next one. */
export function addRecord(lane: TelemetryLane, b: number, record: TelemetryRecord): NvmWrite {
  const last = lane.pages.at(-1)
  if (last && last.b === b && last.records.length < pageRecords) {
    last.records.push(record)
    lane.count++
    return { cell: 'record', n: last.n, order: last.order, b, record }
  }
  const n = lane.nextPage++
  push(lane, { n, order: n, b, records: [record] })
  return { cell: 'record', n, order: n, b, record }
}

/** Whole pages of one boot, the oldest first, as many as one message may hold. They stay in flash until it is proven. */
export function takePages(lane: TelemetryLane, maxRecords: number = maxTelemetryRecords): readonly TelemetryPage[] {
  const first = lane.pages[0]
  if (first === undefined) return []
  let pages = 1
  let records = first.records.length
  for (let next = lane.pages[1]; next !== undefined && next.b === first.b; next = lane.pages[pages]) {
    if (records + next.records.length > maxRecords) break
    records += next.records.length
    pages++
  }
  const taken = lane.pages.splice(0, pages)
  lane.count -= records
  if (lane.pages.length === 0) lane.pages = none
  return taken
}

/** Pages whose message is not proven are in the lane again, each in its place. */
export function putBack(lane: TelemetryLane, pages: readonly TelemetryPage[]): void {
  if (pages.length === 0) return
  for (const page of pages) push(lane, page as OpenPage)
  lane.pages.sort((one, other) => one.order - other.order || one.n - other.n)
}

/**
 * Over `size` records, every second one of the older half of the pages goes: the track gets coarser, not shorter. What
 * remains is written together into new pages before the old ones are erased, so that no power cut loses it.
 */
export function thinLane(lane: TelemetryLane, size: number): readonly NvmWrite[] {
  if (lane.count <= size) return none
  const writes: NvmWrite[] = []
  while (lane.count > size) {
    const half = Math.max(1, lane.pages.length >> 1)
    const younger = lane.pages.slice(half)
    const coarser = mergedHalves(lane, lane.pages.slice(0, half))
    for (const page of coarser) writes.push({ cell: 'page', page: { ...page, records: [...page.records] } })
    for (const { n } of lane.pages.slice(0, half)) writes.push({ cell: 'erase-page', n })
    lane.pages = none
    lane.count = 0
    for (const page of [...coarser, ...younger]) push(lane, page)
  }
  return writes
}

function mergedHalves(lane: TelemetryLane, pages: readonly TelemetryPage[]): OpenPage[] {
  const merged: OpenPage[] = []
  for (const { b, order, records } of pages) {
    const kept = records.filter((_, index) => index % 2 === 1)
    const last = merged.at(-1)
    if (last && last.b === b && last.records.length + kept.length <= pageRecords) last.records.push(...kept)
    else if (kept.length > 0) merged.push({ n: lane.nextPage++, order, b, records: kept })
  }
  return merged
}

function push(lane: TelemetryLane, page: OpenPage): void {
  if (lane.pages === none) lane.pages = [page]
  else lane.pages.push(page)
  lane.count += page.records.length
}
