import './report.css'
import { Link, useSearch } from 'wouter'
import type { MorningReport } from '../../contracts/http/nights.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { plainRides, signedRides } from '../night/formats.ts'
import { nightName } from '../night/night-name.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { CopyForMail } from './copy-for-mail.tsx'
import { HotspotTable } from './hotspot-table.tsx'
import { VanTable } from './van-table.tsx'

/** What became of a night: what stands where beside what was planned, what each van did, what was won. */
export function ReportPage({
  night,
  onRefused,
}: {
  readonly night: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t, tag } = useText()
  const depot = new URLSearchParams(useSearch()).get('depot')
  const query = depot === null ? '' : `?depotId=${encodeURIComponent(depot)}`
  const asked = useAsked<MorningReport>(`/v1/staff/reports/${encodeURIComponent(night)}${query}`, onRefused)
  const report = asked.data
  const title = t('report.of', { night: /^\d{4}-\d\d-\d\d$/.test(night) ? nightName(tag, night) : night })
  return (
    <PageFrame title={title}>
      <p>
        <Link href="/reports">← {t('report.list')}</Link>
      </p>
      <div className="row spread wrap">
        <h1>{title}</h1>
        {report !== undefined && (
          <div className="row wrap">
            <a className="button" href={`/v1/staff/reports/${night}.html${query}`} target="_blank" rel="noopener">
              {t('report.page')}
            </a>
            <CopyForMail address={`/v1/staff/reports/${night}.html${query}`} />
          </div>
        )}
      </div>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && (
        <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()}>
          {asked.error.refused?.code === 'not_found' && <p>{t('report.none')}</p>}
        </RefusalNotice>
      )}
      {report !== undefined && (
        <>
          <p className="small soft number">
            {t('report.made', { time: `${formatDay(tag, report.madeAt)}, ${formatClock(tag, report.madeAt)}` })}
          </p>
          <Won report={report} />
          <section className="card stack" aria-labelledby="report-vans">
            <h2 id="report-vans">{t('report.vans')}</h2>
            <VanTable vans={report.vans} />
          </section>
          <section className="card stack" aria-labelledby="report-hotspots">
            <h2 id="report-hotspots">{t('report.hotspots')}</h2>
            <HotspotTable hotspots={report.hotspots} />
          </section>
          {report.planId !== null && (
            <p>
              <Link href={`/night?plan=${report.planId}`}>{t('report.plan')}</Link>
            </p>
          )}
        </>
      )}
    </PageFrame>
  )
}

function Won({ report }: { readonly report: MorningReport }) {
  const { t, tag } = useText()
  const { bikes, value, expectedLost } = report
  const tiles: ReadonlyArray<readonly [string, string, string]> = [
    [
      t('report.won'),
      t('report.rides', { rides: signedRides(tag, value.won) }),
      t('report.of_planned', { planned: signedRides(tag, value.planned) }),
    ],
    [t('report.bikes'), `${bikes.moved} / ${bikes.planned}`, t('report.to_workshop', { count: bikes.toWorkshop })],
    [
      t('report.trouble'),
      t('report.not_found', { count: bikes.notFound }),
      `${t('report.blocked', { count: bikes.blocked })} · ${t('report.still_in_van', { count: bikes.stillInVan })}`,
    ],
    [
      t('report.lost'),
      t('report.rides', { rides: plainRides(tag, expectedLost.now) }),
      t('report.lost_beside', {
        nothing: plainRides(tag, expectedLost.nothing),
        planned: plainRides(tag, expectedLost.planned),
      }),
    ],
  ]
  return (
    <ul className="tiles">
      {tiles.map(([name, big, small]) => (
        <li key={name} className="card">
          <h2>{name}</h2>
          <p className="tile-big number">{big}</p>
          <p className="small soft number">{small}</p>
        </li>
      ))}
    </ul>
  )
}
