import { lazy, Suspense, useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useTheme } from '../../ui-kit/theme.ts'
import { TableBox } from '../frame/table-box.tsx'
import { type ChartData, extremesOf } from './figure-list.ts'
import { formatFigure, formatLocalDay } from './number-formats.ts'
import { WhatIsThis } from './what-is-this.tsx'

/** The library comes after the figures, with its own style. */
const UplotChart = lazy(async () => ({ default: (await import('./uplot-chart.tsx')).UplotChart }))

/** A chart with its sentence, and a table that says exactly the same. */
export function ChartBox({ chart, days }: { readonly chart: ChartData; readonly days: readonly string[] }) {
  const { t } = useText()
  const id = useId()
  const [isTable, setTable] = useState(false)
  const name = chart.currency === undefined ? t(chart.name) : `${t(chart.name)} (${chart.currency})`
  const isEmpty = chart.series.every(({ values }) => values.every((value) => value === null))
  return (
    <section className="card chart-card" aria-labelledby={id}>
      <div className="row spread">
        <h3 id={id}>{name}</h3>
        <button type="button" className="button quiet small" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {t(isTable ? 'numbers.as_chart' : 'numbers.as_table')}
          <span className="visually-hidden">: {name}</span>
        </button>
      </div>
      {isEmpty && <p className="soft">{t('numbers.chart_empty')}</p>}
      {!isEmpty && isTable && <ChartTable chart={chart} days={days} name={name} />}
      {!isEmpty && !isTable && <ChartFigure chart={chart} days={days} name={name} />}
      <WhatIsThis text={t(chart.help)} of={name} />
    </section>
  )
}

interface NamedChart {
  readonly chart: ChartData
  readonly days: readonly string[]
  readonly name: string
}

function ChartFigure({ chart, days, name }: NamedChart) {
  const theme = useTheme()
  return (
    <figure>
      <div className="chart-room" role="img" aria-label={useSummary(chart, days, name)}>
        <Suspense fallback={<span />}>
          <UplotChart key={theme} chart={chart} days={days} />
        </Suspense>
      </div>
      <figcaption className="row spread small soft">
        {chart.series.length > 1 ? <Legend chart={chart} /> : <span />}
        <span className="chart-pointed number" aria-hidden="true" />
      </figcaption>
    </figure>
  )
}

function Legend({ chart }: { readonly chart: ChartData }) {
  const { t } = useText()
  return (
    <span className="row chart-legend">
      {chart.series.map((series, i) => (
        <span key={series.name} className="row" data-series={i}>
          <span className="chart-line" aria-hidden="true" /> {t(series.name)}
        </span>
      ))}
    </span>
  )
}

function useSummary(chart: ChartData, days: readonly string[], name: string): string {
  const { t, tag } = useText()
  return chart.series
    .flatMap((series) => {
      const found = extremesOf(series.values)
      if (found === null) return []
      const day = (index: number) => formatLocalDay(tag, days[index] ?? '')
      const value = (index: number) => formatFigure(tag, series.values[index] ?? null, chart.unit, chart.currency)
      return t('numbers.chart_says', {
        name: chart.series.length > 1 ? t(series.name) : name,
        ...{ first: value(found.first), firstDay: day(found.first), last: value(found.last), lastDay: day(found.last) },
        ...{ low: value(found.lowest), lowDay: day(found.lowest) },
        ...{ high: value(found.highest), highDay: day(found.highest) },
      })
    })
    .join(' ')
}

function ChartTable({ chart, days, name }: NamedChart) {
  const { t, tag } = useText()
  return (
    <TableBox label={name} className="chart-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('numbers.day')}</th>
            {chart.series.map((series) => (
              <th key={series.name} scope="col" className="right">
                {t(series.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day, i) => (
            <tr key={day}>
              <th scope="row">{formatLocalDay(tag, day, true)}</th>
              {chart.series.map((series) => (
                <td key={series.name} className="number right">
                  {formatFigure(tag, series.values[i] ?? null, chart.unit, chart.currency)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}
