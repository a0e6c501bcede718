import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { BikeDetails } from '../../contracts/http/staff.ts'
import { stateOfByte } from '../../contracts/live/fleet-frame.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatAge, formatBikeNumber, formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { StateMark } from '../../ui-kit/state-mark.tsx'
import { ConfirmedAct } from '../frame/confirmed-act.tsx'
import { opsApi, valueOrThrow } from '../ops-api.ts'

const lookAgainEveryMs = 3_000

/** All that we believe about one bike, asked again while it is open. */
export function BikePanel({
  bikeId,
  number,
  stateByte,
  cityMs,
  onClose,
  onShow,
}: {
  readonly bikeId: string
  readonly number: string
  readonly stateByte: number
  readonly cityMs: number
  readonly onClose: () => void
  readonly onShow: () => void
}) {
  const { t } = useText()
  const details = useQuery<BikeDetails, Error & { readonly refused?: Refused }>({
    queryKey: ['bike', bikeId],
    queryFn: () => valueOrThrow(opsApi.get<BikeDetails>(`/v1/staff/bikes/${bikeId}`)),
    refetchInterval: lookAgainEveryMs,
  })
  const title = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolled to its start for each bike
  useEffect(() => {
    // newer browsers answer with a promise, which is no clean-up
    void title.current?.scrollIntoView({ block: 'nearest' })
  }, [bikeId])
  const state = stateOfByte(stateByte)
  return (
    <section className="panel stack" aria-label={t('ops.details')}>
      <div className="row spread">
        <h2 ref={title} className="number">
          {t('bike.number', { number: formatBikeNumber(number) })}
        </h2>
        <button type="button" className="button" onClick={onClose}>
          {t('ops.close')}
        </button>
      </div>
      <p className="row state-line" role="status">
        <StateMark state={state} /> <strong>{t(`bike_state.${state}`)}</strong>
      </p>
      {details.isPending && <Waiting text={t('app.loading')} />}
      {details.isError && (
        <RefusalNotice
          refused={details.error.refused ?? { code: 'server_fault' }}
          onAgain={() => void details.refetch()}
        />
      )}
      {details.data !== undefined && <Facts bike={details.data} cityMs={cityMs} />}
      <button type="button" className="button" onClick={onShow}>
        {t('ops.show_on_map')}
      </button>
      {state === 'with_crew' && (
        <ConfirmedAct
          key={bikeId}
          button={t('ops.free_bike')}
          title={t('ops.free_bike_title', { number: formatBikeNumber(number) })}
          what={t('ops.free_bike_what')}
          confirm={t('ops.free_bike_now')}
          path={`/v1/staff/bikes/${bikeId}/free`}
          onSettled={() => void details.refetch()}
        />
      )}
    </section>
  )
}

function Facts({ bike, cityMs }: { readonly bike: BikeDetails; readonly cityMs: number }) {
  const { t, tag, ofCode } = useText()
  const unknown = t('ops.d.unknown')
  const when = (atMs: number) => `${formatDay(tag, atMs)}, ${formatClock(tag, atMs)}`
  const heard =
    bike.lastHeardAt === null ? t('ops.d.never') : t('ops.d.ago', { age: formatAge(tag, cityMs - bike.lastHeardAt) })
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
    [t('ops.d.bolt'), bike.bolt === null ? unknown : ofCode(`ops.bolt.${bike.bolt}`, 'ops.bolt.unknown')],
    [t('ops.d.battery'), bike.batteryPercent === null ? unknown : `${bike.batteryPercent} %`],
    [t('ops.d.connection'), bike.connected ? t('ops.d.connected') : t('ops.d.not_connected')],
    [t('ops.d.heard'), heard],
    [t('ops.d.trip'), trip],
    [
      t('ops.d.position'),
      bike.lat === null || bike.lon === null ? unknown : `${bike.lat.toFixed(5)}, ${bike.lon.toFixed(5)}`,
    ],
    [t('ops.d.model'), bike.model],
    [t('ops.d.lock'), bike.lockId],
    [t('ops.d.firmware'), bike.firmware ?? unknown],
    [t('ops.d.boot'), bike.bootId === null ? unknown : String(bike.bootId)],
    [t('ops.d.code'), bike.code],
  ]
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('ops.d.alarms')}</h3>
      {bike.alarms.length === 0 ? (
        <p className="soft small">{t('ops.d.no_alarms')}</p>
      ) : (
        <ul className="stack">
          {bike.alarms.map((alarm) => (
            <li key={alarm.alarmId} className="notice warn">
              <strong>{ofCode(`alarm.${alarm.kind}`, 'alarm.other')}</strong>
              <span className="small number">{when(alarm.at)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
