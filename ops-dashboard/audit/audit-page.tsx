import './audit.css'
import { useCallback } from 'react'
import { useSearchParams } from 'wouter'
import type { AuditPage as AuditRows } from '../../contracts/http/audit.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { cityZone } from '../../ui-kit/city-zone.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { momentInZone } from '../places/moment-in-zone.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { type AuditView, addressOf, queryOf, viewOf } from './audit-address.ts'
import { AuditFilters } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'

const path = '/v1/staff/audit'
const rowsOfPage = 50

const midnightOf = (day: string): number => momentInZone(`${day}T00:00`, cityZone()) ?? Date.parse(`${day}T00:00Z`)

/** Who did what, when and why; every view has its address. */
export function AuditPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const [address, setAddress] = useSearchParams()
  const view = viewOf(address)
  const query = queryOf(view, midnightOf)
  const file = queryOf({ ...view, before: null }, midnightOf)
  query.set('limit', String(rowsOfPage))
  const asked = useAsked<AuditRows>(`${path}?${query}`, onRefused)
  const show = useCallback(
    (next: Partial<AuditView>) => setAddress((now) => addressOf({ ...viewOf(now), before: null, ...next })),
    [setAddress],
  )
  const isFiltered = addressOf({ ...view, before: null }).size > 0
  const entries = asked.data?.entries ?? []
  const next = asked.data?.next ?? null
  return (
    <PageFrame title={t('staff.audit')}>
      <div className="row spread wrap">
        <h1>{t('staff.audit')}</h1>
        <a className="button" href={`${path}.csv?${file}`} download>
          {t('staff.csv')}
        </a>
      </div>
      <p className="small soft">{t('staff.audit_how')}</p>
      <AuditFilters key={addressOf(view).toString()} view={view} onShow={show} onRefused={onRefused} />
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && entries.length === 0 && (
        <section className="card stack">
          <p>{t(isFiltered ? 'staff.audit_none_found' : 'staff.audit_none')}</p>
          {isFiltered && (
            <div className="row">
              <button type="button" className="button" onClick={() => setAddress(new URLSearchParams())}>
                {t('staff.show_all')}
              </button>
            </div>
          )}
        </section>
      )}
      {entries.length > 0 && <AuditTable entries={entries} onShow={show} />}
      <div className="row wrap">
        {view.before !== null && (
          <button type="button" className="button" onClick={() => show({})}>
            {t('staff.newest')}
          </button>
        )}
        {next !== null && (
          <button type="button" className="button" onClick={() => show({ before: next })}>
            {t('staff.older')}
          </button>
        )}
      </div>
    </PageFrame>
  )
}
