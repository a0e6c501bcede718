import { useId, useState } from 'react'
import type { BikePage, ServiceChange, ServiceReason } from '../../contracts/http/bike-page.ts'
import { formatBikeNumber, formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { opsApi } from '../ops-api.ts'

type Act = 'out' | 'in' | 'retired'
const reasons: readonly ServiceReason[] = ['broken', 'stolen', 'stored', 'cleaning', 'other']

/** Whether riders may have it, since when and by whom; out of service and back. */
export function ServiceCard({ bike, onChanged }: { readonly bike: BikePage; readonly onChanged: () => void }) {
  const { t, tag } = useText()
  const me = useMe()
  const [asking, setAsking] = useState<Act | null>(null)
  const { service } = bike
  const when = `${formatDay(tag, service.at)}, ${formatClock(tag, service.at)}`
  const acts: readonly Act[] = service.state === 'in' ? ['out'] : service.state === 'out' ? ['in', 'retired'] : []
  return (
    <section className="card stack" aria-labelledby="bike-service">
      <h2 id="bike-service">{t('bikes.service_title')}</h2>
      <p>
        <strong>{t(service.state === 'in' ? 'bikes.in_service' : `bikes.service.${service.state}`)}</strong>
        {service.reason !== null && ` · ${t(`bikes.reason.${service.reason}`)}`}
        {service.note !== null && <span className="soft"> · {service.note}</span>}
        <br />
        <span className="small soft">
          {service.by === null ? t('bikes.since_when', { when }) : t('bikes.since_by', { when, name: service.by })}
        </span>
      </p>
      {service.inRide && bike.trip !== null && <p className="notice warn">{t('bikes.out_after_ride')}</p>}
      {bike.custody !== null && <p className="notice">{t(`bikes.custody.${bike.custody}`)}</p>}
      {mayI(me, 'bike.service') && acts.length > 0 && (
        <div className="row wrap">
          {acts.map((act) => (
            <button key={act} type="button" className="button" onClick={() => setAsking(act)}>
              {t(`bikes.put.${act}`)}
            </button>
          ))}
        </div>
      )}
      {asking !== null && (
        <ServiceDialog key={asking} bike={bike} act={asking} onClose={() => setAsking(null)} onDone={onChanged} />
      )}
    </section>
  )
}

function ServiceDialog({
  bike,
  act,
  onDone,
  onClose,
}: {
  readonly bike: BikePage
  readonly act: Act
  readonly onDone: () => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const id = useId()
  const [reason, setReason] = useState<ServiceReason>('broken')
  const [resolveAlarms, setResolve] = useState(false)
  const send = async (note: string) => {
    const body =
      act === 'out' ? { to: act, reason, note } : act === 'in' ? { to: act, note, resolveAlarms } : { to: act, note }
    const answer = await opsApi.send<ServiceChange>(`/v1/staff/bikes/${bike.bikeId}/service`, { method: 'POST', body })
    onDone()
    return answer.kind === 'refused' ? answer : null
  }
  return (
    <ReasonDialog
      title={t(`bikes.put.${act}_title`, { number: formatBikeNumber(bike.number) })}
      what={t(act === 'out' && bike.trip !== null ? 'bikes.put.out_ride' : `bikes.put.${act}_what`)}
      confirm={t(`bikes.put.${act}`)}
      reasonLabel={t('bikes.note_label')}
      isDanger={act === 'retired'}
      onConfirm={send}
      onClose={onClose}
    >
      {act === 'out' && (
        <div className="field">
          <label htmlFor={`${id}-why`}>{t('bikes.why_out')}</label>
          <select id={`${id}-why`} value={reason} onChange={(event) => setReason(event.target.value as ServiceReason)}>
            {reasons.map((one) => (
              <option key={one} value={one}>
                {t(`bikes.reason.${one}`)}
              </option>
            ))}
          </select>
        </div>
      )}
      {act === 'in' && (
        <label className="check" htmlFor={`${id}-resolve`}>
          <input
            id={`${id}-resolve`}
            type="checkbox"
            checked={resolveAlarms}
            onChange={(event) => setResolve(event.target.checked)}
          />
          {t('bikes.resolve_too')}
        </label>
      )}
    </ReasonDialog>
  )
}
