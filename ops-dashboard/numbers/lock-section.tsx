import { Link } from 'wouter'
import type { LockNumbers } from '../../contracts/http/numbers.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { TableBox } from '../frame/table-box.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { CsvLink } from './csv-link.tsx'
import { formatFigure } from './number-formats.ts'
import { WhatIsThis } from './what-is-this.tsx'

/** The locks to look at first. */
export function LockSection({
  question,
  onRefused,
}: {
  readonly question: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t, tag } = useText()
  const path = `/v1/staff/numbers/locks?${question}`
  const asked = useAsked<LockNumbers>(path, onRefused)
  const locks = asked.data?.locks
  const columns = ['numbers.unlocks', 'numbers.jammed', 'numbers.silent', 'numbers.refused', 'numbers.success'] as const
  return (
    <section className="card stack" aria-labelledby="numbers-locks">
      <div className="row spread wrap">
        <h2 id="numbers-locks">{t('numbers.worst_locks')}</h2>
        <CsvLink path={path} of={t('numbers.worst_locks')} />
      </div>
      <WhatIsThis text={`${t('numbers.help.worst')} ${t('numbers.help.unlocks')}`} of={t('numbers.worst_locks')} />
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {locks?.length === 0 && <p className="soft">{t('numbers.none_failed')}</p>}
      {locks !== undefined && locks.length > 0 && (
        <TableBox label={t('numbers.worst_locks')} className="locks">
          <table>
            <thead>
              <tr>
                <th scope="col">{t('numbers.bike')}</th>
                {columns.map((name) => (
                  <th key={name} scope="col" className="right">
                    {t(name)}
                  </th>
                ))}
                <th scope="col" className="right">
                  {t('numbers.mean_open')}
                </th>
              </tr>
            </thead>
            <tbody>
              {locks.map((lock) => (
                <tr key={lock.bikeId}>
                  <th scope="row" className="number">
                    <Link href={`/bikes/${lock.bikeNumber}`}>{formatBikeNumber(lock.bikeNumber)}</Link>
                  </th>
                  <td className="number right">{lock.unlocks}</td>
                  <td className="number right">{lock.jammed}</td>
                  <td className="number right">{lock.unanswered}</td>
                  <td className="number right">{lock.refused}</td>
                  <td className="number right">{formatFigure(tag, lock.lockSuccess, 'percent')}</td>
                  <td className="number right">{formatFigure(tag, lock.meanOpenMs, 'ms')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </section>
  )
}
