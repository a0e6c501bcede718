import './locks.css'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { LockRows, LockSecrets } from '../../contracts/http/locks.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { BatchesCard } from './batches-card.tsx'
import { LockTable } from './lock-table.tsx'
import { addressOf, type LocksView, questionOf, typed, viewOf } from './locks-address.ts'
import { SecretsOnce } from './secrets-once.tsx'

/** Locks, their batches and labels, and an end to a credential. Everything that is shown stands in the address. */
export function LocksPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const queries = useQueryClient()
  const [address, setAddress] = useSearchParams()
  const [fresh, setFresh] = useState<LockSecrets | null>(null)
  const view = viewOf(address)
  const question = questionOf(view)
  const asked = useAsked<LockRows>(question, onRefused)
  const show = (next: Partial<LocksView>) => setAddress(addressOf({ ...view, after: '', ...next }))
  const changed = () => {
    void queries.invalidateQueries({ predicate: ({ queryKey: [key] }) => String(key).startsWith('/v1/staff/lock') })
  }
  const isFiltered = view.q !== '' || view.batch !== '' || view.state !== ''
  const locks = asked.data?.locks ?? []
  const next = asked.data?.next ?? null
  return (
    <PageFrame title={t('locks.title')}>
      <h1>{t('locks.title')}</h1>
      <p className="small soft">{t('locks.how')}</p>
      {fresh !== null && <SecretsOnce key={fresh.commandKeyHex} secrets={fresh} onClose={() => setFresh(null)} />}
      <BatchesCard onRefused={onRefused} onShow={(batch) => show({ batch, q: '', state: '' })} />
      <section className="card stack" aria-labelledby="locks-list">
        <h2 id="locks-list">{t('locks.list')}</h2>
        <Filters key={addressOf(view).toString()} view={view} onShow={show} />
        {asked.isPending && <Waiting text={t('app.loading')} />}
        {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
        {asked.data !== undefined && locks.length === 0 && (
          <p role="status" className="soft">
            {t(isFiltered ? 'locks.none_found' : 'locks.none')}
          </p>
        )}
        {locks.length > 0 && <LockTable locks={locks} onChanged={changed} onRenewed={setFresh} />}
        <div className="row wrap">
          {view.after !== '' && (
            <button type="button" className="button" onClick={() => show({})}>
              {t('locks.first_page')}
            </button>
          )}
          {next !== null && (
            <button type="button" className="button" onClick={() => show({ after: next })}>
              {t('locks.next_page')}
            </button>
          )}
        </div>
      </section>
    </PageFrame>
  )
}

function Filters({ view, onShow }: { readonly view: LocksView; readonly onShow: (next: Partial<LocksView>) => void }) {
  const { t } = useText()
  const id = useId()
  const [q, setQ] = useState(view.q)
  const find = (event: FormEvent) => {
    event.preventDefault()
    onShow({ q: typed(q) })
  }
  const isFiltered = view.q !== '' || view.batch !== '' || view.state !== ''
  return (
    <form className="lock-filters" onSubmit={find}>
      <div className="field">
        <label htmlFor={`${id}-q`}>{t('locks.find')}</label>
        <input id={`${id}-q`} type="search" maxLength={40} value={q} onChange={(event) => setQ(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor={`${id}-state`}>{t('locks.state')}</label>
        <select
          id={`${id}-state`}
          value={view.state}
          onChange={(event) => onShow({ state: event.target.value as LocksView['state'] })}
        >
          <option value="">{t('locks.state.all')}</option>
          <option value="active">{t('locks.state.active')}</option>
          <option value="revoked">{t('locks.state.revoked')}</option>
        </select>
      </div>
      <div className="row wrap">
        <button type="submit" className="button">
          {t('locks.find_do')}
        </button>
        {isFiltered && (
          <button type="button" className="button quiet" onClick={() => onShow({ q: '', batch: '', state: '' })}>
            {t('locks.show_all')}
          </button>
        )}
      </div>
      {view.batch !== '' && <p className="small">{t('locks.of_batch', { batch: view.batch })}</p>}
    </form>
  )
}
