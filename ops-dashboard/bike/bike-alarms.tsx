import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { AlarmList, AlarmView } from '../../contracts/http/alarms.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatAge } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'

/** Of real time: what changes comes by itself, ages do not. */
const agesMoveEveryMs = 15_000

/** What is not resolved of this bike: seen with one press, everything else on the alarm's own page. */
export function BikeAlarms({ bikeId }: { readonly bikeId: string }) {
  const { t } = useText()
  const queries = useQueryClient()
  const path = `/v1/staff/alarms?state=live&bikeId=${bikeId}`
  const asked = useQuery<AlarmList, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<AlarmList>(opsApi.get<AlarmList>(path)),
    refetchInterval: agesMoveEveryMs,
  })
  const lookAgain = () => void queries.invalidateQueries({ queryKey: [path] })
  useDeskEvents((event) => {
    if (event.kind === 'again' || (event.kind === 'alarm' && event.bikeId === bikeId)) lookAgain()
  })
  if (asked.isError) return <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
  const list = asked.data
  if (list === undefined || list.alarms.length === 0) return null
  return (
    <section className="card stack" aria-labelledby="bike-alarms">
      <h2 id="bike-alarms">{t('bikes.alarms')}</h2>
      <ul className="stack plain">
        {list.alarms.map((alarm) => (
          <li key={alarm.alarmId}>
            <OneAlarm alarm={alarm} nowMs={list.at} onChanged={lookAgain} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function OneAlarm({
  alarm,
  nowMs,
  onChanged,
}: {
  readonly alarm: AlarmView
  readonly nowMs: number
  readonly onChanged: () => void
}) {
  const { t, tag, ofCode } = useText()
  const me = useMe()
  const [refused, setRefused] = useState<Refused | null>(null)
  const { alarmId, kind, severity, state, raisedAt, times, version, assignedTo, blocksRental } = alarm
  const acknowledge = async () => {
    const answer = await opsApi.send<unknown>(`/v1/staff/alarms/${alarmId}/acts`, {
      method: 'POST',
      body: { version, deed: { act: 'acknowledge' } },
    })
    setRefused(answer.kind === 'refused' ? answer : null)
    onChanged()
  }
  return (
    <div className={severity === 'notice' ? 'notice' : `notice ${severity === 'urgent' ? 'bad' : 'warn'}`}>
      <p>
        <strong>{ofCode(`alarm.${kind}`, 'alarm.other')}</strong>{' '}
        <span className="small">
          {t(`bikes.severity.${severity}`)} · {t(`bikes.alarm_state.${state}`)} ·{' '}
          {t('ops.d.ago', { age: formatAge(tag, nowMs - raisedAt) })}
          {times > 1 && ` · ${t('bikes.times', { count: times })}`}
          {assignedTo !== null && ` · ${assignedTo.name}`}
        </span>
      </p>
      {blocksRental && <p className="small">{t('bikes.blocks')}</p>}
      <div className="row wrap">
        {state === 'open' && mayI(me, 'alarm.handle') && (
          <button type="button" className="button" onClick={() => void acknowledge()}>
            {t('bikes.acknowledge')}
          </button>
        )}
        <Link className="button" href={`/alarms/${alarmId}`}>
          {t('bikes.to_alarm')}
        </Link>
      </div>
      {refused !== null && <RefusalNotice refused={refused} />}
    </div>
  )
}
