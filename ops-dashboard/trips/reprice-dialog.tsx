import { useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { filledIn, momentOf } from './moment-field.ts'
import { PricePreview, usePreview } from './price-preview.tsx'
import type { ActDialogProperties } from './trip-acts.tsx'
import { toldDone, useAct } from './use-act.ts'

const minuteMs = 60_000
const waivable = ['unlock', 'ride_minutes', 'pause_minutes', 'wrong_place', 'no_parking'] as const
type Waivable = (typeof waivable)[number]

/** Another end, another pause, a line less: the price by the ride's own tariff, shown before it is taken. */
export function RepriceDialog({ found, onDone, onClose }: ActDialogProperties) {
  const { t } = useText()
  const id = useId()
  const { trip } = found
  const send = useAct(trip.tripId, 'reprice')
  const filled = trip.endedAt === null ? null : filledIn(trip.endedAt)
  const endField = filled?.text ?? ''
  const [end, setEnd] = useState(endField)
  const pauseField = String(Math.ceil(trip.pausedMs / minuteMs))
  const [pause, setPause] = useState(pauseField)
  const [dropped, setDropped] = useState<ReadonlySet<Waivable>>(new Set())
  const droppable = waivable.filter(
    (key) =>
      trip.price.lines.some((line) => line.key === key) &&
      !trip.price.lines.some((line) => line.key === `waived_${key}`),
  )
  // What was not touched is not sent: a field knows seconds and minutes, the ride knows better.
  const isEndNew = end !== endField
  const range = { leastMs: trip.startedAt ?? 0, mostMs: trip.endedAt ?? found.cityTime }
  const endedAt = isEndNew ? momentOf(end, filled, range) : null
  const isPauseNew = pause !== pauseField
  const pausedMs = isPauseNew && /^\d{1,5}$/.test(pause) ? Number(pause) * minuteMs : null
  // What was emptied is neither unchanged nor nothing.
  const isEndMissing = isEndNew && endedAt === null
  const isPauseMissing = isPauseNew && pausedMs === null
  const isMissing = isEndMissing || isPauseMissing
  const wanted = {
    ...(endedAt === null ? {} : { endedAt }),
    ...(pausedMs === null ? {} : { pausedMs }),
    ...(dropped.size === 0 ? {} : { waived: waivable.filter((key) => dropped.has(key)) }),
  }
  const isTouched = Object.keys(wanted).length > 0
  const preview = usePreview(trip.tripId, isTouched && !isMissing ? questionOf(wanted) : null)
  const toggle = (key: Waivable) => {
    const next = new Set(dropped)
    if (!next.delete(key)) next.add(key)
    setDropped(next)
  }
  return (
    <ReasonDialog
      title={t('trips.reprice_title')}
      what={t('trips.reprice_what')}
      confirm={t('trips.reprice_go')}
      onConfirm={(reason) => {
        if (isMissing) {
          return Promise.resolve({ kind: 'refused', code: isEndMissing ? 'end_time_wrong' : 'bad_request' } as const)
        }
        const shown = preview.preview
        if (shown === null) {
          return Promise.resolve(preview.refused ?? ({ kind: 'refused', code: 'price_not_lower' } as const))
        }
        return toldDone(send({ reason, ...wanted, expectedTotal: shown.after.total }), onDone)
      }}
      onClose={onClose}
    >
      <div className="row wrap">
        <div className="field">
          <label htmlFor={`${id}-end`}>{t('trips.end_at')}</label>
          <input
            id={`${id}-end`}
            type="datetime-local"
            step={1}
            max={endField}
            value={end}
            aria-invalid={isEndMissing}
            onChange={(event) => setEnd(event.target.value)}
          />
        </div>
        <div className="field short">
          <label htmlFor={`${id}-pause`}>{t('trips.reprice_pause')}</label>
          <input
            id={`${id}-pause`}
            inputMode="numeric"
            maxLength={5}
            value={pause}
            aria-invalid={isPauseMissing}
            aria-describedby={isPauseMissing ? `${id}-pause-wrong` : undefined}
            onChange={(event) => setPause(event.target.value)}
          />
          {isPauseMissing && (
            <span id={`${id}-pause-wrong`} className="wrong">
              {t('trips.reprice_pause_wrong')}
            </span>
          )}
        </div>
      </div>
      {droppable.length > 0 && (
        <fieldset className="trip-choices">
          <legend>{t('trips.reprice_drop')}</legend>
          {droppable.map((key) => (
            <label key={key} className="check" htmlFor={`${id}-${key}`}>
              <input id={`${id}-${key}`} type="checkbox" checked={dropped.has(key)} onChange={() => toggle(key)} />
              {t(`trips.fare.${key}`)}
            </label>
          ))}
        </fieldset>
      )}
      <PricePreview {...preview} />
    </ReasonDialog>
  )
}

function questionOf(wanted: {
  readonly endedAt?: number
  readonly pausedMs?: number
  readonly waived?: readonly string[]
}): string {
  const query = new URLSearchParams({ act: 'reprice' })
  if (wanted.endedAt !== undefined) query.set('endedAt', String(wanted.endedAt))
  if (wanted.pausedMs !== undefined) query.set('pausedMs', String(wanted.pausedMs))
  for (const line of wanted.waived ?? []) query.append('waived', line)
  return query.toString()
}
