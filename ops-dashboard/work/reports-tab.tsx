import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ReportDeed, ReportList, ReportView } from '../../contracts/http/tasks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatAge, formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PhotoStrip } from '../frame/photo-strip.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { ViewKeys } from '../frame/view-keys.tsx'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { TaskForm } from './task-form.tsx'
import { reportViews, type WorkView } from './work-address.ts'

const allReports = ['reports'] as const

/** What riders say of bikes, newest first. Who said it is nobody's business. */
export function ReportsTab({
  view,
  change,
}: {
  readonly view: WorkView
  readonly change: (next: Partial<WorkView>) => void
}) {
  const { t } = useText()
  const asked = useInfiniteQuery<ReportList, AskFault, InfiniteData<ReportList>, readonly string[], string | null>({
    queryKey: [...allReports, view.reports],
    initialPageParam: null,
    queryFn: ({ pageParam }) =>
      valueOrThrow<ReportList>(
        opsApi.get<ReportList>(
          `/v1/staff/rider-reports?limit=50&state=${view.reports}${pageParam === null ? '' : `&before=${pageParam}`}`,
        ),
      ),
    getNextPageParam: (last) => last.next,
  })
  useLookAgain(allReports, (event) => event.kind === 'report')
  const reports = asked.data?.pages.flatMap((page) => page.reports) ?? []
  const newest = asked.data?.pages[0]
  const amounts: Readonly<Record<string, number | undefined>> = {
    live: newest && newest.totals.new + newest.totals.seen,
    new: newest?.totals.new,
  }
  return (
    <>
      <ViewKeys
        legend={t('work.show')}
        views={reportViews}
        chosen={view.reports}
        words={(one) => t(`work.reports.${one}`)}
        amounts={amounts}
        onChoose={(reports) => change({ reports })}
      />
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {newest !== undefined && reports.length === 0 && (
        <div className="alarms-empty" role="status">
          <p>
            <strong>{t('work.no_reports')}</strong>
          </p>
          <p className="soft">{t('work.no_reports_how')}</p>
        </div>
      )}
      <ul className="work-list">
        {reports.map((report) => (
          <ReportLine key={report.reportId} report={report} nowMs={newest?.at ?? report.at} />
        ))}
      </ul>
      {asked.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={asked.isFetchingNextPage}
          onClick={() => void asked.fetchNextPage()}
        >
          {t('work.more')}
        </button>
      )}
    </>
  )
}

function ReportLine({ report, nowMs }: { readonly report: ReportView; readonly nowMs: number }) {
  const { t, tag, ofCode } = useText()
  const me = useMe()
  const queries = useQueryClient()
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isMaking, setMaking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const { reportId, kind, text, bikeNumber, source, state, at, tripId, closedBy, photoIds } = report
  const number = formatBikeNumber(bikeNumber)
  const name = ofCode(`work.kind.${kind}`, 'alarm.other')
  const perform = async (act: ReportDeed['act']) => {
    if (isBusy) return
    setBusy(true)
    const answer = await opsApi.send<undefined>(`/v1/staff/rider-reports/${reportId}/acts`, {
      method: 'POST',
      body: { act },
    })
    setRefused(answer.kind === 'refused' ? answer : null)
    for (const key of ['reports', 'alarms']) void queries.invalidateQueries({ queryKey: [key] })
    setBusy(false)
  }
  const button = (act: ReportDeed['act']) => (
    <button
      type="button"
      className="button"
      disabled={isBusy}
      aria-label={`${t(`work.report.${act}`)}: ${name}, ${number}`}
      onClick={() => void perform(act)}
    >
      {t(`work.report.${act}`)}
    </button>
  )
  const isOpen = state !== 'closed'
  return (
    <li className="work-item report">
      <div className="work-line">
        <span className={`badge ${state === 'new' ? 'fresh' : ''}`}>{t(`work.report_state.${state}`)}</span>
        <span className="what">
          <strong>{name}</strong>
          <span className="small soft">
            <Link href={`/bikes/${bikeNumber}`}>{t('work.bike', { number })}</Link> · {t(`work.source.${source}`)}
            {closedBy !== null && ` · ${t('work.closed_by', { name: closedBy })}`}
            {tripId !== null && (
              <>
                {' · '}
                <Link href={`/trips/${tripId}`}>{t('work.trip')}</Link>
              </>
            )}
          </span>
          {text !== null && <q>{text}</q>}
          <PhotoStrip
            ids={photoIds}
            srcOf={(photoId) => `/v1/staff/rider-reports/photos/${photoId}`}
            altOf={(n) => t('work.picture', { n, what: name, number })}
          />
        </span>
        <span className="small number age">{formatAge(tag, nowMs - at)}</span>
      </div>
      {isOpen && (
        <div className="row wrap work-acts">
          {mayI(me, 'report.handle') && state === 'new' && button('seen')}
          {mayI(me, 'task.handle') && !isMaking && (
            <button type="button" className="button" onClick={() => setMaking(true)}>
              {t('work.report.task')}
            </button>
          )}
          {mayI(me, 'report.handle') && button('raise')}
          {mayI(me, 'report.handle') && button('close')}
        </div>
      )}
      {isMaking && <TaskForm origin={{ reportId }} title={`${name}: ${number}`} onClose={() => setMaking(false)} />}
      {refused !== null && <RefusalNotice refused={refused} />}
    </li>
  )
}
