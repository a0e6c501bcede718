import './report.css'
import { Link } from 'wouter'
import type { ReportList } from '../../contracts/http/nights.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { nightName } from '../night/night-name.ts'
import { refusedOf, useAsked } from '../use-asked.ts'

/** The mornings after, newest first. */
export function ReportsPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t, tag } = useText()
  const asked = useAsked<ReportList>('/v1/staff/reports', onRefused)
  return (
    <PageFrame title={t('report.list')}>
      <h1>{t('report.list')}</h1>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data?.reports.length === 0 && (
        <section className="card stack">
          <h2>{t('report.none_title')}</h2>
          <p>{t('report.none')}</p>
          <p>
            <Link href="/night">{t('ops.nav.night')}</Link>
          </p>
        </section>
      )}
      {asked.data !== undefined && asked.data.reports.length > 0 && (
        <ul className="report-list">
          {asked.data.reports.map((report) => (
            <li key={`${report.night}${report.depotId}`} className="card">
              <Link href={`/reports/${report.night}?depot=${encodeURIComponent(report.depotId)}`}>
                <strong>{t('report.of', { night: nightName(tag, report.night) })}</strong>
              </Link>
              <span className="soft small number">
                {t('report.moved', { count: report.bikesMoved })} ·{' '}
                {t('report.made_at', { time: formatClock(tag, report.madeAt) })} · {report.depotId}
              </span>
            </li>
          ))}
        </ul>
      )}
    </PageFrame>
  )
}
