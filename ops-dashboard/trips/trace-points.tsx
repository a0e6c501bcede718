import { useState } from 'react'
import type { TripTrace } from '../../contracts/http/staff-trips.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { formatMoment } from './city-moment.ts'

const atOnce = 100

/** The same way as a table, for whoever reads instead of looks. */
export function TracePoints({ trace }: { readonly trace: TripTrace }) {
  const { t, tag, ofCode } = useText()
  const [shown, setShown] = useState(atOnce)
  const { points, events } = trace
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 })
  const eventNear = (atMs: number, beforeMs: number) =>
    events.filter((event) => event.atMs <= atMs && event.atMs > beforeMs).map(({ kind }) => t(`trips.event.${kind}`))
  return (
    <details>
      <summary>{t('trips.points_how', { count: points.length })}</summary>
      <TableBox label={t('trips.points')} className="trace-points">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('trips.point.time')}</th>
              <th scope="col">{t('trips.point.place')}</th>
              <th scope="col">{t('trips.point.accuracy')}</th>
              <th scope="col">{t('trips.point.speed')}</th>
              <th scope="col">{t('trips.point.bolt')}</th>
            </tr>
          </thead>
          <tbody>
            {points.slice(0, shown).map((point, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the points of a trace never change
              <tr key={index}>
                <th scope="row" className="number">
                  {formatMoment(tag, point.atMs)}
                </th>
                <td className="number">
                  {point.lat.toFixed(5)}, {point.lon.toFixed(5)}
                </td>
                <td className="number">
                  {point.accuracyM === null ? '–' : t('trips.metres', { count: Math.round(point.accuracyM) })}
                </td>
                <td className="number">
                  {point.speedMps === null ? '–' : t('trips.kmh', { count: number.format(point.speedMps * 3.6) })}
                </td>
                <td>
                  {ofCode(`ops.bolt.${point.bolt}`, 'ops.bolt.unknown')}{' '}
                  {eventNear(point.atMs, points[index - 1]?.atMs ?? 0).map((text) => (
                    <span key={text} className="badge">
                      {text}
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {shown < points.length && (
        <button type="button" className="button quiet" onClick={() => setShown(shown + atOnce)}>
          {t('trips.more')}
        </button>
      )}
    </details>
  )
}
