import './appeals.css'
import '../alarms/alarms.css'
import '../trips/trips.css'
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { StaffAppeals } from '../../contracts/http/appeals.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { ViewKeys } from '../frame/view-keys.tsx'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { AppealDetail } from './appeal-detail.tsx'
import { AppealRow } from './appeal-row.tsx'
import { appealsAddress, appealViews, readAppealView } from './appeals-address.ts'

const atOnce = 50

/** What riders say against a price, by deadline, and one of them beside the list. */
export function AppealsPage({
  appealId,
  onRefused,
}: {
  readonly appealId?: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const [, navigate] = useLocation()
  const view = readAppealView(useSearch())
  const asked = useInfiniteQuery<StaffAppeals, AskFault, InfiniteData<StaffAppeals>, readonly string[], string | null>({
    queryKey: ['appeals', view],
    initialPageParam: null,
    queryFn: ({ pageParam }) => {
      const before = pageParam === null ? '' : `&before=${pageParam}`
      return valueOrThrow<StaffAppeals>(opsApi.get(`/v1/staff/appeals?state=${view}&limit=${atOnce}${before}`))
    },
    getNextPageParam: (last) => last.next,
  })
  useLookAgain(['appeals'], (event) => event.kind === 'appeal')
  const code = asked.error?.refused?.code
  useEffect(() => {
    if (code === 'log_in_first' || code === 'session_ended') onRefused({ kind: 'refused', code })
  }, [code, onRefused])
  const newest = asked.data?.pages[0]
  const appeals = asked.data?.pages.flatMap((page) => page.appeals) ?? []
  return (
    <PageFrame title={t('appeals.desk.title')}>
      <div>
        <h1>{t('appeals.desk.title')}</h1>
        <p className="soft">{t('appeals.desk.how')}</p>
      </div>
      <div className="row wrap">
        <ViewKeys
          legend={t('appeals.desk.show')}
          views={appealViews}
          chosen={view}
          words={(one) => t(`appeals.desk.view.${one}`)}
          amounts={{ open: newest?.totals.open }}
          onChoose={(one) => navigate(appealsAddress(one))}
        />
        {newest !== undefined && newest.totals.soon > 0 && (
          <span className="badge warn">{t('appeals.desk.soon', { count: newest.totals.soon })}</span>
        )}
      </div>
      <div className={appealId === undefined ? 'alarm-columns' : 'alarm-columns open appeals-open'}>
        <section className="card appeal-list-box" aria-label={t('appeals.desk.list')}>
          {asked.isPending && <Waiting text={t('app.loading')} />}
          {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
          {newest !== undefined && appeals.length === 0 && (
            <div className="alarms-empty" role="status">
              <p>
                <strong>{t(`appeals.desk.none.${view}`)}</strong>
              </p>
              <p className="soft">{t('appeals.desk.none_how')}</p>
            </div>
          )}
          <ul className="appeal-list">
            {appeals.map((appeal) => (
              <AppealRow
                key={appeal.appealId}
                appeal={appeal}
                nowMs={newest?.at ?? appeal.cityTime}
                href={appealsAddress(view, appeal.appealId)}
                isShown={appeal.appealId === appealId}
              />
            ))}
          </ul>
          {asked.hasNextPage && (
            <button
              type="button"
              className="button"
              disabled={asked.isFetchingNextPage}
              onClick={() => void asked.fetchNextPage()}
            >
              {t('appeals.desk.more')}
            </button>
          )}
        </section>
        {appealId !== undefined && (
          <AppealDetail key={appealId} appealId={appealId} closeHref={appealsAddress(view)} onRefused={onRefused} />
        )}
      </div>
    </PageFrame>
  )
}
