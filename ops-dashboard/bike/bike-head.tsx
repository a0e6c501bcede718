import type { BikePage } from '../../contracts/http/bike-page.ts'
import { formatAge, formatBikeNumber, formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { StateMark } from '../../ui-kit/state-mark.tsx'

/** Which bike it is, how it is, and since when we know. */
export function BikeHead({ bike }: { readonly bike: BikePage }) {
  const { t, tag, ofCode } = useText()
  const { mode, network } = bike.lock
  const unknown = t('ops.d.unknown')
  const when = (atMs: number) => `${formatDay(tag, atMs)}, ${formatClock(tag, atMs)}`
  const trip =
    bike.trip === null
      ? t('ops.d.no_trip')
      : bike.trip.startedAt === null
        ? t(`ops.trip.${bike.trip.state}`)
        : t('ops.d.trip_since', {
            state: t(`ops.trip.${bike.trip.state}`),
            time: formatClock(tag, bike.trip.startedAt),
          })
  const facts: ReadonlyArray<readonly [string, string]> = [
    [
      t('ops.d.heard'),
      bike.lastHeardAt === null
        ? t('ops.d.never')
        : t('ops.d.ago', { age: formatAge(tag, bike.now - bike.lastHeardAt) }),
    ],
    [t('ops.d.connection'), bike.connected ? t('ops.d.connected') : t('ops.d.not_connected')],
    [t('ops.d.bolt'), bike.bolt === null ? unknown : ofCode(`ops.bolt.${bike.bolt}`, 'ops.bolt.unknown')],
    [t('ops.d.battery'), bike.batteryPercent === null ? unknown : `${bike.batteryPercent} %`],
    [t('bikes.mode'), mode === null ? unknown : t(`bikes.mode.${mode}`)],
    [t('bikes.network'), network === null ? unknown : networkWords(network)],
    [t('bikes.voltage'), voltage(t, bike.lock) ?? unknown],
    [t('ops.d.trip'), trip],
    [t('ops.d.model'), bike.model],
    [t('ops.d.firmware'), bike.firmware ?? unknown],
    [t('ops.d.lock'), bike.lockId],
    [t('bikes.since'), when(bike.addedAt)],
  ]
  return (
    <header className="card bike-head">
      <div className="row wrap">
        <h1 className="number">{t('bike.number', { number: formatBikeNumber(bike.number) })}</h1>
        <p className="row state-line" role="status">
          <StateMark state={bike.state} /> <strong>{t(`bike_state.${bike.state}`)}</strong>
        </p>
        {bike.service.state !== 'in' && (
          <p className="badge">
            {t(`bikes.service.${bike.service.state}`)}
            {bike.service.reason !== null && `: ${t(`bikes.reason.${bike.service.reason}`)}`}
          </p>
        )}
      </div>
      <dl className="bike-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  )
}

const networkNames = { ltem: 'LTE-M', gprs: 'GPRS' } as const

const networkWords = ({ technology, dbm }: NonNullable<BikePage['lock']['network']>): string =>
  dbm === null ? networkNames[technology] : `${networkNames[technology]}, ${dbm} dBm`

/** "3.92 V, charged by the sun"; null: not told. */
function voltage(t: ReturnType<typeof useText>['t'], { milliVolts, charging }: BikePage['lock']): string | null {
  if (milliVolts === null) return null
  const volts = `${(milliVolts / 1_000).toFixed(2)} V`
  return charging === null || charging === 'none' ? volts : `${volts}, ${t(`bikes.charging.${charging}`)}`
}
