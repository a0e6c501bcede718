import './numbers.css'
import { useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { Numbers } from '../../contracts/http/numbers.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { AvailabilitySection } from './availability-section.tsx'
import { ChartBox } from './chart-box.tsx'
import { CsvLink } from './csv-link.tsx'
import { chartsOf } from './figure-list.ts'
import { FigureTiles } from './figure-tiles.tsx'
import { LockSection } from './lock-section.tsx'
import { formatLocalDay } from './number-formats.ts'
import { type AskedRange, daysFrom, questionOf, rangeInAddress, withRange } from './range-in-address.ts'
import { RangePicker } from './range-picker.tsx'
import { UnmetSection } from './unmet-section.tsx'

/** Today goes on while one looks. */
const lookAgainEveryMs = 60_000

/** What the days came to: figures, charts, where bikes were missing and which locks fail. */
export function NumbersPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const [, go] = useLocation()
  const query = new URLSearchParams(useSearch())
  const range = rangeInAddress(query)
  const question = questionOf(range)
  const path = `/v1/staff/numbers?${question}`
  const asked = useAsked<Numbers>(path, onRefused, lookAgainEveryMs)
  const numbers = asked.data
  const goTo = (next: URLSearchParams) => go(`/numbers?${next}`, { replace: false })
  const put = (name: string, value: string | null) => {
    const next = new URLSearchParams(query)
    if (value === null) next.delete(name)
    else next.set(name, value)
    goTo(next)
  }
  const shown = useMemo(() => (numbers === undefined ? null : { from: numbers.from, to: numbers.to }), [numbers])
  return (
    <PageFrame title={t('numbers.title')}>
      <div className="row spread wrap numbers-head">
        <h1>{t('numbers.title')}</h1>
        <CsvLink path={path} of={t('numbers.by_day')} />
      </div>
      <RangePicker range={range} shown={shown} onChoose={(next: AskedRange) => goTo(withRange(query, next))} />
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {numbers !== undefined && numbers.firstDay === null && <NothingYet />}
      {numbers !== undefined && numbers.firstDay !== null && (
        <>
          <ByDay numbers={numbers} firstDay={numbers.firstDay} />
          <AvailabilitySection
            question={question}
            order={query.get('sort') === 'name' ? 'name' : 'worst'}
            onOrder={(order) => put('sort', order === 'name' ? 'name' : null)}
            onRefused={onRefused}
          />
          <UnmetSection
            question={question}
            chosen={query.get('cell')}
            onChoose={(cell) => put('cell', cell)}
            onRefused={onRefused}
          />
          <LockSection question={question} onRefused={onRefused} />
        </>
      )}
    </PageFrame>
  )
}

function NothingYet() {
  const { t } = useText()
  return (
    <section className="card stack">
      <h2>{t('numbers.nothing_title')}</h2>
      <p>{t('numbers.nothing')}</p>
    </section>
  )
}

function ByDay({ numbers, firstDay }: { readonly numbers: Numbers; readonly firstDay: string }) {
  const { t, tag } = useText()
  const days = useMemo(
    () =>
      daysFrom(
        firstDay > numbers.from ? firstDay : numbers.from,
        numbers.today < numbers.to ? numbers.today : numbers.to,
      ),
    [numbers, firstDay],
  )
  const charts = useMemo(() => chartsOf(numbers, days), [numbers, days])
  const day = (one: string) => formatLocalDay(tag, one, true)
  const isToday = numbers.to >= numbers.today && numbers.from <= numbers.today
  return (
    <>
      <p className="soft number">
        {numbers.from === numbers.to ? day(numbers.from) : `${day(numbers.from)} – ${day(numbers.to)}`}
        {isToday && ` · ${t('numbers.so_far')}`}
        {numbers.from < firstDay && ` · ${t('numbers.since', { day: day(firstDay) })}`}
      </p>
      {numbers.uncountedDays.length > 0 && (
        <p className="notice warn" role="status">
          {t('numbers.uncounted', { count: numbers.uncountedDays.length })}
        </p>
      )}
      <section aria-labelledby="numbers-figures" className="stack">
        <h2 id="numbers-figures" className="visually-hidden">
          {t('numbers.figures')}
        </h2>
        <FigureTiles numbers={numbers} days={days} />
      </section>
      <section aria-labelledby="numbers-days" className="stack">
        <h2 id="numbers-days">{t('numbers.by_day')}</h2>
        {days.length < 2 ? (
          <p className="soft">{t(numbers.from < firstDay ? 'numbers.first_day' : 'numbers.one_day')}</p>
        ) : (
          <div className="charts">
            {charts.map((chart) => (
              <ChartBox key={`${chart.name}${chart.currency ?? ''}`} chart={chart} days={days} />
            ))}
          </div>
        )}
      </section>
    </>
  )
}
