import { useState } from 'react'
import type { Unmet } from '../../contracts/http/numbers.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatDistance } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { TableBox } from '../frame/table-box.tsx'
import { refusedOf, useAsked } from '../use-asked.ts'
import { CsvLink } from './csv-link.tsx'
import { countOf } from './paint-cells.ts'
import { UnmetMap } from './unmet-map.tsx'
import { WhatIsThis } from './what-is-this.tsx'

const firstRows = 12

/** Where and at what hours people found no bike: on the map, and the same as a list. */
export function UnmetSection({
  question,
  chosen,
  onChoose,
  onRefused,
}: {
  readonly question: string
  readonly chosen: string | null
  readonly onChoose: (cell: string | null) => void
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const path = `/v1/staff/numbers/unmet?${question}`
  const asked = useAsked<Unmet>(path, onRefused)
  const unmet = asked.data
  return (
    <section className="card stack" aria-labelledby="numbers-unmet">
      <div className="row spread wrap">
        <h2 id="numbers-unmet">{t('numbers.where_unmet')}</h2>
        <CsvLink path={path} of={t('numbers.where_unmet')} />
      </div>
      <WhatIsThis
        text={`${t('numbers.help.unmet')} ${t('numbers.help.others', { least: unmet?.leastForOthers ?? 10 })}`}
        of={t('numbers.where_unmet')}
      />
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {unmet?.cells.length === 0 && <p className="soft">{t('numbers.none_unmet')}</p>}
      {unmet !== undefined && unmet.cells.length > 0 && (
        <>
          <div className="unmet">
            <UnmetMap cells={unmet.cells} chosen={chosen} onChoose={onChoose} />
            <CellTable unmet={unmet} chosen={chosen} onChoose={onChoose} />
          </div>
          <HourBars hours={unmet.hours} />
        </>
      )}
    </section>
  )
}

function CellTable({
  unmet,
  chosen,
  onChoose,
}: {
  readonly unmet: Unmet
  readonly chosen: string | null
  readonly onChoose: (cell: string | null) => void
}) {
  const { t, tag } = useText()
  const [isAll, setAll] = useState(false)
  const rows = unmet.cells.filter((one, i) => isAll || i < firstRows || one.cell === chosen)
  return (
    <div className="stack">
      <TableBox label={t('numbers.where_unmet')} className="cells">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('numbers.place')}</th>
              <th scope="col" className="right">
                {t('numbers.unmet_searches')}
              </th>
              <th scope="col" className="right">
                {t('numbers.failed_scans')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.cell} data-chosen={one.cell === chosen || undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className="link"
                    aria-pressed={one.cell === chosen}
                    onClick={() => onChoose(one.cell === chosen ? null : one.cell)}
                  >
                    {one.near === null
                      ? `${one.lat.toFixed(4)}, ${one.lon.toFixed(4)}`
                      : t('numbers.near', { name: one.near.name, distance: formatDistance(tag, one.near.distanceM) })}
                  </button>
                </th>
                <td className="number right">{one.unmetSearches}</td>
                <td className="number right">{one.failedScans}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {unmet.cells.length > firstRows && (
        <button type="button" className="button" onClick={() => setAll(!isAll)}>
          {isAll ? t('numbers.fewer') : t('numbers.all_places', { count: unmet.cells.length })}
        </button>
      )}
    </div>
  )
}

/** At what time of day; a table that looks like bars. */
function HourBars({ hours }: { readonly hours: Unmet['hours'] }) {
  const { t } = useText()
  const most = Math.max(1, ...hours.map(countOf))
  return (
    <TableBox label={t('numbers.unmet_by_hour')} className="hour-bars">
      <table>
        <caption className="small soft">{t('numbers.unmet_by_hour')}</caption>
        <thead>
          <tr>
            {hours.map(({ hour }) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {hours.map((one) => (
              <td key={one.hour} className="number">
                <span className="hour-bar" aria-hidden="true" style={{ height: `${(countOf(one) / most) * 56}px` }} />
                {countOf(one)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </TableBox>
  )
}
