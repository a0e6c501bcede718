import './timeline.css'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Timeline, TimelineItem } from '../../contracts/http/bike-page.ts'
import type { TimelineKind } from '../../contracts/live/timeline-kinds.ts'
import { formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { TimelineEntry } from './timeline-entry.tsx'

const compactLimit = 8
const pageLimit = 30
const compactKinds: readonly TimelineKind[] = ['command', 'trip', 'alarm', 'task', 'report', 'note', 'service', 'move']

/** What happened to a bike, by day, newest first; older ones on demand. */
export function TimelineList({
  bikeId,
  number,
  compact = false,
  kinds = null,
}: {
  readonly bikeId: string
  readonly number: string
  /** The newest few, without the lock's own words. */
  readonly compact?: boolean
  /** Null: all. */
  readonly kinds?: readonly TimelineKind[] | null
}) {
  const { t, tag } = useText()
  const queries = useQueryClient()
  const wanted = compact ? compactKinds : kinds
  const path = `/v1/staff/bikes/${bikeId}/timeline`
  const query = `limit=${compact ? compactLimit : pageLimit}${wanted === null ? '' : `&kinds=${wanted.join(',')}`}`
  const asked = useInfiniteQuery<Timeline, AskFault, { pages: Timeline[] }, readonly string[], string | null>({
    queryKey: [path, query],
    queryFn: ({ pageParam }) =>
      valueOrThrow(opsApi.get<Timeline>(`${path}?${query}${pageParam === null ? '' : `&before=${pageParam}`}`)),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
  })
  useDeskEvents((event) => {
    if (event.kind === 'again' || ('bikeId' in event && event.bikeId === bikeId)) {
      void queries.invalidateQueries({ queryKey: [path] })
    }
  })
  if (asked.isPending) return <Waiting text={t('app.loading')} />
  if (asked.isError) return <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
  const items = asked.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <p className="soft">{t('bikes.nothing_yet')}</p>
  return (
    <div className={compact ? 'timeline compact' : 'timeline'}>
      {byDay(items, (at) => formatDay(tag, at)).map(([day, ofDay]) => (
        <section key={day} aria-label={day}>
          <h3 className="day">{day}</h3>
          <ol>
            {folded(ofDay).map((run) => (
              <Run key={run[0]?.id} bikeId={bikeId} items={run} />
            ))}
          </ol>
        </section>
      ))}
      {compact ? (
        <p>
          <Link className="button" href={`/bikes/${number}`}>
            {t('bikes.whole_story')}
          </Link>
        </p>
      ) : (
        asked.hasNextPage && (
          <button
            type="button"
            className="button"
            disabled={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            {t('bikes.older')}
          </button>
        )
      )}
    </div>
  )
}

/** So many hours of telemetry in a row are told in one line. */
const foldedFrom = 3

function Run({ bikeId, items }: { readonly bikeId: string; readonly items: readonly TimelineItem[] }) {
  const { t } = useText()
  const all = items.map((item) => <TimelineEntry key={item.id} bikeId={bikeId} item={item} />)
  if (items.length < foldedFrom) return all
  const [newest, oldest] = [items[0], items.at(-1)]
  return (
    <li>
      <details className="quiet-hours">
        <summary>
          {t('bikes.quiet_hours', {
            count: items.length,
            from: Number(oldest?.facts.firstPercent),
            to: Number(newest?.facts.lastPercent),
          })}
        </summary>
        <ol>{all}</ol>
      </details>
    </li>
  )
}

/** Items in their order, those that follow each other as telemetry together. */
function folded(items: readonly TimelineItem[]): readonly TimelineItem[][] {
  const runs: TimelineItem[][] = []
  for (const item of items) {
    const last = runs.at(-1)
    if (item.kind === 'telemetry' && last?.[0]?.kind === 'telemetry') last.push(item)
    else runs.push([item])
  }
  return runs
}

/** Items in their order, cut where the day changes. */
function byDay(
  items: readonly TimelineItem[],
  dayOf: (at: number) => string,
): readonly (readonly [string, TimelineItem[]])[] {
  const days: [string, TimelineItem[]][] = []
  for (const item of items) {
    const day = dayOf(item.at)
    const last = days.at(-1)
    if (last?.[0] === day) last[1].push(item)
    else days.push([day, [item]])
  }
  return days
}
