import { useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { formatMoment, fromField, toField } from './city-moment.ts'
import { PricePreview, usePreview } from './price-preview.tsx'
import type { ActDialogProperties } from './trip-acts.tsx'
import { toldDone, useAct } from './use-act.ts'

/** Ends a ride now, or as of a moment that is not before somebody last rode. */
export function EndDialog({ found, onDone, onClose }: ActDialogProperties) {
  const { t, tag } = useText()
  const id = useId()
  const send = useAct(found.trip.tripId, 'end')
  const { startedAt } = found.trip
  const earliest = Math.max(startedAt ?? 0, found.lastRiddenAt ?? 0)
  const [isPast, setPast] = useState(false)
  // A field tells whole seconds: the first one that is not before.
  const [text, setText] = useState(() => toField(Math.ceil(earliest / 1_000) * 1_000))
  const endedAt = isPast ? fromField(text) : null
  const question = endedAt === null ? 'act=end' : `act=end&endedAt=${endedAt}`
  const preview = usePreview(found.trip.tripId, question)
  return (
    <ReasonDialog
      title={t('trips.end_title')}
      what={t('trips.end_what')}
      confirm={t('trips.end_go')}
      isDanger
      onConfirm={(reason) => toldDone(send({ reason, ...(endedAt === null ? {} : { endedAt }) }), onDone)}
      onClose={onClose}
    >
      {startedAt !== null && (
        <fieldset className="choices">
          <legend className="visually-hidden">{t('trips.end')}</legend>
          <label className="check" htmlFor={`${id}-now`}>
            <input id={`${id}-now`} type="radio" name={id} checked={!isPast} onChange={() => setPast(false)} />
            {t('trips.end_now')}
          </label>
          <label className="check" htmlFor={`${id}-then`}>
            <input id={`${id}-then`} type="radio" name={id} checked={isPast} onChange={() => setPast(true)} />
            {t('trips.end_then')}
          </label>
        </fieldset>
      )}
      {isPast && (
        <div className="field">
          <label htmlFor={`${id}-at`}>{t('trips.end_at')}</label>
          <input
            id={`${id}-at`}
            type="datetime-local"
            step={1}
            value={text}
            aria-describedby={`${id}-least`}
            onChange={(event) => setText(event.target.value)}
          />
          <p id={`${id}-least`} className="hint">
            {t('trips.end_not_before', { time: formatMoment(tag, earliest) })}
          </p>
        </div>
      )}
      <PricePreview {...preview} />
    </ReasonDialog>
  )
}
