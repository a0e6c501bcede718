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
import type { AskFault } from '../use-asked.ts'

/** The open alarms of a bike: what, since when, and "I have seen it". */
export function BikeAlarms({ bikeId, cityMs }: { readonly bikeId: string; readonly cityMs: number }) {
  const { t } = useText()
  const queries = useQueryClient()
  const path = `/v1/staff/alarms?state=live&bikeId=${bikeId}`
  const asked = useQuery<AlarmList, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<AlarmList>(opsApi.get<AlarmList>(path)),
  })
  const again = () => void queries.invalidateQueries({ queryKey: [path] })
  useDeskEvents((event) => {
    if (event.kind === 'again' || (event.kind === 'alarm' && event.bikeId === bikeId)) again()
  })
  const alarms = asked.data?.alarms ?? []
  if (alarms.length === 0) return null
  return (
    <section className="stack tight" aria-label={t('ops.d.alarms')}>
      {alarms.map((alarm) => (
        <OneAlarm key={alarm.alarmId} alarm={alarm} cityMs={cityMs} onSettled={again} />
      ))}
    </section>
  )
}

function OneAlarm({
  alarm,
  cityMs,
  onSettled,
}: {
  readonly alarm: AlarmView
  readonly cityMs: number
  readonly onSettled: () => void
}) {
  const { t, tag, ofCode } = useText()
  const me = useMe()
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const acknowledge = async () => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<unknown>(`/v1/staff/alarms/${alarm.alarmId}/acts`, {
      method: 'POST',
      body: { version: alarm.version, deed: { act: 'acknowledge' } },
    })
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    onSettled()
  }
  return (
    <div className={`alarm-card ${alarm.severity}`}>
      <p>
        <Link href={`/alarms/${alarm.alarmId}`}>{ofCode(`alarm.${alarm.kind}`, 'alarm.other')}</Link>
        <br />
        <span className="small soft number">
          {t('ops.d.ago', { age: formatAge(tag, cityMs - alarm.raisedAt) })}
          {alarm.times > 1 && ` · ×${alarm.times}`}
          {alarm.assignedTo !== null && ` · ${alarm.assignedTo.name}`}
        </span>
      </p>
      {alarm.state === 'open' && mayI(me, 'alarm.handle') ? (
        <button type="button" className="button" disabled={isBusy} onClick={() => void acknowledge()}>
          {t('ops.acknowledge')}
        </button>
      ) : (
        <span className="badge">{t(`ops.alarm_state.${alarm.state}`)}</span>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
    </div>
  )
}
