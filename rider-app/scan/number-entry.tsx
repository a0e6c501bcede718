import { type FormEvent, useId, useState } from 'react'
import { readBikeCode } from '../../ui-kit/bike-code.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** A bike's number or code, typed. A mistyped number is told before anything is sent, by its check digit. */
export function NumberEntry({ label, onCode }: { readonly label: string; readonly onCode: (code: string) => void }) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<'mistyped_number' | 'not_ours' | null>(null)
  const id = useId()
  const go = (event: FormEvent) => {
    event.preventDefault()
    const read = readBikeCode(text, 'typed')
    if (read.kind === 'code') onCode(read.code)
    else setWrong(read.kind)
  }
  return (
    <form className="field" onSubmit={go} noValidate>
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <input
          id={id}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setWrong(null)
          }}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          enterKeyHint="go"
          aria-invalid={wrong !== null}
          aria-describedby={`${id}-help`}
          placeholder="12 345"
        />
        <button type="submit" className="button" disabled={text.trim() === ''}>
          {t('number.go')}
        </button>
      </div>
      <p id={`${id}-help`} className={wrong === null ? 'hint' : 'wrong'} role={wrong === null ? undefined : 'alert'}>
        {wrong === null ? t('number.hint') : t(`number.${wrong}`)}
      </p>
    </form>
  )
}
