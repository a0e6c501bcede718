import { useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { formatMoment } from './city-moment.ts'
import { filledIn, momentOf } from './moment-field.ts'
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
  const [filled] = useState(() => filledIn(Math.ceil(earliest / 1_000) * 1_000))
  const [text, setText] = useState(filled.text)
  const endedAt = isPast ? momentOf(text, filled, { leastMs: earliest, mostMs: found.cityTime }) : null
  // An emptied moment is not now: money is taken by what is asked here.
  const isMissing = isPast && endedAt === null
  const question = endedAt === null ? 'act=end' : `act=end&endedAt=${endedAt}`
  const preview = usePreview(found.trip.tripId, isMissing ? null : question)
  return (
    <ReasonDialog
      title={t('trips.end_title')}
      what={t('trips.end_what')}
      confirm={t('trips.end_go')}
      isDanger
      onConfirm={(reason) =>
        isMissing
          ? Promise.resolve({ kind: 'refused', code: 'end_time_wrong' } as const)
          : toldDone(send({ reason, ...(endedAt === null ? {} : { endedAt }) }), onDone)
      }
      onClose={onClose}
    >
      {startedAt !== null && (
        <fieldset className="trip-choices">
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
            aria-invalid={isMissing}
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
