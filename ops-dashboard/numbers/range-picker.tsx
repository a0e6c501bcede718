import { type FormEvent, useEffect, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { type AskedRange, usualRanges, whyNotOwn } from './range-in-address.ts'

/** Which days: the usual spans at one press, or two days of one's own. */
export function RangePicker({
  range,
  shown,
  onChoose,
}: {
  readonly range: AskedRange
  /** What the server made of it, to begin one's own from. */
  readonly shown: { readonly from: string; readonly to: string } | null
  readonly onChoose: (range: AskedRange) => void
}) {
  const { t } = useText()
  const [from, setFrom] = useState(range.kind === 'own' ? range.from : '')
  const [to, setTo] = useState(range.kind === 'own' ? range.to : '')
  const [isTried, setTried] = useState(false)
  useEffect(() => {
    if (shown === null) return
    setFrom(shown.from)
    setTo(shown.to)
    setTried(false)
  }, [shown])
  const wrong = whyNotOwn(from, to)
  const send = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (wrong === null) onChoose({ kind: 'own', from, to })
  }
  return (
    <div className="range-picker row wrap">
      <fieldset className="row wrap">
        <legend className="visually-hidden">{t('numbers.range')}</legend>
        {usualRanges.map((days) => (
          <button
            key={days}
            type="button"
            className="button"
            aria-pressed={range.kind === 'last' && range.days === days}
            onClick={() => onChoose({ kind: 'last', days })}
          >
            {days === 1 ? t('numbers.today') : t('numbers.last_days', { count: days })}
          </button>
        ))}
      </fieldset>
      <form className="row wrap" noValidate onSubmit={send}>
        <label className="row small">
          {t('numbers.from')}
          <input
            type="date"
            value={from}
            aria-invalid={isTried && wrong !== null}
            onChange={(event) => setFrom(event.target.value)}
          />
        </label>
        <label className="row small">
          {t('numbers.to')}
          <input
            type="date"
            value={to}
            aria-invalid={isTried && wrong !== null}
            onChange={(event) => setTo(event.target.value)}
          />
        </label>
        <button type="submit" className="button" aria-pressed={range.kind === 'own'}>
          {t('numbers.show')}
        </button>
        {isTried && wrong !== null && (
          <p className="wrong small" role="alert">
            {t(`numbers.range_${wrong}`)}
          </p>
        )}
      </form>
    </div>
  )
}
