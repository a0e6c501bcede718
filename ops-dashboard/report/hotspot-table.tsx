import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { type HotspotRow, rowsOfHotspots, verdictOf } from './hotspot-rows.ts'

const marks = { as_planned: '✓', fewer: '▼', more: '▲' } as const

/** Each hotspot: how many stood there before, were to stand there, and stand there now. */
export function HotspotTable({ hotspots }: { readonly hotspots: readonly HotspotRow[] }) {
  const { t } = useText()
  if (hotspots.length === 0) return <p className="soft">{t('report.no_hotspots')}</p>
  return (
    <TableBox label={t('report.hotspots')}>
      <table className="hotspots">
        <thead>
          <tr>
            <th scope="col">{t('report.hotspot')}</th>
            <th scope="col">{t('report.before')}</th>
            <th scope="col">{t('report.planned')}</th>
            <th scope="col">{t('report.stands')}</th>
            <th scope="col">{t('report.bar')}</th>
            <th scope="col">{t('report.verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOfHotspots(hotspots).map((spot) => {
            const verdict = verdictOf(spot)
            return (
              <tr key={spot.name}>
                <th scope="row">{spot.name}</th>
                <td className="number">{spot.before}</td>
                <td className="number">{spot.planned}</td>
                <td className="number">
                  <strong>{spot.stands}</strong>
                </td>
                <td>
                  <Bar spot={spot} />
                </td>
                <td data-verdict={verdict}>
                  <span aria-hidden="true">{marks[verdict]}</span>{' '}
                  {t(`report.verdict.${verdict}`, { bikes: Math.abs(spot.stands - spot.planned) })}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </TableBox>
  )
}

/** Told in numbers beside it. */
function Bar({ spot }: { readonly spot: HotspotRow }) {
  const most = Math.max(spot.capacity, spot.stands, spot.planned, spot.before, 1)
  const share = (bikes: number) => `${(bikes / most) * 100}%`
  return (
    <span className="report-bar" aria-hidden="true">
      <span className="stands" style={{ width: share(spot.stands) }} />
      <span className="planned" style={{ left: share(spot.planned) }} />
      <span className="before" style={{ left: share(spot.before) }} />
    </span>
  )
}
