import { useState } from 'react'
import type { LockBatch, LockBatches } from '../../contracts/http/locks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { TableBox } from '../frame/table-box.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'

const path = '/v1/staff/lock-batches'

/** What the factory ordered, newest first, with the labels to print. */
export function BatchesCard({
  onRefused,
  onShow,
}: {
  readonly onRefused: (refused: Refused) => void
  readonly onShow: (batchId: string) => void
}) {
  const { t } = useText()
  const [before, setBefore] = useState<string | null>(null)
  const asked = useAsked<LockBatches>(`${path}?limit=5${before === null ? '' : `&before=${before}`}`, onRefused)
  const batches = asked.data?.batches ?? []
  const next = asked.data?.next ?? null
  return (
    <section className="card stack" aria-labelledby="lock-batches">
      <h2 id="lock-batches">{t('locks.batches')}</h2>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && batches.length === 0 && (
        <>
          <p className="soft">{t('locks.no_batches')}</p>
          <pre className="lock-command">npm run provision -- --batch 50 --labels labels/</pre>
        </>
      )}
      {batches.length > 0 && (
        <TableBox label={t('locks.batches')} className="lock-batches">
          <table>
            <thead>
              <tr>
                {(['batch', 'made_on', 'locks', 'heard', 'revoked', 'labels'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`locks.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {batches.map((batch) => (
                <BatchRow key={batch.batchId} batch={batch} onShow={onShow} />
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
      {(before !== null || next !== null) && (
        <div className="row wrap">
          {before !== null && (
            <button type="button" className="button" onClick={() => setBefore(null)}>
              {t('locks.newest')}
            </button>
          )}
          {next !== null && (
            <button type="button" className="button" onClick={() => setBefore(next)}>
              {t('locks.older')}
            </button>
          )}
        </div>
      )}
    </section>
  )
}

function BatchRow({ batch, onShow }: { readonly batch: LockBatch; readonly onShow: (batchId: string) => void }) {
  const { t, tag } = useText()
  const { batchId, createdAt, made, size, heard, revoked, labelSheets } = batch
  return (
    <tr>
      <th scope="row">
        <button type="button" className="link" onClick={() => onShow(batchId)}>
          {batchId}
        </button>
      </th>
      <td className="number">{formatDay(tag, createdAt)}</td>
      <td className="number">{made === size ? size : t('locks.made_of', { made, size })}</td>
      <td className="number">{heard}</td>
      <td className="number">{revoked}</td>
      <td>
        <a className="button" href={`${path}/${batchId}/labels.html`} target="_blank" rel="noreferrer">
          {t('locks.print', { count: labelSheets })}
        </a>
      </td>
    </tr>
  )
}
