import type { MorningReport } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { hours, kilometres } from '../night/formats.ts'

export function VanTable({ vans }: { readonly vans: MorningReport['vans'] }) {
  const { t, tag } = useText()
  if (vans.length === 0) return <p className="soft">{t('report.no_vans')}</p>
  return (
    <TableBox label={t('report.vans')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('report.van')}</th>
            <th scope="col">{t('report.crew')}</th>
            <th scope="col">{t('report.stops')}</th>
            <th scope="col">{t('report.bikes')}</th>
            <th scope="col">{t('report.way')}</th>
            <th scope="col">{t('report.hours')}</th>
          </tr>
        </thead>
        <tbody>
          {vans.map((van) => (
            <tr key={van.vanName}>
              <th scope="row">{van.vanName}</th>
              <td>{van.crewName ?? t('report.nobody')}</td>
              <td className="number">{t('report.share', { done: van.stopsDone, planned: van.stopsPlanned })}</td>
              <td className="number">{t('report.share', { done: van.bikesMoved, planned: van.bikesPlanned })}</td>
              <td className="number">
                {t('report.share', { done: kilometres(tag, van.drivenM), planned: kilometres(tag, van.plannedM) })}
              </td>
              <td className="number">{hours(tag, van.hours)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}
