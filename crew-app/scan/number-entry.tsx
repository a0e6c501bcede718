import { type FormEvent, useId, useState } from 'react'
import { readBikeCode } from '../../ui-kit/bike-code.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** The number of a bike whose sticker cannot be scanned. Its check digit tells a mistyped one at once. */
export function NumberEntry({ onNumber }: { readonly onNumber: (numberOrCode: string) => void }) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<'mistyped_number' | 'not_ours' | null>(null)
  const id = useId()
  const go = (event: FormEvent) => {
    event.preventDefault()
    const read = readBikeCode(text, 'typed')
    if (read.kind !== 'code') return setWrong(read.kind)
    setText('')
    onNumber(read.code)
  }
  return (
    <form className="field" onSubmit={go} noValidate>
      <label htmlFor={id}>{t('crew.number.label')}</label>
      <div className="row">
        <input
          id={id}
          className="number"
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setWrong(null)
          }}
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="done"
          aria-invalid={wrong !== null}
          aria-describedby={`${id}-help`}
        />
        <button type="submit" className="button" disabled={text.trim() === ''}>
          {t('crew.ok')}
        </button>
      </div>
      <p
        id={`${id}-help`}
        className={wrong === null ? 'visually-hidden' : 'wrong'}
        role={wrong === null ? undefined : 'alert'}
      >
        {wrong === null ? t('crew.number.hint') : t(`crew.number.${wrong}`)}
      </p>
    </form>
  )
}
