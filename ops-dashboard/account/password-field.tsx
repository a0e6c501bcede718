import './account.css'
import { type KeyboardEvent, type RefObject, useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

/** A password to type or to paste: it can be shown, and says when capitals are locked. */
export function PasswordField({
  label,
  value,
  autoComplete,
  hint,
  field,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly autoComplete: 'current-password' | 'new-password'
  readonly hint?: string
  readonly field?: RefObject<HTMLInputElement | null>
  readonly onChange: (value: string) => void
}) {
  const { t } = useText()
  const id = useId()
  const [isShown, setShown] = useState(false)
  const [isCapital, setCapital] = useState(false)
  const look = (event: KeyboardEvent) => setCapital(event.getModifierState('CapsLock'))
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="password">
        <input
          ref={field}
          id={id}
          type={isShown ? 'text' : 'password'}
          autoComplete={autoComplete}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          required
          maxLength={400}
          aria-describedby={`${id}-hint`}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCapital(false)}
        />
        <button
          type="button"
          className="button"
          aria-pressed={isShown}
          aria-controls={id}
          aria-label={t('staff.show_password')}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? t('staff.hide') : t('staff.show')}
        </button>
      </div>
      <p id={`${id}-hint`} className="hint" aria-live="polite">
        {isCapital ? <strong>{t('staff.caps_lock')}</strong> : hint}
      </p>
    </div>
  )
}
