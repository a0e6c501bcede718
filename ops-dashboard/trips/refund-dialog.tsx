import { useId, useState } from 'react'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { fromAmountField, toAmountField } from './amount-field.ts'
import { PricePreview, usePreview } from './price-preview.tsx'
import type { ActDialogProperties } from './trip-acts.tsx'
import { toldDone, useAct } from './use-act.ts'

/** Gives back whole lines, or an amount. */
export function RefundDialog({ found, onDone, onClose }: ActDialogProperties) {
  const { t, tag } = useText()
  const id = useId()
  const { trip } = found
  const { currency, lines } = trip.price
  const most = trip.payment.captured - trip.payment.refundAsked
  const send = useAct(trip.tripId, 'refund')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [text, setText] = useState('')
  const typed = fromAmountField(text, currency)
  const amount = typed !== null && typed > 0 && typed <= most ? typed : null
  const preview = usePreview(trip.tripId, amount === null ? null : `act=refund&amount=${amount}`)
  const toggle = (key: string) => {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    setChosen(next)
    const sum = lines.reduce((total, line) => total + (next.has(line.key) ? line.amount : 0), 0)
    setText(sum === 0 ? '' : toAmountField(Math.min(sum, most), currency))
  }
  const isWrong = text !== '' && amount === null
  const range = { least: toAmountField(1, currency), most: toAmountField(most, currency) }
  return (
    <ReasonDialog
      title={t('trips.refund_title')}
      what={t('trips.refund_what', { most: formatMoney(tag, most, currency) })}
      confirm={t('trips.refund_go')}
      onConfirm={(reason) => {
        if (amount === null) return Promise.resolve({ kind: 'refused', code: 'refund_too_much' } as const)
        return toldDone(send({ reason, amount }), onDone)
      }}
      onClose={onClose}
    >
      <fieldset className="trip-choices">
        <legend>{t('trips.refund_lines')}</legend>
        {lines
          .filter((line) => line.amount > 0)
          .map((line) => (
            <label key={line.key} className="check" htmlFor={`${id}-${line.key}`}>
              <input
                id={`${id}-${line.key}`}
                type="checkbox"
                checked={chosen.has(line.key)}
                onChange={() => toggle(line.key)}
              />
              {t(`trips.fare.${line.key}`)} <span className="number">{formatMoney(tag, line.amount, currency)}</span>
            </label>
          ))}
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-amount`}>{t('trips.refund_amount', { currency })}</label>
        <input
          id={`${id}-amount`}
          inputMode="decimal"
          maxLength={12}
          value={text}
          aria-invalid={isWrong}
          aria-describedby={`${id}-range`}
          onChange={(event) => {
            setText(event.target.value)
            setChosen(new Set())
          }}
        />
        <p id={`${id}-range`} className={isWrong ? 'wrong' : 'hint'}>
          {t('trips.refund_wrong', range)}
        </p>
      </div>
      <PricePreview {...preview} />
    </ReasonDialog>
  )
}
