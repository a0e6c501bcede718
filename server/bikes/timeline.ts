import type { Timeline } from '../../contracts/http/bike-page.ts'
import { type TimelineKind, timelineKinds } from '../../contracts/live/timeline-kinds.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Queryable } from '../platform/database.ts'
import { afterFor, mergePage, readPlace, writePlace } from './core/timeline-page.ts'
import { type TimelineBike, timelineSources } from './timeline-sources.ts'

const usualLimit = 30

/** One page of what happened to a bike, newest first: of each source at most one row more than the page holds is read. */
export async function readTimeline(
  db: Queryable,
  bike: TimelineBike,
  asked: { readonly before?: string; readonly kinds?: string; readonly limit?: number },
): Promise<Timeline | Refusal> {
  const { limit = usualLimit } = asked
  const place = asked.before === undefined ? null : readPlace(asked.before)
  if (asked.before !== undefined && place === null) return refuse('bad_request', 'before: not a place in a timeline')
  const kinds = asked.kinds === undefined ? null : asked.kinds.split(',')
  if (kinds?.some((kind) => !timelineKinds.includes(kind as TimelineKind))) {
    return refuse('bad_request', `kinds: only ${timelineKinds.join(', ')}`)
  }
  const pages = await Promise.all(
    timelineSources.map(({ kind, read }, rank) =>
      kinds === null || kinds.includes(kind) ? read(db, bike, afterFor(rank, place), limit + 1) : [],
    ),
  )
  const { items, next } = mergePage(pages, limit)
  return { items: [...items], next: next === null ? null : writePlace(next) }
}
