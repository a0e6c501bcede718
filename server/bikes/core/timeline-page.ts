import type { TimelineItem } from '../../../contracts/http/bike-page.ts'
import { earliestPlausibleMs, latestPlausibleMs } from '../../../contracts/units.ts'

/** An item with its place in the order of its source; ids of one source order items of the same moment. */
export interface Placed {
  readonly item: TimelineItem
  readonly sourceId: string
}

/**
 * Place of an item in the one order of all: newest first; at the same moment by source, then by id downwards. It never
 * changes, so that a page goes on exactly where the last one ended, whatever happened meanwhile.
 */
export interface Place {
  readonly at: number
  /** Number of the source in the list of sources. */
  readonly rank: number
  readonly sourceId: string
}

/** What of one source comes after a place: all before `at`, and at that very moment everything, nothing, or lower ids. */
export interface After {
  readonly at: number
  readonly sameMoment: boolean
  readonly belowId: string | null
}

const pattern = /^(\d{1,15})\.(\d{1,2})\.([0-9a-f-]{1,36})$/

export const writePlace = ({ at, rank, sourceId }: Place): string => `${at}.${rank}.${sourceId}`

/** Null: no place. */
export function readPlace(text: string): Place | null {
  const found = pattern.exec(text)
  if (!found) return null
  const [at, rank, sourceId = ''] = [Number(found[1]), Number(found[2]), found[3]]
  return at >= earliestPlausibleMs && at <= latestPlausibleMs ? { at, rank, sourceId } : null
}

/** @param place null: from the newest on */
export function afterFor(rank: number, place: Place | null): After {
  if (place === null) return { at: latestPlausibleMs, sameMoment: true, belowId: null }
  if (rank === place.rank) return { at: place.at, sameMoment: false, belowId: place.sourceId }
  return { at: place.at, sameMoment: rank > place.rank, belowId: null }
}

/**
 * One page of all sources, each of which brought its own next `limit + 1` at least, in its own order.
 * @returns the place to go on from; null when nothing is left
 */
export function mergePage(
  sources: readonly (readonly Placed[])[],
  limit: number,
): { readonly items: readonly TimelineItem[]; readonly next: Place | null } {
  const all = sources.flatMap((placed, rank) => placed.map((one, index) => ({ ...one, rank, index })))
  all.sort((a, b) => b.item.at - a.item.at || a.rank - b.rank || a.index - b.index)
  const page = all.slice(0, limit)
  const last = page.at(-1)
  const next = all.length > limit && last ? { at: last.item.at, rank: last.rank, sourceId: last.sourceId } : null
  return { items: page.map(({ item }) => item), next }
}
