import { useState } from 'react'
import { Link } from 'wouter'
import type { Availability, HotspotAvailability, HotspotSums } from '../../contracts/http/numbers.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { TableBox } from '../frame/table-box.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { CsvLink } from './csv-link.tsx'
import { formatFigure } from './number-formats.ts'
import { WhatIsThis } from './what-is-this.tsx'

const firstRows = 25
export type HotspotOrder = 'worst' | 'name'

/** How often a bike stood at each hotspot, by the hour of the day. */
export function AvailabilitySection({
  question,
  order,
  onOrder,
  onRefused,
}: {
  readonly question: string
  readonly order: HotspotOrder
  readonly onOrder: (order: HotspotOrder) => void
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const path = `/v1/staff/numbers/availability?${question}`
  const asked = useAsked<Availability>(path, onRefused)
  const hotspots = asked.data?.hotspots
  return (
    <section className="card stack" aria-labelledby="numbers-availability">
      <div className="row spread wrap">
        <h2 id="numbers-availability">{t('numbers.by_hotspot')}</h2>
        <CsvLink path={path} of={t('numbers.by_hotspot')} />
      </div>
      <WhatIsThis text={`${t('numbers.help.availability')} ${t('numbers.help.heat')}`} of={t('numbers.by_hotspot')} />
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {hotspots?.length === 0 && (
        <p className="soft">
          {t('numbers.no_looks')} <Link href="/places">{t('ops.nav.places')}</Link>
        </p>
      )}
      {hotspots !== undefined && hotspots.length > 0 && (
        <HeatTable hotspots={ordered(hotspots, order)} order={order} onOrder={onOrder} />
      )}
    </section>
  )
}

function ordered(hotspots: readonly HotspotAvailability[], order: HotspotOrder): readonly HotspotAvailability[] {
  if (order === 'name') return hotspots
  return hotspots.toSorted((a, b) => (a.all.availability ?? 1) - (b.all.availability ?? 1))
}

function HeatTable({
  hotspots,
  order,
  onOrder,
}: {
  readonly hotspots: readonly HotspotAvailability[]
  readonly order: HotspotOrder
  readonly onOrder: (order: HotspotOrder) => void
}) {
  const { t, tag } = useText()
  const [isAll, setAll] = useState(false)
  const rows = isAll ? hotspots : hotspots.slice(0, firstRows)
  const one = (value: number | null) =>
    value === null ? '–' : new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }).format(value)
  return (
    <>
      <TableBox label={t('numbers.by_hotspot')} className="heat">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <button type="button" aria-pressed={order === 'name'} onClick={() => onOrder('name')}>
                  {t('numbers.hotspot')}
                </button>
              </th>
              <th scope="col" className="right">
                <button type="button" aria-pressed={order === 'worst'} onClick={() => onOrder('worst')}>
                  {t('numbers.all_hours')}
                </button>
              </th>
              <th scope="col" className="right">
                {t('numbers.stock')}
              </th>
              {hours.map((hour) => (
                <th key={hour} scope="col" className="right">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((hotspot) => (
              <tr key={hotspot.zoneId}>
                <th scope="row">{hotspot.name}</th>
                <HeatCell sums={hotspot.all} unit="%" />
                <td className="number right">
                  {one(hotspot.all.meanStock)}
                  <span className="small soft">
                    {t('numbers.target', { least: one(hotspot.least), most: one(hotspot.most) })}
                  </span>
                </td>
                {hotspot.hours.map((sums, hour) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the index is the hour
                  <HeatCell key={hour} sums={sums} unit="" />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {hotspots.length > firstRows && (
        <button type="button" className="button" onClick={() => setAll(!isAll)}>
          {isAll ? t('numbers.fewer') : t('numbers.all_hotspots', { count: hotspots.length })}
        </button>
      )}
    </>
  )
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour))

/** The number stands in it; the ground only leads the eye to what is missing. */
function HeatCell({ sums, unit }: { readonly sums: HotspotSums; readonly unit: '' | '%' }) {
  const { tag } = useText()
  const { availability } = sums
  if (availability === null) return <td className="number right soft">–</td>
  const missing = Math.round((1 - availability) * 100)
  return (
    <td
      className="number right"
      title={formatFigure(tag, availability, 'percent')}
      style={
        missing === 0 ? undefined : { background: `color-mix(in oklab, var(--bad) ${missing * 0.42}%, var(--paper))` }
      }
    >
      {Math.round(availability * 100)}
      {unit}
    </td>
  )
}
