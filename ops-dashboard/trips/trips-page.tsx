import './trips.css'
import { type FormEvent, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { StaffTripsFound } from '../../contracts/http/staff-trips.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber, formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { Tabs } from '../frame/tabs.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { TripFilters } from './trip-filters.tsx'
import { TripTable } from './trip-table.tsx'
import { readTripsView, type TripsView, tripsTabs, writeTripsView } from './trips-address.ts'
import { useCityNow } from './use-city-now.ts'
import { useTripList } from './use-trip-list.ts'

type ChangeView = (change: Partial<TripsView>) => void

/** Trips now, ended ones, debts; and the search for one of them. Everything that is shown stands in the address. */
export function TripsPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const search = useSearch()
  const [, navigate] = useLocation()
  const view = readTripsView(search)
  const change: ChangeView = (next) => navigate(`/trips${writeTripsView({ ...view, ...next })}`)
  return (
    <PageFrame title={t('trips.title')}>
      <h1>{t('trips.title')}</h1>
      <SearchForm key={view.q} q={view.q} onSearch={(q) => change({ q })} />
      {view.q === '' ? <TripLists view={view} change={change} /> : <Found q={view.q} onRefused={onRefused} />}
      <p className="small soft">{t('trips.privacy')}</p>
    </PageFrame>
  )
}

function SearchForm({ q, onSearch }: { readonly q: string; readonly onSearch: (q: string) => void }) {
  const { t } = useText()
  const [text, setText] = useState(q)
  const send = (event: FormEvent) => {
    event.preventDefault()
    onSearch(text.trim())
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> has no role in the browsers of readers yet
    <form className="row wrap trip-search" role="search" onSubmit={send}>
      <div className="field grow">
        <label htmlFor="trip-search">{t('trips.search')}</label>
        <input
          id="trip-search"
          type="search"
          minLength={4}
          maxLength={64}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <button type="submit" className="button bottom">
        {t('trips.search_go')}
      </button>
      {q !== '' && (
        <button type="button" className="button quiet bottom" onClick={() => onSearch('')}>
          {t('trips.search_clear')}
        </button>
      )}
    </form>
  )
}

function Found({ q, onRefused }: { readonly q: string; readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const asked = useAsked<StaffTripsFound>(`/v1/staff/trips/search?q=${encodeURIComponent(q)}`, onRefused)
  const nowMs = useCityNow(asked.data?.cityTime ?? null, asked.dataUpdatedAt)
  if (asked.isPending) return <Waiting text={t('app.loading')} />
  if (asked.isError) return <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
  const { by, trips, cityTime } = asked.data
  if (by === null) {
    return (
      <p className="card" role="status">
        {t('trips.found.none', { q })}
      </p>
    )
  }
  const label = t(`trips.found.${by}`, { number: formatBikeNumber(trips[0]?.bikeNumber ?? q) })
  return (
    <section className="card stack" aria-label={label}>
      <h2>{label}</h2>
      <TripTable label={label} trips={trips} cityNowMs={nowMs ?? cityTime} sort="asked" />
    </section>
  )
}

function TripLists({ view, change }: { readonly view: TripsView; readonly change: ChangeView }) {
  const { t, tag } = useText()
  const asked = useTripList(view)
  const newest = asked.data?.pages[0]
  const nowMs = useCityNow(newest?.cityTime ?? null, asked.dataUpdatedAt)
  const trips = asked.data?.pages.flatMap((page) => page.trips) ?? []
  const isFiltered = view.number !== '' || view.from !== '' || view.to !== ''
  const tabs = tripsTabs.map((key) => ({ key, text: t(`trips.tab.${key}`) }))
  return (
    <section className="card trip-lists">
      <Tabs id="trips" label={t('trips.tabs')} tabs={tabs} open={view.tab} onOpen={(tab) => change({ tab })} />
      <div id="trips-panel" role="tabpanel" aria-labelledby={`trips-${view.tab}`} className="stack">
        <TripFilters key={`${view.number} ${view.from} ${view.to}`} view={view} onChange={change} />
        {asked.isPending && <Waiting text={t('app.loading')} />}
        {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
        {newest !== undefined && trips.length === 0 && (
          <p className="empty" role="status">
            {t(isFiltered ? 'trips.none.filtered' : `trips.none.${view.tab}`)}
          </p>
        )}
        {trips.length > 0 && nowMs !== null && (
          <>
            <p className="small soft number">
              {t('trips.shown', { count: trips.length })} · {t('trips.city_time', { time: formatClock(tag, nowMs) })}
            </p>
            <TripTable
              label={t(`trips.tab.${view.tab}`)}
              trips={trips}
              cityNowMs={nowMs}
              sort={view.sort}
              onSort={(sort) => change({ sort })}
            />
          </>
        )}
        {asked.hasNextPage && (
          <button
            type="button"
            className="button"
            disabled={asked.isFetchingNextPage}
            onClick={() => void asked.fetchNextPage()}
          >
            {t('trips.more')}
          </button>
        )}
      </div>
    </section>
  )
}
