import { type RefObject, useId } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

/** The code of an authenticator app; phones and password keepers fill it in. */
export function CodeField({
  label,
  value,
  takesRecoveryCode = false,
  field,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly takesRecoveryCode?: boolean
  readonly field?: RefObject<HTMLInputElement | null>
  readonly onChange: (value: string) => void
}) {
  const { t } = useText()
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={field}
        id={id}
        className="code number"
        autoComplete="one-time-code"
        inputMode={takesRecoveryCode ? 'text' : 'numeric'}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        required
        minLength={6}
        maxLength={24}
        aria-describedby={takesRecoveryCode ? `${id}-hint` : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {takesRecoveryCode && (
        <p id={`${id}-hint`} className="hint">
          {t('staff.code_or_recovery')}
        </p>
      )}
    </div>
  )
}
